"""What is paid for a component is one coefficient of links, plan, ledger, assessment and match.

Slag with 20 000 mg/kg of chromium, at 1 000 EUR a tonne of it: 20 EUR a tonne of slag. The market pays nothing else; haulage is 3 EUR,
and the heap that the slag leaves costs 5.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import accepts, cadmium, matched, planned, random_tables, region
from tests.golden.test_golden_families import two_streams

import sivuvirta as sv
from sivuvirta.domain.controls import Control
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import EUR_TERMS
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.objective import cost_of

REVENUE = EUR_TERMS.index("revenue")
PAID = {"payable_component": "Cr_total", "payable_rate": 1000}


def chromium(stream: str, value: float = 20_000, **more: object) -> dict[str, object]:
    return cadmium(stream, value, component="Cr_total", **more)


def smelter(market: bool, **more: object) -> dict[str, list[dict[str, object]]]:
    tables = two_streams(acceptances=[accepts("road", "world.slag", 1, **PAID)], analyses=[chromium("slag", low=10_000, high=40_000)])
    tables["needs"][0] |= {"kind": "market" if market else "need"}
    return {**tables, **more}


def test_a_market_pays_into_the_region():
    plan = planned(matched(smelter(market=True)))
    assert plan.proven.benefit == pytest.approx(500 * (20 - 3 + 5))
    assert plan.matches.routes.gain[0] == pytest.approx(22)
    assert plan.matches.routes.netback[0] == pytest.approx(20 - 3)
    assert cost_of(plan.proven.ledger) == pytest.approx(plan.proven.objective)
    assert sv.assess(plan).headline.set_index("figure").loc["benefit", "proven"] == pytest.approx(500 * 22)
    arcs = plan.links.arcs
    assert arcs.eur[plan.matches.routes.arc_in[0], REVENUE] == pytest.approx(-20)
    assert arcs.eur_sd[plan.matches.routes.arc_in[0], REVENUE] == pytest.approx(30_000 / 3.29 / 1000)


def test_what_a_need_of_the_region_pays_cancels():
    """The road saves 20 EUR of rock, 3 of haulage are paid and 5 of the heap saved: the metal goes from one to the other."""
    plan = planned(matched(smelter(market=False)))
    assert plan.proven.benefit == pytest.approx(500 * (20 - 3 + 5))
    arc = plan.matches.routes.arc_in[0]
    assert plan.links.arcs.payment[arc] == pytest.approx(20)
    assert plan.links.arcs.eur[arc, REVENUE] == 0
    assert plan.matches.routes.netback[0] == pytest.approx(20 - 3)


def test_a_price_and_a_component_are_both_paid():
    tables = smelter(market=True)
    tables["acceptances"][0] |= {"price": 4, "price_basis": "dry"}
    assert build(region(tables)).arcs.eur[:, REVENUE].min() == pytest.approx(-24)


def test_a_content_that_nobody_knows_pays_nothing_and_is_told():
    matches = matched(smelter(market=True, analyses=[chromium("ash")]))
    links, arc = matches.links, matches.routes.arc_in[0]
    assert links.arcs.eur[arc, REVENUE] == 0
    assert links.arcs.unknown_eur[arc]
    assert links.arcs.grade_eur[arc] == Grade.D


def test_money_is_as_sure_as_the_content():
    tables = smelter(market=True)
    arcs = build(region(tables)).arcs
    worse = build(region({**tables, "analyses": [chromium("slag", grade="C")]})).arcs
    arc = matched(tables).routes.arc_in[0]
    assert (arcs.grade_eur[arc], worse.grade_eur[arc]) == (Grade.A, Grade.C)
    assert not worse.unknown_eur[arc]
    assert worse.eur[arc, REVENUE] == pytest.approx(-20)


def test_an_oxide_pays_for_its_metal():
    """Cr2O3 is 104 parts of chromium in 152: 10 000 mg/kg of it are 6 842 mg/kg, 6.84 EUR."""
    tables = smelter(market=True, analyses=[cadmium("slag", 1, component="Cr2O3", unit="%")])
    assert build(region(tables)).arcs.eur[:, REVENUE].min() == pytest.approx(-10_000 * 103.99 / 151.99 * 1e-3, rel=1e-3)


@pytest.mark.parametrize("market", ["market", "need"])
@pytest.mark.parametrize("seed", range(6))
def test_the_gain_of_a_direct_route_is_what_a_unit_changes_in_the_plan(seed, market):
    """One unit over the route alone, all else at today's outlets and purchases, against none."""
    rng = np.random.default_rng(seed)
    tables = random_tables(seed)
    for row in tables["acceptances"]:
        row |= {**PAID, "payable_rate": round(float(rng.uniform(100, 5000)))}
    tables["needs"][0] |= {"kind": market}
    tables["analyses"] = [
        *tables.get("analyses", []),
        *(chromium(str(row["stream"]), 1000 + 500 * n) for n, row in enumerate(tables["streams"])),
    ]
    tables.pop("limits", None)
    matches = match(build(region(tables)))
    today = reference(matches.links)
    nothing = OpenPlan(matches, today, PlanOptions(changes=0)).best(prices=False).objective
    routes, ids = matches.routes, matches.links.nodes.id
    tried = np.flatnonzero((routes.plant < 0) & (routes.verdict < Verdict.FAIL))
    assert len(tried)
    for route in tried:
        stream, need = ids[routes.stream[route]], ids[routes.need[route]]
        one = Control(origin=stream, destination=need, least=1, most=1)
        answer = OpenPlan(matches, today, PlanOptions(changes=1, controls=(one,))).best(prices=False)
        assert nothing - answer.objective == pytest.approx(routes.gain[route], rel=1e-6, abs=1e-6 * abs(nothing))
