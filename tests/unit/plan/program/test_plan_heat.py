"""Heat that cools and is lost on its way, and a heat pump, worked out by hand.

10 km at 0.2 K/km and an approach of 5 K take 7 K; 0.5 % a km leaves 0.995^10 = 0.951110 of the heat.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import SOURCED, matched, planned
from tests.heat_worlds import PIPE, heated, way

from sivuvirta.assess.roads.haulage import transport
from sivuvirta.assess.terms import cost
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.match.reasons import why
from sivuvirta.plan.program.objective import cost_of

LOSSY = {**PIPE, "temperature_loss": 0.2, "heat_loss": 0.5, "approach": 5}
ARRIVES = 0.995**10
EXACT = PlanOptions(gap=1e-9)


def world(sent=90.0, asked=80.0, mode=LOSSY, **more):
    """Pipes that stand already, with losses."""
    tables = heated(modes=[mode], links=way(existing="yes"), **more)
    tables["streams"][0]["temperature"] = sent
    tables["needs"][0]["temperature_min"] = asked
    return tables


def verdict_of(tables):
    matches = matched(tables)
    (row,) = np.flatnonzero(matches.routes.plant < 0)
    return Verdict(matches.routes.verdict[row])


@pytest.mark.parametrize(
    ("sent", "asked", "verdict"),
    [(90, 80, Verdict.PASS), (87, 80, Verdict.PASS), (86.9, 80, Verdict.FAIL), (50, 80, Verdict.FAIL), (None, 80, Verdict.UNKNOWN)],
)
def test_heat_must_still_be_warm_enough_where_it_is_used(sent, asked, verdict):
    assert verdict_of(world(sent, asked)) == verdict


def test_how_much_heat_cools_is_not_taken_for_nothing():
    assert verdict_of(world(mode={**LOSSY, "temperature_loss": None})) == Verdict.UNKNOWN
    assert verdict_of(world(asked=None, mode={**LOSSY, "temperature_loss": None})) == Verdict.PASS


def test_the_gap_is_told_in_words():
    matches = matched(world(sent=50))
    text = why(matches, 0)
    assert "it has 50 °C, 43 °C of which can be used there after 7 K on the way, 37 K too little; at least 80 °C is needed" in text


def test_less_arrives_than_is_sent_and_the_rest_is_told():
    plan = planned(matched(world()), EXACT)
    ledger = plan.proven.ledger
    arcs, flow = ledger.links.arcs, ledger.per_arc()
    (arc,) = np.flatnonzero(arcs.kind == ArcKind.DIRECT)
    assert arcs.arriving[arc] == pytest.approx(0.951110, abs=1e-6)
    assert arcs.cooling[arc] == pytest.approx(7)
    assert flow[arc] == pytest.approx(8_000 / ARRIVES)
    assert plan.proven.benefit == pytest.approx(8_000 * 30 - 8_000 / ARRIVES * 1.0)
    told = transport(ledger, plan.reference).set_index("measure")["planned"]
    assert told["heat lost on the way"] == pytest.approx(8_000 / ARRIVES - 8_000)
    assert told["energy moved"] == pytest.approx(8_000 / ARRIVES)
    assert "up to 4.9 %" in ledger.links.notes["heat lost on the way"]
    assert cost(ledger) == pytest.approx(cost_of(ledger)) == pytest.approx(plan.proven.objective)


def test_a_market_pays_for_what_arrives():
    tables = world()
    tables["needs"][0] |= {"kind": "market", "price": 20}
    del tables["needs"][0]["product"]
    plan = planned(matched(tables), EXACT)
    assert plan.proven.benefit == pytest.approx(8_000 * 20 - 8_000 / ARRIVES)


def pumped(**more):
    """Heat of 50 degrees goes 10 km to the heat pump of the library and 10 km on to the town."""
    tables = world(sent=50, **more)
    tables["streams"][0]["material"] = "heat.waste.low"
    tables["acceptances"][0]["material"] = "heat"
    tables["prices"][0]["value"] = 100  # so that the electricity is worth it
    tables["plants"] = [
        {"plant": "pump", "name": "Pump", "technology": "waste_heat_dh", "site": "s1", "status": "existing", "capacity": 50_000, **SOURCED}
    ]
    ends = (("s0", "s1"), ("s1", "s2"), ("s0", "s2"))
    tables["links"] = [{"origin": a, "destination": b, "km": 10, "existing": "yes", **SOURCED} for a, b in ends]
    return tables


def test_below_its_level_heat_comes_only_through_a_heat_pump():
    matches = matched(pumped())
    routes = matches.routes
    assert routes.verdict[routes.plant < 0].tolist() == [Verdict.FAIL]
    assert (routes.verdict[routes.plant >= 0] < Verdict.FAIL).all()


def test_energy_closes_over_a_heat_pump():
    """8 000 MWh arrive, so 8 411 leave the pump: 2/7 of it is electricity, COP 3.5, and 5/7 heat, of which more was sent."""
    ledger = planned(matched(pumped()), EXACT).potential.ledger
    arcs, flow = ledger.links.arcs, ledger.per_arc()
    made = 8_000 / ARRIVES
    fed, power, brought = (flow[arcs.kind == kind].sum() for kind in (ArcKind.FEED, ArcKind.REAGENT, ArcKind.DELIVER))
    assert brought == pytest.approx(made)
    assert power == pytest.approx(made * 2 / 7, rel=1e-6)
    assert fed == pytest.approx(made * 5 / 7 / ARRIVES, rel=1e-6)
    assert fed * ARRIVES + power == pytest.approx(brought, rel=1e-6)
    assert brought / power == pytest.approx(3.5, rel=1e-6)
    assert ledger.operations.activity.sum() == pytest.approx(made, rel=1e-6)


@pytest.mark.parametrize(("made", "verdict"), [(88, Verdict.PASS), (86, Verdict.FAIL), (None, Verdict.LIKELY)])
def test_what_a_heat_pump_makes_may_be_stated(made, verdict):
    tables = pumped()
    tables["technologies"] = [{**technology(), "technology": "lift"}]
    tables["plants"][0]["technology"] = "lift"
    tables["recipe_inputs"] = [
        {"technology": "lift", "slot": "heat", "material": "heat.waste", "kind": "feed", "amount_low": 1, "amount_high": 1, **SOURCED}
    ]
    tables["recipe_outputs"] = [
        {"technology": "lift", "output": "hot", "slot": "heat", "makes": "heat.district", "kind": "product", "yield": 1, **SOURCED}
        | {"temperature": made}
    ]
    routes = matched(tables).routes
    (row,) = np.flatnonzero(routes.plant >= 0)
    assert routes.verdict[row] == verdict


def technology():
    return {"name": "Lift", "activity": "MWh", "activity_unit": "MWh", "readiness": 9, "output_status": "product", "recovery": "no"} | {
        "mixes": "no",
        "hazardous_ok": "no",
        **SOURCED,
    }
