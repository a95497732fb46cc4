r"""Tree: branch and bound on choices, from a known answer, with the simplex warm from node to node and bounds added up by ourselves.

A node holds some choices at 0 or 1. Its relaxation is solved from the basis of the node it came from, and its duals prove a bound for all
answers below it (`bounds`). Nodes whose bound is good enough are closed; so are those whose infeasibility a ray proves. The bound of the
whole is the least of all nodes that are closed or open:

.. math:: L = \min \Bigl( U, \min_{n \in open} L_n, \min_{n \in closed} L_n \Bigr)

A choice is branched on by what it was seen to cost (pseudocosts), tried first where little is known of it (strong branching).

References:
    T. Achterberg, T. Koch, A. Martin, Branching rules revisited, Operations Research Letters 33 (2005) 42-54: reliability branching
    (from memory).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.lp.bounds import DualBound, dual_bound
from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.results import NO_LIMIT
from sivuvirta.lp.whole.core import Core, Job, Told

NODES = 400  # at most; where these do not do, the solver's own branching with its cuts goes on
_WHOLE = 1e-6  # how far from a whole number a column may be
_LEAST = 1e-6  # of a score
_MARGIN = 1e-9  # of the answer's value: rounding


@frozen(eq=False)
class Node:
    """Choices held, and what the relaxation with them says."""

    bound: float  # the better of its own and that of the node it came from
    proven: DualBound
    lower: Floats
    upper: Floats
    relaxed: Floats  # value of each choice
    basis: Any


@frozen
class Looks:
    """How much is tried before a choice is branched on."""

    choices: int = 12  # looked at in a node, at most
    vain: int = 4  # in a row without a better one
    sure: int = 4  # times that a choice was seen, from when on its pseudocosts are trusted
    iterations: int = 100


@frozen(eq=False)
class Search:
    """What the tree needs to know."""

    core: Core  # the program with its whole numbers relaxed
    arrays: Arrays  # the same, in the solver's scale; upper bounds may be those that rows prove
    integers: Ints  # columns that must be 0 or 1
    enough: Callable[[float, float], bool]  # whether a bound is near enough to an answer's value
    go_on: Callable[[float, float], bool]  # told value and bound; False stops the search
    holds: Callable[[Floats], bool]  # whether an answer keeps all rows
    bound_first: bool = False  # whether the node that holds the bound down comes first, instead of the last one's child
    looks: Looks = Looks()


class Tree:
    """A search under way. `x` and `value` are the best answer, `closed` the least bound of the nodes that are done."""

    def __init__(self, search: Search, x: Floats | None, value: float) -> None:
        self.search, self.x, self.value = search, x, value
        self.closed = np.inf
        self.open: list[tuple[float, int, Node]] = []
        self.count = self._number = 0
        self._cost = np.zeros((2, len(search.integers)))
        self._seen = np.zeros((2, len(search.integers)))

    @property
    def bound(self) -> float:
        """What no answer can be below."""
        return min(self.value, self.closed, self.open[0][0] if self.open else np.inf)

    def run(self, lower: Floats, upper: Floats, basis: Any = None, nodes: int = NODES) -> None:
        """Searches until the bound is near enough, the nodes are used up, or it is stopped. The basis is of the core's first rows."""
        root = self._read(lower, upper, self.search.core.solve(Job(lower, upper, basis))[0], -np.inf)
        if root is not None:
            self._put(root)
        while self.open and self.count < nodes and not self.search.enough(self.value, self.bound):
            if not self.search.go_on(self.value, self.bound):
                break
            below: Node | None = heappop(self.open)[2]
            while below is not None and self.count < nodes and self.search.go_on(self.value, min(self.bound, below.bound)):
                self.count += 1
                below = self._step(below)
                if below is not None and self.search.bound_first and self.open and below.bound > self.open[0][0]:
                    break
            if below is not None:
                self._put(below)

    def _put(self, node: Node) -> None:
        self._number += 1
        heappush(self.open, (node.bound, self._number, node))

    def _step(self, node: Node) -> Node | None:
        """Closes or branches a node; returns the child to go on with."""
        if self.search.enough(self.value, node.bound):
            self._close(node.bound)
            return None
        node = self._fixed(node)
        open_ = (np.abs(node.relaxed - np.round(node.relaxed)) > _WHOLE) & (node.upper > node.lower)
        far = np.flatnonzero(open_).astype(np.int32)
        if len(far) == 0:
            self._take(node)
            self._close(node.bound)
            return None
        choice = self._choice(node, far)
        children = self._children(node, choice)
        children.sort(key=lambda child: child.bound)
        for child in children[1:]:
            self._put(child)
        return children[0] if children else None

    def _close(self, bound: float) -> None:
        self.closed = min(self.closed, bound)

    def _fixed(self, node: Node) -> Node:
        """The node without the choices that cost as much as the best answer, by its proven reduced costs."""
        reduced, most = node.proven.reduced[self.search.integers], self.value + _MARGIN * abs(self.value)
        if not np.isfinite(most):
            return node
        free = node.upper > node.lower
        none, sure = free & (node.proven.value + reduced > most), free & (node.proven.value - reduced > most)
        return evolve(node, lower=np.where(sure, 1.0, node.lower), upper=np.where(none & ~sure, 0.0, node.upper))

    def _children(self, node: Node, choice: int) -> list[Node]:
        """Both sides of a choice, solved side by side; those that are not closed."""
        jobs = [self._job(node, choice, side) for side in (0, 1)]
        found = []
        for side, (job, told) in enumerate(zip(jobs, self.search.core.solve(*jobs), strict=True)):
            child = self._read(job.lower, job.upper, told, node.bound)
            if child is not None:
                self._learn(choice, side, node, child.bound)
                found.append(child)
        return found

    def _job(self, node: Node, choice: int, side: int, iterations: int = NO_LIMIT) -> Job:
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[choice] = upper[choice] = side
        return Job(lower, upper, node.basis, iterations)

    def _read(self, lower: Floats, upper: Floats, told: Told, known: float) -> Node | None:
        """A node solved; None where it is closed: proven infeasible, or left with the bound known before."""
        if told.status == "optimal":
            proven = self._proven(lower, upper, told)
            return Node(max(known, proven.value), proven, lower, upper, told.x[self.search.integers], told.basis)
        if told.status != "infeasible" or not self._never(lower, upper, told.duals):
            self._close(known)
        return None

    def _held(self, lower: Floats, upper: Floats) -> Arrays:
        arrays, integers = self.search.arrays, self.search.integers
        least, most = arrays.lower.copy(), arrays.upper.copy()
        least[integers], most[integers] = lower, upper
        return evolve(arrays, lower=least, upper=most)

    def _proven(self, lower: Floats, upper: Floats, told: Told) -> DualBound:
        return dual_bound(self._held(lower, upper), told.duals)

    def _never(self, lower: Floats, upper: Floats, ray: Floats) -> bool:
        """Whether a ray proves that nothing keeps all rows: with no costs at all, its bound is above 0."""
        held = self._held(lower, upper)
        if len(ray) == 0:
            return False
        free = evolve(held, cost=np.zeros(len(held.cost)))
        return any(dual_bound(free, sign * ray).value > 0 for sign in (1.0, -1.0))

    def _take(self, node: Node) -> None:
        """Makes the node's choices an answer, if they are one."""
        whole = np.round(node.relaxed)
        told = self.search.core.solve(Job(whole, whole, node.basis))[0]
        if told.status != "optimal":
            return
        x = told.x.copy()
        x[self.search.integers] = whole
        value = float(self.search.arrays.cost @ x)
        if value < self.value and self.search.holds(x):
            self.x, self.value = x, value

    def _choice(self, node: Node, far: Ints) -> int:
        """The choice whose both sides cost most; those of which little is known are looked at first."""
        looks = self.search.looks
        order = far[np.argsort(-self._score(node, far), kind="stable")]
        best, vain = (-1.0, int(order[0])), 0
        for choice in order[: looks.choices].tolist():
            if min(self._seen[:, choice]) < looks.sure:
                self._look(node, choice)
            score = float(self._score(node, np.array([choice], dtype=np.int32))[0])
            vain = 0 if score > best[0] else vain + 1
            best = max(best, (score, choice))
            if vain >= looks.vain:
                break
        return best[1]

    def _look(self, node: Node, choice: int) -> None:
        """A few iterations on both sides; only what they teach is kept."""
        jobs = [self._job(node, choice, side, self.search.looks.iterations) for side in (0, 1)]
        for side, (job, told) in enumerate(zip(jobs, self.search.core.solve(*jobs), strict=True)):
            if told.status != "infeasible":
                self._learn(choice, side, node, self._proven(job.lower, job.upper, told).value)

    def _learn(self, choice: int, side: int, node: Node, bound: float) -> None:
        gain = max(bound - node.bound, 0.0)
        if np.isfinite(gain):
            moved = abs(node.relaxed[choice] - side)
            self._cost[side, choice] += gain / max(moved, _WHOLE)
            self._seen[side, choice] += 1

    def _score(self, node: Node, choices: Ints) -> Floats:
        seen, cost = self._seen.sum(axis=1), self._cost.sum(axis=1)
        usual = np.where(seen > 0, cost / np.maximum(seen, 1), 1.0)[:, None]
        known = self._seen[:, choices]
        each = np.where(known > 0, self._cost[:, choices] / np.maximum(known, 1), usual)
        part = node.relaxed[choices]
        score: Floats = np.maximum(each[0] * part, _LEAST) * np.maximum(each[1] * (1 - part), _LEAST)
        return score


@frozen(eq=False)
class Found:
    """Where a search ended, in the solver's scale."""

    x: Floats | None
    value: float
    bound: float
    nodes: int


def search(asked: Search, x: Floats | None, value: float, bounds: tuple[Floats, Floats], basis: Any = None) -> Found:
    """Searches all choices between some bounds.

    Args:
        asked: the program.
        x: a known answer, if any.
        value: of it; infinity where there is none.
        bounds: lower and upper of the choices, shape (choices,) each.
        basis: of the core's relaxation, to start from.

    Returns:
        The best answer, and a bound that holds for all answers within the bounds, or is the value itself.
    """
    tree = Tree(asked, x, value)
    tree.run(*bounds, basis)
    return Found(tree.x, tree.value, tree.bound, tree.count)
