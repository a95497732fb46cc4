"""Phillips and Mitchell 2007, the Whiskas blend of the PuLP documentation: 60 % beef, 40 % gel, 52 cents per can."""

import pytest

import sivuvirta as sv
from sivuvirta import cases

ANSWER = cases.answer("cat_food_2007")
PLAN = sv.plan(sv.load("cat_food_2007"))


def test_a_can_costs_52_cents():
    assert ANSWER["value"] == 0.52
    assert PLAN.cost == pytest.approx(ANSWER["value"], abs=ANSWER["tolerance"])


def test_the_printed_recipe():
    frame = PLAN.ledger.to_frame()
    recipe = frame[frame["kind"] == "direct"].set_index("origin")["amount"]
    assert recipe.to_dict() == pytest.approx({"stream:beef": 60, "stream:gel": 40})


def test_the_can_meets_every_bound_of_its_label():
    region = PLAN.links.region
    content = {(row["stream"], row["component"]): row["value"] for row in region.table("analyses").rows()}
    for limit in region.tables["limits"].rows():
        mixed = 0.6 * content["beef", limit["component"]] + 0.4 * content["gel", limit["component"]]
        assert mixed <= limit["value"] if limit["comparator"] == "max" else mixed >= limit["value"]
