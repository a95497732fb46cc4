"""Paths: the roads that lead from place to place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.table import Table

Ints = npt.NDArray[np.int32]

LANES = ("rail", "sea")
"""Kinds of `roads` that trains and ships use and no truck drives; their ends are terminals."""


def for_trucks(roads: Table) -> npt.NDArray[np.bool_]:
    """Sections that trucks drive, those whose kind nobody states among them. Shape (roads,)."""
    return np.asarray(~np.isin(roads["kind"].astype(str), LANES), dtype=bool)


@frozen(eq=False)
class Paths:
    """Shortest ways on the road graph between pairs of places, as rows of table `roads`."""

    start: Ints  # (pairs + 1,) where a pair's edges begin in `edge`
    edge: Ints  # rows of the region's `roads`

    def edges(self, pair: int) -> Ints:
        """Rows of `roads` that the pair's shortest way uses, in order."""
        return self.edge[self.start[pair] : self.start[pair + 1]]

    def chosen(self, pairs: Ints) -> Paths:
        """The ways of some pairs, one after another; a pair of -1 uses no road."""
        length = np.where(pairs >= 0, np.diff(self.start, append=self.start[-1])[pairs], 0)
        start = np.concatenate([[0], np.cumsum(length)])
        within = np.arange(start[-1]) - np.repeat(start[:-1], length)
        return Paths(start.astype(np.int32), self.edge[np.repeat(self.start[pairs], length) + within])


@frozen(eq=False)
class RoadTrees:
    """The same ways, kept as trees of shortest ways and read off only for the pairs that are asked for.

    A region of a thousand places has half a million pairs of some dozen sections each; a plan uses a few thousand of them.
    """

    before: Ints  # (trees, places) place before each on its way from the tree's root, -1 where none
    road: Ints  # (trees, places) row of the region's `roads` between the two
    tree: Ints  # (pairs,) tree of a pair
    end: Ints  # (pairs,) place where it ends
    others: Paths | None = None  # ways over terminals, numbered after the pairs

    def edges(self, pair: int) -> Ints:
        """Rows of `roads` that the pair's shortest way uses, in order."""
        return self.chosen(np.array([pair], dtype=np.int32)).edge

    def chosen(self, pairs: Ints) -> Paths:
        """The ways of some pairs, one after another; a pair of -1 uses no road. All step back from their ends at once."""
        if self.others is not None and (pairs >= len(self.end)).any():
            return self._with_others(pairs, self.others)
        steps = []
        moving = np.flatnonzero(pairs >= 0)
        tree, place = self.tree[pairs[moving]], self.end[pairs[moving]]
        while len(moving):
            going = self.before[tree, place] >= 0
            moving, tree, place = moving[going], tree[going], place[going]
            steps.append((moving, self.road[tree, place]))
            place = self.before[tree, place]
        length = sum((np.bincount(step[0], minlength=len(pairs)) for step in steps), np.zeros(len(pairs), dtype=np.int64))
        start = np.concatenate([[0], np.cumsum(length)])
        edge = np.zeros(start[-1], dtype=np.int32)
        for number, (moved, road) in enumerate(steps, 1):
            edge[start[moved + 1] - number] = road
        return Paths(start.astype(np.int32), edge)

    def _with_others(self, pairs: Ints, others: Paths) -> Paths:
        over = pairs >= len(self.end)
        parts = self.chosen(np.where(over, -1, pairs)), others.chosen(np.where(over, pairs - len(self.end), -1).astype(np.int32))
        owner = np.concatenate([np.repeat(np.arange(len(pairs)), np.diff(part.start)) for part in parts])
        order = np.argsort(owner, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(pairs)))])
        return Paths(start.astype(np.int32), np.concatenate([part.edge for part in parts])[order])
