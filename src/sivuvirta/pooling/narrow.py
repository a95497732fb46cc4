"""Narrow: ranges of shares and flows that a better answer can have, by linear programs over the envelope."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Floats, Ints, Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Arrays, Program
from sivuvirta.pooling.bilinear import Bilinear
from sivuvirta.pooling.envelopes import relaxed

_SLACK = 1e-6  # of a range: what a linear program's tolerance may have taken off
_LEAST = 1e-3  # of a range: narrower ones, beside wide ones, mislead a solver's presolve
_PART = 0.1  # of the time left


def narrowed(at: Bilinear, whole: Arrays, most: float, left: float) -> Bilinear:
    r"""Shrinks the ranges of shares and flows.

    .. math:: \underline{x}_t = \min x_t, \quad \overline{x}_t = \max x_t
              \quad \text{over the envelope and} \quad c^\top w \le c^\top w^*

    Args:
        at: the bilinear program.
        whole: its arrays before anything was narrowed.
        most: cost of the best answer known; infinite where there is none.
        left: seconds left; a part of them is used.

    Returns:
        The same program with narrower bounds. It keeps every answer that is cheaper.
    """
    arrays, made = at.arrays(), at.products
    program = relaxed(at, [np.array([arrays.lower[c], arrays.upper[c]]) for c in made.shares])
    columns = np.unique(np.concatenate([made.shares, made.flow]))
    if np.isfinite(most):
        used = np.flatnonzero(arrays.cost)
        cut = gather(1, Term(np.zeros(len(used), dtype=int), used, arrays.cost[used]))
        program.rows("better", cut, upper=most + _SLACK * (1 + abs(most)))
    low, high = _ranges(program, columns, _PART * left)
    wide = _LEAST * (whole.upper - whole.lower)[columns] / 2
    middle = (low + high) / 2
    low = np.clip(np.minimum(low, middle - wide), arrays.lower[columns], None)
    high = np.clip(np.maximum(high, middle + wide), None, arrays.upper[columns])
    return Bilinear(at.program.rebounded(columns, low, np.maximum(low, high)), made, at.offset)


def _ranges(program: Program, columns: Ints, seconds: float) -> tuple[Floats, Floats]:
    """Least and most of each column, with a little to spare."""
    started, model = perf_counter(), Model(program)
    model.relax_integers()
    arrays = model.arrays
    low, high = arrays.lower[columns].copy(), arrays.upper[columns].copy()
    cost = np.zeros(program.shape[1])
    for n, column in enumerate(columns):
        for side, sign in ((low, 1.0), (high, -1.0)):
            if perf_counter() - started > seconds:
                return low, high
            cost[:] = 0.0
            cost[column] = sign
            model.minimise(cost)
            try:
                result = model.solve(SolveOptions(time_limit=max(seconds, 0.1), threads=1))
            except SolverError:
                continue
            if result.status == "optimal":
                slack = _SLACK * max(high[n] - low[n], 1e-9)
                side[n] = sign * result.objective - sign * slack
    return low, high
