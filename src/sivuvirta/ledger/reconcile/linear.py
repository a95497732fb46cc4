r"""Weighted least squares under linear equations, with what was not measured eliminated.

.. math:: \min_x (x - y)^T S^{-1} (x - y) \quad \text{s.t.} \quad N x = c

.. math:: \hat x = y - S N^T V^{-1} (N y - c), \quad V = N S N^T, \quad \hat S = S - S N^T V^{-1} N S

N are the equations among measurements alone. Cencic (2016) and Narasimhan and Jordache (2000), from memory.
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

_SMALL = 1e-9  # entries of scaled equations that are 0
_RANK = 1e-11  # least pivot of a correlation matrix whose rows are independent
_CONTRADICTION = 1e-6  # by how much an equation without a measurement may miss, against the size of its terms
_ROUNDING = 1e-12  # share of a variance below which a difference of variances is 0
_DENSE = 30  # entries of a row from which on its quadratic form is computed with the whole matrix
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
class Block:
    """Equations that share measurements, and the inverse of their covariance."""

    rows: Ints
    inverse: Floats


@frozen(eq=False)
class Fit:
    """Solution of a linear problem. Shape (variables,)."""

    x: Floats
    variance: Floats  # posterior; NaN where undetermined
    moved: Floats  # variance of the adjustment of a measurement; 0 where it cannot be checked
    redundant: Flags  # measured, and checked by others
    determined: Flags  # not measured, and follows from measurements
    cost: float  # sum of squares of the adjustments in standard deviations
    rank: int  # independent equations among measurements
    multiplier: Floats  # of the equations, shape (rows,)


def fit(problem: Problem, *, final: bool = True) -> Fit:
    """Solve a linear problem.

    Args:
        problem: what to solve.
        final: False leaves out variances and what follows from them, for a step on the way.

    Raises:
        SolverError: equations contradict each other whatever was measured.
    """
    constant, unknown = problem.constant, ~(problem.measured | problem.constant)
    rhs = problem.rhs - problem.matrix @ np.where(constant, problem.value, 0.0)
    matrix = csr_array(problem.matrix @ diags_array(np.where(constant, 0.0, 1.0)))
    size = np.maximum(_largest(matrix, 1), np.finfo(float).tiny)
    matrix, rhs = csr_array(diags_array(1.0 / size) @ matrix), rhs / size
    parts = eliminate(_pruned(matrix), rhs, unknown)
    equations = csr_array(parts.rest)
    pull, factors, cost, rank = _adjusted(equations, parts.rest_rhs, problem)
    spread = csr_array(problem.covariance @ equations.T)
    x = problem.value - np.asarray(spread @ pull)
    square = _filled(parts, x)
    multiplier = parts.multipliers(pull, len(rhs)) / size
    none = np.zeros(len(x), dtype=bool)
    if not final:
        return Fit(x, np.full(len(x), np.nan), np.zeros(len(x)), none, none, cost, rank, multiplier)
    blocks = [Block(rows, _inverse(factor)) for rows, factor in factors]
    moved = _moved(spread, blocks)
    variance = np.where(constant, 0.0, np.where(problem.measured, _left(problem.covariance.diagonal(), moved), np.nan))
    redundant = problem.measured & (_largest(equations, 0) > _SMALL)
    determined = none if square is None else _followed(parts, problem, square, (spread, blocks), variance)
    return Fit(x, variance, moved, redundant, determined, cost, rank, multiplier)


def _left(prior: Floats, moved: Floats) -> Floats:
    """Variance that is left of a measurement's; what is rounding is 0."""
    left = prior - moved
    kept: Floats = np.where(left > _ROUNDING * prior, left, 0.0)
    return kept


def _largest(matrix: csr_array, axis: int) -> Floats:
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


def _inverse(factor: Floats) -> Floats:
    """Inverse of a matrix from its lower Cholesky factor."""
    lower, _ = lapack.dpotri(factor, lower=1)
    whole: Floats = np.tril(lower) + np.tril(lower, -1).T
    return whole


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
    """Positions of independent rows, and the Cholesky factor of their covariance, by pivoting on the correlations."""
    size = 1.0 / np.sqrt(np.diagonal(covariance))
    factor, order, rank, _ = lapack.dpstrf(covariance * size * size[:, None], lower=1, tol=_RANK)
    kept = order[:rank].astype(np.int64) - 1
    return kept, np.tril(factor[:rank, :rank]) / size[kept][:, None]


