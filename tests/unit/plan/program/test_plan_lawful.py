"""The most of a legal path in a plan, worked out by hand.

Slag with 20 % of water is waste; a tonne of it saves 5 EUR of its heap and 0.9 tonnes of rock at 20, and is hauled for 3: 20. Skulls are a
by-product and save 40 of landfill: 55. The road takes 500 t.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import matched, planned
from tests.golden.test_golden_families import notice, with_path
from tests.unit.plan.program.test_plan_steps import GAIN, several
from tests.unit.plan.program.test_plan_steps import world as chained

from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.program.families import program

SKULLS = 200 * 55


def world(*paths: dict[str, object]):
    return matched({**with_path(), "legal_paths": list(paths)})


def test_a_route_carries_what_its_notification_lets_in():
    """200 t as sent are 160 t dry."""
    plan = planned(world(notice("small", 200)))
    assert plan.proven.benefit == pytest.approx(SKULLS + 160 * 20)
    told = [marginal for marginal in plan.proven.marginals if marginal.constraint == "lawful"]
    assert [marginal.value for marginal in told] == pytest.approx([20])
    assert "'slag > road' is worth 20 EUR" in told[0].text


@pytest.mark.parametrize("paths", [[notice("small", 200), notice("large", None)], [notice("all", 5000)]])
def test_a_path_that_lets_in_all_of_it_takes_the_limit_away(paths):
    plan = planned(world(*paths))
    assert program(plan.matches).lp.family("lawful").count == 0
    assert plan.proven.benefit == pytest.approx(SKULLS + (500 - 0.9 * 200) / 0.9 * 20)


def test_of_two_paths_the_larger_counts():
    assert planned(world(notice("small", 200), notice("larger", 250))).proven.benefit == pytest.approx(SKULLS + 200 * 20)


def test_what_an_authority_might_permit_does_not_widen_a_route_that_needs_none():
    asked = notice("permit", None) | {"kind": "permit", "by_decision": "yes"}
    assert planned(world(notice("small", 200), asked)).proven.benefit == pytest.approx(SKULLS + 160 * 20)


def test_what_is_no_waste_is_not_held():
    routes = matched(with_path()).routes
    assert np.isinf(routes.lawful).sum() == 2  # the skulls, straight and crushed


def test_more_than_the_law_lets_in_is_a_conflict_in_words():
    wish = Control(origin="slag", destination="road", least=300)
    with pytest.raises(InfeasibleError, match="no legal path is open for more than 160 a year of 'slag > road'"):
        planned(world(notice("small", 200)), PlanOptions(controls=(wish,)))


def steps(*paths: dict[str, object], press: str = "product", kiln: str = "product", **more: object):
    """Slag pressed to 0.9 t of blocks, burnt to 0.72 t of rock for a road of 500 t; what the plants make has these statuses."""
    tables = chained(**more)
    for row in tables["technologies"]:
        row["output_status"] = {"pressing": press, "burning": kiln}[str(row["technology"])]
    tables["needs"][0] |= {"jurisdiction": "FI", "use_class": "road"}
    return several({**tables, **({"legal_paths": list(paths)} if paths else {})})


def test_a_route_of_two_steps_carries_what_the_notification_of_its_use_lets_in():
    """200 t of rock are 200 / 0.72 t of slag."""
    plan = planned(steps(notice("small", 200), kiln="waste"))
    assert plan.matches.chains.lawful.tolist() == pytest.approx([200 / 0.72])
    assert plan.proven.chain_flow == pytest.approx([200 / 0.72])
    assert plan.proven.benefit == pytest.approx(200 / 0.72 * GAIN)
    (told,) = [marginal for marginal in plan.proven.marginals if marginal.constraint == "lawful"]
    assert told.value == pytest.approx(GAIN)
    assert "'slag > press > kiln > road'" in told.text


def test_the_least_that_is_open_at_any_step_holds():
    """90 t of blocks, which are waste, may enter a kiln that is still to be built: 100 t of slag."""
    at_plant = notice("kiln", 90) | {"concerns": "plant"}
    tables = {
        "plants": [{**row, "status": "candidate", "capacity": None} if row["plant"] == "kiln" else row for row in chained()["plants"]]
    }
    matches = steps(notice("small", 200) | {"use_classes": "road"}, at_plant, press="waste", kiln="waste", **tables)
    assert matches.chains.lawful.tolist() == pytest.approx([90 / 0.9])


def test_a_product_on_the_way_is_not_held():
    assert np.isinf(steps(notice("small", 200)).chains.lawful).all()


def test_the_permit_of_each_plant_on_the_way_counts():
    """360 t of blocks may enter the kiln: 400 t of slag."""
    permit = {"permit": "kiln", "site": "s2", "capacity": 360, "source": "invented"}
    plants = [{**row, "permit": "kiln"} if row["plant"] == "kiln" else row for row in chained()["plants"]]
    assert planned(steps(permits=[permit], plants=plants)).proven.chain_flow == pytest.approx([400])
