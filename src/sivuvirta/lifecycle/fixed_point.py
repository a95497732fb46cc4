r"""Scores of a technosphere by a fixed point whose residual proves them, else by a direct solve.

The adjoint system gives the scores of any number of demands at once:

.. math:: A^T \lambda = c, \qquad h_k = \lambda \cdot f_k, \qquad \lambda \leftarrow \lambda + D^{-1}(c - A^T \lambda)

with c = Q B a process and D the diagonal of A; a process uses what is already improved of the others. Where it stops,
\rho = D^{-1}(c - A^T \lambda), and with M = I - A D^{-1} the error of a score is \rho^T (I - M)^{-1} f.
Any s >= |f| + |M| s, s >= 0, bounds it: the series of |M| converges, and

.. math:: |h_k - \hat h_k| \le |\rho|^T s

so the score is proven where that is small enough. Where no such s is found, or it stays large, the draw is solved directly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from scipy import sparse
from scipy.sparse.linalg import MatrixRankWarning, splu

from sivuvirta.domain.links import Floats
from sivuvirta.errors import SolverError
from sivuvirta.lifecycle.sweeps import sweep

TOLERANCE = 1e-9
"""Largest relative error of a score."""

_CANCELLED = 1e-13  # of what is added up: two halves of a difference are not known better than this by any solver
_STEPS, _EACH = 400, 3  # most steps; the bound is looked at after every so many sweeps
_REPAIRS = 40
_SLACKS = (0.5, 0.2, 0.05)  # how much heavier than today's matrix the one is for which s is made
_FLOOR = 1e-12  # of the largest demand, so that every s is above 0


@frozen(eq=False)
class Scored:
    """Scores of one draw."""

    scores: Floats  # (demands,)
    bound: float  # largest proven error over the tolerance, 0 where solved directly
    steps: int
    direct: bool


@frozen(eq=False)
class Solver:
    """What draws of one technosphere share. `demands` has a column each, shape (products, demands)."""

    demands: Floats
    reach: Floats  # s of the matrix that it was made for; 0 where there is none
    start: Floats  # its lambda
    tolerance: float = field(default=TOLERANCE)

    def scores(self, matrix: Any, weight: Floats) -> Scored:
        """Scores of one draw.

        Args:
            matrix: A, best compressed by columns, of the size of the first.
            weight: c, score per unit of each process, shape (processes,).

        Raises:
            SolverError: the matrix is singular.
        """
        matrix = matrix.tocsc()
        diagonal = matrix.diagonal()
        if not (diagonal > 0).all():
            return self._direct(matrix, weight)
        size = abs(matrix)
        reach = _repaired(size, diagonal, np.abs(self.demands).sum(axis=1), self.reach)
        if reach is None:
            return self._direct(matrix, weight)
        gross = _dot(np.abs(weight / diagonal), reach)
        transposed, x = matrix.T, self.start.copy()
        for step in range(_EACH, _STEPS + 1, _EACH):
            for _ in range(_EACH):
                sweep(matrix.indptr, matrix.indices, matrix.data, weight, x)
            found = self.totals(x)
            left = _dot(np.abs((weight - transposed @ x) / diagonal), reach)
            bound = left / max(self.tolerance * float(np.abs(found).min(initial=np.inf)), _CANCELLED * gross)
            if bound <= 1.0:
                return Scored(found, bound, step, direct=False)
            if not np.isfinite(bound):
                break
        return self._direct(matrix, weight)

    def totals(self, x: Floats) -> Floats:
        """Scores of the demands by their lambda; without threads, whose start costs more than the sum."""
        found: Floats = np.einsum("pk,p->k", self.demands, x)
        return found

    def _direct(self, matrix: Any, weight: Floats) -> Scored:
        return Scored(self.totals(direct(matrix, weight)), 0.0, 0, direct=True)


def solver(matrix: Any, weight: Floats, demands: Floats) -> Solver:
    """What draws around a matrix share.

    Args:
        matrix: A of the values without a draw, products by processes.
        weight: c.
        demands: a column each, shape (products, demands).
    """
    diagonal = matrix.diagonal()
    nothing = np.zeros(len(weight))
    if not (diagonal > 0).all():
        return Solver(demands, nothing, nothing)
    demand = np.abs(demands).sum(axis=1)
    floor = demand + _FLOOR * demand.max(initial=1.0)
    for slack in _SLACKS:
        reach = _reach(abs(matrix), diagonal, floor, 1.0 + slack)
        if reach is not None:
            first = Solver(demands, reach, nothing)
            return Solver(demands, reach, _started(matrix, weight, diagonal, first))
    return Solver(demands, nothing, nothing)


def direct(matrix: Any, weight: Floats) -> Floats:
    """Lambda by factorisation.

    Raises:
        SolverError: the matrix is singular.
    """
    try:
        found: Floats = splu(sparse.csc_matrix(matrix.T)).solve(weight)
    except (RuntimeError, MatrixRankWarning) as error:
        raise SolverError("The technosphere is singular: some process makes nothing, or two make each other's whole product.") from error
    return found


def _dot(first: Floats, second: Floats) -> float:
    return float((first * second).sum())


def _started(matrix: Any, weight: Floats, diagonal: Floats, first: Solver) -> Floats:
    """Lambda of the matrix without a draw, roughly."""
    x = first.start.copy()
    for _ in range(_STEPS):
        moved = (weight - matrix.T @ x) / diagonal
        x += moved
        if np.abs(moved).max(initial=0.0) <= TOLERANCE * np.abs(x).max(initial=0.0):
            break
    return x


def _reach(size: Any, diagonal: Floats, floor: Floats, heavier: float) -> Floats | None:
    """S of a matrix whose every input is heavier by a factor; None where its series does not settle."""
    reach = floor.copy()
    for _ in range(_STEPS):
        step: Floats = floor + heavier * (size @ (reach / diagonal) - reach)
        if not np.isfinite(step).all():
            return None
        if (np.abs(step - reach) <= 1e-3 * step).all():
            return step * 1.01
        reach = step
    return None


def _repaired(size: Any, diagonal: Floats, demand: Floats, reach: Floats) -> Floats | None:
    """The same s, raised where this draw is heavier still, until s >= |f| + |M| s holds in every row."""
    if not reach.any():
        return None
    for _ in range(_REPAIRS):
        needed: Floats = demand + size @ (reach / diagonal) - reach
        short = needed * (1.0 + 1e-12) > reach
        if not short.any():
            return reach
        reach = np.where(short, needed * 1.02, reach)
    return None
