"""Steps: the sections of road that each flow uses, in which direction, and what it weighs on the way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Flags, Floats, Ints, Links, NodeKind
from sivuvirta.domain.paths import for_trucks
from sivuvirta.domain.traffic import Steps
from sivuvirta.links.codes import Rows, picked, positions


def steps(ledger: Ledger) -> Steps:
    """The sections of the shortest way of each flow that is hauled, one flow after another.

    Grows with the sum of the sections of all ways.
    """
    links = ledger.links
    pair = np.where(ledger.amount != 0, links.arcs.pair[ledger.arc], -1)
    hauled = (np.nan_to_num(links.arcs.tkm[ledger.arc]) > 0) | (np.nan_to_num(links.arcs.trips[ledger.arc]) > 0)
    ways = links.paths.chosen(np.where(hauled, pair, -1).astype(np.int32))
    flow = np.repeat(np.arange(len(pair), dtype=np.int32), np.diff(ways.start))
    return Steps(flow, ways.edge)


def directions(ledger: Ledger, way: Steps) -> Flags:
    """Whether each step goes from the section's `from_place` to its `to_place`. Shape (steps,).

    Walks all ways at once from the places where they start, one section a round.
    """
    roads, place = ledger.links.region.table("roads"), ledger.links.region.table("places")["place"]
    one, two = (positions(place, roads[name])[way.edge] for name in ("from_place", "to_place"))
    here = node_places(ledger.links)[ledger.links.arcs.origin[ledger.arc]]
    first = np.flatnonzero(np.append(True, way.flow[1:] != way.flow[:-1])) if len(way.flow) else np.zeros(0, dtype=np.int64)
    last = np.append(first[1:], len(way.flow))
    at = here[way.flow[first]]
    forward = np.ones(len(way.edge), dtype=bool)
    while len(first):
        forward[first] = one[first] == at
        at = np.where(forward[first], two[first], one[first])
        going = first + 1 < last
        first, last, at = first[going] + 1, last[going], at[going]
    return forward


def node_places(links: Links) -> Rows:
    """Row of `places` at which each node stands, -1 where it has none. Shape (nodes,)."""
    region, nodes = links.region, links.nodes
    sites, zones = region.table("sites"), region.table("zones")
    place = region.table("places")["place"]
    found = picked(positions(place, sites["place"]), positions(sites["site"], nodes.site), -1)
    of_zone = positions(place, zones["place"])
    for kind, name, key in ((NodeKind.NEED, "needs", "need"), (NodeKind.FATE, "fates", "fate")):
        table = region.table(name)
        rows = np.flatnonzero((nodes.kind == kind) & (found < 0))
        zone = picked(positions(zones["zone"], table["zone"]), positions(table[key], nodes.id[rows]), -1)
        found[rows] = picked(of_zone, np.asarray(zone, dtype=np.int64), -1)
    return np.asarray(found, dtype=np.int64)


def tonnes(links: Links) -> Floats:
    """T as sent per unit of each arc that is hauled, 0 for the others. Shape (arcs,)."""
    km = np.nan_to_num(links.arcs.km)
    return np.divide(np.nan_to_num(links.arcs.tkm), km, out=np.zeros(len(km)), where=km > 0)


def empty_ways(links: Links) -> Floats:
    """Empty vehicle-kilometres for each loaded one of an arc: 1 where its mode comes back empty, else 0. Shape (arcs,)."""
    table = links.region.table("modes")
    empty = dict(zip(table["mode"].tolist(), table["empty_return"].tolist(), strict=True))
    ways = np.array([*(0.0 if empty.get(mode) is False else 1.0 for mode in links.modes), 0.0])
    return np.where(np.nan_to_num(links.arcs.trips) > 0, ways[links.arcs.vehicle], 0.0)


def of_mode(links: Links, column: str, mode: npt.NDArray[np.int16] | Ints) -> Floats:
    """A number of table `modes` for positions in `links.modes`, NaN where there is none."""
    table = links.region.table("modes")
    values = np.append(picked(table[column], positions(table["mode"], list(links.modes)), np.nan), np.nan)
    return np.asarray(values[mode], dtype=np.float64)


def by_truck(links: Links, edge: Ints) -> Flags:
    """Sections that trucks drive. Shape of `edge`."""
    return for_trucks(links.region.table("roads"))[edge]
