r"""Approach: near-optimal duals and columns of a large linear program by a first-order method, without any factorisation.

A step moves columns and rows along the gradients of the Lagrangian; the reflected step is averaged with an anchor (Halpern's
iteration), and the anchor is set anew where the iteration has come far enough:

.. math:: \hat x = [x - \tau (c - A^T y)], \quad \hat y = [y - \sigma A (2 \hat x - x)], \quad
    z \leftarrow \tfrac{k+1}{k+2} (2 \hat z - z) + \tfrac{1}{k+2} z_0

Each step costs two passes over the matrix and is the same on every machine: work is counted in steps. What comes out is neither
feasible nor optimal; `bounds` makes a proof of its duals, `sift` an answer of its columns.

References:
    D. Applegate et al., Practical large-scale linear programming using primal-dual hybrid gradient, NeurIPS 34 (2021): scaling,
    restarts, weight of the primal side; H. Lu, J. Yang, Restarted Halpern PDHG for linear programming, arXiv:2407.16144 (from memory).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
from attrs import define, frozen
from scipy.sparse import csc_array, csr_array

from sivuvirta.lp import sweeps
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.program import Arrays

_EQUILIBRATIONS = 6
_POWER_STEPS = 20
_SHORTER = 0.95  # of the longest step that is sure to converge; the norm is known from below
_CHECK = 10  # steps between looks at the residual
_ENOUGH, _SOME, _LONG = 0.2, 0.8, 0.36  # restart: residual down to; down to and growing; part of all steps without one
_GAIN, _MEMORY = 0.99, 0.01  # of the control of the primal weight
_THREADS = 2


@frozen(eq=False)
class Approach:
    """Where the steps led, in the user's units."""

    x: Floats  # within its bounds; rows hold roughly
    duals: Floats


@define(eq=False)
class _Problem:
    """The program scaled: matrix by rows and columns, sides divided by typical sizes."""

    by_row: csr_array
    by_column: csc_array
    cost: Floats
    bounds: tuple[Floats, Floats]
    sides: tuple[Floats, Floats]
    column: Floats  # scaled x times this is x
    dual: Floats  # scaled y times this is y


def approach(arrays: Arrays, steps: int, start: Approach | None = None, stop: Callable[[], bool] | None = None) -> Approach:
    """Takes some steps towards an optimal pair.

    Args:
        arrays: the program; whole numbers count as relaxed.
        steps: how many; some hundreds give a bound within a hundredth, some thousands within a ten-thousandth.
        start: where to start; 0 if left out.
        stop: asked at every look at the residual; True ends the walk there.
    """
    problem = _scaled(arrays)
    x = np.clip(np.zeros(len(arrays.cost)) if start is None else start.x / problem.column, *problem.bounds)
    y = np.zeros(len(arrays.row_lower)) if start is None else start.duals / problem.dual
    with ThreadPoolExecutor(_THREADS) as pool:
        asked = stop or (lambda: False)
        _Walk(problem, (x, y), pool, asked).go(steps, asked)
    return Approach(x * problem.column, y * problem.dual)


