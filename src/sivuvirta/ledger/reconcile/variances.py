r"""Variances of what was reconciled, and what follows from measurements.

.. math:: \hat S = S - S N^T V^{-1} N S, \quad V = N S N^T

N are the equations among measurements alone, S their covariance. Narasimhan and Jordache (2000), from memory.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.linalg import lapack
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import SuperLU

from sivuvirta.ledger.reconcile.linear import SMALL, Draft, largest, solved
from sivuvirta.ledger.reconcile.system import Flags, Floats, Ints

_ROUNDING = 1e-12  # share of a variance below which a difference of variances is 0
_DENSE = 30  # entries of a row from which on its quadratic form is computed with the whole matrix


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


def fit(found: Draft) -> Fit:
    """The solution with variances and what follows from them.

    Args:
        found: the solution without them.
    """
    problem, spread = found.problem, found.spread
    blocks = [Block(rows, _inverse(factor)) for rows, factor in found.factors]
    moved = _moved(spread, blocks)
    variance = np.where(problem.constant, 0.0, np.where(problem.measured, _left(problem.covariance.diagonal(), moved), np.nan))
    redundant = problem.measured & (largest(csr_array(found.parts.rest), 0) > SMALL)
    determined = np.zeros(len(found.x), dtype=bool)
    if found.square is not None:
        determined = _followed(found, found.square, blocks, variance)
    return Fit(found.x, variance, moved, redundant, determined, found.cost, found.rank, found.multiplier)


def _left(prior: Floats, moved: Floats) -> Floats:
    """Variance that is left of a measurement's; what is rounding is 0."""
    left = prior - moved
    kept: Floats = np.where(left > _ROUNDING * prior, left, 0.0)
    return kept


def _inverse(factor: Floats) -> Floats:
    """Inverse of a matrix from its lower Cholesky factor."""
    lower, _ = lapack.dpotri(factor, lower=1)
    whole: Floats = np.tril(lower) + np.tril(lower, -1).T
    return whole


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


def _followed(found: Draft, square: SuperLU, blocks: list[Block], variance: Floats) -> Flags:
    """Which of what was not measured follows from measurements; writes its variance."""
    problem, pivot, loose = found.problem, found.parts.column, found.loose()
    known = np.flatnonzero(problem.measured)
    follows = csr_array(solved(square, csc_array(found.parts.pivots[:, known]))[~loose])
    variance[pivot[~loose]] = _propagated(follows, problem.covariance[known][:, known], found.spread[known], blocks)
    determined = np.zeros(len(variance), dtype=bool)
    determined[pivot[~loose]] = True
    return determined


def _propagated(follows: csr_array, covariance: csr_array, spread: csr_array, blocks: list[Block]) -> Floats:
    """Diagonal of T (S - S N' V^-1 N S) T'. Shape (rows of T,)."""
    found = np.asarray(follows.multiply(follows @ covariance).sum(axis=1)).ravel()
    prior, through = found.copy(), csc_array(follows @ spread)
    for block in blocks:
        part = csr_array(through[:, block.rows])
        touched = np.flatnonzero(np.diff(part.indptr))
        found[touched] -= _forms(part[touched], block.inverse)
    return _left(prior, prior - found)
