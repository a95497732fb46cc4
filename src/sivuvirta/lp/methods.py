"""Methods: which way a program is solved, and how each way runs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from attrs import evolve
from scipy.sparse import csr_array

from sivuvirta.errors import MissingExtraError, SolverError
from sivuvirta.lp.gaps import ROUNDING
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.results import NO_LIMIT, OPTIMAL, Result, SolveOptions
from sivuvirta.lp.watch import attach, heard, stopped
from sivuvirta.lp.whole.guided import status_of
from sivuvirta.lp.whole.method import Guided

if TYPE_CHECKING:
    from sivuvirta.lp.near import Near

_SIMPLEX_BELOW = 60_000  # nonzeros, about 100 streams with 50 needs each; below, the simplex wins or loses a tenth of a second
_NEAR_ABOVE = 3_000_000  # nonzeros, about 6 000 streams; beyond, interior point ends in no time that anybody waits for
_TRIAL_PARTS = (0.05, 0.15)  # iterations of the trial in rows
_TRIAL_REST = 1.3  # iterations granted where the trial goes well, in rows
_RECOVERY = 30.0  # seconds at least for an answer between the caps: without it the steps were in vain
_LEAST_GAP = 1e-6  # of the scaled objective
_TOLERANCE = 1e-9  # of scaled rows and columns, hence relative to each node's throughput


class Methods(Guided):
    """An instance that knows several ways to its answer."""

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
            mip_rel_gap=options.gap,
            mip_abs_gap=max(_LEAST_GAP, ROUNDING * abs(self.offset) * self.scale.cost),
            primal_feasibility_tolerance=_TOLERANCE,
            threads=options.threads,
            simplex_iteration_limit=NO_LIMIT,
        )
        if self._whole:
            self._set(mip_lp_solver=solver, solver="choose")
        else:
            self._set(solver=solver, run_crossover="on")
        return method

    def _run(self, method: str) -> str:
        """Runs; a trial goes on with the simplex or changes to interior point. Returns the method that gave the answer."""
        if method != "trial":
            if method == "ipm" and not self._whole:
                self._inside()
            elif method not in {"near", "guided"}:
                self._go()
            return method
        if self._trial():
            return "simplex"
        self.highs.clearSolver()
        self._set(solver="ipm", presolve="choose", simplex_iteration_limit=NO_LIMIT)
        if self.matrix.nnz > _NEAR_ABOVE:
            return "near"
        self._inside()
        return "ipm"

    def _inside(self) -> None:
        """Interior point in the program's own units, where it takes a quarter fewer steps (measured); then the simplex from its basis."""
        if self.cuts:
            self._go()
            return
        arrays = self._plain()
        basis = self._by_blocks(arrays)
        if basis is None and not stopped(self._watching):
            basis = self._basis_of(arrays)
        if basis is not None:
            self.highs.setBasis(basis)
            self._set(solver="simplex", presolve="off")
        if not stopped(self._watching):
            self._go()
        self._set(presolve="choose")

    def _by_blocks(self, arrays: Arrays) -> Any:
        """A basis from our own interior point, where the program falls into small blocks without one family; None where it does not."""
        if self.matrix.nnz < _SIMPLEX_BELOW:
            return None
        from sivuvirta.lp.interior import interior  # noqa: PLC0415 - dense algebra, for large programs alone
        from sivuvirta.lp.reduce import reduced  # noqa: PLC0415

        every = np.arange(len(arrays.row_lower))
        linking = (np.isin(every, family.positions) for family in self.program.families)
        found = interior(arrays, linking, lambda: self._rest() > 0 and not stopped(self._watching))
        if found is None:
            return None
        kept = reduced(arrays, found)
        basis = self._basis_of(kept.arrays)
        return None if basis is None else kept.basis(basis)

    def _basis_of(self, arrays: Arrays) -> Any:
        """The solver's own interior point and crossover on some arrays: a basis, None where they come to no optimum in time."""
        shape = len(arrays.row_lower), len(arrays.cost)
        matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=shape).tocsc()
        plain: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name in ("output_flag", "threads"):
            plain.setOptionValue(name, self.highs.getOptionValue(name)[1])
        plain.setOptionValue("solver", "ipm")
        plain.setOptionValue("time_limit", self._rest())
        bounds, sides, whole = (arrays.cost, arrays.lower, arrays.upper), (arrays.row_lower, arrays.row_upper), np.zeros(shape[1], np.int32)
        plain.passModel(shape[1], shape[0], matrix.nnz, 1, 1, 0.0, *bounds, *sides, matrix.indptr, matrix.indices, matrix.data, whole)
        attach(plain, self._watching, self._progress)
        plain.run()
        return plain.getBasis() if status_of(plain) else None

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
            self._go()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit:
                self._set(presolve="choose", simplex_iteration_limit=NO_LIMIT)
                return True
            left.append(int(self.highs.getInfo().num_primal_infeasibilities))
            if len(left) == len(_TRIAL_PARTS) and left[-1] >= left[0]:
                break
        return False

    def _near(self, options: SolveOptions, started: float) -> Result:
        """Rounds of steps until the proven gap is small enough or the rounds or the time are at an end."""
        from sivuvirta.lp.near import ROUNDS, near  # noqa: PLC0415 - compiled, for the largest programs alone

        arrays, stop = self._plain(), heard(options.watch)
        best: Result | None = None
        found: Near | None = None
        for steps in ROUNDS:
            found = near(arrays, steps, found, stop)
            if stop():
                return self._left("near", started, found.bound.value) if best is None else self._bounded(best, found.bound.value)
            best = self._recovered(found, best)
            if (best is not None and best.gap <= options.gap) or self._rest() <= 0:
                break
        if best is None:
            self._set(solver="ipm")
            self._go()
            return self._told("ipm", started, found.bound.value if found else -np.inf)
        return evolve(best, seconds=self.clock() - started)

    def _recovered(self, found: Near, known: Result | None) -> Result | None:
        """The best answer within the caps, or the one known, with the bound that is proven now."""
        arrays, column = self.arrays, self.scale.column
        every = np.arange(len(column), dtype=np.int32)
        lower, upper = arrays.lower / column, arrays.upper / column
        self._set(solver="simplex", presolve="choose")
        self.highs.changeColsBounds(len(every), every, lower, found.caps / column)
        self._go(max(self._rest(), _RECOVERY))
        if self.highs.getModelStatus() in OPTIMAL and self._closes_badly():
            self._again()
        best = known
        if self.highs.getModelStatus() in OPTIMAL and not self._closes_badly():
            result = self._result("feasible", 0.0, "near")
            best = result if known is None or result.objective < known.objective else known
        self.highs.clearSolver()
        self.highs.changeColsBounds(len(every), every, lower, upper)
        if best is None:
            return None
        bound = min(found.bound.value, best.objective)
        unknown = np.full(self.program.shape[0], np.nan), np.full(self.program.shape[1], np.nan)
        return evolve(best, bound=bound, gap=self.gap(best.objective, bound), duals=unknown[0], reduced=unknown[1])