class _Walk:
    """The iteration and its memory. `x` and `y` given are written: they end as the last step's."""

    def __init__(self, problem: _Problem, start: tuple[Floats, Floats], pool: ThreadPoolExecutor, stop: Callable[[], bool]) -> None:
        self.problem, self.pool = problem, pool
        self.x, self.y = x, y = start
        self.length = _SHORTER / _norm(problem.by_row, stop)
        self.weight, self.errors = 1.0, 0.0
        self.moved = (np.empty_like(x), np.empty_like(y))
        self.mirrored = (np.empty_like(x), np.empty_like(y))
        self.anchor = (x.copy(), y.copy())
        matrices = (problem.by_column, problem.by_row)
        self.matrices = tuple((matrix.indptr, matrix.indices, matrix.data.astype(np.float32)) for matrix in matrices)
        self.parts = tuple(_parts(matrix.indptr) for matrix in matrices)

    def go(self, steps: int, stop: Callable[[], bool]) -> None:
        first = last = np.inf
        since = 0
        for step in range(steps):
            share = (since + 1) / (since + 2)
            self._step(share)
            if since % _CHECK == 0:
                if stop():
                    break
                residual = self._residual()
                first = residual if since == 0 else first
                far = residual <= _ENOUGH * first or (residual <= _SOME * first and residual > last) or since >= _LONG * (step + 1)
                last = residual
                if since and far:
                    self._restart()
                    since, last = 0, np.inf
                    continue
            since += 1
        self.x[:], self.y[:] = self.moved

    def _step(self, share: float) -> None:
        problem = self.problem
        (x, y), (moved_x, moved_y), (mirror_x, mirror_y), (anchor_x, anchor_y) = self.x_y, self.moved, self.mirrored, self.anchor
        state = (y, x, moved_x, mirror_x, anchor_x)
        self._all(sweeps.columns, 0, (problem.cost, *problem.bounds), state, (self.length / self.weight, share))
        self._all(sweeps.rows, 1, problem.sides, (mirror_x, y, moved_y, mirror_y, anchor_y), (self.length * self.weight, share))

    @property
    def x_y(self) -> tuple[Floats, Floats]:
        return self.x, self.y

    def _all(self, sweep: Callable[..., None], side: int, *rest: object) -> None:
        matrix, parts = self.matrices[side], self.parts[side]
        for done in [self.pool.submit(partial(sweep, part, matrix, *rest)) for part in parts]:
            done.result()

    def _residual(self) -> float:
        """How far the last step moved, in the norm in which the iteration contracts."""
        by_x, by_y = (mirror - moved for mirror, moved in zip(self.mirrored, self.moved, strict=True))
        along, across = self.length / self.weight, self.length * self.weight
        square = by_x @ by_x / along + by_y @ by_y / across - 2 * by_y @ (self.problem.by_row @ by_x)
        return float(np.sqrt(max(square, 0.0)))

    def _restart(self) -> None:
        """Sets the anchor to the last step; the weight follows how far rows and columns have come."""
        far_x, far_y = (float(np.linalg.norm(moved - anchor)) for moved, anchor in zip(self.moved, self.anchor, strict=True))
        if far_x > 0 and far_y > 0:
            error = np.log(far_y / far_x) - np.log(self.weight)
            self.errors += error
            self.weight = float(np.exp(np.log(self.weight) + _GAIN * error + _MEMORY * self.errors))
        for state, moved, anchor in zip(self.x_y, self.moved, self.anchor, strict=True):
            state[:] = moved
            anchor[:] = moved


def _scaled(arrays: Arrays) -> _Problem:
    """Divides columns by their typical size, then rows and columns by roots of their largest entries, then of their sums."""
    shape = (len(arrays.row_lower), len(arrays.cost))
    column = np.where(np.isfinite(arrays.sizes) & (arrays.sizes > 0), arrays.sizes, 1.0)
    matrix = csr_array((arrays.value * column[arrays.column], arrays.column, arrays.start), shape=shape)
    row, entries = np.ones(shape[0]), np.diff(matrix.indptr)
    for turn in range(_EQUILIBRATIONS + 1):
        size = abs(matrix)
        spread = (size.max(axis=1).toarray().ravel(), size.max(axis=0).toarray().ravel()) if turn < _EQUILIBRATIONS else _sums(size)
        down, across = (np.sqrt(np.where(part > 0, part, 1.0)) for part in spread)
        matrix.data /= np.repeat(down, entries) * across[matrix.indices]
        row, column = row / down, column / across
    finite = [np.where(np.isfinite(side), np.abs(side * row), 0.0) for side in (arrays.row_lower, arrays.row_upper)]
    amount, price = (1 / (1 + float(np.linalg.norm(part))) for part in (np.maximum(*finite), arrays.cost * column))
    return _Problem(
        by_row=matrix,
        by_column=matrix.tocsc(),
        cost=arrays.cost * column * price,
        bounds=(arrays.lower / column * amount, arrays.upper / column * amount),
        sides=(arrays.row_lower * row * amount, arrays.row_upper * row * amount),
        column=column / amount,
        dual=row / price,
    )


def _sums(matrix: csr_array) -> tuple[Floats, Floats]:
    return matrix.sum(axis=1), matrix.sum(axis=0)


def _norm(matrix: csr_array, stop: Callable[[], bool]) -> float:
    """Largest singular value, from below; where it was stopped, from above by the largest sums."""
    vector = np.random.default_rng(0).standard_normal(matrix.shape[1])
    square = 0.0
    for _ in range(_POWER_STEPS):
        if stop():
            size = abs(matrix)
            square = float(size.sum(axis=1).max(initial=0.0) * size.sum(axis=0).max(initial=0.0))
            break
        vector = matrix.T @ (matrix @ vector)
        square = float(np.linalg.norm(vector))
        vector = vector / max(square, np.finfo(float).tiny)
    return max(float(np.sqrt(square)), np.finfo(float).tiny)


def _parts(start: np.ndarray) -> list[tuple[int, int]]:
    """Ranges of rows or columns with alike many entries, one a thread."""
    ends = np.searchsorted(start, np.linspace(0, start[-1], _THREADS + 1)).tolist()
    ends[0], ends[-1] = 0, len(start) - 1
    return [(first, last) for first, last in pairwise(ends) if last > first]
