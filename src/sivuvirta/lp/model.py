"""Model: a program inside HiGHS, solved, changed and solved again."""

from __future__ import annotations

from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen, validators
from scipy.sparse import csc_array, csr_array

from sivuvirta.errors import MissingExtraError, SolverError
from sivuvirta.lp.cleaning import snapped
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.guided import guide, status_of
from sivuvirta.lp.program import Arrays, Program
from sivuvirta.lp.scaling import Scale, cost_scale, power_of_two, scale_matrix
from sivuvirta.lp.watch import Progress, Watch, attach

if TYPE_CHECKING:
    from sivuvirta.lp.near import Near

METHODS = ("auto", "simplex", "ipm", "hipo", "near", "guided")

_SIMPLEX_BELOW = 60_000  # nonzeros, about 100 streams with 50 needs each; below, the simplex wins or loses a tenth of a second
_NEAR_ABOVE = 3_000_000  # nonzeros, about 6 000 streams; beyond, interior point ends in no time that anybody waits for
_TRIAL_PARTS = (0.05, 0.15)  # iterations of the trial in rows
_TRIAL_REST = 1.3  # iterations granted where the trial goes well, in rows
_NO_LIMIT = 2**31 - 1
_MANY = 2_000  # entries of which each is not changed alone (measured)
_BY_COLUMNS, _MINIMISE = 1, 1
_LEAST_GAP = 1e-6  # of the scaled objective
_CLOSURE = 1e-10  # of what flows through a row
_ROUNDING = 1e-9  # of an objective: a gap below it is none
_TOLERANCE = 1e-9  # of scaled rows and columns, hence relative to each node's throughput
_FOUND = {highspy.HighsModelStatus.kOptimal: "optimal"}
_STOPPED = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
)


@frozen(kw_only=True)
class SolveOptions:
    """How to solve."""

    method: str = field(default="auto", validator=validators.in_(METHODS))
    time_limit: float = 300.0  # seconds
    gap: float = 1e-4  # of the objective with its offset, at which a program with whole numbers is optimal
    threads: int = 0  # 0: as many as the solver likes
    watch: Watch | None = None  # who looks on, and may stop it


@frozen(eq=False)
class Result:
    """An answer, in the user's units."""

    status: str  # optimal | feasible | infeasible
    x: Floats  # value of each column
    activity: Floats  # value of each row
    duals: Floats  # objective per unit of a row's right-hand side; NaN where the program has whole numbers
    reduced: Floats  # reduced cost of each column; NaN where the program has whole numbers
    objective: float
    bound: float  # no answer can be below
    gap: float  # of the objective with its offset
    seconds: float
    method: str
    iterations: int

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return self.status in {"optimal", "feasible"}


