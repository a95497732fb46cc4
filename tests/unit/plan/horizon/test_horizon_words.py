"""What cannot hold together over a horizon, and what was taken for granted, in the user's words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta import InfeasibleError, Period

HALVES = (("winter", "11-4"), ("summer", "5-10"))


def halves(*years: int, **said: object) -> list[Period]:
    return [Period(year=year, period=name, months=months, **said) for year in years for name, months in HALVES]


def changed(**tables: dict[str, object]) -> sv.Region:
    """The teaching region with columns replaced."""
    given = sv.load("two_seasons")
    frames = {name: table.to_frame() for name, table in given.tables.items() if len(table)}
    for name, columns in tables.items():
        frames[name] = frames[name].assign(**columns)
    return sv.region("two_seasons", frames)


def told(*args: object, **options: object) -> str:
    with pytest.raises(InfeasibleError) as caught:
        sv.pathway(*args, **options)
    return str(caught.value)


def test_a_disposal_limit_that_cannot_be_kept_names_the_year():
    # 1 200 t arise, the road takes 900 at most and the store loses what lies in it: 290 t cannot be reached.
    text = told("two_seasons", halves(2024, disposal_limit=290))
    assert "at most 290 t may go to landfill, stock and other disposal in 2024" in text
    assert "in 2024.winter, stream 'Fly ash' (600 t/a) must have an outlet for every tonne in that part of the year" in text


def test_a_carbon_limit_over_the_horizon_says_so():
    # Ash is hauled for 4 kg a tonne, rock bought for 5: 900 t need 3 600 kg at least, two years of it 7.2 t.
    assert "emissions may be at most 7 t CO2e over the whole horizon" in told("two_seasons", halves(2024, 2025), co2_limit=7)


def test_a_promise_that_cannot_be_kept_names_need_and_year():
    given = changed(needs={"minimum": [850.0]}, stocks={"capacity": [100.0]})
    # 600 t arise in summer, and of 100 t in the store 90 are left: 690 t.
    text = told(given, halves(2024))
    assert "need 'Base layer of a road, built in the season without frost' must get at least 850 in 2024" in text


def test_an_outlet_that_is_full_for_the_year():
    text = told(changed(fates={"capacity": [200.0]}), halves(2024))
    assert "at most 200 a year fit into 'ash_landfill' in 2024" in text


def test_unknown_facts_of_a_stock_are_told_and_hold_back_the_proven_course():
    given = changed(stocks={"capacity": [np.nan], "loss": [np.nan], "handling": [np.nan]})
    course = sv.pathway(given, halves(2024))
    assert course.proven.stocks["in"].sum() == 0
    # 300 t from the store fill the road: all 900 t, for 5 EUR each, and 300 t to the landfill for 50.
    assert course.potential.money["cost"].tolist() == pytest.approx([900 * 5 + 300 * 50])
    text = " ".join(course.notes)
    for words in ("no known capacity", "no known loss", "no known cost of handling"):
        assert f"Stock 'ash_store' has {words}" in text


def test_more_at_the_end_than_at_the_start_pays_its_outlet():
    # With nothing to use it, ash kept at the end costs the landfill all the same: nobody gains by a full store.
    given = changed(acceptances={"material": ["slag"]})
    course = sv.pathway(given, halves(2024))
    assert course.potential.benefit == pytest.approx(0, abs=1e-6)
    assert course.potential.objective == pytest.approx(78_000)


def test_a_stock_of_the_start_is_used():
    frame = sv.load("two_seasons").table("quantities").to_frame()
    frame.loc[frame["table"] == "stocks", "value"] = 100.0
    course = sv.pathway(changed(quantities={"value": frame["value"].to_numpy()}), halves(2024)).proven
    # 90 of the 100 t are there at the end of winter, so 160 t are put in to fill the store to 250.
    assert course.stocks["in"].tolist() == pytest.approx([160, 0])
    assert course.stocks["lost"].tolist() == pytest.approx([10, 25])
    # In summer 225 t are taken out: nothing is left, though 100 t might lie there again.
    assert course.stocks["level"].tolist() == pytest.approx([250, 0])


def test_a_contract_holds_in_the_years_of_its_dates():
    frames = {name: table.to_frame() for name, table in sv.load("two_seasons").tables.items() if len(table)}
    deal = {"contract": "deal", "origin": "ash", "destination": "road", "maximum": 100.0, "from": "2025-01-01", "to": "2025-12-31"}
    given = sv.region("two_seasons", {**frames, "contracts": pd.DataFrame([{**deal, "source": "invented"}])})
    course = sv.pathway(given, halves(2024, 2025, 2026)).proven
    sent = [float(book.amount[book.links.arcs.kind[book.arc] == 0].sum()) for book in course.years]
    assert sent == pytest.approx([825, 100, 900], abs=80)
    assert sent[1] == pytest.approx(100)


def test_the_fixed_cost_of_a_way_is_paid_for_the_parts_of_the_year_in_which_it_is_used():
    # Nothing is hauled in winter: half of 1 000 EUR is paid, and all of it where the year is not parted.
    given = changed(links={"fixed_cost": [1000.0]})
    assert sv.pathway(given, halves(2024)).proven.benefit == pytest.approx(52_675 - 500)
    assert sv.pathway(given, [Period(year=2024)]).proven.benefit == pytest.approx(58_500 - 1000)
