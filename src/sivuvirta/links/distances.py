"""Distances between sites and zones over the road graph, with the sections that each way uses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import frozen
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.paths import RoadTrees, for_trucks
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, Rows, grade_codes, ints, known, picked, positions

EARTH_RADIUS = 6371.0088
"""km, mean radius of the Earth (IUGG)."""

DETOUR = 1.3
"""Road km per km of great circle where no road is known: an assumption, grade D."""


@frozen(eq=False)
class Locations:
    """Sites, then zones. Shape (sites + zones,)."""

    place: Rows  # row of `places`, -1 where none
    access: Floats  # km to the place, 0 where not known
    vague: Mask  # the km to the place are not known
    lat: Floats  # degrees, NaN where unknown
    lon: Floats
    zone: Mask


@frozen(eq=False)
class Distances:
    """Ways between locations. Shape (pairs,) but for `paths`."""

    km: Floats  # NaN where neither a road nor coordinates are known
    grade: Codes
    path: Rows  # row of paths, -1 where no road section is used
    circle: Mask  # great circle times DETOUR
    paths: RoadTrees


@frozen(eq=False)
class Graph:
    """Road edges both ways, the shortest of parallel ones, sorted by (tail, head). Shape (edges,)."""

    tail: Rows  # places, numbered by id
    head: Rows
    road: Rows  # row of `roads`
    km: Floats
    rank: Rows  # (places,) number of each row of `places` in the order of ids


def locations(region: Region) -> Locations:
    """Where sites and zones are."""
    places, sites, zones = region.table("places"), region.table("sites"), region.table("zones")
    place = np.concatenate([positions(places["place"], table["place"]) for table in (sites, zones)])
    lat, lon = (
        np.where(np.isnan(own), picked(places[name], place, np.nan), own)
        for name in ("lat", "lon")
        for own in (np.concatenate([sites[name], zones[name]]),)
    )
    access = np.concatenate([table["access_km"] for table in (sites, zones)])
    return Locations(place, known(access, 0.0), np.isnan(access), lat, lon, np.arange(len(place)) >= len(sites))


def distances(region: Region, at: Locations, start: Rows, end: Rows) -> Distances:
    r"""Length of each way: site, its place, shortest way on the roads, place, site.

    .. math:: km_{ab} = access_a + d(place_a, place_b) + access_b

    with d by Dijkstra's algorithm over the edges of `roads` of kind road. Where no road joins them it is the great circle times 1.3,
    grade D. A way to a zone is of grade D, because one place and a mean access stand for an area. So is a way within one place: its
    streets are not known. So is one from or to a site whose way to its place is not stated; it counts as 0 km.

    Args:
        region: its roads and places.
        at: all locations.
        start: location of one end, shape (pairs,).
        end: location of the other, shape (pairs,).

    References:
        Dijkstra, E. W.: A note on two problems in connexion with graphs. Numerische Mathematik 1 (1959) 269-271.
    """
    net = graph(region)
    here, there = at.place[start], at.place[end]
    linked = (here >= 0) & (there >= 0)
    pair, way = _numbered(picked(net.rank, here, -1), picked(net.rank, there, -1), len(net.rank), linked)
    length, paths = shortest(net, way)
    road_grade = _way_grades(paths, grade_codes(region.table("roads")["grade"]))
    km = at.access[start] + picked(length, pair, np.nan) + at.access[end]
    circle = ~np.isfinite(km)
    km[circle] = DETOUR * great_circle(at, start[circle], end[circle])
    same = start == end
    assumed = circle | at.zone[start] | at.zone[end] | at.vague[start] | at.vague[end]
    grade = np.where(assumed, int(Grade.D), picked(road_grade, pair, int(Grade.D)))
    used = linked & ~circle & (here != there) & ~same
    return Distances(
        km=np.where(same, 0.0, km),
        grade=np.where(same, int(Grade.A), grade).astype(np.int8),
        path=np.where(used, pair, -1),
        circle=circle & ~same & ~np.isnan(km),
        paths=paths,
    )


def great_circle(at: Locations, start: Rows, end: Rows) -> Floats:
    r"""Great-circle distance, km, by the haversine.

    .. math:: d = 2 R \arcsin \sqrt{\sin^2(\Delta\varphi/2) + \cos\varphi_1 \cos\varphi_2 \sin^2(\Delta\lambda/2)}

    References:
        Sinnott, R. W.: Virtues of the haversine. Sky and Telescope 68 (1984) 159.
    """
    lat1, lon1, lat2, lon2 = (np.radians(part) for part in (at.lat[start], at.lon[start], at.lat[end], at.lon[end]))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=float)


def graph(region: Region, kind: str = "road") -> Graph:
    """The edges of one kind: `road` (or not said), `rail` or `sea`."""
    roads, places = region.table("roads"), region.table("places")
    rank = np.empty(len(places), dtype=np.int64)
    rank[np.argsort(places["place"].astype(str), kind="stable")] = np.arange(len(places))
    ends = [positions(places["place"], roads[name]) for name in ("from_place", "to_place")]
    of_kind = for_trucks(roads) if kind == "road" else roads["kind"] == kind
    use = np.flatnonzero(of_kind & (ends[0] >= 0) & (ends[1] >= 0) & ~np.isnan(roads["km"]))
    one, two = (rank[part[use]] for part in ends)
    tail, head, road = np.concatenate([one, two]), np.concatenate([two, one]), np.concatenate([use, use])
    name = pd.factorize(roads["road"], sort=True)[0]
    order = np.lexsort((name[road], roads["km"][road], head, tail))
    tail, head, road = tail[order], head[order], road[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return Graph(tail[first], head[first], road[first], roads["km"][road[first]], rank)


def _numbered(here: Rows, there: Rows, count: int, linked: Mask) -> tuple[Rows, Rows]:
    """Number of the place pair of each way (-1 where a place is missing), and the pairs as here * count + there."""
    pair = np.full(len(here), -1, dtype=np.int64)
    pair[linked], way = pd.factorize((here * count + there)[linked])
    return pair, way


def shortest(graph: Graph, way: Rows) -> tuple[Floats, RoadTrees]:
    """Shortest length of each place pair (inf where none), and the trees of its road sections.

    Args:
        graph: edges between places, numbered by `graph.rank`.
        way: pairs of places as one number, start times their count plus end, shape (pairs,).
    """
    count = len(graph.rank)
    here, there = way // max(count, 1), way % max(count, 1)
    roots, tree = np.unique(here, return_inverse=True)
    if len(way) == 0:
        nothing = np.zeros((0, count), dtype=np.int32)
        return np.zeros(0), RoadTrees(nothing, nothing, ints(tree), ints(there))
    matrix = csr_matrix((graph.km, (graph.tail, graph.head)), shape=(count, count))
    length, before = dijkstra(matrix, directed=True, indices=roots, return_predecessors=True)
    before = np.maximum(before, -1).astype(np.int32)
    edges = graph.tail * count + graph.head
    code = np.where(before >= 0, before * np.int64(count) + np.arange(count), -1)
    road = np.where(before >= 0, np.append(graph.road, -1)[np.searchsorted(edges, code)], -1)
    return length[tree, there], RoadTrees(before, ints(road), ints(tree), ints(there))


def _way_grades(trees: RoadTrees, grade: Codes) -> Codes:
    """Worst grade of the sections of each way; D where it has none. Each round doubles how far back a way is looked at."""
    if len(np.unique(grade)) < 2:
        only = grade[0] if len(grade) else int(Grade.D)
        return np.where(trees.before[trees.tree, trees.end] >= 0, only, int(Grade.D)).astype(np.int8)
    worst = np.append(grade, -1).astype(np.int8)[trees.road]
    before, rows = trees.before, np.arange(len(trees.before))[:, None]
    while (before >= 0).any():
        further = np.maximum(before, 0)
        worst = np.where(before >= 0, np.maximum(worst, worst[rows, further]), worst)
        before = np.where(before >= 0, before[rows, further], -1)
    found = worst[trees.tree, trees.end]
    return np.where(found < 0, int(Grade.D), found).astype(np.int8)
