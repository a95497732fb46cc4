r"""Weighted least squares under linear equations, with what was not measured eliminated.

.. math:: \min_x (x - y)^T S^{-1} (x - y) \quad \text{s.t.} \quad N x = c

.. math:: \hat x = y - S N^T V^{-1} (N y - c), \quad V = N S N^T

N are the equations among measurements alone; variances of the solution are in `variances`.
Cencic (2016) and Narasimhan and Jordache (2000), from memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from scipy.linalg import cho_solve, lapack
from scipy.sparse import csc_array, csr_array, diags_array, hstack
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import SuperLU, splu

from sivuvirta.errors import SolverError
from sivuvirta.ledger.reconcile.elimination import Elimination, eliminate
from sivuvirta.ledger.reconcile.system import Flags, Floats, Ints

SMALL = 1e-9
"""Entries of scaled equations below it are 0."""
_RANK = 1e-11  # least pivot of a correlation matrix whose rows are independent
_SAFE = 1e-8  # least pivot from which on no rows are looked for that hang on others
_CONTRADICTION = 1e-6  # by how much an equation without a measurement may miss, against the size of its terms
_CHUNK = 2000  # right sides solved at once


@frozen(eq=False)
class Problem:
    """One linear problem in scaled variables. Shape (variables,) or (rows,)."""

    matrix: csr_array
    rhs: Floats
    value: Floats  # measured, or where a free variable stays
    covariance: csr_array  # (variables, variables), rows of what was not measured empty
    measured: Flags
    constant: Flags  # exact, or held at a bound; its value is `value`


@frozen(eq=False)
class Draft:
    """A solution without its variances: all that a step on the way needs."""

    problem: Problem
    parts: Elimination
    spread: csr_array  # covariance of measurements and equations
    factors: list[tuple[Ints, Floats]]  # rows that hang together, and the Cholesky factor of their covariance
    square: SuperLU | None  # factors of the pivot columns
    x: Floats
    cost: float
    rank: int
    multiplier: Floats

    def loose(self) -> Flags:
        """Which pivots hang on something that nobody measured. Shape (pivots,)."""
        if self.square is None:
            return np.zeros(0, dtype=bool)
        unknown = ~(self.problem.measured | self.problem.constant)
        free = np.flatnonzero(unknown & ~np.isin(np.arange(len(self.x)), self.parts.column))
        hangs = solved(self.square, csc_array(self.parts.pivots[:, free]))
        return np.asarray(abs(hangs).sum(axis=1)).ravel() > SMALL

    def determined(self) -> Flags:
        """What was not measured, and follows from measurements. Shape (variables,)."""
        found = np.zeros(len(self.x), dtype=bool)
        found[self.parts.column[~self.loose()]] = True
        return found


def draft(problem: Problem) -> Draft:
    """Solve a linear problem, without variances.

    Args:
        problem: what to solve.

    Raises:
        SolverError: equations contradict each other whatever was measured.
    """
    constant, unknown = problem.constant, ~(problem.measured | problem.constant)
    rhs = problem.rhs - problem.matrix @ np.where(constant, problem.value, 0.0)
    matrix = csr_array(problem.matrix @ diags_array(np.where(constant, 0.0, 1.0)))
    size = np.maximum(largest(matrix, 1), np.finfo(float).tiny)
    matrix, rhs = csr_array(diags_array(1.0 / size) @ matrix), rhs / size
    parts = eliminate(_pruned(matrix), rhs, unknown)
    equations = csr_array(parts.rest)
    pull, factors, cost, rank = _adjusted(equations, parts.rest_rhs, problem)
    spread = csr_array(problem.covariance @ equations.T)
    x = problem.value - np.asarray(spread @ pull)
    square = _filled(parts, x)
    return Draft(problem, parts, spread, factors, square, x, cost, rank, parts.multipliers(pull, len(rhs)) / size)


def largest(matrix: csr_array, axis: int) -> Floats:
    """Largest size of an entry of each row (axis 1) or column (axis 0)."""
    if 0 in matrix.shape:
        return np.zeros(matrix.shape[1 - axis])
    return np.asarray(abs(matrix).max(axis=axis).toarray(), dtype=np.float64).ravel()


def _pruned(matrix: csr_array) -> csr_array:
    kept = csr_array(matrix)
    kept.data[np.abs(kept.data) < 1e-14] = 0.0
    kept.eliminate_zeros()
    return kept


def _adjusted(equations: csr_array, rhs: Floats, problem: Problem) -> tuple[Floats, list[tuple[Ints, Floats]], float, int]:
    """Multiplier of each equation, blocks of independent rows with their factors, cost and rank."""
    imbalance = np.asarray(equations @ problem.value - rhs)
    covariance = csr_array(equations @ problem.covariance @ equations.T)
    _check_empty(equations, imbalance, rhs)
    pull, factors, cost = np.zeros(len(rhs)), [], 0.0
    for rows in _blocks(covariance):
        independent, factor = _factor(covariance[rows][:, rows].toarray())
        kept = rows[independent]
        solved = cho_solve((factor, True), imbalance[kept])
        pull[kept] = solved
        cost += float(imbalance[kept] @ solved)
        factors.append((kept, factor))
    return pull, factors, cost, sum(len(rows) for rows, _ in factors)


def _check_empty(equations: csr_array, imbalance: Floats, rhs: Floats) -> None:
    """An equation in which nothing is left holds, or the statements contradict each other."""
    empty = np.diff(equations.indptr) == 0
    if np.any(np.abs(imbalance[empty]) > _CONTRADICTION * np.maximum(1.0, np.abs(rhs[empty]))):
        raise SolverError(
            "Figures that are given as exact contradict each other in a balance. Give at least one of them a standard deviation."
        )


def _blocks(covariance: csr_array) -> Iterator[Ints]:
    """Rows that hang together; rows without any spread are left out."""
    alive = np.flatnonzero(covariance.diagonal() > 0)
    if len(alive) == 0:
        return
    count, label = connected_components(covariance[alive][:, alive], directed=False)
    order = np.argsort(label, kind="stable")
    yield from (alive[part] for part in np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1]))


def _factor(covariance: Floats) -> tuple[Ints, Floats]:
    """Positions of independent rows, and the Cholesky factor of their covariance; by pivoting where some hang on others."""
    size = 1.0 / np.sqrt(np.diagonal(covariance))
    correlation = covariance * size * size[:, None]
    plain, failed = lapack.dpotrf(correlation, lower=1, clean=1)
    if not failed and np.diagonal(plain).min() ** 2 > _SAFE:
        return np.arange(len(size)), plain / size[:, None]
    factor, order, rank, _ = lapack.dpstrf(correlation, lower=1, tol=_RANK)
    kept = order[:rank].astype(np.int64) - 1
    return kept, np.tril(factor[:rank, :rank]) / size[kept][:, None]


def _filled(parts: Elimination, x: Floats) -> SuperLU | None:
    """Writes what was not measured into x, free variables staying as they are; the factors of the pivot columns, None without any."""
    pivot = parts.column
    if len(pivot) == 0:
        return None
    square = splu(csc_array(parts.pivots[:, pivot]), permc_spec="NATURAL", diag_pivot_thresh=0.0)
    x[pivot] = 0.0
    x[pivot] = square.solve(parts.pivots_rhs - parts.pivots @ x)
    return square


def solved(square: SuperLU, right: csc_array) -> csr_array:
    """Solution for many right sides, chunk by chunk, with what is 0 left out."""
    if right.shape[1] == 0:
        return csr_array(right.shape)
    from_chunks = []
    for start in range(0, right.shape[1], _CHUNK):
        dense = square.solve(right[:, start : start + _CHUNK].toarray())
        dense[np.abs(dense) < SMALL] = 0.0
        from_chunks.append(csr_array(dense))
    return csr_array(hstack(from_chunks, format="csr"))
