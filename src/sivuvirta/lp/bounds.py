r"""Bounds: what no answer of a program can be below, proven from any duals, whatever solver or rule made them.

For every y and every x that keeps rows and bounds, weak duality gives

.. math:: c x \ge b(y) + \sum_j \min_{l_j \le x_j \le u_j} (c - A^T y)_j x_j, \qquad
    b(y) = \sum_{i : y_i > 0} y_i \underline b_i + \sum_{i : y_i < 0} y_i \overline b_i

so the right-hand side is a bound. A column's bounds may be those that rows prove. The sums are done here, in double precision, with what
rounding could add taken off, so that a solver's tolerance does not enter.

References:
    A. Neumaier, O. Shcherbina, Safe bounds in linear and mixed-integer linear programming, Mathematical Programming 99 (2004)
    283-296: bounds from approximate duals, rounding included (from memory).
"""

from __future__ import annotations

from math import isqrt

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays

_EPS = np.finfo(float).eps  # twice what a product or a sum of two is rounded by
_SAFE = 1e-12  # by which proven bounds are wider than the arithmetic says


@frozen(eq=False)
class DualBound:
    """A proven bound and what proves it."""

    value: float  # no answer is below; -inf where the duals prove nothing
    duals: Floats  # with the sign that each row's limits allow, shape (rows,)
    reduced: Floats  # c - A'y, shape (columns,)


def implied_upper(arrays: Arrays, rounds: int = 6) -> Floats:
    r"""Upper bounds of columns that rows prove, from round to round from those already proven.

    .. math:: \sum_k a_k x_k \le b,\; a_j > 0 \;\Rightarrow\;
        x_j \le \frac{1}{a_j} \Bigl( b - \sum_{k \ne j} \min_{l_k \le x_k \le u_k} a_k x_k \Bigr)

    and likewise for rows with a lower limit, turned round. Every answer keeps its rows, hence these bounds, so that a dual bound made with
    them holds for the program.

    Args:
        arrays: the program.
        rounds: how often; what enters a plant is bounded by its stream in the first, what leaves it in the second.

    Returns:
        The smaller of a column's own bound and those of its rows, shape (columns,); infinity where none has one.
    """
    rows = np.repeat(np.arange(len(arrays.row_upper), dtype=np.int32), np.diff(arrays.start))
    upper = arrays.upper.copy()
    for _ in range(rounds):
        before = upper.copy()
        for sign, side in ((1.0, arrays.row_upper), (-1.0, -arrays.row_lower)):
            if np.isfinite(side).any():
                _tighten(arrays, rows, (sign * arrays.value, side), upper)
        if np.array_equal(before, upper):
            break
    proven: Floats = np.maximum(upper, arrays.lower)
    return proven


def _tighten(arrays: Arrays, rows: Ints, less: tuple[Floats, Floats], upper: Floats) -> None:
    """One round over rows a x <= b; writes `upper`."""
    value, side = less
    column, count = arrays.column, len(side)
    with np.errstate(invalid="ignore"):
        least = np.where(value > 0, value * arrays.lower[column], value * upper[column])
    least[value == 0] = 0.0
    endless = ~np.isfinite(least)
    known = np.where(endless, 0.0, least)
    total, doubt = (np.bincount(rows, weights=part, minlength=count) for part in (known, np.abs(known)))
    ends = np.bincount(rows[endless], minlength=count)
    used = np.flatnonzero((value > 0) & np.isfinite(side[rows]) & (ends[rows] == endless))
    row = rows[used]
    safe = _SAFE + np.diff(arrays.start)[row] * _EPS
    room = side[row] - (total[row] - known[used]) + safe * (np.abs(side[row]) + doubt[row])
    np.minimum.at(upper, column[used], room / value[used] * (1 + _SAFE))


def dual_bound(arrays: Arrays, duals: Floats, upper: Floats | None = None) -> DualBound:
    """The bound that some duals prove for the program with its whole numbers relaxed, hence for the program itself.

    Args:
        arrays: the program.
        duals: any numbers, shape (rows,); those with a sign that the row's limits do not allow count as 0, as do those that are NaN.
        upper: upper bounds that hold for every answer worth having, such as `implied_upper`; the columns' own if left out.
    """
    y = signed(arrays, duals)
    most = arrays.upper if upper is None else upper
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=(len(y), len(arrays.cost)))
    reduced = arrays.cost - matrix.T @ y
    entries = np.bincount(arrays.column, minlength=len(arrays.cost))
    doubt = (entries + 2) * _EPS * (np.abs(arrays.cost) + abs(matrix).T @ np.abs(y))
    least = _least(reduced, doubt, arrays.lower, most)
    sides = np.where(y > 0, arrays.row_lower, arrays.row_upper)
    terms = np.where(y != 0, y * np.where(y != 0, sides, 0.0), 0.0)
    value = _sum_from_below(np.concatenate([terms, least]))
    return DualBound(value if np.isfinite(value) else -np.inf, y, reduced)


def _sum_from_below(terms: Floats) -> float:
    r"""What the exact sum of rounded products is not below: summed in m parts of m terms, :math:`m > \sqrt n`, so that roundings are few.

    A sum of m terms, in whatever order, is off by less than :math:`m \varepsilon` of their absolute sum; here are two after one another.
    """
    size = isqrt(len(terms)) + 1
    parts = np.zeros(size * size)
    parts[: len(terms)] = terms
    total, absolute = (float(part.reshape(size, size).sum(axis=1).sum()) for part in (parts, np.abs(parts)))
    return total - (2 * size + 2) * float(_EPS) * absolute


def signed(arrays: Arrays, duals: Floats) -> Floats:
    """Duals with the sign that each row's limits allow, 0 where they have another or are no number."""
    y = np.where(np.isfinite(duals), duals, 0.0)
    y = np.where(np.isfinite(arrays.row_lower), y, np.minimum(y, 0.0))
    allowed: Floats = np.where(np.isfinite(arrays.row_upper), y, np.maximum(y, 0.0))
    return allowed


def _least(reduced: Floats, doubt: Floats, lower: Floats, upper: Floats) -> Floats:
    """Least that reduced cost times column can be, with a reduced cost within `doubt`. Shape (columns,)."""
    worst = np.full(len(reduced), np.inf)
    for rate in (reduced - doubt, reduced + doubt):
        for side in (lower, upper):
            with np.errstate(invalid="ignore"):
                worst = np.fmin(worst, np.where(rate == 0, 0.0, rate * side))
    return worst
