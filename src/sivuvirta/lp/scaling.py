"""Scaling: a program in pure numbers near one, so that the solver's tolerances are relative to each node's own size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.lp.entries import Floats, Ints

_LARGEST_COST = 2.0**10  # scaled costs reach this: the solver's dual tolerance of 1e-7 is then 1e-10 of the dearest column
_CHUNK = 1 << 16  # entries handled at a time: their copies stay in the processor's cache


@frozen(eq=False)
class Scale:
    """Powers of two, so that scaling and its undoing are exact in floating point."""

    column: Floats  # a column's value is this times its scaled value
    row: Floats  # a scaled row is this times the row
    cost: float  # the scaled objective is this times the objective

    def values(self, scaled: Floats) -> Floats:
        """Columns in the user's units."""
        return scaled * self.column

    def duals(self, scaled: Floats) -> Floats:
        """Duals of rows in the user's units: objective per unit of the right-hand side."""
        return scaled * self.row / self.cost

    def reduced(self, scaled: Floats) -> Floats:
        """Reduced costs in the user's units: objective per unit of the column."""
        return scaled / (self.column * self.cost)

    def costs(self, cost: Floats) -> Floats:
        """A cost vector as the solver gets it."""
        return cost * self.column * self.cost


def scale_matrix(start: Ints, column: Ints, value: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """Divides each column of a matrix by its typical size and then each row by its largest entry, in place.

    A flow between its zero and its natural limit becomes a number between 0 and about 1, and so does what a node takes in: a
    tolerance of 1e-9 then means a billionth of that node's throughput, whether it handles 1 t or 1 000 000 t a year.

    Args:
        start: where each row begins, shape (rows + 1,).
        column: column of each entry.
        value: the entries; scaled when this returns.
        sizes: typical size of each column, in its own unit.

    Returns:
        Factors of columns and rows, as in `Scale`; NaN for a row with an entry that is not a number.
    """
    columns = power_of_two(sizes)
    rows = np.ones(len(start) - 1)
    first = 0
    while first < len(rows):
        last = max(first + 1, int(np.searchsorted(start, start[first] + _CHUNK)) - 1)
        _scale_rows(start[first : last + 1], (column, value), columns, rows[first:last])
        first = last
    return columns, rows


def power_of_two(size: Floats) -> Floats:
    """The power of two at or below each size; 1 for a size that is 0 or has no end."""
    usable = np.isfinite(size) & (size > 0)
    exponents = np.frexp(np.where(usable, size, 1.0))[1] - 1
    power: Floats = np.ldexp(1.0, exponents)
    return power


def cost_scale(cost: Floats, columns: Floats) -> float:
    """Factor that brings the dearest column to a set cost."""
    highest = np.array([np.abs(cost * columns).max(initial=0.0)])
    return _LARGEST_COST / float(power_of_two(highest)[0])


def _scale_rows(start: Ints, entries: tuple[Ints, Floats], columns: Floats, rows: npt.NDArray[np.float64]) -> None:
    column, value = (part[start[0] : start[-1]] for part in entries)
    value *= columns[column]
    counts = np.diff(start)
    filled = np.flatnonzero(counts)
    if len(filled):
        largest = np.maximum.reduceat(np.abs(value), start[filled] - start[0])
        rows[filled] = np.where(np.isfinite(largest), 1.0 / power_of_two(largest), np.nan)
    value *= np.repeat(rows, counts)
