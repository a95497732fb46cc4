"""Trains and ships: a truck to a terminal, the main haul, a truck from it, where that is cheaper than the whole way by truck."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.domain.paths import LANES, Paths, RoadTrees
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, Rows, grade_codes, ints, picked, positions
from sivuvirta.links.distances import Graph, Locations, graph
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.hauls import HAULED, NO_ROW, Hauls, Ways
from sivuvirta.links.modes import Modes
from sivuvirta.links.overrides import Overrides


@frozen(eq=False)
class Found:
    """Cheapest ways over terminals by one main mode and one truck. Shape (ways,) unless said."""

    cost: Floats  # EUR per unit as sent, inf where none
    km: Floats
    truck_km: Floats
    legs: Codes
    grade: Codes
    paths: Paths


def by_terminals(world: World, modes: Modes, at: Locations, arcs: Ends, known: tuple[Ways, Hauls, Overrides]) -> tuple[Hauls, RoadTrees]:
    r"""Hauls, with those replaced that are cheaper over terminals.

    .. math:: \min_{p, q} \; c_t (km_{ap} + km_{qb}) + n\, h_t + h_d + c_d \, km_{pq}

    over the terminals p and q, which are the ends of edges of `roads` of kind rail or sea: t is the truck of least cost a km that takes
    the carrier, n its legs, d the train or ship, whose handling is that of both changes together. A site whose place is a terminal and
    that has no way to it (`access_km` 0) has a siding or quay and needs no truck. Each arc keeps one way, the cheapest as a whole, so that
    a plan does not grow with the modes. A row of `links` that names the way, or bans the mode, holds. There is one main haul to a way: no
    train after a ship.

    Args:
        world: the region.
        modes: the means of transport.
        at: where its sites are.
        arcs: candidate arcs.
        known: their computed ways, the hauls that hold so far, and the rows of `links`.

    Returns:
        The hauls and the paths, with those over terminals after the others. Without an edge of rail or sea both are as they were.
    """
    way, hauls, rules = known
    paths = way.paths
    for kind in LANES:
        if not (world.region.table("roads")["kind"] == kind).any():
            continue
        net = graph(world.region, kind)
        for main in modes.order[modes.kind[modes.order] == kind].tolist() if len(net.tail) else []:
            for carrier, truck in _trucks(modes, main):
                open_ = _open(world, modes, at, arcs, hauls) & (world.tree.carriers(arcs.material) == carrier)
                open_[_barred(world, modes, rules, main)] = False
                hauls, paths = _replaced(world, modes, at, arcs, (hauls, paths), (np.flatnonzero(open_), main, truck, net))
    return hauls, paths


def _trucks(modes: Modes, main: int) -> list[tuple[int, int]]:
    """Each carrier that a main mode takes, with the truck that brings it."""
    road = [mode for mode in modes.order.tolist() if modes.road[mode]]
    found = []
    for carrier in np.flatnonzero(modes.carries[main]).tolist():
        fitting = [mode for mode in road if modes.carries[mode, carrier]]
        found += [(carrier, fitting[0])] if fitting else []
    return found


def _open(world: World, modes: Modes, at: Locations, arcs: Ends, hauls: Hauls) -> Mask:
    """Arcs between two places whose way no row of `links` names."""
    place = np.append(at.place, -1)
    ends = (place[world.stands.location[arcs.origin]] >= 0) & (place[world.stands.location[arcs.destination]] >= 0)
    return np.asarray(arcs.of(*HAULED) & ends & ~hauls.near & ~hauls.banned & (hauls.row_grade == NO_ROW), dtype=bool)


def _barred(world: World, modes: Modes, rules: Overrides, main: int) -> Rows:
    table = world.region.table("links")
    banned = (table["banned"][rules.row] == True) & (positions(modes.id, table["mode"])[rules.row] == main)  # noqa: E712
    barred: Rows = rules.arc[np.asarray(banned, dtype=bool)]
    return barred


def _replaced(
    world: World, modes: Modes, at: Locations, arcs: Ends, known: tuple[Hauls, RoadTrees], over: tuple[Rows, int, int, Graph]
) -> tuple[Hauls, RoadTrees]:
    (hauls, paths), (row, main, truck, net) = known, over
    if len(row) == 0:
        return known
    start, end = world.stands.location[arcs.origin[row]], world.stands.location[arcs.destination[row]]
    ends, way = np.unique(np.column_stack([start, end]), axis=0, return_inverse=True)
    found = _cheapest(world.region, modes, at, (ends[:, 0], ends[:, 1]), (main, truck, net))
    way = way.reshape(-1)
    mode = hauls.mode[row].astype(np.int64)
    today = picked(modes.whole, mode, np.inf) * hauls.km[row] + picked(modes.handling, mode, np.inf)
    today = np.where(hauls.feeder_legs[row] + (hauls.pair[row] >= 0) > 0, _cost(modes, hauls, row), today)
    better = found.cost[way] < np.where(np.isnan(today), np.inf, today)
    row, way = row[better], way[better]
    if len(row) == 0:
        return known
    used, number = np.unique(way, return_inverse=True)
    chosen = found.paths.chosen(ints(used))
    before = paths.others
    count = len(paths.end) + (0 if before is None else len(before.start) - 1)
    others = (
        chosen
        if before is None
        else Paths(
            np.concatenate([before.start, before.start[-1] + chosen.start[1:]]).astype(np.int32), np.concatenate([before.edge, chosen.edge])
        )
    )
    changed = {
        "km": found.km[way],
        "mode": main,
        "feeder": np.where(found.legs[way] > 0, truck, -1),
        "feeder_km": found.truck_km[way],
        "feeder_legs": found.legs[way],
        "pair": count + number,
        "km_grade": found.grade[way],
    }
    columns = {}
    for name, values in changed.items():
        columns[name] = getattr(hauls, name).copy()
        columns[name][row] = values
    return evolve(hauls, **columns), evolve(paths, others=others)


def _cost(modes: Modes, hauls: Hauls, row: Rows) -> Floats:
    """EUR per unit as sent of ways over terminals."""
    mode, truck = hauls.mode[row].astype(np.int64), hauls.feeder[row].astype(np.int64)
    by_truck = picked(modes.whole, truck, 0.0) * hauls.feeder_km[row] + picked(modes.handling, truck, 0.0) * hauls.feeder_legs[row]
    main = picked(modes.whole, mode, np.inf) * (hauls.km[row] - hauls.feeder_km[row]) + picked(modes.handling, mode, np.inf)
    return np.asarray(main + by_truck, dtype=float)


def _cheapest(region: Region, modes: Modes, at: Locations, ends: tuple[Rows, Rows], over: tuple[int, int, Graph]) -> Found:
    """Shortest ways by cost over three layers: to the terminal, on the main haul, from the terminal."""
    (start, end), (main, truck, net) = ends, over
    count = len(net.rank)
    road = graph(region)
    terminal = np.unique(net.tail)
    change = modes.handling[main] / 2
    parts = (
        (road.tail, road.head, modes.whole[truck] * road.km, road.road),
        (count + net.tail, count + net.head, modes.whole[main] * net.km, net.road),
        (2 * count + road.tail, 2 * count + road.head, modes.whole[truck] * road.km, road.road),
        (terminal, count + terminal, np.full(len(terminal), change), np.full(len(terminal), -1)),
        (count + terminal, 2 * count + terminal, np.full(len(terminal), change), np.full(len(terminal), -1)),
    )
    tail, head, weight, edge = (np.concatenate([part[place] for part in parts]) for place in range(4))
    matrix = csr_matrix((weight + 1e-12, (tail, head)), shape=(3 * count, 3 * count))
    here, there = net.rank[at.place[start]], net.rank[at.place[end]]
    siding = [np.isin(place, terminal) & (at.access[side] == 0) & ~at.vague[side] for place, side in ((here, start), (there, end))]
    best = np.full(len(start), np.inf)
    root, leaf, legs = here.copy(), 2 * count + there, np.full(len(start), 2, dtype=np.int8)
    roots = np.unique(np.concatenate([here, count + here[siding[0]]]))
    length, before = dijkstra(matrix, directed=True, indices=roots, return_predecessors=True)
    access = modes.whole[truck] * (at.access[start] + at.access[end])
    for one, two in ((0, 0), (1, 0), (0, 1), (1, 1)):
        allowed = (siding[0] if one else True) & (siding[1] if two else True) & np.ones(len(start), dtype=bool)
        begin, stop = here + one * count, there + (1 if two else 2) * count
        cost = np.full(len(start), np.inf)
        cost[allowed] = length[np.searchsorted(roots, begin[allowed]), stop[allowed]]
        cost = cost + access + (2 - one - two) * modes.handling[truck] + (one + two) * change
        better = cost < best
        best = np.where(better, cost, best)
        root, leaf = np.where(better, begin, root), np.where(better, stop, leaf)
        legs = np.where(better, 2 - one - two, legs).astype(np.int8)
    order = np.lexsort((head, tail))
    code = tail[order] * 3 * count + head[order]
    last = np.where(before >= 0, before * np.int64(3 * count) + np.arange(3 * count), -1)
    rows = np.where(before >= 0, edge[order][np.minimum(np.searchsorted(code, last), len(code) - 1)], -1)
    trees = RoadTrees(np.maximum(before, -1).astype(np.int32), ints(rows), ints(np.searchsorted(roots, root)), ints(leaf))
    return _read(region, modes, at, (start, end), (main, truck, best, legs, trees))


def _read(region: Region, modes: Modes, at: Locations, ends: tuple[Rows, Rows], found: tuple[int, int, Floats, Codes, RoadTrees]) -> Found:
    """Length, grade and sections of ways; a way without a main haul is none, nor is one longer than its modes go."""
    (start, end), (main, truck, best, legs, trees) = ends, found
    roads = region.table("roads")
    every = trees.chosen(np.arange(len(best), dtype=np.int32))
    owner, edge = np.repeat(np.arange(len(best)), np.diff(every.start)), every.edge
    keep = edge >= 0
    owner, edge = owner[keep], edge[keep]
    hauled = np.isin(roads["kind"][edge].astype(str), LANES)
    main_km, road_km = (np.bincount(owner, roads["km"][edge] * part, minlength=len(best)) for part in (hauled, ~hauled))
    truck_km = road_km + at.access[start] + at.access[end]
    assumed = at.zone[start] | at.zone[end] | at.vague[start] | at.vague[end]
    grade = np.where(assumed, int(Grade.D), int(Grade.A)).astype(np.int8)
    np.maximum.at(grade, owner, grade_codes(roads["grade"])[edge])
    none = (main_km <= 0) | (main_km > modes.max_km[main]) | (truck_km > modes.max_km[truck])
    first: Ints = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(best)))]).astype(np.int32)
    return Found(np.where(none, np.inf, best), main_km + truck_km, truck_km, legs, grade, Paths(first, ints(edge)))


def terminal_notes(modes: Modes, hauls: Hauls) -> dict[str, str]:
    """What is said of ways over terminals."""
    over = np.flatnonzero(hauls.pair >= 0)
    if len(over) == 0:
        return {}
    longest = over[np.argmax(hauls.km[over])]
    names = ", ".join(sorted({str(modes.id[mode]) for mode in hauls.mode[over].tolist()}))
    legs = legs_text(modes, hauls, int(longest))
    return {"terminals": f"{len(over)} flows go by {names}, with trucks to and from terminals; the longest: {legs}."}


def legs_text(modes: Modes, hauls: Hauls, row: int) -> str:
    """The legs of a haul in words."""
    main = f"{hauls.km[row] - hauls.feeder_km[row]:,.0f} km by {modes.id[hauls.mode[row]]}"
    legs = int(hauls.feeder_legs[row])
    if legs == 0:
        return main
    return f"{main} and {hauls.feeder_km[row]:,.0f} km by {modes.id[hauls.feeder[row]]} in {legs} leg{'s' if legs > 1 else ''}"
