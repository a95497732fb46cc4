"""Parts of a footprint: their ranges vary what the whole varies, and each says the years of its figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

import footprint_worlds as worlds
from footprint_worlds import PULP, activity, row
from sivuvirta.assess.footprint.allocation import System
from sivuvirta.assess.footprint.computing import footprint
from sivuvirta.assess.footprint.numbers import Numbers, drawn, ends, spans, swings
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, METHODS, TODAY, Inventory
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build

KEYS = ("amount", "factor", "output", "price of the product", "amount of gas", "price of gas", "credit of gas")
VALUE = (100.0, 3.0, 10.0, 50.0, 10.0, 50.0, 0.0)
LOW = (80.0, 3.0, 8.0, 50.0, 10.0, 25.0, 0.0)
HIGH = (130.0, 3.0, 12.5, 50.0, 10.0, 150.0, 0.0)


def single(value=VALUE, low=LOW, high=HIGH, keys=KEYS):
    """One part, 100 of 3 kg, of 10 units of product beside 10 of a gas that costs the same."""
    one, flag = np.zeros(1), np.ones(1, dtype=bool)
    frame = System(one, one, dict.fromkeys(METHODS, flag), 0.0, 0.0, one, one, one, flag, flag)
    return Numbers(frame.moved(np.array(value)), np.array(low), np.array(high), keys)


def of_draws(numbers, count=1000):
    return drawn({TODAY: numbers}, count)[TODAY]


@pytest.mark.parametrize("method", METHODS)
def test_the_part_of_a_whole_of_one_part_is_the_whole(method):
    draws = of_draws(single())
    assert spans(draws, method)[0] == pytest.approx(ends(draws.footprints(method))[1:])


def test_two_figures_drawn_together_by_hand():
    """Logarithms of 100 (80 to 125) and of 3 (2 to 4.5) are normal, so that of their product is: its ends are 30 times or by
    exp(hypot(ln 1.25, ln 1.5)), its mean 30 exp(s² / 2) with s the same over 1.645.
    """
    value, low, high = (100.0, 3.0, *VALUE[2:]), (80.0, 2.0, *VALUE[2:]), (125.0, 4.5, *VALUE[2:])
    mean, least, most = ends(of_draws(single(value, low, high), 20_000).footprints(EXPANSION))
    reach = math.hypot(math.log(1.25), math.log(1.5))
    assert mean == pytest.approx(30 * math.exp((reach / 1.645) ** 2 / 2), rel=5e-3)
    assert (least, most) == pytest.approx((30 * math.exp(-reach), 30 * math.exp(reach)), rel=2e-2)


def test_one_figure_alone_keeps_its_ends_however_lopsided():
    numbers = single(low=(80.0, *VALUE[1:]), high=(130.0, *VALUE[1:]))
    assert ends(of_draws(numbers).footprints(EXPANSION))[1:] == pytest.approx((24.0, 39.0), rel=2e-3)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_range_all_draws_are_the_figure(method):
    numbers = single(low=VALUE, high=VALUE)
    draws, value = of_draws(numbers), numbers.system.footprint(method)
    assert ends(draws.footprints(method)) == pytest.approx((value, value, value))
    assert spans(draws, method)[0] == pytest.approx((value, value))


def test_a_system_twice_has_one_draw_of_each_figure():
    draws = drawn({"one": single(), "other": single()})
    assert not (draws["one"].footprints(ECONOMIC) - draws["other"].footprints(ECONOMIC)).any()


def test_each_draw_is_the_footprint_of_its_figures():
    draws = of_draws(single(), 5)
    for at, vector in enumerate(draws.vector()):
        one = single().system.moved(vector)
        for method in METHODS:
            assert draws.footprints(method)[at] == pytest.approx(one.footprint(method))
            assert draws.parts(method)[at] == pytest.approx(one.parts(method))


def test_what_to_measure_next_moves_one_figure_at_a_time_by_hand():
    """By value, half of 300 over 10: 15. Amount at 80 and 130: 12, 19.5. Tonnes at 8: 400 of 900 over 8 is 16.667; at 12.5: 625 of 1 125
    over 12.5 is 13.333. Gas at 25: two thirds, 20; at 150: a quarter, 7.5.
    """
    found = swings([(1.0, single())], ECONOMIC)
    assert [each[0] for each in found] == ["price of gas", "amount", "output"]
    assert [each[1:] for each in found] == [pytest.approx((20.0, 7.5)), pytest.approx((12.0, 19.5)), pytest.approx((50 / 3, 40 / 3))]


def test_a_figure_that_cancels_in_the_whole_cancels_in_the_part():
    """As much as is made, times 3 kg: 3 a unit however much it is, of an amount and an output that are one figure."""
    made = ("output", *KEYS[1:])
    value, low, high = (tuple(10.0 if at in (0, 2) else each for at, each in enumerate(VALUE)), [*VALUE], [*VALUE])
    low[0], low[2], high[0], high[2] = 8.0, 8.0, 12.5, 12.5
    draws = of_draws(single(value, low, high, made))
    assert spans(draws, EXPANSION)[0] == pytest.approx((3.0, 3.0))
    assert ends(draws.footprints(EXPANSION)) == pytest.approx((3.0, 3.0, 3.0))


def test_a_part_does_not_turn_its_sign_where_none_of_its_figures_does():
    draws = of_draws(single(VALUE, (0.0, *VALUE[1:]), (100.0, 3.0, 20.0, *VALUE[3:])))
    assert draws.parts(EXPANSION).min() == 0.0
    assert spans(draws, EXPANSION)[0][1] <= 30.0


def test_a_product_of_which_nothing_may_be_made_has_no_upper_end():
    draws = of_draws(single(low=(*LOW[:2], 0.0, *LOW[3:])))
    low, high = spans(draws, EXPANSION)[0]
    assert math.isnan(high)
    assert 20.0 < low < 30.0
    assert math.isnan(ends(draws.footprints(EXPANSION))[0])


def told(activities, rows):
    links = build(worlds.region(activities, rows))
    return footprint(links.region, reference(links), (), "pulp")


def test_each_part_says_its_years_and_a_sentence_that_they_differ():
    """Emissions of 2018, lime of 2021 with a factor of the library, an input that says no year; production of 2024."""
    activities = [activity("mill", "production", "pulp.pulp", 10_000), activity("mill", "emission", "gas.co2", 2_000) | {"year": 2018}]
    rows = [
        row("input", PULP, of="quicklime", name="Lime", value=10, unit="t/a", year=2021),
        row("input", PULP, of="quicklime", name="More lime", value=10, unit="t/a"),
    ]
    found = told(activities, rows)
    parts = found.contributions().set_index("name")
    assert parts.loc["Lime", "year"] == "2021"
    assert parts.loc["More lime", "year"] == ""
    assert list(parts.loc[parts["kind"] == "direct", "year"]) == ["2018"]
    assert list(parts.loc[parts["kind"] == "direct", "factor_year"]) == [""]
    assert "production of 2024, amounts of 2018 to 2021, factors of " in found.years()
    assert "no year is said of " in found.years()
    assert found.years() in found.card()


def test_years_that_are_all_of_the_vintage_need_no_word():
    vintage = str(worlds.region().vintage)
    declared = row("declared", PULP, name="Declaration", value=300, low=250, high=400, unit="kgCO2e/t", year=int(vintage))
    made = activity("mill", "production", "pulp.pulp", 10_000) | {"year": int(vintage)}
    assert told([made], [declared]).years() == ""


def test_figures_of_no_year_are_said_to_be_so():
    assert "for 2024 stand figures of no year that is said; no year is said of 1 of 1 production" in Inventory(TODAY, (), ()).years(
        "", "2024"
    )