def _moved(spread: csr_array, blocks: list[Block]) -> Floats:
    """Variance of each adjustment: the diagonal of S N' V^-1 N S. Shape (variables,)."""
    found = np.zeros(spread.shape[0])
    columns = csc_array(spread)
    for block in blocks:
        part = csr_array(columns[:, block.rows])
        touched = np.flatnonzero(np.diff(part.indptr))
        found[touched] += _forms(part[touched], block.inverse)
    return found


def _forms(rows: csr_array, inverse: Floats) -> Floats:
    """Quadratic form r' M r of each sparse row r, from the entries of M that its pairs of columns meet. Shape (rows,)."""
    length = np.diff(rows.indptr).astype(np.int64)
    found = np.zeros(rows.shape[0])
    for count in np.unique(length[length > 0]).tolist():
        chosen = np.flatnonzero(length == count)
        at = rows.indptr[chosen][:, None] + np.arange(count)
        column, entry = rows.indices[at], rows.data[at]
        if count > _DENSE:
            wide = rows[chosen].toarray()
            found[chosen] = np.einsum("ij,ij->i", wide @ inverse, wide)
            continue
        for first in range(count):
            for second in range(count):
                found[chosen] += entry[:, first] * entry[:, second] * inverse[column[:, first], column[:, second]]
    return found


def _filled(parts: Elimination, x: Floats) -> SuperLU | None:
    """Writes what was not measured into x, free variables staying as they are; the factors of the pivot columns, None without any."""
    pivot = parts.column
    if len(pivot) == 0:
        return None
    square = splu(csc_array(parts.pivots[:, pivot]), permc_spec="NATURAL", diag_pivot_thresh=0.0)
    x[pivot] = 0.0
    x[pivot] = square.solve(parts.pivots_rhs - parts.pivots @ x)
    return square


def _followed(parts: Elimination, problem: Problem, square: SuperLU, checks: tuple[csr_array, list[Block]], variance: Floats) -> Flags:
    """Which of what was not measured follows from measurements; writes its variance."""
    pivot = parts.column
    unknown = ~(problem.measured | problem.constant)
    free = np.flatnonzero(unknown & ~np.isin(np.arange(len(variance)), pivot))
    hangs = _solved(square, csc_array(parts.pivots[:, free]))
    loose = np.asarray(abs(hangs).sum(axis=1)).ravel() > _SMALL
    known = np.flatnonzero(problem.measured)
    follows = csr_array(_solved(square, csc_array(parts.pivots[:, known]))[~loose])
    variance[pivot[~loose]] = _propagated(follows, problem.covariance[known][:, known], checks[0][known], checks[1])
    determined = np.zeros(len(variance), dtype=bool)
    determined[pivot[~loose]] = True
    return determined


def _solved(square: SuperLU, right: csc_array) -> csr_array:
    """Solution for many right sides, chunk by chunk, with what is 0 left out."""
    if right.shape[1] == 0:
        return csr_array(right.shape)
    from_chunks = []
    for start in range(0, right.shape[1], _CHUNK):
        dense = square.solve(right[:, start : start + _CHUNK].toarray())
        dense[np.abs(dense) < _SMALL] = 0.0
        from_chunks.append(csr_array(dense))
    return csr_array(hstack(from_chunks, format="csr"))


def _propagated(follows: csr_array, covariance: csr_array, spread: csr_array, blocks: list[Block]) -> Floats:
    """Diagonal of T (S - S N' V^-1 N S) T'. Shape (rows of T,)."""
    found = np.asarray(follows.multiply(follows @ covariance).sum(axis=1)).ravel()
    prior, through = found.copy(), csc_array(follows @ spread)
    for block in blocks:
        part = csr_array(through[:, block.rows])
        touched = np.flatnonzero(np.diff(part.indptr))
        found[touched] -= _forms(part[touched], block.inverse)
    return _left(prior, prior - found)
