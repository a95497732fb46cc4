"""What the routes of a plan bring adds up to what the plan is worth."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import bundled, planned

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.plan.explain.worth import worth


@pytest.fixture(scope="module", params=["value", "co2"])
def kemi_tornio(request):
    return planned(match(build(bundled("kemi_tornio"))), PlanOptions(objective=request.param))


def test_the_routes_of_three_sites_bring_what_its_readme_says():
    plan = planned(match(build(bundled("three_sites"))))
    routes, nodes = plan.matches.routes, plan.links.nodes
    brought = worth(plan, plan.proven)
    by_name = {(nodes.id[routes.stream[r]], nodes.id[routes.need[r]]): brought.yearly[r] for r in range(len(routes))}
    assert by_name["ash", "forest"] == pytest.approx(3_000 * 93 - 60_000)
    assert by_name["ash", "road"] == pytest.approx(2_000 * 45)
    assert by_name["slag", "road"] == pytest.approx(4_000 * 12)
    assert brought.rest == pytest.approx(0, abs=1e-6)


def test_the_routes_of_the_reference_region_add_up_to_the_benefit(kemi_tornio):
    for network in (kemi_tornio.proven, kemi_tornio.potential):
        brought = worth(kemi_tornio, network)
        assert brought.yearly.sum() + brought.rest == pytest.approx(network.benefit, rel=1e-9, abs=1e-6)
        assert (brought.yearly[network.route_flow == 0] == 0).all()


def test_no_flow_of_a_plan_for_value_loses_money_where_its_plant_is_paid():
    plan = planned(match(build(bundled("kemi_tornio"))))
    brought = worth(plan, plan.potential)
    used = plan.potential.route_flow > 0
    assert brought.rest == pytest.approx(0, abs=1e-6 * plan.potential.benefit)
    assert (brought.yearly[used] > -1e-6 * abs(plan.potential.benefit)).all()
    assert np.isnan(brought.per_unit(plan.potential.route_flow)[~used]).all()
