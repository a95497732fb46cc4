"""Entrances: the ways into plants, straight from streams and shops, or out of other plants."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.matches import Matches

Mask = npt.NDArray[np.bool_]

Index = npt.NDArray[np.integer[Any]]
"""Positions: rows of a table, or places in another array."""


@frozen(eq=False)
class Entrances:
    """Ways into plants: feeds, reagents, then what plants hand on. Shape (entrances,) unless said.

    What comes over one arc from another plant is told apart by all that it has passed: a batch keeps its origin, so that the verdict on a
    route holds for what takes that route and for nothing else. Those of more plants come behind those of fewer.
    """

    arc: Index  # row of links.arcs
    before: Index  # entrance into the plant that it comes from, -1 for streams and reagents
    level: Index  # plants passed before
    bought: Mask  # reagents, and what plants make of them
    plants: Index  # (plants,) rows of works that some route uses
    chains: Index  # (chains,) rows of matches.chains that may be used
    last: Index  # (chains,) entrance into the last plant of each

    @property
    def first(self) -> int:
        """How many come straight from streams and shops; they stand before the others."""
        return int(np.count_nonzero(self.level == 0))

    def deeper(self) -> list[Index]:
        """Entrances behind one plant, behind two, and so on."""
        return [np.flatnonzero(self.level == level) for level in range(1, int(self.level.max(initial=0)) + 1)]


def entrances(matches: Matches, through: Index) -> Entrances:
    """Every way into a plant that an admissible route uses, with the reagents of these plants and what becomes of them further on.

    Args:
        matches: routes with verdicts, and routes of several steps where they were found.
        through: rows of routes through one plant that may be used.
    """
    links, routes, chains = matches.links, matches.routes, matches.chains
    open_ = chains.verdict < Verdict.FAIL
    usable = np.flatnonzero(open_).astype(np.int32)
    head, steps = chains.start[usable], np.diff(chains.start)[usable]
    plants = np.unique(np.concatenate([routes.plant[through], chains.plant[np.repeat(open_, np.diff(chains.start))]]))
    feeds = np.unique(np.concatenate([routes.arc_in[through], chains.arc[head]]))
    first = np.concatenate([feeds, _reagents(links, plants)])
    grown = _Grown([first], [np.full(len(first), -1)], len(first))
    last, width = np.searchsorted(feeds, chains.arc[head]), np.int64(max(len(links.arcs), 1))
    for depth in range(1, int(steps.max(initial=1))):
        further = np.flatnonzero(steps > depth)
        fresh, which = np.unique(last[further] * width + chains.arc[head[further] + depth], return_inverse=True)
        last[further] = grown.add(fresh % width, fresh // width) + which
    made = grown.joined()
    bought = np.arange(len(feeds), len(first))
    for _ in range(1, int(steps.max(initial=1))):
        arc, before = _handed_on(links, made, grown.joined()[0], bought)
        bought = grown.add(arc, before) + np.arange(len(arc))
    arc, before = grown.joined()
    of_streams = (np.arange(len(arc)) < len(made[0])) & ((np.arange(len(arc)) < len(feeds)) | (before >= 0))
    return Entrances(arc, before, _levels(before), ~of_streams, plants, usable, last.astype(np.int32))


class _Grown:
    """Entrances that are still added to."""

    def __init__(self, arc: list[Index], before: list[Index], count: int) -> None:
        self.arc, self.before, self.count = arc, before, count

    def add(self, arc: Index, before: Index) -> int:
        """Adds entrances and says at which position they begin."""
        self.arc.append(arc)
        self.before.append(before)
        self.count += len(arc)
        return self.count - len(arc)

    def joined(self) -> tuple[Index, Index]:
        """Arc and entrance before, of all."""
        return np.concatenate(self.arc).astype(np.int32), np.concatenate(self.before).astype(np.int32)


def _levels(before: Index) -> Index:
    """Plants passed before each entrance."""
    level, above = np.zeros(len(before), dtype=np.int32), before
    while (above >= 0).any():
        level += above >= 0
        above = np.where(above >= 0, before[above], -1)
    return level


def _reagents(links: Links, plants: Index) -> Index:
    """Reagents of some plants."""
    runs = np.zeros(len(links.nodes.id), dtype=bool)
    runs[links.works.node[plants]] = True
    return np.flatnonzero((links.arcs.kind == ArcKind.REAGENT) & runs[links.arcs.destination])


def _handed_on(links: Links, made: tuple[Index, Index], arc: Index, bought: Index) -> tuple[Index, Index]:
    """What was bought goes on with what it was mixed with: over the same arcs, as far as the output holds of it.

    Args:
        links: of the region.
        made: arcs and entrances before, of what streams bring and of reagents.
        arc: arc of every entrance.
        bought: the entrances that go on.

    Returns:
        Arcs and entrances before, of what follows them.
    """
    arcs, (over, before) = links.arcs, made
    behind = before >= 0
    steps = np.unique(np.column_stack([over[before[behind]], over[behind]]), axis=0)
    out = np.unique(over[behind])
    straight = arcs.kind[arc[bought]] == ArcKind.REAGENT
    left, right = joined(arcs.destination[arc[bought[straight]]], arcs.origin[out])
    row, step = joined(arc[bought[~straight]], steps[:, 0])
    entrance = np.concatenate([bought[straight][left], bought[~straight][row]])
    onward = np.concatenate([out[right], steps[step, 1]])
    holds = yield_of(links, arc[entrance], arcs.output[onward]) >= 0
    return onward[holds], entrance[holds]


def yield_of(links: Links, arc: Index, output: Index) -> Index:
    """Row of works.yields of an arc into a plant and an output, -1 where the output holds nothing of it."""
    yields, outputs = links.works.yields, np.int64(max(len(links.works.outputs.plant), 1))
    rows = np.flatnonzero(yields.eta > 0)
    found = place_of(yields.arc[rows] * outputs + yields.output[rows], arc * outputs + output)
    return np.append(rows, -1)[found]


def place_of(keys: Index, wanted: Index) -> Index:
    """Position of each wanted key among unique keys, -1 where it is not."""
    if len(keys) == 0:
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    place = order[np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)]
    return np.where(keys[place] == wanted, place, -1)


def joined(left: Index, right: Index) -> tuple[Index, Index]:
    """Positions (l, r) of all equal keys, ordered by l."""
    order = np.argsort(right, kind="stable")
    first, last = (np.searchsorted(right[order], left, side=side) for side in ("left", "right"))
    count = last - first
    rows = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows.astype(np.int32), order[np.repeat(first, count) + step].astype(np.int32)
