"""The region that a reader can check by hand: README.md beside its tables works out every figure asserted here."""

import pytest

import sivuvirta as sv
from sivuvirta import regions

PLAN = sv.plan(sv.load("three_sites"))


def flows(network):
    frame = network.ledger.to_frame()
    return {(row.origin, row.destination): row.amount for row in frame.itertuples()}


def test_the_plan_costs_305_000_eur_a_year_and_is_worth_357_000():
    assert PLAN.proven.objective == pytest.approx(305_000, abs=1e-3)
    assert PLAN.proven.benefit == pytest.approx(357_000, abs=1e-3)
    assert PLAN.potential.benefit == pytest.approx(357_000, abs=1e-3)


def test_every_tonne_goes_where_the_pencil_sends_it():
    assert flows(PLAN.proven) == pytest.approx(
        {
            ("stream:slag", "need:road"): 4000,
            ("stream:ash", "need:road"): 2000,
            ("stream:ash", "plant:granulator"): 3000,
            ("plant:granulator", "need:forest"): 3000,
            ("stream:slag", "fate:slag_heap"): 6000,
            ("stream:ash", "fate:ash_landfill"): 1000,
            ("product:fertiliser", "need:forest"): 250,
        }
    )


def test_it_saves_329_tonnes_of_carbon_dioxide():
    assert PLAN.proven.carbon == pytest.approx(-329_000, abs=1e-3)


def test_one_more_tonne_is_worth_what_the_readme_says():
    worth = {mark.label: mark.value for mark in PLAN.proven.marginals}
    assert worth["supply(ash)"] == pytest.approx(-40)
    assert worth["supply(slag)"] == pytest.approx(-5)
    assert worth["need(road)"] == pytest.approx(11)
    assert worth["build(granulator,high)"] == pytest.approx(93)


def test_ash_enters_the_road_only_as_a_blend():
    frame = PLAN.proven.ledger.to_frame()
    verdict = {(row.origin, row.destination): row.verdict for row in frame.itertuples()}
    assert verdict["stream:ash", "need:road"] == "blend"
    assert verdict["stream:slag", "need:road"] == "pass"


def test_the_readme_prints_these_figures():
    text = (regions.path("three_sites") / "README.md").read_text(encoding="utf-8")
    for figure in ("305 000", "662 000", "357 000", "329 000", "4 000 t of slag", "93 EUR"):
        assert figure in text
