"""A mill of the teaching region, today and with the plan: ash that is landfilled today goes to a road and to a granulator.

The plan sends 2 000 t of ash to the road (6 kg CO2e/t of carriage; it replaces rock at 5 kg/t; nothing is paid, carriage costs 7 EUR/t) and
3 000 t to the granulator beside the mill (10 kg/t of its own, 6 kg/t of carriage, 0.25 t of fertiliser at 500 kg/t replaced a tonne).
"""

from __future__ import annotations

import pytest

import footprint_worlds as worlds
import sivuvirta as sv
from sivuvirta.assess.footprint.computing import footprint
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, METHODS
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.errors import UnknownNameError


@pytest.fixture(scope="module")
def plan():
    return sv.plan(worlds.region())


@pytest.fixture(scope="module")
def found(plan):
    return sv.footprint(plan, "pulp")


@pytest.fixture(scope="module")
def town():
    rows = [worlds.price(worlds.BLOCKS, 100)]
    return sv.footprint(sv.plan(worlds.region(worlds.TOWN, rows)), "concrete block")


@pytest.mark.parametrize("method", METHODS)
def test_today_the_pulp_bears_all(found, method):
    """2 000 t of the works and 1 000 t of rock at 5 kg/t; ash goes to a landfill that emits nothing: 2 005 000 kg over 10 000 t."""
    assert found.result(method).value == pytest.approx(200.5)
    assert found.result(method).share == pytest.approx(1.0)
    assert found.unit == "kg CO2e/t"


def test_the_plan_by_system_expansion(found):
    """2 005 000 + 2 000 x 6 of carriage - 2 000 x 5 of rock + 30 000 + 18 000 - 3 000 x 0.25 x 500 = 1 680 000 kg."""
    assert found.result(EXPANSION, "proven").value == pytest.approx(168.0)
    assert found.difference(EXPANSION, "proven").value == pytest.approx(-32.5)


def test_the_plan_by_mass(found):
    """Ash on the road has a price of -7 EUR/t at the gate: waste, whose carriage is the mill's. Ash to the granulator is a co-product."""
    assert found.result(MASS, "proven").value == pytest.approx((2_005_000 + 12_000) / 13_000)


def test_the_plan_by_value(found):
    """Nothing is paid for the ash, so the pulp bears all: 2 017 000 kg over 10 000 t."""
    assert found.result(ECONOMIC, "proven").value == pytest.approx(201.7)
    assert found.coproducts("proven")["role"].tolist() == ["product", "waste", "coproduct"]


def test_system_expansion_and_the_assessment_tell_the_same_of_the_ash(plan, found):
    """The region saves 329 000 kg; 4 000 t of slag on the road at 4 - 5 kg/t are 4 000 of it, the ash is the rest."""
    region = sv.assess(plan).proven.emissions
    assert found.difference(EXPANSION, "proven").value * 10_000 == pytest.approx(region + 4_000)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("state", ["today", "proven", "potential"])
def test_contributions_add_up_to_the_footprint(found, method, state):
    parts = found.contributions(method, state)
    assert parts["value"].sum() == pytest.approx(found.result(method, state).value)
    assert set(parts["unit"]) == {"kg CO2e/t"}


def test_scopes_of_what_goes_in(found):
    parts = found.contributions(MASS).set_index("name")
    assert parts.loc["Direct emissions, Mill", ["scope", "value"]].tolist() == ["1", 200.0]
    assert parts.loc["Crushed rock of the exercise", ["scope", "value"]].tolist() == ["3", 0.5]


def test_without_a_reference_scenario_the_plan_is_unknown(plan):
    bare = footprint(plan.links.region, None, [("proven", plan.proven.ledger)], "pulp")
    for method in METHODS:
        told = bare.difference(method, "proven")
        assert (told.known, told.missing) == (False, (NO_REFERENCE,))
        assert not bare.result(method, "proven").known
        assert bare.result(method).bound == "neither"


def test_what_a_plan_brings_to_the_works_is_bought_no_more(town):
    """Today 100 000 + 6 000 x 5 + 1 000 x 500 = 630 000 kg over 1 000 t.

    The plan brings 4 000 t of slag (4 kg/t), 2 000 t of ash (6 kg/t) and 3 000 t of granules (6 kg/t of carriage, 10 kg/t of the plant):
    6 000 t of rock and 750 t of fertiliser are bought no more. Under system expansion the plant's work is borne by the ash it takes.
    """
    moved = -6_000 * 5 + 4_000 * 4 + 2_000 * 6 - 750 * 500 + 3_000 * 6
    assert town.result(MASS).value == pytest.approx(630.0)
    assert town.result(MASS, "proven").value == pytest.approx((630_000 + moved + 30_000) / 1_000)
    assert town.result(EXPANSION, "proven").value == pytest.approx((630_000 + moved) / 1_000)


def test_names_that_are_not_there_are_told(found):
    with pytest.raises(UnknownNameError, match="There are"):
        found.result("by hope")
    with pytest.raises(UnknownNameError, match="today"):
        found.inventory("tomorrow")
    with pytest.raises(UnknownNameError, match="proven"):
        found.difference(MASS, "today")


def test_the_record_on_screen(found):
    assert "mass 200.5" in repr(found)
    assert "boundary, cradle to gate: Mill" in found.card()
    assert "proven less today, system expansion: -32.5 (mean -32.5, -32.5 to -32.5) kg CO2e/t" in found.card()
    assert "200.5" in found._repr_html_()
