"""What nobody knows stays unknown and is named: emissions of outlets, of what is replaced or bought no more, of plants; amounts of 0."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from attrs import evolve

import footprint_worlds as worlds
import sivuvirta as sv
from footprint_worlds import BLOCKS, MILL, PRICED, TOWN, activity, price, row
from sivuvirta.assess.footprint.computing import footprint
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, METHODS
from sivuvirta.ledger.realised import ledger_of
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build

STEEL = "works/metal.stainless"
WORKS = [
    activity("works", "production", "metal.stainless", 1_000),
    activity("works", "emission", "gas.co2", 100),
    activity("works", "purchase", "fertiliser", 0),
]
INVENTED = {"kind": "product", "year": 2024, "biogenic": False, "basis": "dry", **worlds.GRADED}
FERTILISER = {
    "factor": "fertiliser",
    "subject": "fertiliser",
    "name": "Fertiliser",
    "value": 500,
    "low": 500,
    "high": 500,
    "unit": "kgCO2e/t",
}
NO_ROCK = [{**FERTILISER, **INVENTED}]
BACK = {"kind": "internal_use", "organisation": "works_ltd", "fee": 0.0, "revenue": 0.0, "product": "rock", "ratio": 1.0}
BURIED = {"kind": "landfill", "fee": 3.0, "tax": 0.0, "co2": None}
TAKEN = {"kind": "recycled", "fee": 3.0, "product": "rock", "ratio": 1.0, "co2": 2.0}


def told(outlet, flows=(), activities=WORKS, rows=(), **tables):
    """The steel, 100 t of CO2 over 1 000 t; 10 000 t of slag go to `outlet` today, and as `flows` say by a plan."""
    slag = {"fate": "slag_out", "stream": "slag", "name": "Outlet", "share": 100, "basis": "dry", **outlet}
    ash = {"fate": "ash_landfill", "stream": "ash", "name": "Landfill", "kind": "landfill", "share": 100, "fee": 15, "tax": 25, "co2": 0.0}
    fates = [{**slag, **worlds.GRADED}, {**ash, "basis": "dry", **worlds.GRADED}]
    links = build(worlds.region(activities, [price(STEEL, 1000), *rows], fates=fates, **tables))
    plans = [("planned", ledger_of(links, pd.DataFrame(flows, columns=["origin", "destination", "amount"])))] if flows else []
    return footprint(links.region, reference(links), plans, "stainless steel")


@pytest.mark.parametrize("method", METHODS)
def test_a_landfill_of_unknown_emission_leaves_the_footprint_at_least_what_is_known(method):
    """100 000 kg over 1 000 t, and no word on 10 000 t of slag."""
    found = told(BURIED)
    result = found.result(method)
    assert (result.known, result.bound, result.known_part) == (False, "at least", pytest.approx(100.0))
    assert len(result.missing) == 1
    assert result.missing[0].startswith("emission of ")
    assert "Outlet" in result.missing[0]
    parts = found.contributions(method).set_index("name")
    assert math.isnan(parts.loc[f"{result.missing[0].removeprefix('emission of ')}: disposal", "value"])


def test_what_waste_replaces_may_be_unknown_while_its_disposal_is_known():
    """10 000 t at 2 kg/t of the outlet's own: 120 kg/t by mass. What 10 000 t replace is a credit, so expansion is at most 120."""
    found = told(TAKEN, factors=NO_ROCK)
    assert found.result(MASS).value == pytest.approx(120.0)
    expansion = found.result(EXPANSION)
    assert (expansion.known, expansion.bound, expansion.known_part) == (False, "at most", pytest.approx(120.0))
    assert expansion.missing[0].endswith("replaces")


def test_an_outlet_of_unknown_emission_is_a_gap_of_every_allocation():
    assert not told({**TAKEN, "co2": None}).result(MASS).known


@pytest.mark.parametrize("back", [6_000.0, 0.0])
def test_what_comes_back_no_more_is_bought_at_an_unknown_factor(back):
    """Internal use saves rock today; what the plan takes away of it is bought again, and nobody says what that emits."""
    flows = [("stream:slag", "fate:slag_out", back), ("stream:slag", "need:road", 10_000.0 - back)]
    found = told({**BACK, "co2": 0.0}, [each for each in flows if each[2] > 0], factors=NO_ROCK)
    assert found.result(MASS).known
    assert (found.result(MASS, "planned").known, found.result(MASS, "planned").bound) == (False, "at least")
    assert not found.difference(MASS, "planned").known


