"""Entries: the nonzeros of a family of rows, grouped by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csc_array

from sivuvirta.errors import ShapeError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@frozen(eq=False)
class Term:
    """Nonzeros as triples: `value` times variable `column` is added to row `row` of a family. Shape (entries,)."""

    row: npt.NDArray[Any]
    column: npt.NDArray[Any]
    value: npt.NDArray[Any] | float

    def __attrs_post_init__(self) -> None:
        sizes = {len(self.row), len(self.column), *([] if np.isscalar(self.value) else [len(np.atleast_1d(self.value))])}
        if len(sizes) > 1:
            raise ShapeError(f"Row, column and value of a term must have one length, got {sorted(sizes)}.")


@frozen(eq=False)
class Entries:
    """Nonzeros in row order: row r owns positions start[r]:start[r + 1] of column and value."""

    start: Ints
    column: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.start) - 1

    def row(self) -> Ints:
        """Row of each entry."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.start))


def gather(count: int, *terms: Term) -> Entries:
    """Puts triples in row order; within a row they stay in the order given.

    Entries of one row and one column are not added up: a family gives each variable once a row. Exact zeros are left out.

    Args:
        count: number of rows of the family.
        terms: triples, in any order.
    """
    row, column, value = _joined(terms)
    if not value.all():
        keep = np.flatnonzero(value)
        row, column, value = row[keep], column[keep], value[keep]
    if len(row) > 1 and not bool((row[1:] >= row[:-1]).all()):
        return _sorted(count, row, column, value)
    start = np.searchsorted(row, np.arange(count + 1, dtype=np.int32)).astype(np.int32)
    return Entries(start, column, value)


def _sorted(count: int, row: Ints, column: Ints, value: Floats) -> Entries:
    """Groups by row in one counting pass: turning a matrix with one entry a column from columns to rows is just that."""
    single = np.arange(len(row) + 1, dtype=np.int32)
    grouped = csc_array((value, row, single), shape=(count, len(row))).tocsr()
    return Entries(grouped.indptr.astype(np.int32, copy=False), column[grouped.indices], grouped.data)


def _joined(terms: tuple[Term, ...]) -> tuple[Ints, Ints, Floats]:
    if len(terms) == 1:
        (term,) = terms
        return term.row.astype(np.int32, copy=False), term.column.astype(np.int32, copy=False), _values(term)
    if not terms:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
    row = np.concatenate([term.row for term in terms]).astype(np.int32, copy=False)
    column = np.concatenate([term.column for term in terms]).astype(np.int32, copy=False)
    return row, column, np.concatenate([_values(term) for term in terms])


def _values(term: Term) -> Floats:
    if np.isscalar(term.value):
        return np.full(len(term.row), float(term.value))  # type: ignore[arg-type]
    return np.asarray(term.value, dtype=float)