class Model:
    """A program handed to HiGHS as raw arrays in one call; bounds, costs and right-hand sides may change between solves."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.arrays = program.arrays()
        self.integers = np.flatnonzero(self.arrays.integer).astype(np.int32)
        self._whole = len(self.integers) > 0
        self.offset = 0.0
        self._watched = False
        self._start: Floats | None = None
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self._pass()

    def _pass(self) -> None:
        """Scales the matrix in place, turns it to columns (cheaper than leaving that to HiGHS, measured) and hands it over."""
        arrays, (rows, columns) = self.arrays, self.program.shape
        column, row = scale_matrix(arrays.start, arrays.column, arrays.value, arrays.sizes)
        self._refuse_nan(row)
        self.scale = Scale(column, row, cost_scale(arrays.cost, column))
        self.matrix: csc_array = csr_array((arrays.value, arrays.column, arrays.start), shape=(rows, columns)).tocsc()
        if self._hand() == highspy.HighsStatus.kError:
            raise SolverError(f"HiGHS did not accept program '{self.program.name}': a lower bound may be above its upper bound.")

    def _hand(self) -> Any:
        """Hands the program to HiGHS as it is now; whatever HiGHS knew of it is gone."""
        arrays, (rows, columns), column, row = self.arrays, self.program.shape, self.scale.column, self.scale.row
        return self.highs.passModel(
            columns,
            rows,
            self.matrix.nnz,
            _BY_COLUMNS,
            _MINIMISE,
            self.offset * self.scale.cost,
            self.scale.costs(arrays.cost),
            arrays.lower / column,
            arrays.upper / column,
            arrays.row_lower * row,
            arrays.row_upper * row,
            self.matrix.indptr,
            self.matrix.indices,
            self.matrix.data,
            arrays.integer if self._whole else np.zeros_like(arrays.integer),  # HiGHS reads one per column whatever its length
        )

    def _refuse_nan(self, row: Floats) -> None:
        """HiGHS takes NaN without a word, so we look."""
        for values in (row, self.arrays.row_lower, self.arrays.row_upper):
            wrong = np.flatnonzero(np.isnan(values))
            if len(wrong):
                family, position = self.program.find(int(wrong[0]))
                raise SolverError(f"Row {family.text(position)} of program '{self.program.name}' has a NaN in it.")
        for block in self.program.blocks:
            for values in (self.arrays.cost, self.arrays.lower, self.arrays.upper):
                wrong = np.flatnonzero(np.isnan(block.of(values)))
                if len(wrong):
                    label = block.label(int(wrong[0]))
                    raise SolverError(f"Column {block.name}({label}) of program '{self.program.name}' has a NaN cost or bound.")

    def bound(self, columns: npt.NDArray[Any], lower: npt.ArrayLike, upper: npt.ArrayLike) -> None:
        """Gives columns new bounds."""
        columns = columns.astype(np.int32)
        factor = self.scale.column[columns]
        least, most = (np.broadcast_to(np.asarray(side, dtype=float), columns.shape) for side in (lower, upper))
        self.highs.changeColsBounds(len(columns), columns, least / factor, most / factor)
        self.arrays.lower[columns], self.arrays.upper[columns] = least, most

    def limit(self, rows: npt.NDArray[Any], lower: npt.ArrayLike, upper: npt.ArrayLike) -> None:
        """Gives rows new limits."""
        rows = rows.astype(np.int32)
        factor = self.scale.row[rows]
        least, most = (np.broadcast_to(np.asarray(side, dtype=float), rows.shape) for side in (lower, upper))
        self.highs.changeRowsBounds(len(rows), rows, least * factor, most * factor)
        self.arrays.row_lower[rows], self.arrays.row_upper[rows] = least, most

    def places(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Where entries stand in `matrix.data`, for `alter`; each must be there. Shape as rows."""
        start, inner = self.matrix.indptr, self.matrix.indices
        found = [
            start[column] + np.flatnonzero(inner[start[column] : start[column + 1]] == row)[0]
            for row, column in zip(rows, columns, strict=True)
        ]
        return np.asarray(found, dtype=np.int64)

    def alter(self, places: npt.NDArray[Any], values: Floats) -> None:
        """Gives entries of the matrix new values; where they are many, the program is handed over anew, and any basis is lost.

        Args:
            places: of `places`.
            values: in the user's units, shape as places.
        """
        rows = self.matrix.indices[places]
        columns = np.searchsorted(self.matrix.indptr, places, side="right") - 1
        scaled = values * self.scale.row[rows] * self.scale.column[columns]
        moved = np.flatnonzero(scaled != self.matrix.data[places])
        self.matrix.data[places] = scaled
        if len(moved) > _MANY and not self.cuts:
            self._hand()
            return
        for row, column, value in zip(rows[moved].tolist(), columns[moved].tolist(), scaled[moved].tolist(), strict=True):
            self.highs.changeCoeff(row, column, value)

    @property
    def cuts(self) -> int:
        """Number of rows that were added to the program."""
        return int(self.highs.getNumRow()) - self.program.shape[0]

    def cut(self, values: Floats, lower: float = -np.inf, upper: float = np.inf) -> None:
        """Adds a row over all columns below the program's own rows; answers do not tell its dual.

        Args:
            values: coefficient of each column, shape (columns,).
            lower: least of the row.
            upper: most of it.
        """
        scaled = values * self.scale.column
        columns = np.flatnonzero(scaled).astype(np.int32)
        factor = 1.0 / float(power_of_two(np.array([np.abs(scaled).max(initial=0.0)]))[0])
        self.highs.addRow(lower * factor, upper * factor, len(columns), columns, scaled[columns] * factor)

    def uncut(self, keep: int = 0) -> None:
        """Takes the rows that were added away again, but for the first few."""
        count, own = self.cuts - keep, self.program.shape[0]
        if count > 0:
            self.highs.deleteRows(count, np.arange(own + keep, own + keep + count, dtype=np.int32))

    def minimise(self, cost: Floats, offset: float = 0.0) -> None:
        """Gives every column a new cost.

        Args:
            cost: objective per unit of each column.
            offset: what to add to the objective where gaps are reckoned. Less the cost of a known answer, say, so that a gap is a part of
                the improvement on it and not of all that nobody can change. Answers and bounds are told without it.
        """
        columns = np.arange(len(cost), dtype=np.int32)
        self.scale = evolve(self.scale, cost=cost_scale(cost, self.scale.column))
        self.highs.changeColsCost(len(cost), columns, self.scale.costs(cost))
        self.highs.changeObjectiveOffset(offset * self.scale.cost)
        self.arrays.cost[:] = cost
        self.offset = offset

    def gap(self, objective: float, bound: float) -> float:
        """Part of the objective, offset included, that a better answer might still save; what is rounding of the whole is none."""
        missing = objective - bound
        if not np.isfinite(missing):
            return float("inf")
        if missing <= _ROUNDING * max(abs(objective), abs(self.offset)):
            return 0.0
        return float(missing / max(abs(objective + self.offset), missing))

    def closure(self, x: Floats) -> Floats:
        """How far each row is outside its limits, relative to the sum of what flows through it. Shape (rows,)."""
        scaled, row = x / self.scale.column, self.scale.row
        activity, through = self.matrix @ scaled, abs(self.matrix) @ np.abs(scaled)
        missing = np.maximum(self.arrays.row_lower * row - activity, activity - self.arrays.row_upper * row)
        relative: Floats = np.maximum(missing, 0.0) / np.maximum(through, np.finfo(float).tiny)
        return relative

    def suggest(self, x: Floats) -> None:
        """Offers a solution to start from, to a program with whole numbers."""
        self._start = x / self.scale.column
        self._offer(self._start)

    def fix_integers(self, x: Floats) -> None:
        """Fixes the whole numbers at a solution's and makes a linear program of what is left, so that duals exist."""
        value = np.round(x[self.integers])
        self.bound(self.integers, value, value)
        self.relax_integers()

    def relax_integers(self) -> None:
        """Lets columns that must be whole numbers be any."""
        self.highs.changeColsIntegrality(len(self.integers), self.integers, np.zeros(len(self.integers), dtype=np.uint8))
        self._whole = False

    def free_integers(self, lower: npt.ArrayLike, upper: npt.ArrayLike) -> None:
        """Undoes `fix_integers`, and gives the columns these bounds."""
        self.bound(self.integers, lower, upper)
        self.highs.changeColsIntegrality(len(self.integers), self.integers, np.ones(len(self.integers), dtype=np.uint8))
        self._whole = len(self.integers) > 0

    def solve(self, options: SolveOptions | None = None) -> Result:
        """Solves.

        Returns:
            The answer; its status is "infeasible" where there is none, and `x` is then empty.

        Raises:
            SolverError: the solver stopped without an answer, or the objective has no bound.
            MissingExtraError: method "hipo" without its package.
        """
        options = options or SolveOptions()
        started = perf_counter()
        if self.program.shape[1] == 0:
            return self._empty()
        method = self._choose(options)
        self._watch(options.watch)
        method = self._run(method)
        if method == "near":
            return self._near(options, started)
        if method == "guided":
            return self._guided(started)
        return self._told(method, started)

    def _told(self, method: str, started: float) -> Result:
        """What the last run found."""
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kUnknown:
            self._again()  # the crossover lost its way
        status = self.highs.getModelStatus()
        if status in _FOUND and not self._whole and self._closes_badly():
            self._again()
        seconds = perf_counter() - started
        if status == highspy.HighsModelStatus.kInfeasible:
            return _nothing(seconds, method)
        if status in _STOPPED and self._has_answer():
            return self._result("feasible", seconds, method)
        if status not in _FOUND:
            told = self.highs.modelStatusToString(status)
            raise SolverError(f"The solver stopped on '{self.program.name}' after {seconds:.0f} s without an answer: {told}.")
        return self._result("optimal", seconds, method)

    def _watch(self, watch: Watch | None) -> None:
        if watch is None and not self._watched:
            return
        begun = self.highs.getRunTime()
        attach(self.highs, watch, lambda seconds, found, bound: self._progress(seconds - begun, found, bound))
        self._watched = watch is not None

    def _progress(self, seconds: float, found: float, bound: float) -> Progress:
        known, least = (value / self.scale.cost - self.offset for value in (found, bound))
        gap = self.gap(known, least) if np.isfinite(found) and np.isfinite(bound) else np.inf
        return Progress(max(seconds, 0.0), float(known), float(least), float(gap))

    def few(self, iterations: int) -> bool:
        """Whether the simplex is done from where it stands within some iterations; the next `solve` goes on from there.

        Costs are not perturbed: near the optimum that only leads away from it (ten times as many iterations, measured).
        """
        self._set(solver="simplex", presolve="off", simplex_iteration_limit=max(1, iterations))
        self._set(dual_simplex_cost_perturbation_multiplier=0.0)
        self.highs.run()
        done = bool(self.highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit)
        self._set(presolve="choose", simplex_iteration_limit=_NO_LIMIT, dual_simplex_cost_perturbation_multiplier=1.0)
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
            return _nothing(0.0, "none")
        none = np.zeros(0)
        return Result("optimal", none, np.zeros(rows), np.zeros(rows), none, 0.0, 0.0, 0.0, 0.0, "none", 0)

    def _again(self) -> None:
        """Solves once more from the last basis, by the simplex on the whole program: its answer is exact at a vertex."""
        self._set(solver="simplex", presolve="off")
        self.highs.run()
        self._set(presolve="choose")

    def _closes_badly(self) -> bool:
        x = self.scale.values(np.array(self.highs.getSolution().col_value))
        return bool(self.closure(x).max(initial=0.0) > _CLOSURE)

    def _choose(self, options: SolveOptions) -> str:
        """Sets the solver's options; returns the method by size, "trial" where size alone does not tell."""
        method, size = options.method, self.matrix.nnz
        if method == "auto":
            method = "simplex" if size < _SIMPLEX_BELOW else "guided" if self._whole else "trial"
        if method == "hipo" and find_spec("highspy_extras") is None:
            raise MissingExtraError("Method 'hipo' needs the package highspy-extras: pip install highspy-extras.")
        if method == "near" and self._whole:
            raise SolverError(f"Method 'near' is for programs without whole numbers; '{self.program.name}' has some.")
        if method == "guided" and not self._choices():
            method = "ipm"  # also where nothing is to be chosen
        solver = "simplex" if method in {"trial", "near"} else "ipm" if method == "guided" else method
        self._set(
            time_limit=self.highs.getRunTime() + options.time_limit,  # HiGHS counts over all runs of an instance
            mip_rel_gap=options.gap,
            mip_abs_gap=max(_LEAST_GAP, _ROUNDING * abs(self.offset) * self.scale.cost),
            primal_feasibility_tolerance=_TOLERANCE,
            threads=options.threads,
            simplex_iteration_limit=_NO_LIMIT,
        )
        if self._whole:
            self._set(mip_lp_solver=solver, solver="choose")
        else:
            self._set(solver=solver, run_crossover="on")
        return method

    def _run(self, method: str) -> str:
        """Runs; a trial goes on with the simplex or changes to interior point. Returns the method that gave the answer."""
        if method != "trial":
            if method not in {"near", "guided"}:
                self.highs.run()
            return method
        if self._trial():
            return "simplex"
        self.highs.clearSolver()
        self._set(solver="ipm", presolve="choose", simplex_iteration_limit=_NO_LIMIT)
        if self.matrix.nnz > _NEAR_ABOVE:
            return "near"
        self.highs.run()
        return "ipm"

    def _choices(self) -> bool:
        """Whether the whole numbers are choices between 0 and 1, or are held at one of them."""
        sides = np.concatenate([self.arrays.lower[self.integers], self.arrays.upper[self.integers]])
        return self._whole and bool(np.isin(sides, (0.0, 1.0)).all())

    def _guided(self, started: float) -> Result:
        """Relaxation, dive, choices proven out, then branching within what is left."""
        integers = self.integers
        self._count_whole(0)
        found = guide(self.highs, self._scaled(), integers, self._relaxed)
        self._count_whole(1)
        self._set(solver="choose", presolve="choose")
        if found is None:
            self.highs.run()
            return self._told("ipm", started)
        self.highs.changeColsBounds(len(integers), integers, found.lower, found.upper)
        known = self._start
        if found.x is not None and (known is None or found.value <= self.scale.costs(self.arrays.cost) @ known):
            known = found.x
        if known is not None:
            self._offer(known)
        self.highs.run()
        result = self._told("guided", started)
        self.highs.changeColsBounds(len(integers), integers, self.arrays.lower[integers], self.arrays.upper[integers])
        return self._bounded(result, max(found.bound, min(result.bound * self.scale.cost, found.value)) / self.scale.cost)

    def _bounded(self, result: Result, bound: float) -> Result:
        """The answer with a better bound."""
        bound = min(max(bound, -np.inf), result.objective)
        return evolve(result, bound=bound, gap=self.gap(result.objective, bound)) if result.found else result

    def _relaxed(self, how: str) -> bool:
        """Runs the relaxed program, first from nothing or again from the last basis; whether it has an optimum."""
        first = how == "first"
        self._set(solver="ipm" if first else "simplex", presolve="choose" if first else "off")
        self.highs.run()
        return status_of(self.highs)

    def _count_whole(self, kind: int) -> None:
        self.highs.changeColsIntegrality(len(self.integers), self.integers, np.full(len(self.integers), kind, dtype=np.uint8))

    def _offer(self, scaled: Floats) -> None:
        solution = highspy.HighsSolution()
        solution.col_value = scaled.tolist()
        self.highs.setSolution(solution)

    def _near(self, options: SolveOptions, started: float) -> Result:
        """Rounds of steps until the proven gap is small enough or the rounds or the time are at an end."""
        from sivuvirta.lp.near import ROUNDS, near  # noqa: PLC0415 - compiled, for the largest programs alone

        arrays = self._scaled()
        best: Result | None = None
        found: Near | None = None
        for steps in ROUNDS:
            found = near(arrays, steps, found)
            best = self._recovered(found, best)
            if (best is not None and best.gap <= options.gap) or perf_counter() - started > options.time_limit:
                break
        if best is None:
            self._set(solver="ipm")
            self.highs.run()
            return self._told("ipm", started)
        return evolve(best, seconds=perf_counter() - started)

    def _recovered(self, found: Near, known: Result | None) -> Result | None:
        """The best answer within the caps, or the one known, with the bound that is proven now."""
        arrays, column = self.arrays, self.scale.column
        every = np.arange(len(column), dtype=np.int32)
        lower, upper = arrays.lower / column, arrays.upper / column
        self._set(solver="simplex", presolve="choose")
        self.highs.changeColsBounds(len(every), every, lower, found.caps)
        self.highs.run()
        best = known
        if self.highs.getModelStatus() in _FOUND and not self._closes_badly():
            result = self._result("feasible", 0.0, "near")
            best = result if known is None or result.objective < known.objective else known
        self.highs.clearSolver()
        self.highs.changeColsBounds(len(every), every, lower, upper)
        if best is None:
            return None
        bound = min(found.bound.value / self.scale.cost, best.objective)
        unknown = np.full(self.program.shape[0], np.nan), np.full(self.program.shape[1], np.nan)
        return evolve(best, bound=bound, gap=self.gap(best.objective, bound), duals=unknown[0], reduced=unknown[1])

    def _scaled(self) -> Arrays:
        """The program as the solver has it, by rows."""
        arrays, (column, row) = self.arrays, (self.scale.column, self.scale.row)
        return evolve(
            arrays,
            row_lower=arrays.row_lower * row,
            row_upper=arrays.row_upper * row,
            cost=self.scale.costs(arrays.cost),
            lower=arrays.lower / column,
            upper=arrays.upper / column,
            sizes=np.ones(len(column)),
        )

    def _trial(self) -> bool:
        """Gives the simplex a fifth of an iteration a row, and more if its infeasibilities are fewer then than at the start.

        With many blending limits they grow, and it would take ten times as long as interior point; with few that bind they fall, and
        it takes a fifth (measured). Counted in iterations, not in time, so that the same program gives the same answer.

        Returns:
            Whether the simplex is done: optimal, infeasible or out of time.
        """
        rows, left = self.program.shape[0], []
        self._set(presolve="off")
        for part in (*_TRIAL_PARTS, _TRIAL_REST):
            self._set(simplex_iteration_limit=max(1, int(part * rows)))
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit:
                self._set(presolve="choose", simplex_iteration_limit=_NO_LIMIT)
                return True
            left.append(int(self.highs.getInfo().num_primal_infeasibilities))
            if len(left) == len(_TRIAL_PARTS) and left[-1] >= left[0]:
                break
        return False

    def _set(self, **options: Any) -> None:
        for name, value in options.items():
            self.highs.setOptionValue(name, value)

    def _has_answer(self) -> bool:
        return int(self.highs.getInfo().primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)

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


def _nothing(seconds: float, method: str) -> Result:
    none = np.zeros(0)
    return Result("infeasible", none, none, none, none, np.inf, np.inf, np.inf, seconds, method, 0)