def test_of_a_loop_the_product_has_what_its_separate_product_leaves():
    """Of 100 t of fertiliser 50 stay: half of the slag is the steel's. 100 000 - 50 x 500 + 4 000 x (5 + 4 - 5) / 2 = 83 000 kg."""
    more = [activity("works", "production", "fertiliser", 100), activity("works", "purchase", "fertiliser", 50)]
    flows = [("stream:slag", "fate:slag_out", 6000.0), ("stream:slag", "need:road", 4000.0)]
    found = told(
        {**BACK, "co2": 0.0},
        flows,
        [*WORKS[:2], activity("works", "purchase", "rock", 0), *more],
        rows=[row("separate", STEEL, of="fertiliser")],
    )
    assert found.result(EXPANSION).value == pytest.approx(75.0)
    assert found.result(EXPANSION, "planned").value == pytest.approx(83.0)


@pytest.fixture(scope="module")
def town():
    return sv.plan(worlds.region(TOWN, [price(BLOCKS, 100)]))


def test_rock_bought_no_more_at_an_unknown_factor_makes_it_at_most():
    """Today 100 000 + 1 000 x 500 = 600 000 kg over 1 000 t; the plan takes rock away, how much of the burden nobody knows.

    Known of the plan: 4 000 x 4 + 2 000 x 6 of carriage, 3 000 x (6 + 10) of granules, less 750 t of fertiliser at 500 kg/t.
    """
    activities = [each for each in TOWN if each["product"] != "rock"]
    found = sv.footprint(sv.plan(worlds.region(activities, [price(BLOCKS, 100)], factors=NO_ROCK)), "concrete block")
    assert found.result(MASS).value == pytest.approx(600.0)
    proven = found.result(MASS, "proven")
    assert (proven.known, proven.bound) == (False, "at most")
    assert any("rock" in each for each in proven.missing)


def test_what_a_plant_of_unknown_emission_recovers_is_unknown(town):
    """The granulator's work is borne by what it delivers; under system expansion by the ash that it takes, which is the mill's."""
    ledger = town.proven.ledger
    works = evolve(ledger.links.works, unknown_co2=ledger.operations.activity > 0)
    blind = evolve(ledger, links=evolve(ledger.links, works=works))
    found = footprint(ledger.links.region, town.reference, [("proven", blind)], "concrete block")
    assert (found.result(MASS, "proven").bound, found.result(MASS, "proven").known) == ("at least", False)
    assert found.result(EXPANSION, "proven").known


def pulp(activities=MILL, rows=PRICED):
    return sv.footprint(worlds.region(activities, rows), "pulp")


def test_nothing_made_has_no_footprint():
    found = pulp([activity("mill", "production", "pulp.pulp", 0), *MILL[1:]])
    for method in METHODS:
        assert (found.result(method).known, found.result(method).bound) == (False, "neither")
        assert len(found.result(method).missing) == 1
        assert found.contributions(method)["value"].isna().all()
        assert math.isnan(found.result(method).known_part)
    assert found.coproducts()["mass_footprint"].isna().all()
    assert "above 0" in found.card()


def test_an_amount_that_may_be_nothing_leaves_no_upper_end():
    """2 005 000 kg over 10 000 t, or over as little as is wished."""
    result = pulp([{**MILL[0], "low": 0}, *MILL[1:]]).result(MASS)
    assert (result.value, result.low) == (pytest.approx(200.5), pytest.approx(200.5))
    assert math.isnan(result.high)
    assert result.text() == "200.5 (mean none, 200.5 to no end) [A]"
    assert result.swings[0][0] == "output"


def test_a_change_over_an_amount_that_may_be_nothing_has_no_ends():
    found = sv.footprint(sv.plan(worlds.region([{**MILL[0], "low": 0}, *MILL[1:]])), "pulp").difference(EXPANSION, "proven")
    assert found.value == pytest.approx(-32.5)
    assert math.isnan(found.low)


def test_alone_the_product_bears_all_whatever_its_price():
    found = pulp(rows=())
    assert (found.result(ECONOMIC).value, found.result(ECONOMIC).share) == (pytest.approx(200.5), 1.0)
    assert found.coproducts()["economic_share"].tolist() == [1.0]


def test_a_ratio_with_a_range_moves_the_credit():
    """10 000 t replace 0.9 to 1.1 of rock at 5 kg/t: 45 000 to 55 000 of 100 000 kg."""
    sold = {"kind": "sold", "revenue": 1.0, "product": "rock", "ratio": 1.0, "ratio_low": 0.9, "ratio_high": 1.1, "co2": 0.0}
    result = told(sold).result(EXPANSION)
    ends = next(each[1:] for each in result.swings if each[0].startswith("credit of"))
    assert result.value == pytest.approx(50.0)
    assert ends == (pytest.approx(45.0), pytest.approx(55.0))
