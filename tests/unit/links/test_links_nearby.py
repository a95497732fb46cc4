"""What lies within a radius: found by bands what looking at all pairs finds, on all of the Earth."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta import load
from sivuvirta.domain.links import ArcKind
from sivuvirta.errors import OptionError
from sivuvirta.links import build
from sivuvirta.links.codes import groups
from sivuvirta.links.nearby import Spots, bands, distance, join_near, near, runs


def spots(rng, box, lost=0):
    lat, lon = rng.uniform(*box[0], 300), (rng.uniform(*box[1], 300) + 180) % 360 - 180
    lat[:lost] = np.nan
    return Spots(lat, lon, rng.integers(0, 50, 300))


EUROPE, POLE, DATE_LINE, ALL = ((60, 70), (20, 30)), ((80, 90), (-180, 180)), ((60, 66), (175, 185)), ((-90, 90), (-180, 180))


@pytest.mark.parametrize("box", [EUROPE, POLE, DATE_LINE, ALL])
@pytest.mark.parametrize("radius", [5.0, 50.0, 700.0, 9_000.0, 15_000.0, None])
def test_pairs_within_a_radius_are_those_that_measuring_all_finds(box, radius):
    rng = np.random.default_rng(3)
    streams, needs = spots(rng, box, 20), spots(rng, box, 30)
    mine, theirs = rng.integers(-1, 3, 300), rng.integers(0, 3, 300)
    index = bands(needs, theirs, radius)
    found = set(zip(*(rows.tolist() for rows in near(index, needs, streams, runs(index, streams, mine, radius), radius)), strict=True))
    one, two = (at.ravel() for at in np.indices((300, 300)))
    ends = (np.stack([place.lat[rows], place.lon[rows]], axis=1) for place, rows in ((streams, one), (needs, two)))
    km = distance(*ends)
    together = np.isnan(streams.lat[one]) & np.isnan(needs.lat[two]) & (streams.location[one] == needs.location[two])
    within = (mine[one] == theirs[two]) & (np.ones(len(one), dtype=bool) if radius is None else (km <= radius) | together)
    expected = set(zip(one[within].tolist(), two[within].tolist(), strict=True))
    assert found == expected


def test_an_index_for_one_radius_answers_another():
    rng = np.random.default_rng(4)
    streams, needs, group = spots(rng, EUROPE), spots(rng, EUROPE), np.zeros(300, dtype=np.int64)
    found = []
    for made_for in (10.0, 300.0):
        index = bands(needs, group, made_for)
        pairs = near(index, needs, streams, runs(index, streams, group, 80.0), 80.0)
        found.append(set(zip(*(rows.tolist() for rows in pairs), strict=True)))
    assert found[0] == found[1] != set()


def test_a_join_keeps_the_order_of_the_whole_join():
    rng = np.random.default_rng(5)
    streams, needs = spots(rng, EUROPE), spots(rng, EUROPE)
    taking, wanted = groups(rng.integers(0, 4, 300), 5), rng.integers(-1, 5, 300)
    which, member = taking.join(wanted)
    close, chosen = join_near(taking, wanted, (streams, needs), 120.0)
    km = distance(np.stack([streams.lat, streams.lon], axis=1)[which], np.stack([needs.lat, needs.lon], axis=1)[member])
    assert close.tolist() == which[km <= 120.0].tolist()
    assert chosen.tolist() == member[km <= 120.0].tolist()


def test_a_radius_bounds_arcs_of_streams_plants_and_needs_and_leaves_the_rest_as_it_is():
    region = load("kemi_tornio")
    whole, bounded = build(region), build(region, 50.0)
    ends = [np.stack([links.nodes.lat, links.nodes.lon], axis=1) for links in (whole, bounded)]
    km = distance(ends[0][whole.arcs.origin], ends[0][whole.arcs.destination])
    joined = np.isin(whole.arcs.kind, [ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS])
    site = whole.nodes.site
    together = np.array([a is not None and a == b for a, b in zip(site[whole.arcs.origin], site[whole.arcs.destination], strict=True)])
    kept = ~joined | (km <= 50.0) | together
    assert 0 < len(bounded.arcs) < len(whole.arcs)
    for name in ("kind", "origin", "destination", "km", "eur", "co2", "trips"):
        assert np.array_equal(getattr(bounded.arcs, name), getattr(whole.arcs, name)[kept], equal_nan=True), name


def test_a_radius_around_the_whole_earth_changes_nothing():
    region = load("kemi_tornio")
    one, two = build(region), build(region, 20_100.0)
    assert np.array_equal(one.arcs.origin, two.arcs.origin)
    assert np.array_equal(one.arcs.destination, two.arcs.destination)


@pytest.mark.parametrize("radius", [0.0, -5.0, float("nan")])
def test_a_radius_is_above_nothing(radius):
    with pytest.raises(OptionError, match="above 0 km"):
        build(load("three_sites"), radius)
