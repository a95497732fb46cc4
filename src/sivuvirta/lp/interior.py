"""Interior point by blocks: for programs that fall into small blocks once one family of rows is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array, eye_array, hstack
from threadpoolctl import threadpool_limits

from sivuvirta.lp.blocks import Blocks, Factor, Mask, cut, factorise, solved
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.program import Arrays

_MOST = 100  # steps; 33 were seen on 10 000 rows
_CLOSE = 1e-8  # relative infeasibilities and gap at the end
_SHORT = 1e-4  # a step this small goes nowhere
_BACK = 0.995  # of the way to the boundary
_LEAST = 1e-13  # added to the diagonal beside pivots near 1


@frozen(eq=False)
class Interior:
    """An answer between vertices: columns and slacks, and their reduced costs, each as a part of the largest."""

    x: Floats
    z: Floats
    slack: Floats  # of rows that are no equalities, 0 of those that are
    price: Floats  # of the slacks
    steps: int

    @property
    def columns(self) -> Mask:
        """Columns that look positive at the optimum. Shape (columns,)."""
        return self.x > self.z

    @property
    def rows(self) -> Mask:
        """Rows that look as if they hold with equality. Shape (rows,)."""
        return ~(self.slack > self.price)


@frozen(eq=False)
class _Standard:
    """Minimise cost x, matrix x = right, x >= 0, with the slacks of `open` as the last columns."""

    matrix: csr_array
    turned: csr_array
    cost: Floats
    right: Floats
    open: Mask


def interior(arrays: Arrays, linking: Iterable[Mask], go_on: Callable[[], bool]) -> Interior | None:
    r"""Mehrotra's predictor and corrector steps, with the normal equations solved by blocks.

    Each step solves :math:`(A D A^T + E)\,dy = r` twice with one factorisation, D = x/z of the columns and E that of the slacks.

    Args:
        arrays: a program whose columns are 0 or more without an upper bound, and whose rows are equalities or have one side.
        linking: sets of rows, each of shape (rows,); the first without which it falls into small blocks counts.
        go_on: asked before each step.

    Returns:
        None where the program has another shape, or the steps came to nothing.
    """
    program = _standard(arrays)
    if program is None:
        return None
    count = len(arrays.cost)
    matrix = csr_array(program.matrix[:, :count])
    blocks = next((found for rows in linking if (found := cut(matrix, rows)) is not None), None)
    if blocks is None:
        return None
    try:
        with threadpool_limits(1), np.errstate(all="ignore"):  # many small products: threads would wait for one another
            return _walked(program, blocks, go_on)
    except (np.linalg.LinAlgError, ValueError):
        return None


def _standard(arrays: Arrays) -> _Standard | None:
    equal = arrays.row_lower == arrays.row_upper
    low, high = np.isfinite(arrays.row_lower), np.isfinite(arrays.row_upper)
    fits = (equal | (low != high)).all() and not arrays.lower.any() and np.isinf(arrays.upper).all()
    if not fits or not len(equal):
        return None
    sign = np.where(high, 1.0, -1.0)
    right = np.where(high, arrays.row_upper, -arrays.row_lower)
    rows = np.repeat(sign, np.diff(arrays.start))
    matrix = csr_array((arrays.value * rows, arrays.column, arrays.start), shape=(len(equal), len(arrays.cost)))
    slacks = eye_array(len(equal), format="csc")[:, np.flatnonzero(~equal)]
    positive = np.abs(right[right != 0])
    size = float(np.median(positive)) if len(positive) else 1.0
    cost = np.concatenate([arrays.cost, np.zeros(int((~equal).sum()))]) / (np.abs(arrays.cost).max(initial=0.0) or 1.0)
    whole = csr_array(hstack([matrix, slacks], format="csr"))
    return _Standard(whole, csr_array(whole.T), cost, right / size, ~equal)


def _walked(program: _Standard, blocks: Blocks, go_on: Callable[[], bool]) -> Interior | None:
    x, y, z = _begun(program, blocks)
    norms = 1 + np.linalg.norm(program.right), 1 + np.linalg.norm(program.cost)
    for step in range(_MOST):
        primal = program.right - program.matrix @ x
        dual = program.cost - program.turned @ y - z
        cost = float(program.cost @ x)
        gap = abs(cost - float(program.right @ y)) / (1 + abs(cost))
        missing = float(np.linalg.norm(primal) / norms[0]), float(np.linalg.norm(dual) / norms[1])
        if max(gap, *missing) < _CLOSE:
            return _told(program, (x, z), step)
        if not go_on():
            return None
        weight = x / z
        factor = _factor(program, blocks, weight, _LEAST)
        left, mean = (primal, dual), float(x @ z) / len(x)
        dx, _, dz = _direction(program, factor, (x, z), left, -x * z)
        ahead = float((x + _reach(x, dx) * dx) @ (z + _reach(z, dz) * dz)) / len(x)
        dx, dy, dz = _direction(program, factor, (x, z), left, (ahead / mean) ** 3 * mean - x * z - dx * dz)
        far, up = _BACK * _reach(x, dx), _BACK * _reach(z, dz)
        if not min(far, up) > _SHORT:
            return None
        x, y, z = x + far * dx, y + up * dy, z + up * dz
    return None


def _begun(program: _Standard, blocks: Blocks) -> tuple[Floats, Floats, Floats]:
    """A start well inside: least squares on both sides, moved until all are positive."""
    factor = _factor(program, blocks, np.ones(len(program.cost)), 1e-10)
    x = program.turned @ solved(factor, program.right)
    y = solved(factor, program.matrix @ program.cost)
    z = program.cost - program.turned @ y
    x += max(0.0, -1.5 * x.min()) + 1e-8
    z += max(0.0, -1.5 * z.min()) + 1e-8
    both = float(x @ z)
    return x + 0.5 * both / z.sum(), y, z + 0.5 * both / x.sum()


def _factor(program: _Standard, blocks: Blocks, weight: Floats, least: float) -> Factor:
    count = len(weight) - int(program.open.sum())
    added = np.full(len(program.right), least)
    added[program.open] += weight[count:]
    return factorise(blocks, weight[:count], added)


def _direction(
    program: _Standard, factor: Factor, at: tuple[Floats, Floats], left: tuple[Floats, Floats], aim: Floats
) -> tuple[Floats, Floats, Floats]:
    """Newton's step towards `aim` for x z, refined once."""
    (x, z), (primal, dual) = at, left
    weight = x / z
    right = primal + program.matrix @ (weight * (dual - aim / x))
    dy = solved(factor, right)
    dy += solved(factor, right - program.matrix @ (weight * (program.turned @ dy)))
    dx = weight * (program.turned @ dy - dual + aim / x)
    return dx, dy, (aim - z * dx) / x


def _reach(value: Floats, step: Floats) -> float:
    """Part of the step, at most 1, that leaves no value below zero."""
    down = step < 0
    return min(1.0, float((-value[down] / step[down]).min(initial=np.inf)))


def _told(program: _Standard, found: tuple[Floats, Floats], steps: int) -> Interior:
    x, z = (part / (part.max() or 1.0) for part in found)
    count = len(x) - int(program.open.sum())
    slack, price = np.zeros(len(program.right)), np.zeros(len(program.right))
    slack[program.open], price[program.open] = x[count:], z[count:]
    return Interior(x[:count], z[:count], slack, price, steps)
