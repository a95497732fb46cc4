"""Grades of products in a plan (P6): what a plant makes keeps the limits of who gets it, whatever it was mixed with on the way.

Rock is made of slag (700 t) and skulls (200 t): 0.95 t and 0.05 t of dust of a tonne. Both hold on to all cadmium, so that rock has the
content of what it is made of.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import (
    ROCK,
    accepts,
    at_most,
    cadmium,
    matched,
    planned,
    random_chains,
    random_matches,
)
from tests.golden.test_golden_families import crusher
from tests.unit.plan.program.test_plan_steps import PRESS, several, world

from sivuvirta.domain.links import NodeKind
from sivuvirta.domain.plans import PlanOptions


def standing(slag: float, skulls: float, limit: float, blending: str = "yes", **more: object):
    """A crusher that stands; contents and the road's limit in mg/kg of cadmium."""
    tables = crusher(**more)
    tables["plants"][0] |= {"status": "existing", "capacity": 10_000}
    tables["analyses"] = [cadmium("slag", slag), cadmium("skulls", skulls)]
    tables["limits"] = [at_most("road", limit, blending)]
    return tables


def entering(matches) -> dict[str, float]:
    """Tonnes of each stream on routes to needs, in the proven network."""
    network = planned(matches).proven
    ids, flow = matches.links.nodes.id, network.flow
    return {str(ids[node]): float(flow[matches.every("stream") == node].sum()) for node in np.unique(matches.every("stream"))}


@pytest.mark.parametrize(("limit", "used"), [(8.4, False), (8.5, True)])
def test_what_a_plant_takes_out_makes_the_grade(limit, used):
    """40 % of 20 mg/kg end in 0.95 t of rock: 8.42 mg/kg."""
    tables = standing(20, 20, limit, "no", recovery="yes")
    tables["recoveries"] = [
        {"technology": "crushing", "output": "rock", "component": "Cd", "value": 40, "grade": "A", "source": "invented"},
    ]
    assert (sum(entering(matched(tables)).values()) > 0) == used


def test_what_a_plant_does_not_take_out_stays_whatever_its_recovery_says():
    """The same recovery at a plant that is not marked for it: 20 mg/kg stay."""
    tables = standing(20, 20, 19, "no")
    tables["recoveries"] = [
        {"technology": "crushing", "output": "rock", "component": "Cd", "value": 40, "grade": "A", "source": "invented"},
    ]
    assert sum(entering(matched(tables)).values()) == 0


@pytest.mark.parametrize("mixes", ["yes", "no"])
def test_a_blend_of_what_leaves_a_plant_keeps_the_limit(mixes):
    """60 t of slag at 4 mg/kg make room for 30 t of skulls at 16 under a limit of 8; the water that is bought makes none."""
    tables = standing(4, 16, 8, mixes=mixes)
    for row in tables["quantities"]:
        row["value"] = {"slag": 60}.get(str(row["subject"]), row["value"])
    assert entering(matched(tables)) == pytest.approx({"slag": 60, "skulls": 30})


@pytest.mark.parametrize("mixes", ["yes", "no"])
def test_a_plant_that_mixes_does_not_dilute_what_may_not_be_blended(mixes):
    assert entering(matched(standing(4, 16, 8, "no", mixes=mixes)))["skulls"] == 0


def test_several_products_of_one_plant_each_keep_their_own_limit():
    """A second need takes the rock for the yard, without any limit: the skulls go there, and not to the road."""
    tables = standing(4, 16, 8, "no")
    tables["needs"].append({**tables["needs"][0], "need": "yard", "name": "Yard"})
    tables["quantities"].append({**next(row for row in tables["quantities"] if row["subject"] == "road"), "subject": "yard"})
    tables["acceptances"].append(accepts("yard", ROCK))
    matches = matched(tables)
    routes, ids = matches.routes, matches.links.nodes.id
    flow = planned(matches).proven.route_flow
    sent = {(ids[routes.stream[row]], ids[routes.need[row]]): flow[row] for row in range(len(routes)) if flow[row] > 0}
    assert ("skulls", "road") not in sent
    assert sent["skulls", "yard"] == pytest.approx(200)


@pytest.mark.parametrize(("limit", "used"), [(12.4, 0), (12.6, 500 / 0.72)])
def test_a_product_of_two_plants_keeps_its_limit(limit, used):
    """The kiln's smoke leaves its cadmium in 0.8 t of rock: 10 / 0.8 = 12.5 mg/kg. The road's 500 t are 500 / (0.9 x 0.8) t of slag."""
    matches = several(world(analyses=[cadmium("slag", 10)], limits=[at_most("road", limit, "no")]))
    assert entering(matches).get("slag", 0) == pytest.approx(used)


def test_over_several_plants_nothing_is_blended_to_a_limit():
    """Ash of 2 mg/kg goes; slag of 20, which a blend would let in, does not: on several steps each stream must meet the limit alone."""
    tables = world(ash=100, analyses=[cadmium("slag", 20), cadmium("ash", 2)], limits=[at_most("road", 12)])
    used = entering(several(tables))
    assert used["ash"] == pytest.approx(100)
    assert used.get("slag", 0) == 0


def test_a_binder_that_is_bought_dilutes_nothing_over_two_plants():
    binder = {**PRESS, "binder": ("world", 0.5, 0.5, "p_binder")}
    used = several(world(press=binder, analyses=[cadmium("slag", 10)], limits=[at_most("road", 12.4, "no")]))
    assert entering(used).get("slag", 0) == 0


@pytest.mark.parametrize("make", [random_matches, random_chains])
@pytest.mark.parametrize("seed", range(10))
def test_what_every_need_receives_keeps_its_limits(seed, make):
    """Mean content of all that streams bring, as the analyses say it; no plant of these regions loses any of it."""
    matches = make(seed)
    links, region = matches.links, matches.links.region
    content = dict(zip(region.table("analyses")["stream"], region.table("analyses")["value"], strict=True))
    flow = planned(matches, PlanOptions()).proven.flow
    arriving = flow * matches.every("delivered")
    of_need = dict(zip(links.nodes.id[links.nodes.kind == NodeKind.NEED], np.flatnonzero(links.nodes.kind == NodeKind.NEED), strict=True))
    over = []
    for need, limit in zip(region.table("limits")["need"], region.table("limits")["value"], strict=True):
        rows = np.flatnonzero((matches.every("need") == of_need.get(need, -1)) & (arriving > 0))
        brought = sum(arriving[row] * content[str(links.nodes.id[matches.every("stream")[row]])] for row in rows)
        over.append(brought - limit * arriving[rows].sum() * (1 + 1e-7))
    assert max(over, default=0.0) <= 0
