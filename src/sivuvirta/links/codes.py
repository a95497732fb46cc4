"""Positions, grades and joins: how tables meet without a loop over rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.units.ranges import SPREAD

Rows = npt.NDArray[np.int64]
"""Positions of rows; -1 means none."""

Mask = npt.NDArray[np.bool_]


def positions(keys: Any, values: Any) -> Rows:
    """Where each value stands among the keys, -1 where it does not.

    >>> positions(["a", "b"], ["b", None, "c"])
    array([ 1, -1, -1])
    """
    index = pd.Index(np.asarray(keys, dtype=object), dtype=object)
    return np.asarray(index.get_indexer(pd.Index(np.asarray(values, dtype=object), dtype=object)), dtype=np.int64)


def pair_codes(*columns: Any) -> Rows:
    """One whole number for each distinct combination of the columns, row by row."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        part, known = pd.factorize(np.asarray(column), use_na_sentinel=False)
        code = code * (len(known) + 1) + part
    return code


def grade_codes(column: Any) -> Codes:
    """Grades of a column; what has none is an assumption, D.

    >>> grade_codes(["A", None, "C"])
    array([0, 3, 2], dtype=int8)
    """
    found = positions([grade.name for grade in Grade], column)
    return np.where(found < 0, int(Grade.D), found).astype(np.int8)


def worst(*grades: Any) -> Codes:
    """The worst of several grades, element by element."""
    result = np.asarray(grades[0], dtype=np.int8)
    for other in grades[1:]:
        result = np.maximum(result, np.asarray(other, dtype=np.int8))
    return result


def picked(values: Any, rows: Any, otherwise: Any) -> Any:
    """`values[rows]`, and `otherwise` where the row is -1."""
    values = np.asarray(values)
    if len(values) == 0:
        return np.full(len(rows), otherwise, dtype=values.dtype if values.dtype == object else None)
    return np.where(rows < 0, otherwise, values[rows])


def known(values: Any, otherwise: Any) -> Floats:
    """Numbers with `otherwise` where they are not known."""
    values = np.asarray(values, dtype=float)
    return np.asarray(np.where(np.isnan(values), otherwise, values), dtype=float)


def spread(low: Any, high: Any) -> Floats:
    r"""Standard deviation that a range means; 0 where no range is given.

    .. math:: \sigma = (high - low) / 3.29
    """
    width = np.asarray(high, dtype=float) - np.asarray(low, dtype=float)
    return known(np.abs(width) / SPREAD, 0.0)


@frozen(eq=False)
class Groups:
    """Members of groups, one after another: those of group g are `member[start[g] : start[g + 1]]`."""

    start: Rows
    member: Rows

    def join(self, groups: Any) -> tuple[Rows, Rows]:
        """Every (position in `groups`, member) pair, in the order of `groups`; a group of -1 has no member."""
        groups = np.asarray(groups, dtype=np.int64)
        chosen = np.maximum(groups, 0)
        count = np.where(groups < 0, 0, self.start[chosen + 1] - self.start[chosen]) if len(self.start) > 1 else np.zeros_like(groups)
        which = np.repeat(np.arange(len(groups)), count)
        before = np.cumsum(count) - count
        within = np.arange(len(which)) - np.repeat(before, count)
        return which, self.member[np.repeat(self.start[chosen] if len(self.start) > 1 else chosen, count) + within]


def groups(codes: Any, count: int) -> Groups:
    """Rows by their code 0..count-1; rows of code -1 belong to no group. Rows keep their order within a group."""
    codes = np.asarray(codes, dtype=np.int64)
    member = np.flatnonzero(codes >= 0)
    member = member[np.argsort(codes[member], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(codes[member], minlength=count))])
    return Groups(start.astype(np.int64), member)


def first_of(codes: Any) -> Rows:
    """The first row of each distinct code, in the order of rows."""
    return np.sort(np.unique(np.asarray(codes), return_index=True)[1])


def ints(values: Any) -> Ints:
    """Positions as records hold them."""
    return np.asarray(values, dtype=np.int32)
