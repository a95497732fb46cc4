"""Reduce: a program without the columns and rows that an interior answer says do not matter, and its basis made one of the whole."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen
from scipy.sparse import csr_array

from sivuvirta.lp.entries import Ints
from sivuvirta.lp.interior import Interior
from sivuvirta.lp.program import Arrays


@frozen(eq=False)
class Reduced:
    """What is kept. Nothing is proven by that: the simplex goes on from its basis in the whole program, and proves it there."""

    arrays: Arrays
    columns: Ints  # of the whole
    rows: Ints  # of the whole
    shape: tuple[int, int]  # of the whole

    def basis(self, found: Any) -> Any:
        """A basis of the whole program: columns left out at 0, rows left out basic, hence as many basic ones as the whole has rows."""
        told, status = highspy.HighsBasis(), highspy.HighsBasisStatus
        told.col_status = _spread(self.shape[1], status.kLower, self.columns, found.col_status)
        told.row_status = _spread(self.shape[0], status.kBasic, self.rows, found.row_status)
        told.valid = True
        return told


def reduced(arrays: Arrays, found: Interior) -> Reduced:
    """The program of the columns that look positive and the rows that look as if they bind.

    Args:
        arrays: the whole, whose columns may be 0.
        found: an interior answer near its optimum.
    """
    columns, rows = (np.flatnonzero(mask).astype(np.int32) for mask in (found.columns, found.rows))
    shape = len(arrays.row_lower), len(arrays.cost)
    whole = csr_array((arrays.value, arrays.column, arrays.start), shape=shape)
    part = csr_array(whole[rows, :].tocsc()[:, columns].tocsr())
    of_columns = {name: getattr(arrays, name)[columns] for name in ("cost", "lower", "upper", "integer", "sizes")}
    of_rows = {name: getattr(arrays, name)[rows] for name in ("row_lower", "row_upper")}
    kept = evolve(arrays, start=part.indptr, column=part.indices, value=part.data, **of_columns, **of_rows)
    return Reduced(kept, columns, rows, shape)


def _spread(count: int, usual: Any, places: npt.NDArray[np.int32], values: list[Any]) -> list[Any]:
    told = [usual] * count
    for place, value in zip(places.tolist(), values, strict=True):
        told[place] = value
    return told
