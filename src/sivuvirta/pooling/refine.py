"""Refine: a bilinear program solved to a proven gap by piecewise envelopes on HiGHS, cut finer until bound and answer meet."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from attrs import evolve

from sivuvirta.domain.pooling import PoolingOptions, Progress
from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.gaps import gap_of
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.pooling.bilinear import Bilinear
from sivuvirta.pooling.envelopes import relaxed
from sivuvirta.pooling.found import Found
from sivuvirta.pooling.local import improved, led, settled, shares_of
from sivuvirta.pooling.narrow import narrowed

_ROUNDS = 200
_CLOSE = 0.1  # of a piece: a point nearer than this to an end is cut in the middle
_FINER = 0.3  # of the wanted gap, for the relaxation's own
_OFF = 1e-9  # of a flow's bound: less is no error
_FOLLOWED = 2  # of the answers that a point leads to
_SHARES = 6  # most shares cut in a round
_GAP_TOLERANCE = 1e-9  # of an objective: a gap below is rounding


class Refinement:
    """The state of one solve: the points where shares are cut, the best answer, the best bound."""

    def __init__(self, at: Bilinear, options: PoolingOptions) -> None:
        self.at, self.options, self.started = at, options, perf_counter()
        arrays, shares = at.arrays(), at.products.shares
        self.whole, self.cost, self.reach = arrays, arrays.cost, arrays.upper[at.products.flow]
        self.points: list[Floats] = [np.array([arrays.lower[column], arrays.upper[column]]) for column in shares]
        self.best: Floats | None = None
        self.bound = -np.inf

    @property
    def objective(self) -> float:
        """Of the best answer; infinite where there is none."""
        return np.inf if self.best is None else float(self.cost @ self.best)

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.options.time_limit - (perf_counter() - self.started)

    def closed(self) -> bool:
        """Whether the gap is as small as was asked."""
        return self._closes(self.bound)

    def offer(self, w: Floats) -> None:
        """Makes answers of a point, by the shares that it has, by those that its products have, and by following the tangents from it."""
        starts = (settled(self.at, shares, self.left) for shares in (w[self.at.products.shares], shares_of(self.at, w)))
        found = [answer for answer in (*starts, *led(self.at, w, self.left)) if answer is not None]
        for answer in sorted(found, key=lambda one: float(self.cost @ one))[:_FOLLOWED]:
            if self.left <= 0:
                break
            better = improved(self.at, answer, self.left)
            if float(self.cost @ better) < self.objective:
                self.best = better

    def tell(self, step: str) -> None:
        """Says where the solve stands."""
        if self.options.watch is not None:
            self.options.watch(Progress(perf_counter() - self.started, self.objective, self.bound, step))

    def lower(self) -> Result | None:
        """Solves the relaxation; its bound is one of the problem. None where it has no answer.

        A bound that closes the gap is proven twice, the second time without the solver's presolve; the lower of both counts.
        """
        options = SolveOptions(time_limit=max(self.left, 0.1), gap=self.options.gap * _FINER, threads=self.options.threads)
        program = relaxed(self.at, self.points)
        first = Model(program)
        first.minimise(first.arrays.cost.copy(), self.at.offset)
        result = first.solve(options)
        if result.found and not self._closes(result.bound):
            self.bound = max(self.bound, result.bound)
            return result
        again = Model(program)
        again.minimise(again.arrays.cost.copy(), self.at.offset)
        again.highs.setOptionValue("presolve", "off")
        second = again.solve(evolve(options, time_limit=max(self.left, 0.1)))
        self.bound = max(self.bound, min(result.bound, second.bound, self.objective))
        best = min((result, second), key=lambda one: one.bound)
        return best if best.found else None

    def _closes(self, bound: float) -> bool:
        return gap_of(self.objective, bound, self.at.offset) <= max(self.options.gap, _GAP_TOLERANCE)

    def cut(self, w: Floats) -> None:
        """Cuts the pieces on which the relaxation is wrong most, at its point, or in the middle where that is near an end."""
        made = self.at.products
        errors = self.at.missed(w) / np.maximum(self.reach, 1e-12)
        place = np.searchsorted(made.shares, made.share)
        worst = np.zeros(len(made.shares))
        np.maximum.at(worst, place, errors)
        chosen = [int(n) for n in np.argsort(-worst)[:_SHARES] if worst[n] > _OFF] or [int(np.argmax(self._longest()))]
        for share in chosen:
            self.points[share] = _cut(self.points[share], float(w[made.shares[share]]))

    def _longest(self) -> Floats:
        return np.array([np.max(np.diff(ends)) for ends in self.points])


def by_envelopes(at: Bilinear, options: PoolingOptions) -> Found:
    """Solves a bilinear program by piecewise McCormick envelopes.

    Each round solves the relaxation for a bound, makes an answer of its point, and cuts the shares where they disagree. Between rounds
    the ranges of shares and flows shrink to what an answer better than the best can have.
    """
    state = Refinement(at, options)
    result = state.lower()
    if result is None:
        return Found("infeasible", None, np.inf, perf_counter() - state.started)
    for number in range(_ROUNDS):
        w = result.x[: len(state.cost)]
        state.offer(w)
        state.tell(f"round {number}")
        if state.closed() or state.left <= 0:
            break
        if number < 3 or number % 5 == 0:
            state = _narrow(state)
        state.cut(w)
        try:
            result = state.lower()
        except SolverError:
            break
        if result is None:  # nothing is better than the best
            state.bound = state.objective
            break
    status = "unknown" if state.best is None else "optimal" if state.closed() else "feasible"
    if state.best is None and np.isposinf(state.bound):
        status = "infeasible"
    return Found(status, state.best, state.bound, perf_counter() - state.started)


def _narrow(state: Refinement) -> Refinement:
    """Shrinks ranges with the best answer as the most that is still of interest."""
    state.at = narrowed(state.at, state.whole, state.objective, state.left)
    arrays = state.at.arrays()
    state.reach = arrays.upper[state.at.products.flow]
    for n, column in enumerate(state.at.products.shares):
        low, high = arrays.lower[column], arrays.upper[column]
        inner = state.points[n][(state.points[n] > low) & (state.points[n] < high)]
        state.points[n] = np.concatenate([[low], inner, [max(high, low)]])
    return state


def _cut(points: Floats, at: float) -> Floats:
    piece = int(np.clip(np.searchsorted(points, at, side="right") - 1, 0, len(points) - 2))
    low, high = points[piece], points[piece + 1]
    near = _CLOSE * (high - low)
    point = at if low + near < at < high - near else (low + high) / 2
    return np.insert(points, piece + 1, point)
