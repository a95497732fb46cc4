"""Answers: reads what HiGHS found, and says what is known where it found nothing in time."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
import numpy.typing as npt
from attrs import evolve

from sivuvirta.errors import SolverError
from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.cleaning import snapped
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.instance import Instance
from sivuvirta.lp.results import NO_LIMIT, OPTIMAL, STOPPED, Result, nothing
from sivuvirta.lp.watch import Progress, attach, stopped
from sivuvirta.lp.whole.guided import holds, with_added

_CLOSURE = 1e-10  # of what flows through a row
_SOON = 30.0  # seconds for all tries at an answer without a search, which presolve alone finds
_CLOSING = 1.0  # second to close the rows of an answer that is found, whatever time is left
_BETTER = 1e-9  # of an objective: what is less is rounding

Try = tuple[npt.NDArray[np.int32], Floats]  # columns to be held, and their scaled values


class Answers(Instance):
    """An instance whose answers are read."""

    def _told(self, method: str, started: float, floor: float = -np.inf) -> Result:
        """What the last run found; where it ended before it had anything, what is known without it.

        Args:
            method: that ran.
            started: when, on the wall's clock.
            floor: what no answer can be below, where that is known already.
        """
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kUnknown:
            self._again()  # the crossover lost its way
        if self.highs.getModelStatus() in OPTIMAL and not self._whole and self._closes_badly():
            self._again()
        status = self.highs.getModelStatus()
        seconds = self.clock() - started
        if status == highspy.HighsModelStatus.kInfeasible:
            return nothing(seconds, method)
        if status in OPTIMAL:
            return self._result("optimal", seconds, method)
        if status in STOPPED and self._has_answer():
            result = self._better(self._result("feasible", seconds, method))
            return self._bounded(result, max(result.bound, floor if self._whole else max(floor, self._proven())))
        if status in STOPPED and self._whole and np.isfinite(told := self.highs.getInfo().mip_dual_bound):
            floor = max(floor, told / self.scale.cost - self.offset)
        if status in STOPPED or stopped(self._watching):
            return self._left(method, started, floor)
        raise self._without(seconds, self.highs.modelStatusToString(status))

    def _left(self, method: str, started: float, floor: float = -np.inf) -> Result:
        """What is known without any search, where there was no time for one."""
        told = "Time limit reached" if self._rest() <= 0 else self.highs.modelStatusToString(self.highs.getModelStatus())
        told = "Stopped" if stopped(self._watching) else told
        known = self._known(floor)
        if known is None:
            raise self._without(self.clock() - started, told)
        return evolve(known, seconds=self.clock() - started, method=method)

    def _without(self, seconds: float, told: str) -> SolverError:
        return SolverError(f"The solver stopped on '{self.program.name}' after {seconds:.0f} s without an answer: {told}.")

    def _known(self, floor: float) -> Result | None:
        """An answer that needs no search, with the best bound that can be proven.

        The one offered, its whole numbers, rest, nothing built, all built: the first that keeps all rows counts.
        """
        floor = max(floor, self._proven())
        found = self._given() or self._first(self._tries())
        return None if found is None else self._bounded(found, floor)

    def _tries(self) -> list[Try]:
        """Columns to hold, one after another, until there is an answer."""
        arrays, column = self.arrays, self.scale.column
        lower, upper = arrays.lower / column, arrays.upper / column
        tried: list[Try] = []
        if self._start is not None:
            offered = np.clip(self._start, lower, upper)
            tried = [(np.arange(len(column), dtype=np.int32), offered), (self.integers, np.round(offered[self.integers]))]
        tried += [(held.astype(np.int32), lower[held]) for held in (self.rest, self.integers) if held is not None]
        return [*tried, (self.integers, upper[self.integers])]

    def _first(self, tries: Sequence[Try]) -> Result | None:
        """The first answer with some columns held. Nobody looks on, so all of it is short. Leaves the program's own bounds."""
        arrays, column = self.arrays, self.scale.column
        every = np.arange(len(column), dtype=np.int32)
        attach(self.highs, None, None)
        self._watching = None
        self._until = self.clock() + _SOON
        self._count_whole(0)
        found = next((one for held, value in tries if len(held) and (one := self._holding(held, value)) is not None), None)
        self.highs.clearSolver()
        self.highs.changeColsBounds(len(every), every, arrays.lower / column, arrays.upper / column)
        self._count_whole(int(self._whole))
        return found

    def _better(self, result: Result) -> Result:
        """The answer, or the one offered where that is better: a solver that is stopped may not have taken it yet."""
        if self._start is None or not np.isfinite(self._start).all():
            return result
        least = result.objective - _BETTER * abs(result.objective) if result.found else np.inf
        if float(self.arrays.cost @ self.scale.values(self._start)) >= least:
            return result
        given = self._given()
        if given is None and self._whole and holds(with_added(self.highs, self._scaled()), self._start):
            given = self._first([(self.integers, np.round(self._start[self.integers]))])
        if given is None or given.objective >= least:
            return result
        status, bound = (result.status, result.bound) if result.found else ("feasible", -np.inf)
        told = evolve(given, status=status, seconds=result.seconds, method=result.method, iterations=result.iterations)
        return self._bounded(told, bound)

    def _given(self) -> Result | None:
        """The solution that was offered, if it keeps all rows as it is."""
        if self._start is None or not np.isfinite(self._start).all():
            return None
        scaled = self._start.copy()
        scaled[self.integers] = np.round(scaled[self.integers]) if self._whole else scaled[self.integers]
        x = self.scale.values(scaled)
        if not holds(with_added(self.highs, self._scaled()), scaled) or self.closure(x).max(initial=0.0) > _CLOSURE:
            return None
        unknown = np.full(self.program.shape[0], np.nan), np.full(self.program.shape[1], np.nan)
        objective, activity = float(self.arrays.cost @ x), self.matrix @ scaled / self.scale.row
        return Result("feasible", x, activity, *unknown, objective, -np.inf, np.inf, 0.0, "", 0)

    def _holding(self, held: npt.NDArray[np.int32], value: Floats) -> Result | None:
        """The best answer with some scaled columns held, if it is soon found. Leaves them held and the others at their own bounds."""
        arrays, column = self.arrays, self.scale.column
        lower, upper = arrays.lower / column, arrays.upper / column
        lower[held] = upper[held] = value
        if not np.isfinite(value).all():
            return None
        every = np.arange(len(column), dtype=np.int32)
        self.highs.clearSolver()
        self.highs.changeColsBounds(len(every), every, lower, upper)
        self._set(solver="simplex", presolve="choose", simplex_iteration_limit=NO_LIMIT)
        self._go(self._rest() / 2)  # the rest is for the tries that follow
        if self.highs.getModelStatus() not in OPTIMAL or self._closes_badly():
            return None
        rows, columns = self.program.shape
        return evolve(self._result("feasible", 0.0, ""), duals=np.full(rows, np.nan), reduced=np.full(columns, np.nan))

    def _proven(self) -> float:
        """What the duals of the last run prove, good or not, or none at all."""
        arrays, rows = self._scaled(), self.program.shape[0]
        upper, last = implied_upper(arrays), np.array(self.highs.getSolution().row_dual)[:rows]
        tried = [np.zeros(rows), *([last] if len(last) == rows else [])]
        return max(dual_bound(arrays, duals, upper).value for duals in tried) / self.scale.cost

    def _result(self, status: str, seconds: float, method: str) -> Result:
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        arrays, column = self.arrays, self.scale.column
        scaled = snapped(np.array(solution.col_value), arrays.lower / column, arrays.upper / column)
        x, activity = self.scale.values(scaled), self.matrix @ scaled / self.scale.row
        missing = self._whole or not solution.dual_valid
        duals = (
            np.full(self.program.shape[0], np.nan) if missing else self.scale.duals(np.array(solution.row_dual)[: self.program.shape[0]])
        )
        reduced = np.full(self.program.shape[1], np.nan) if missing else self.scale.reduced(np.array(solution.col_dual))
        objective = float(arrays.cost @ x)
        bound = info.mip_dual_bound / self.scale.cost - self.offset if self._whole else objective if status == "optimal" else -np.inf
        bound = min(bound, objective)
        return Result(
            status=status,
            x=x,
            activity=activity,
            duals=duals,
            reduced=reduced,
            objective=objective,
            bound=bound,
            gap=self.gap(objective, bound),
            seconds=seconds,
            method=method,
            iterations=int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
        )

    def _bounded(self, result: Result, bound: float) -> Result:
        """The answer with a better bound."""
        bound = min(max(bound, -np.inf), result.objective)
        return evolve(result, bound=bound, gap=self.gap(result.objective, bound)) if result.found else result

    def _again(self) -> None:
        """Solves once more from the last basis, by the simplex on the whole program: its answer is exact at a vertex."""
        self._set(solver="simplex", presolve="off")
        self._go(max(self._rest(), _CLOSING))
        self._set(presolve="choose")

    def _rest(self) -> float:
        """Seconds of the wall's clock that are left to this solve."""
        return max(self._until - self.clock(), 0.0)

    def _go(self, seconds: float | None = None) -> None:
        """Runs the solver for what time is left: its own clock stands still while we work, and counts over all its runs."""
        self._set(time_limit=self.highs.getRunTime() + (self._rest() if seconds is None else seconds))
        self.highs.run()

    def _closes_badly(self) -> bool:
        x = self.scale.values(np.array(self.highs.getSolution().col_value))
        return bool(self.closure(x).max(initial=0.0) > _CLOSURE)

    def _has_answer(self) -> bool:
        return int(self.highs.getInfo().primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)

    def _progress(self, seconds: float, found: float, bound: float) -> Progress:
        known, least = (value / self.scale.cost - self.offset for value in (found, bound))
        gap = self.gap(known, least) if np.isfinite(found) and np.isfinite(bound) else np.inf
        return Progress(max(seconds, 0.0), float(known), float(least), float(gap))
