"""What is held in every draw is said with its reason: recipes that leave a choice, yields with a range, recipes without either."""

from __future__ import annotations

import sivuvirta as sv
from sivuvirta.futures.measured.undrawn import undrawn


def test_choices_and_yields_of_plants_that_run_are_named():
    plan = sv.plan("kemi_tornio")
    told = undrawn(plan.links, {"potential": plan.potential.ledger})
    assert told[0].startswith("Not drawn: what a recipe takes between a least and a largest amount; that is a choice, no doubt")
    assert "till of Dregs mixed into till for a sealing layer" in told[0]  # 7.2 to 34.2 t a t of dregs in the library
    assert told[1].startswith("Not drawn: yields with a range")
    assert set(told) <= set(sv.ranges(plan, draws=2).notes)


def test_recipes_without_ranges_say_so_and_no_plant_says_nothing():
    plan = sv.plan("three_sites")
    assert undrawn(plan.links, {"proven": plan.proven.ledger}) == (
        "Not drawn: recipes of the plants that run; they state one amount a slot, and no range.",
    )
    assert undrawn(plan.links, {"reference": plan.reference}) == ()


def test_few_draws_are_said_to_tell_no_tail():
    assert any("2 draws tell no 5 and 95 % points" in note for note in sv.ranges(sv.plan("three_sites"), draws=2).notes)
