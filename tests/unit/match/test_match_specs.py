"""Specifications that a plan must keep."""

from __future__ import annotations

import numpy as np
import pytest

from match_rows import analysis, limit, matched, need, plant, route, stream, two_streams

OPEN = {"blending": True}


def _rows(matches):
    """Coefficients by limit id and stream."""
    specs, nodes = matches.specs, matches.links.nodes
    limits = matches.links.region.table("limits")["limit"]
    streams = nodes.id[matches.routes.stream[specs.route]]
    return {
        (limits[specs.limit[row]], stream): coefficient
        for row, stream, coefficient in zip(specs.row.tolist(), streams.tolist(), specs.coefficient.tolist(), strict=True)
    }


def _two(slag, ash, **rule):
    return matched(
        **two_streams(analyses=[analysis("slag", "Cd", **slag), analysis("ash", "Cd", **ash)], limits=[limit("cd", "Cd", 8, **rule)])
    )


def test_a_broken_limit_that_a_blend_may_meet_is_a_row():
    matches = _two({"value": 4}, {"value": 16}, **OPEN)
    assert _rows(matches) == {("cd", "slag"): pytest.approx(-0.5), ("cd", "ash"): pytest.approx(1.0)}
    assert matches.links.nodes.id[matches.specs.need].tolist() == ["road"]


def test_no_row_where_nothing_breaks_the_limit():
    assert _rows(_two({"value": 4}, {"value": 6}, **OPEN)) == {}


def test_no_row_where_no_blend_may_meet_it():
    assert _rows(_two({"value": 4}, {"value": 16})) == {}
    assert _rows(_two({"value": 4}, {"value": 16}, blending=True, mixing="none")) == {}


def test_a_route_that_fails_is_not_in_it():
    given = two_streams(
        streams=[stream("slag", "slag"), stream("ash", "ash", hazardous="yes")],
        analyses=[analysis("slag", "Cd", 4), analysis("ash", "Cd", 16)],
        limits=[limit("cd", "Cd", 8, **OPEN)],
    )
    assert _rows(matched(**given)) == {}


def test_unknown_figures_neither_help_nor_hurt():
    limits = [limit("cd", "Cd", 8, **OPEN)]
    given = two_streams(analyses=[analysis("ash", "Cd", 16)], limits=limits)
    matches = matched(**given)
    assert _rows(matches) == {}
    assert matches.routes.verdict[route(matches, "ash", "road")] == 4


def test_a_straddling_range_with_a_partner_counts_at_its_worse_end():
    matches = _two({"value": 4}, {"value": 7, "low": 5, "high": 12, "grade": "C"}, **OPEN)
    assert _rows(matches) == {("cd", "slag"): pytest.approx(-0.5), ("cd", "ash"): pytest.approx(0.5)}


def test_minima_are_mirrored():
    given = two_streams(
        analyses=[analysis("slag", "Ca", 20), analysis("ash", "Ca", 2)], limits=[limit("ca", "Ca", 8, comparator="min", **OPEN)]
    )
    assert _rows(matched(**given)) == {("ca", "slag"): pytest.approx(-1.5), ("ca", "ash"): pytest.approx(0.75)}


def test_a_limit_of_zero_is_not_divided_by():
    given = two_streams(analyses=[analysis("slag", "Cd", 0), analysis("ash", "Cd", 3)], limits=[limit("cd", "Cd", 0, **OPEN)])
    matches = matched(**given)
    assert np.isfinite(matches.specs.coefficient).all()


def test_what_a_plant_delivers_counts_per_unit_of_its_input():
    """The plant makes half a tonne of mix of a tonne of slag; the rest burns off and leaves the cadmium behind."""
    rows = plant(mixes=False)
    rows["recipe_inputs"] = rows["recipe_inputs"][:1]
    rows["recipe_outputs"] = [
        {"technology": "mixing", "output": name, "slot": "feed", "makes": makes, "kind": kind, "yield": 0.5, "grade": "A"}
        for name, makes, kind in (("mix", "mix", "product"), ("smoke", "gas", "emission"))
    ]
    both = two_streams(analyses=[analysis("slag", "Cd", 6), analysis("ash", "Cd", 2)], limits=[limit("cd", "Cd", 8, **OPEN)])
    accepted = [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in ("mix", "ash")]
    matches = matched(**{**both, **rows, "acceptances": accepted, "needs": [need("road", use_class="road")]})
    assert _rows(matches) == {("cd", "slag"): pytest.approx(0.5 * (12 - 8) / 8), ("cd", "ash"): pytest.approx(-0.75)}
