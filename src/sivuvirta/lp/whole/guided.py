r"""Guided: a program with whole numbers led by its relaxation: a good answer early, choices that are proven out left out, then branching.

1. The relaxed program is solved and its duals prove a bound L (`bounds`, so no tolerance of a solver enters).
2. Rounding every choice up is tried as it is; then a dive rounds those that are nearly whole and solves again from the last basis, until
   all are whole. The better of the two is an answer of value U.
3. With d the reduced costs that prove L, weak duality gives for a choice y in {0, 1}

.. math:: y_j = 1 \Rightarrow c x \ge L + \max(d_j, 0), \qquad y_j = 0 \Rightarrow c x \ge L + \max(-d_j, 0)

   so that what would cost U or more is fixed the other way: no better answer is lost.
4. The rest is searched by branch and bound from that answer. What it proves for the rest is, with U, a bound on the whole: an answer
   that was left out costs U or more.

References:
    E. Danna, E. Rothberg, C. Le Pape, Exploring relaxation induced neighborhoods to improve MIP solutions, Mathematical Programming 102
    (2005) 71-90: searching near the relaxation (from memory).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from attrs import evolve, frozen
from scipy.sparse import csr_array

from sivuvirta.lp.bounds import DualBound, dual_bound, implied_upper
from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays

WHOLE = 1e-6  # how far from a whole number a column may be
_KEPT = 1e-8  # how far a scaled row may be outside its limits
_SURE = 0.1  # a choice that near to whole is rounded at once
_SHARE = 0.25  # part of the others that is rounded in each step of a dive, those nearest to whole first
_MARGIN = 1e-9  # of the answer's value: rounding
_DIVES = 60  # steps at most
MANY = 60  # choices that the relaxation leaves open; with more, one rounding and pieces (`local`) find more, and sooner, than a dive
_BUILT = 0.3  # of a choice in the relaxation, from where on that rounding makes it (measured: 0.5 leaves twice the gap)


@frozen(eq=False)
class Guide:
    """What is known before branching, in the solver's scale."""

    x: Floats | None  # an answer; None where the dive found none
    value: float  # of the answer
    proven: DualBound  # of the relaxation
    lower: Floats  # bounds of the whole numbers that an answer better than that must keep
    upper: Floats
    relaxed: Floats  # value of each choice in the relaxation
    point: Floats  # of each column there
    open_: int  # how many of these are not whole
    basis: Any  # of the relaxation's optimum

    @property
    def bound(self) -> float:
        """What no answer can be below, by the relaxation."""
        return self.proven.value


def guide(highs: Any, arrays: Arrays, integers: Ints, run: Callable[[str], bool]) -> Guide | None:
    """Solves the relaxation, dives, and fixes what is proven. Leaves the solver with continuous columns and the program's bounds.

    Args:
        highs: the solver with the program in it, its whole numbers relaxed.
        arrays: the same program as arrays, in the solver's scale, with the rows that were added to it.
        integers: columns that must be 0 or 1.
        run: runs the solver by "first" or "held" from nothing, or "again" from the last basis; tells whether it found an optimum.

    Returns:
        None where the relaxation has no optimum.
    """
    if not run("first"):
        return None
    solution, basis = highs.getSolution(), highs.getBasis()
    point = np.array(solution.col_value)
    relaxed, whole = point[integers], point.copy()
    whole[integers] = np.ceil(relaxed - WHOLE)
    proven = dual_bound(arrays, np.array(solution.row_dual)[: len(arrays.row_lower)], implied_upper(arrays))
    lower, upper = arrays.lower[integers], arrays.upper[integers]
    open_ = int((np.abs(relaxed - np.round(relaxed)) > WHOLE).sum())
    first = _rounded if open_ > MANY else _dive
    found = [x for x in (whole, first(highs, integers, (relaxed, lower, upper), run)) if x is not None and holds(arrays, x)]
    highs.changeColsBounds(len(integers), integers, lower, upper)
    x = min(found, key=lambda answer: float(arrays.cost @ answer), default=None)
    value = np.inf if x is None else float(arrays.cost @ x)
    return Guide(x, value, proven, *_fixed(proven, integers, value, (lower, upper)), relaxed, point, open_, basis)


