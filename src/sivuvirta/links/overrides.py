"""What table `links` says of ways: the rows that hold for each arc."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import NodeKind
from sivuvirta.links.codes import Groups, Rows, groups, picked, positions
from sivuvirta.links.distances import Locations
from sivuvirta.links.ends import Ends, World

NODE, SITE, PLACE, ZONE = 3, 2, 1, 0
"""How exactly an end of a row of `links` is named; the larger is the more specific."""


@frozen(eq=False)
class Overrides:
    """The rows of `links` that hold for arcs, several where they differ by mode. Shape (pairs,)."""

    arc: Rows
    row: Rows


def overrides(world: World, at: Locations, arcs: Ends) -> Overrides:
    """Rows of `links` for each arc, from the most specific ends that name it.

    A stream or plant goes before its site, a need, plant or fate before its site, a site before its place and zone; where two ways of
    naming are equally specific in sum, the origin's decides.
    """
    table = world.region.table("links")
    if len(table) == 0 or len(arcs) == 0:
        return Overrides(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    starts, stops = np.unique(table["origin"].astype(str)).astype(object), np.unique(table["destination"].astype(str)).astype(object)
    by_ends = _by_ends(table["origin"], table["destination"], starts, stops)
    origin = _levels(world, at, starts, (NodeKind.STREAM, NodeKind.PLANT))
    destination = _levels(world, at, stops, (NodeKind.NEED, NodeKind.PLANT, NodeKind.FATE))
    found = np.full(len(arcs), -1, dtype=np.int64)
    size = np.diff(by_ends.start)
    for one, two in _specific_first():
        if (origin[one] < 0).all() or (destination[two] < 0).all():
            continue
        pending = np.flatnonzero(found < 0)
        start, stop = origin[one][arcs.origin[pending]], destination[two][arcs.destination[pending]]
        code = np.where((start >= 0) & (stop >= 0), start * len(stops) + stop, -1)
        hit = (code >= 0) & (size[np.maximum(code, 0)] > 0)
        found[pending[hit]] = code[hit]
    which, row = by_ends.join(found)
    return Overrides(which, row)


def _specific_first() -> list[tuple[int, int]]:
    levels = (NODE, SITE, PLACE, ZONE)
    rank = {NODE: 3, SITE: 2, PLACE: 1, ZONE: 1}
    pairs = [(one, two) for one in levels for two in levels]
    return sorted(pairs, key=lambda pair: (-(rank[pair[0]] + rank[pair[1]]), -rank[pair[0]], -pair[0], -pair[1]))


def _by_ends(origin: object, destination: object, starts: object, stops: object) -> Groups:
    count = len(positions(starts, starts)) * len(positions(stops, stops))
    return groups(positions(starts, origin) * len(positions(stops, stops)) + positions(stops, destination), count)


def _levels(world: World, at: Locations, names: object, kinds: tuple[NodeKind, ...]) -> dict[int, Rows]:
    """For each level of naming, the position among `names` by which each node can be meant, -1 where it cannot."""
    nodes, location = world.stands.nodes, world.stands.location
    sites, zones, places = (world.region.table(name) for name in ("sites", "zones", "places"))
    own = np.isin(nodes.kind, np.array([int(kind) for kind in kinds], dtype=np.int8))
    site = np.where(location < len(sites), location, -1)
    zone = np.where(location >= len(sites), location - len(sites), -1)
    return {
        NODE: np.where(own, positions(names, nodes.id), -1),
        SITE: _named(names, sites["site"], site),
        PLACE: _named(names, places["place"], np.asarray(picked(at.place, location, -1), dtype=np.int64)),
        ZONE: _named(names, zones["zone"], zone),
    }


def _named(names: object, keys: object, row: Rows) -> Rows:
    return np.asarray(picked(positions(names, keys), row, -1), dtype=np.int64)
