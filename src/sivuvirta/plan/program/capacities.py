"""Capacities: what in a plan has a most that it can take, and could reach it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Links, NodeKind
from sivuvirta.plan.program.agreements import Agreement, agreements
from sivuvirta.plan.program.amounts import supply_of
from sivuvirta.plan.program.candidates import Candidates, Index, Mask


@frozen(eq=False)
class Ways:
    """What several arcs fill together: an outlet, or a way that one row of `links` speaks of. Shape (ways,)."""

    capacity: Floats  # units a year
    first: Index  # row of links.arcs: the first of its arcs
    outlet: Mask  # an outlet, else a way
    number: Index  # (2, arcs) position in `capacity` of the outlet and of the way that an arc fills, -1 where none


@frozen(eq=False)
class Capacities:
    """Rows of the family `capacity`, part by part, in this order."""

    plants: Index  # positions in found.plants: existing ones of known capacity
    arcs: Index  # rows of links.arcs with a capacity of their own
    ways: Ways
    contracts: tuple[Agreement, ...]

    def arc(self, position: int) -> int:
        """Arc of a row of the family that is no plant's and no contract's; the first where several share it."""
        every = np.concatenate([self.arcs, self.ways.first])
        return int(every[position - len(self.plants)])


def capacities(found: Candidates) -> Capacities:
    """Everything with a capacity but for those that all their streams together do not reach: these can never bind."""
    links = found.links
    arcs, works = links.arcs, links.works
    used = np.concatenate([found.matches.routes.arc_in[found.direct], found.fate, found.enter[: found.ways_in.first], found.outlet])
    ways = _ways(links, used)
    own = used[np.isfinite(arcs.capacity[used])]
    implied = (ways.number[:, own] >= 0) & (np.append(ways.capacity, np.inf)[ways.number[:, own]] <= arcs.capacity[own])
    given = supply_of(links)[arcs.origin[own]]
    tight = ~((arcs.capacity[own] >= given) & (given > 0)) & ~implied.any(axis=0)
    return Capacities(
        plants=np.flatnonzero(~works.candidate[found.plants] & np.isfinite(works.capacity[found.plants])),
        arcs=own[tight],
        ways=ways,
        contracts=tuple(agreement for agreement in agreements(found) if np.isfinite(agreement.maximum)),
    )


def _ways(links: Links, used: Index) -> Ways:
    arcs = links.arcs
    parts = [
        _filled(links, used, arcs.destination, _outlet_capacity(links)),
        _filled(links, used, arcs.capacity_group, np.append(links.region.table("links")["capacity"], np.nan)),
    ]
    count = len(parts[0][0])
    number = np.stack([parts[0][2], np.where(parts[1][2] >= 0, parts[1][2] + count, -1)])
    capacity, first = (np.concatenate([part[n] for part in parts]) for n in range(2))
    return Ways(capacity, first, np.arange(len(capacity)) < count, number)


def _outlet_capacity(links: Links) -> Floats:
    """Stated capacity of outlets, by node; NaN for every other node."""
    table, capacity = links.region.table("fates"), np.full(len(links.nodes.id), np.nan)
    limited = np.flatnonzero(np.isfinite(table["capacity"]))
    if len(limited):
        stated = dict(zip(table["fate"][limited].tolist(), table["capacity"][limited].tolist(), strict=True))
        for node in np.flatnonzero(links.nodes.kind == NodeKind.FATE).tolist():
            capacity[node] = stated.get(links.nodes.id[node], np.nan)
    return capacity


def _filled(links: Links, used: Index, group: Index, capacity: Floats) -> tuple[Floats, Index, Index]:
    """Of the groups that several arcs fill and that could overflow: capacity, first arc, and by arc its position among them."""
    arcs, given = links.arcs, supply_of(links)
    number = np.full(len(arcs), -1, dtype=np.int32)
    if not np.isfinite(capacity).any():
        return np.zeros(0), np.zeros(0, dtype=np.int32), number
    member = np.unique(used[np.isfinite(capacity[group[used]])])
    groups, first, position, size = np.unique(group[member], return_index=True, return_inverse=True, return_counts=True)
    origins = np.unique(np.column_stack([position, arcs.origin[member]]), axis=0)
    supply = np.where(given[origins[:, 1]] > 0, given[origins[:, 1]], np.inf)  # what a plant gives off is not known beforehand
    reach = np.bincount(origins[:, 0], supply, minlength=len(groups))
    keep = np.flatnonzero((size > 1) & (reach > capacity[groups]))
    place = np.full(len(groups), -1, dtype=np.int32)
    place[keep] = np.arange(len(keep), dtype=np.int32)
    number[member] = place[position]
    return capacity[groups[keep]], member[first[keep]], number
