"""Core: the relaxed program with only those rows that matter so far, in two copies that run side by side.

A row that is left out has the dual 0, so what a core proves holds for the program; an answer of the core that breaks a row left out gets
that row, and is solved again from where it stood. Both copies have the same rows in the same order at all times, so that a basis of one
starts the other and what comes out does not hang on which of them ends first.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.results import NO_LIMIT

COPIES = 2  # always, so that the same program is solved in the same way on every machine
_BROKEN = 5e-9  # of a scaled row
_ROUNDS = 50  # of added rows at most


@frozen(eq=False)
class Job:
    """A relaxation to be solved."""

    lower: Floats  # of the choices
    upper: Floats
    basis: Any = None  # where to start; None: where the copy stands
    iterations: int = NO_LIMIT  # with a limit no rows are added: a look, not an answer


@frozen(eq=False)
class Told:
    """What came of it."""

    status: str  # optimal | infeasible | open
    x: Floats  # shape (columns,)
    duals: Floats  # shape (rows,), 0 where a row is left out; of a ray where infeasible, empty where there is none
    basis: Any


class Core:
    """The relaxed program in two copies, rows added as they are broken.

    Args:
        arrays: the program in the solver's scale; its whole numbers count as relaxed.
        integers: columns whose bounds the jobs set.
        rows: those to start with, shape (rows,); all if left out.
        ready: gives a new copy its time and its watch.
        left: tells the seconds that are left, before each solve.
    """

    def __init__(
        self,
        arrays: Arrays,
        integers: Ints,
        rows: npt.NDArray[np.bool_] | None = None,
        ready: Callable[[Any], None] | None = None,
        left: Callable[[], float] | None = None,
    ) -> None:
        self.arrays, self.integers, self._left = arrays, integers, left
        self.matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=(len(arrays.row_lower), len(arrays.cost)))
        self.rows: Ints = np.flatnonzero(np.ones(len(arrays.row_lower), bool) if rows is None else rows).astype(np.int32)
        self.copies = [self._copy() for _ in range(COPIES)]
        for copy in self.copies:
            if ready:
                ready(copy)
        self._pool = ThreadPoolExecutor(COPIES)

    def close(self) -> None:
        """Ends the threads."""
        self._pool.shutdown()

    def solve(self, *jobs: Job) -> list[Told]:
        """Solves up to two relaxations side by side."""
        waiting = list(zip(self.copies, jobs, strict=False))
        left = self._left() if self._left else np.inf
        for copy, _ in waiting:
            copy.setOptionValue("time_limit", copy.getRunTime() + left)
        for done in [self._pool.submit(_started, copy, self.integers, job) for copy, job in waiting]:
            done.result()
        for _ in range(_ROUNDS):
            broken = [self._broken(copy) for copy, job in waiting if job.iterations == NO_LIMIT]
            if not any(len(rows) for rows in broken):
                break
            self._add(np.unique(np.concatenate(broken)))
            for done in [self._pool.submit(copy.run) for copy, _ in waiting]:  # with more rows a copy has no answer until it runs
                done.result()
        return [self._told(copy, job) for copy, job in waiting]

    def _copy(self) -> Any:
        arrays, part = self.arrays, self.matrix[self.rows].tocsc()
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("solver", "simplex"), ("presolve", "off"), ("threads", 1)):
            highs.setOptionValue(name, value)
        highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
        sides, bounds = (arrays.row_lower[self.rows], arrays.row_upper[self.rows]), (arrays.cost, arrays.lower, arrays.upper)
        whole = np.zeros(part.shape[1], np.int32)
        highs.passModel(part.shape[1], part.shape[0], part.nnz, 1, 1, 0.0, *bounds, *sides, part.indptr, part.indices, part.data, whole)
        return highs

    def _broken(self, copy: Any) -> Ints:
        """Rows left out that the copy's optimum does not keep."""
        if len(self.rows) == len(self.arrays.row_lower) or copy.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.zeros(0, dtype=np.int32)
        activity = self.matrix @ np.array(copy.getSolution().col_value)
        far = np.maximum(self.arrays.row_lower - activity, activity - self.arrays.row_upper)
        far[self.rows] = 0.0
        return np.flatnonzero(far > _BROKEN).astype(np.int32)

    def _add(self, rows: Ints) -> None:
        part, arrays = self.matrix[rows], self.arrays
        for copy in self.copies:
            copy.addRows(len(rows), arrays.row_lower[rows], arrays.row_upper[rows], part.nnz, part.indptr[:-1], part.indices, part.data)
        self.rows = np.concatenate([self.rows, rows])

    def _told(self, copy: Any, job: Job) -> Told:
        status, solution = copy.getModelStatus(), copy.getSolution()
        if status == highspy.HighsModelStatus.kInfeasible:
            _, there, ray = copy.getDualRay()
            return Told("infeasible", np.zeros(0), self._spread(ray) if there else np.zeros(0), None)
        done = "optimal" if status == highspy.HighsModelStatus.kOptimal else "open"
        basis = copy.getBasis() if done == "optimal" and job.iterations == NO_LIMIT else None
        return Told(done, np.array(solution.col_value), self._spread(solution.row_dual), basis)

    def _spread(self, values: Any) -> Floats:
        """Values of the core's rows as values of all rows; 0 for the others."""
        all_, own = np.zeros(len(self.arrays.row_lower)), np.array(values, dtype=float)
        all_[self.rows[: len(own)]] = own[: len(self.rows)]
        return all_


def _started(highs: Any, integers: Ints, job: Job) -> None:
    highs.changeColsBounds(len(integers), integers, job.lower, job.upper)
    if job.basis is not None:
        highs.setBasis(with_rows(job.basis, int(highs.getNumRow())))
    highs.setOptionValue("simplex_iteration_limit", job.iterations)
    highs.run()


def with_rows(basis: Any, count: int) -> Any:
    """A basis for more rows than it was made with: those that came later are basic."""
    states = list(basis.row_status)
    missing = count - len(states)
    if missing > 0:
        basis.row_status = [*states, *[highspy.HighsBasisStatus.kBasic] * missing]
    return basis


def first_rows(arrays: Arrays, basis: Any) -> tuple[npt.NDArray[np.bool_], Any]:
    """Rows to start a core with, and the basis of the whole program for these: equations, and rows that are not basic.

    Args:
        arrays: the program.
        basis: of an optimum of the whole relaxation; None where there is none: then all rows.
    """
    keep = arrays.row_lower == arrays.row_upper
    states = [] if basis is None or not basis.valid else list(basis.row_status)  # once: each look copies them all
    if len(states) != len(keep):
        return np.ones_like(keep), None
    basic = np.array([state == highspy.HighsBasisStatus.kBasic for state in states], dtype=bool)
    keep |= ~basic
    part = highspy.HighsBasis()
    part.col_status = basis.col_status
    part.row_status = [states[row] for row in np.flatnonzero(keep).tolist()]
    part.valid = True
    return keep, part
