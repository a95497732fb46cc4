"""A declared footprint stands for a computed one: its own figure and range, whatever the allocation, and no word on what a plan changes."""

from __future__ import annotations

import math

import pytest

import footprint_worlds as worlds
from footprint_worlds import PULP, activity, row
from sivuvirta.assess.footprint.computing import NO_REFERENCE, footprint
from sivuvirta.domain.burdens import METHODS
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build

MILL = [activity("mill", "production", "pulp.pulp", 10_000, low=5_000, high=12_000), activity("mill", "emission", "gas.co2", 2_000)]
DECLARED = row("declared", PULP, name="Declaration", value=300, low=250, high=400, unit="kgCO2e/t")


def told(rows, activities=MILL, known=True, plans=()):
    links = build(worlds.region(activities, rows))
    today = reference(links)
    return footprint(links.region, today if known else None, [(name, today) for name in plans], "pulp")


@pytest.mark.parametrize("method", METHODS)
def test_it_is_the_figure_of_the_declaration_however_much_is_made(method):
    """300 kg/t, 250 to 400: that 5 000 to 12 000 t are made changes nothing in a figure per tonne."""
    result = told([DECLARED]).result(method)
    assert (result.value, result.low, result.high) == (pytest.approx(300), pytest.approx(250, rel=2e-3), pytest.approx(400, rel=2e-3))
    assert result.missing == ()


@pytest.mark.parametrize("method", METHODS)
def test_its_only_part_has_the_range_of_the_whole(method):
    """The tonnes made cancel in the part too: 300 kg/t, 250 to 400, not what 5 000 to 12 000 t over 10 000 t would make of it."""
    found = told([DECLARED])
    (part,) = found.contributions(method).to_dict("records")
    assert (part["value"], part["low"], part["high"]) == (pytest.approx(300), pytest.approx(250, rel=2e-3), pytest.approx(400, rel=2e-3))


def test_it_needs_no_reference_and_tells_nothing_of_a_plan():
    found = told([DECLARED], known=False, plans=("planned",))
    assert found.result(METHODS[1]).value == pytest.approx(300)
    assert math.isnan(found.result(METHODS[1], "planned").value)
    assert math.isnan(found.difference(METHODS[1], "planned").value)
    assert NO_REFERENCE not in found.result(METHODS[1]).missing
    assert found.wanted == ""


def test_what_is_missing_is_named_as_one_figure_where_one_is_enough():
    """Nothing is said of what the mill buys: that alone is missing."""
    found = told([])
    missing = {part for each in found.results for part in each.missing}
    assert len(missing) >= 1
    if len(missing) == 1:
        assert found.wanted == f"One figure would make it known: {next(iter(missing))}."
    else:
        assert found.wanted.startswith("One figure would make it known: the declared footprint of")
    assert found.wanted in found.card()


def test_nothing_made_is_no_matter_of_one_figure():
    assert told([], activities=[activity("mill", "production", "pulp.pulp", 0)]).wanted == ""
