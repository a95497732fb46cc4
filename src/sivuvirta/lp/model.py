"""Model: a program inside HiGHS, solved, changed and solved again."""

from __future__ import annotations

import highspy
import numpy as np

from sivuvirta.lp.entries import Floats
from sivuvirta.lp.methods import Methods
from sivuvirta.lp.results import METHODS, NO_LIMIT, Result, SolveOptions, nothing
from sivuvirta.lp.watch import Watch, attach, stopped

__all__ = ["METHODS", "Model", "Result", "SolveOptions"]


class Model(Methods):
    """A program handed to HiGHS as raw arrays in one call; bounds, costs and right-hand sides may change between solves."""

    def solve(self, options: SolveOptions | None = None) -> Result:
        """Solves.

        Returns:
            The answer; its status is "infeasible" where there is none, and `x` is then empty.

        Raises:
            SolverError: the solver stopped before it had an answer and none is known without it, or the objective has no bound.
            MissingExtraError: method "hipo" without its package.
        """
        options = options or SolveOptions()
        started = self.clock()
        self._until = started + options.time_limit
        if self.program.shape[1] == 0:
            return self._empty()
        method = self._choose(options)
        self._watch(options.watch)
        if stopped(options.watch):
            return self._left(method, started)
        method = self._run(method)
        if method == "near":
            return self._near(options, started)
        if method == "guided":
            return self._guided(options, started)
        return self._told(method, started)

    def _watch(self, watch: Watch | None) -> None:
        if watch is None and self._watching is None:
            return
        begun = self.highs.getRunTime()
        attach(self.highs, watch, lambda seconds, found, bound: self._progress(seconds - begun, found, bound))
        self._watching = watch

    def few(self, iterations: int) -> bool:
        """Whether the simplex is done from where it stands within some iterations; the next `solve` goes on from there.

        Costs are not perturbed: near the optimum that only leads away from it (ten times as many iterations, measured).
        """
        self._set(solver="simplex", presolve="off", simplex_iteration_limit=max(1, iterations))
        self._set(dual_simplex_cost_perturbation_multiplier=0.0, time_limit=np.inf)
        self.highs.run()
        done = bool(self.highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit)
        self._set(presolve="choose", simplex_iteration_limit=NO_LIMIT, dual_simplex_cost_perturbation_multiplier=1.0)
        return done

    def ranges(self) -> tuple[Floats, Floats]:
        """Least and largest right-hand side of each row for which the duals of the last answer hold, everything else held as it is.

        Returns:
            Low and high, in the unit of the row, shape (rows,) each; of use for rows that bind. NaN where the program has whole numbers or
            the answer no basis.
        """
        unknown = np.full(self.program.shape[0], np.nan)
        if self._whole or self.program.shape[1] == 0:
            return unknown, unknown
        status, found = self.highs.getRanging()
        if status == highspy.HighsStatus.kError or not found.valid:
            return unknown, unknown
        rows = self.program.shape[0]
        low, high = (np.array(side.value_)[:rows] / self.scale.row + 0.0 for side in (found.row_bound_dn, found.row_bound_up))
        return low, high

    def _empty(self) -> Result:
        """A program without columns: its rows are 0, and hold or do not."""
        rows = self.program.shape[0]
        if (self.arrays.row_lower > 0).any() or (self.arrays.row_upper < 0).any():
            return nothing(0.0, "none")
        none = np.zeros(0)
        return Result("optimal", none, np.zeros(rows), np.zeros(rows), none, 0.0, 0.0, 0.0, 0.0, "none", 0)
