"""Horizons small enough for a pencil. Invented, not published: the arithmetic is in the bundled README of `two_seasons`, or here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.engine.worlds import ROCK, SLAG, accepts, base, costs, fate, plant, region, technology

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.program.objective import cost_of

HALVES = (("winter", "11-4"), ("summer", "5-10"))


def halves(*years: int, **said: object) -> list[Period]:
    return [Period(year=year, period=name, months=months, **said) for year in years for name, months in HALVES]


@pytest.fixture(scope="module")
def store():
    return sv.pathway("two_seasons", "one_year")


def test_a_stock_over_two_seasons(store):
    course = store.proven
    assert course.status == "optimal"
    assert course.benefit == pytest.approx(52_675, abs=1e-6)
    assert course.money["cost"].tolist() == pytest.approx([17_500 + 1_500 + 4_125])
    assert course.stocks["in"].tolist() == pytest.approx([250, 0])
    assert course.stocks["out"].tolist() == pytest.approx([0, 225])
    assert course.stocks["lost"].tolist() == pytest.approx([0, 25])
    assert course.stocks["level"].tolist() == pytest.approx([250, 0])
    assert course.stocks["cost"].tolist() == pytest.approx([500, 450 + 25 * 50])
    assert course.objective == pytest.approx(25_325)


def test_flows_of_each_season(store):
    flows = store.flows("proven").set_index(["period", "kind"])["amount"]
    assert flows["2024.winter"].to_dict() == pytest.approx({"fate": 350})
    assert flows["2024.summer"].to_dict() == pytest.approx({"direct": 825, "buy": 75})
    assert store.proven.years[0].amount.sum() == pytest.approx(350 + 825 + 75)


def test_three_years_are_discounted_to_the_first():
    course = sv.pathway("two_seasons", "three_years").proven
    assert course.benefit == pytest.approx(52_675 * (1 + 1 / 1.05 + 1 / 1.05**2))
    assert course.money["discount"].tolist() == pytest.approx([1, 1 / 1.05, 1 / 1.05**2])


def test_a_year_that_stands_for_three_counts_as_three():
    course = sv.pathway("two_seasons", halves(2024, years=3)).proven
    assert course.benefit == pytest.approx(52_675 * (1 + 1 / 1.05 + 1 / 1.05**2))
    assert course.money["discount"].tolist() == pytest.approx([1 + 1 / 1.05 + 1 / 1.05**2])


def test_without_seasons_the_frost_costs_nothing():
    whole = sv.pathway("two_seasons", [Period(year=2024)])
    assert whole.proven.benefit == pytest.approx(58_500)
    assert sv.plan("two_seasons").proven.benefit == pytest.approx(58_500)


def test_a_carbon_price_is_counted_in_the_objective_and_not_in_the_money():
    # 4 kg a tonne hauled and 5 kg a tonne of rock: a tonne saves 1 kg, so nothing else changes. 825 x 4 + 75 x 5 = 3 675 kg.
    course = sv.pathway("two_seasons", halves(2024, carbon_price=100)).proven
    assert course.objective == pytest.approx(25_325 + 3.675 * 100)
    assert course.benefit == pytest.approx(52_675)
    assert course.money["carbon"].tolist() == pytest.approx([(3_675 - 900 * 5) / 1000])


def slag(**plants: object):
    """700 t of slag a year to a heap for 30 EUR/t; crushed, 900 t of it could replace rock of 20 EUR/t; everything on one site."""
    made = technology(
        "crushing",
        {"feed": (SLAG, 1, 1, None)},
        {"rock": (ROCK, "product", 1.0)},
        capex=100_000,
        reference_capacity=1000,
        scale=1,
        fixed_opex=0,
        variable_opex=4,
        lifetime=plants.pop("lifetime", 10),
        electricity=0,
        heat=0,
        diesel=0,
        water=0,
    )
    return region(
        base(
            [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 700}],
            [{"need": "road", "site": "s0", "amount": 900, "price": 20}],
            fates=[fate("slag", "stored", 30)],
            acceptances=[accepts("road", ROCK)],
            links=costs(),
            plants=[plant("crusher", "crushing", "s0", capacity_min=100, capacity_max=1000, **plants)],
            **made,
        )
    )


ANNUITY = 0.05 / (1 - 1.05**-10)  # of ten years at 5 %
SAVED = 700 * (30 + 20 - 4)  # EUR/a: heap and rock not paid, crushing paid
CAPEX = 70_000  # 700 t a year at 100 EUR each


def test_annuities_count_inside_the_horizon_alone():
    course = sv.pathway(slag(), [Period(year=year) for year in (2024, 2025, 2026)]).proven
    assert course.builds[["plant", "decided", "from", "until"]].to_numpy().tolist() == [["crusher", 2024, 2024, 2026]]
    assert course.builds["size"].tolist() == pytest.approx([700])
    assert course.builds["capex"].tolist() == pytest.approx([CAPEX])
    assert course.builds["yearly"].tolist() == pytest.approx([CAPEX * ANNUITY])
    assert course.money["invested"].tolist() == pytest.approx([CAPEX, 0, 0])
    each = SAVED - CAPEX * ANNUITY
    assert course.money["benefit"].tolist() == pytest.approx([each] * 3)
    assert course.benefit == pytest.approx(each * (1 + 1 / 1.05 + 1 / 1.05**2))
    assert [cost_of(book) for book in course.years] == pytest.approx(course.money["cost"].tolist())


def test_a_plant_stands_after_its_lead_time_and_for_its_lifetime():
    years = [Period(year=year) for year in range(2024, 2030)]
    course = sv.pathway(slag(lead=2, lifetime=3), years).proven
    assert course.builds[["decided", "from", "until"]].to_numpy().tolist() == [[2024, 2026, 2028], [2027, 2029, 2029]]
    assert [book.operations.activity.sum() for book in course.years] == pytest.approx([0, 0, 700, 700, 700, 700])


def test_a_plant_is_built_and_closed_within_the_years_of_the_register():
    years = [Period(year=year) for year in range(2024, 2029)]
    course = sv.pathway(slag(built=2025, closes=2027), years).proven
    assert course.builds[["from", "until"]].to_numpy().tolist() == [[2025, 2027]]
    assert [book.operations.activity.sum() for book in course.years] == pytest.approx([0, 700, 700, 700, 0])


def test_a_budget_a_year_delays_what_is_built():
    # 5 000 EUR are less than the smallest crusher costs. 69 000 EUR build 690 t in 2025; to wait for 700 t a year later would lose a year.
    years = [Period(year=2024, budget=5_000), Period(year=2025, budget=69_000), Period(year=2026)]
    course = sv.pathway(slag(), years).proven
    assert course.money["invested"].tolist() == pytest.approx([0, 69_000, 0])
    assert course.builds["size"].tolist() == pytest.approx([690])
    whole = sv.pathway(slag(), [Period(year=year) for year in (2024, 2025)], budget=50_000).proven
    assert whole.money["invested"].sum() == pytest.approx(50_000)


def test_a_plant_built_for_a_season_is_as_large_as_the_season_asks():
    # All of the slag arises in half a year, in which the road takes half of its 900 t: a crusher of 900 t a year does 450 t in that time.
    given = slag()
    streams = dict(given.table("streams").columns) | {"season": np.array(["5-10"], dtype=object)}
    changed = sv.region("summer", {**_frames(given), "streams": pd.DataFrame(streams)})
    course = sv.pathway(changed, halves(2024)).proven
    assert course.builds["size"].tolist() == pytest.approx([900])
    assert [book.operations.activity.sum() for book in course.ledgers] == pytest.approx([0, 450])


def test_a_season_is_no_open_question_where_the_periods_tell_it():
    given = slag()
    streams = dict(given.table("streams").columns) | {"season": np.array(["5-10"], dtype=object)}
    changed = sv.region("summer", {**_frames(given), "streams": pd.DataFrame(streams)})
    assert sv.pathway(changed, [Period(year=2024)]).proven.benefit == 0
    assert sv.pathway(changed, halves(2024)).proven.benefit == pytest.approx(450 * (30 + 20 - 4) - 90_000 * ANNUITY)


def _frames(given):
    return {name: table.to_frame() for name, table in given.tables.items() if len(table)}


def heap(**stock: object):
    """1 000 t of slag a year to a landfill for 30 EUR/t, which emits 1 000 kg CO2e a tonne; a heap takes 900 t of it for nothing."""
    kept = {"stock": "heap", "stream": "slag", "site": "s0", "capacity": 900, "handling": 0, "loss": 0, "grade": "A", "source": "invented"}
    tables = base(
        [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}],
        [],
        fates=[fate("slag", "landfill", 30, co2=1000, share=100)],
        links=costs(),
        stocks=[kept | stock],
    )
    first = {"table": "stocks", "subject": "heap", "vintage": "now", "value": 0, "status": "observed", "grade": "A", "source": "invented"}
    tables["quantities"].append(first)
    return region(tables)


def test_what_is_left_in_a_stock_pays_for_its_carbon():
    # Landfilled or left, a tonne costs 30 EUR and 1 t CO2e of 100 EUR: 1 000 x 130.
    course = sv.pathway(heap(), [Period(year=2024, carbon_price=100)]).proven
    assert course.objective == pytest.approx(130_000)
    assert course.money["carbon"].tolist() == pytest.approx([0], abs=1e-6)


def test_what_is_lost_of_a_stock_pays_for_its_carbon():
    # All 900 t that the heap takes in winter are lost by summer: no less is paid for them than for the landfill.
    course = sv.pathway(heap(loss=100), halves(2024, carbon_price=100)).proven
    assert course.objective == pytest.approx(130_000)


@pytest.mark.parametrize("limit", [{"co2_limit": 50.0}, {"disposal_limit": 0.0}])
def test_no_limit_is_met_by_leaving_or_losing(limit):
    # 1 000 t emit 1 000 t CO2e and are disposed of, wherever they lie in the end.
    for periods, stock in (([Period(year=2024, **limit)], 0), (halves(2024, **limit), 100)):
        with pytest.raises(InfeasibleError):
            sv.pathway(heap(loss=stock), periods)
    wide = {"co2_limit": 1000.0} if "co2_limit" in limit else {"disposal_limit": 1000.0}
    assert sv.pathway(heap(), [Period(year=2024, **wide)]).proven.objective == pytest.approx(30_000)


def test_what_is_left_is_sent_away_once_in_the_mean_of_the_last_years():
    # The last year stands for three, W = 1/1.05 + 1/1.05^2 + 1/1.05^3, and keeps what it finds: 900 t of 2024, sent away once, at W/3.
    course = sv.pathway(heap(), [Period(year=2024), Period(year=2025, years=3)]).proven
    later = 1 / 1.05 + 1 / 1.05**2 + 1 / 1.05**3
    assert course.remaining == pytest.approx(900 * 30 * later / 3)
    assert course.objective == pytest.approx(100 * 30 + 1000 * 30 * later + 900 * 30 * later / 3)
