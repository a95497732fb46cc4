"""Instance: a program inside HiGHS, scaled, whose bounds, costs, limits and entries may change between solves."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import evolve
from scipy.sparse import csc_array, csr_array

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.gaps import gap_of
from sivuvirta.lp.program import Arrays, Program
from sivuvirta.lp.scaling import Scale, cost_scale, power_of_two, scale_matrix
from sivuvirta.lp.watch import Watch

_MANY = 2_000  # entries of which each is not changed alone (measured)
_BY_COLUMNS, _MINIMISE = 1, 1
_ROUNDING = 1e-13  # of a scaled row: where nothing flows, a limit of 1e-17 is none


class Instance:
    """A program handed to HiGHS as raw arrays in one call."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.arrays = program.arrays()
        self.integers = np.flatnonzero(self.arrays.integer).astype(np.int32)
        self._whole = len(self.integers) > 0
        self.offset = 0.0
        self._watching: Watch | None = None
        self.clock: Callable[[], float] = perf_counter  # of the wall
        self._until = np.inf  # on that clock: when a solve is to end
        self._altered = False
        self._start: Floats | None = None
        self.rest: npt.NDArray[np.integer[Any]] | None = None  # columns that an answer known without any search leaves at their least
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
        self._altered = True
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
        return gap_of(objective, bound, self.offset)

    def closure(self, x: Floats) -> Floats:
        """How far each row is outside its limits, relative to the sum of what flows through it; rounding is none. Shape (rows,)."""
        scaled, row = x / self.scale.column, self.scale.row
        activity, through = self.matrix @ scaled, abs(self.matrix) @ np.abs(scaled)
        missing = np.maximum(self.arrays.row_lower * row - activity, activity - self.arrays.row_upper * row)
        relative: Floats = np.where(missing > _ROUNDING, missing, 0.0) / np.maximum(through, np.finfo(float).tiny)
        return relative

    def suggest(self, x: Floats) -> None:
        """Offers a solution to start from, to a program with whole numbers."""
        self.recall(x)
        self._offer(x / self.scale.column)

    def recall(self, x: Floats) -> None:
        """Keeps a solution to fall back on where time ends before another is found; it counts where it keeps all rows then."""
        self._start = x / self.scale.column

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

    def _count_whole(self, kind: int) -> None:
        self.highs.changeColsIntegrality(len(self.integers), self.integers, np.full(len(self.integers), kind, dtype=np.uint8))

    def _offer(self, scaled: Floats) -> None:
        solution = highspy.HighsSolution()
        solution.col_value = scaled.tolist()
        self.highs.setSolution(solution)

    def _scaled(self) -> Arrays:
        """The program as the solver has it, by rows."""
        arrays, (column, row) = self.arrays, (self.scale.column, self.scale.row)
        if self._altered:
            by_row = self.matrix.tocsr()
            arrays = evolve(arrays, start=by_row.indptr, column=by_row.indices, value=by_row.data)
        return evolve(
            arrays,
            row_lower=arrays.row_lower * row,
            row_upper=arrays.row_upper * row,
            cost=self.scale.costs(arrays.cost),
            lower=arrays.lower / column,
            upper=arrays.upper / column,
            sizes=np.ones(len(column)),
        )

    def _plain(self) -> Arrays:
        """The program in the user's units, by rows."""
        scaled, arrays = self._scaled(), self.arrays
        value = scaled.value / (np.repeat(self.scale.row, np.diff(scaled.start)) * self.scale.column[scaled.column])
        return evolve(arrays, start=scaled.start, column=scaled.column, value=value)

    def _set(self, **options: Any) -> None:
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
