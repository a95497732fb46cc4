"""Regions with little or nothing in them."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from builders import region
from match_rows import analysis, limit, matched, plant, route, two_streams
from sivuvirta.links import build
from sivuvirta.match import best, match, to_frame, why


@pytest.mark.parametrize(
    "gone",
    [{"acceptances": []}, {"streams": [], "fates": [], "quantities": []}, {"needs": [], "acceptances": []}, {"roads": [], "modes": []}],
)
def test_a_region_without_routes_has_none(gone):
    matches = matched(**gone)
    if not len(matches.routes):
        assert len(matches.specs.need) == 0
    assert len(to_frame(matches)) == len(matches.routes)
    assert len(best(matches)) <= len(matches.routes)


def test_an_empty_region_has_no_routes():
    matches = match(build(region()))
    assert len(matches.routes) == 0
    assert to_frame(matches).empty


def test_a_plant_that_nothing_feeds_gives_no_route():
    rows = plant()
    rows["recipe_inputs"] = rows["recipe_inputs"][1:]
    matches = matched(**rows)
    assert (matches.routes.plant < 0).all()


def test_limits_of_unheard_components_are_unknown():
    matches = matched(limits=[limit("x", "Unobtainium", 1)])
    assert matches.routes.verdict.tolist() == [3]
    assert "unobtainium is not known" in why(matches, 0)


def test_repr_counts_routes():
    assert repr(matched()) == "<Matches by_hand: 1 routes>"


def test_large_regions_are_screened_in_parts(monkeypatch):
    given = two_streams(analyses=[analysis("slag", "Cd", 16), analysis("ash", "Cd", 4)], limits=[limit("cd", "Cd", 8, blending=True)])
    whole = matched(**given)
    monkeypatch.setattr(import_module("sivuvirta.match.judge"), "WAYS_AT_ONCE", 1)
    parts = matched(**given)
    assert np.array_equal(whole.routes.verdict, parts.routes.verdict)
    assert np.array_equal(whole.specs.coefficient, parts.specs.coefficient)
    assert why(parts, route(parts, "slag", "road")) == why(whole, route(whole, "slag", "road"))