def _rounded(highs: Any, integers: Ints, start: tuple[Floats, Floats, Floats], run: Callable[[str], bool]) -> Floats | None:
    """The best answer with the choices that the relaxation makes for a good part; None where there is none."""
    value, lower, upper = start
    chosen = np.clip((value >= _BUILT).astype(float), lower, upper)
    highs.changeColsBounds(len(integers), integers, chosen, chosen)
    if not run("held"):
        return None
    x = np.array(highs.getSolution().col_value)
    x[integers] = chosen
    return x


def _dive(highs: Any, integers: Ints, start: tuple[Floats, Floats, Floats], run: Callable[[str], bool]) -> Floats | None:
    """Rounds step by step; None where that leads nowhere."""
    value, lower, upper = start
    least, most = lower.copy(), upper.copy()
    for _ in range(_DIVES):
        far = np.abs(value - np.round(value))
        open_ = np.flatnonzero((most > least) & (far > WHOLE))
        if len(open_) == 0:
            break
        nearest = open_[np.argsort(far[open_], kind="stable")]
        chosen = nearest[: max(int(np.ceil(_SHARE * len(nearest))), int((far[nearest] < _SURE).sum()))]
        least[chosen] = most[chosen] = np.round(value[chosen])
        highs.changeColsBounds(len(integers), integers, least, most)
        if not run("again"):
            return None
        value = np.array(highs.getSolution().col_value)[integers]
    whole = np.round(value)
    highs.changeColsBounds(len(integers), integers, whole, whole)
    return np.array(highs.getSolution().col_value) if run("again") else None


def holds(arrays: Arrays, x: Floats) -> bool:
    """Whether an answer keeps all rows and bounds, within the solver's tolerance."""
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=(len(arrays.row_lower), len(x)))
    activity = matrix @ x
    rows = np.maximum(arrays.row_lower - activity, activity - arrays.row_upper).max(initial=0.0)
    return bool(max(rows, np.maximum(arrays.lower - x, x - arrays.upper).max(initial=0.0)) <= _KEPT)


def with_added(highs: Any, arrays: Arrays) -> Arrays:
    """The program with the rows that the solver has below the program's own, so that answers and bounds keep to these too.

    Args:
        highs: the solver.
        arrays: the program's own rows, in the solver's scale.
    """
    own = len(arrays.row_lower)
    rows = np.arange(own, highs.getNumRow(), dtype=np.int32)
    if len(rows) == 0:
        return arrays
    _, start, column, value = highs.getRowsEntries(len(rows), rows)
    _, _, lower, upper, count = highs.getRows(len(rows), rows)
    ends = [*np.array(start)[1:].tolist(), count]
    return evolve(
        arrays,
        start=np.concatenate([arrays.start, arrays.start[-1] + np.array(ends)]).astype(arrays.start.dtype),
        column=np.concatenate([arrays.column, column[:count]]).astype(arrays.column.dtype),
        value=np.concatenate([arrays.value, value[:count]]),
        row_lower=np.concatenate([arrays.row_lower, lower]),
        row_upper=np.concatenate([arrays.row_upper, upper]),
    )


def _fixed(proven: DualBound, integers: Ints, value: float, bounds: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Bounds without the choices that cost the answer's value or more."""
    lower, upper = bounds
    if not (np.isfinite(value) and np.isfinite(proven.value)):
        return lower, upper
    reduced, most = proven.reduced[integers], value + _MARGIN * abs(value)
    choice = (lower == 0) & (upper == 1)
    none, sure = choice & (proven.value + reduced > most), choice & (proven.value - reduced > most)
    return np.where(sure, 1.0, lower), np.where(none, 0.0, upper)


def status_of(highs: Any) -> bool:
    """Whether the last run ended with an optimum."""
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
