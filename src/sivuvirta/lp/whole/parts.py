"""Parts: which columns hang on one choice alone, and which choices share rows. Read from the arrays; no name of the domain enters.

A column that has a row with a choice hangs on it; so do, from round to round, columns in a row whose other known columns hang on one choice
alone. What could hang on two is common to all: what is bought, or disposed of.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csc_array, csr_array

from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays

Numbers = npt.NDArray[np.integer[Any]]

_ROUNDS = 6
_NOBODY = -1


@frozen(eq=False)
class Parts:
    """A program taken apart by its choices."""

    owner: Ints  # number of the choice that a column hangs on, -1 for those common to all; shape (columns,)
    columns: tuple[Ints, ...]  # that hang on each choice, itself among them
    shared: csr_array  # rows that two choices have in common, shape (choices, choices), the diagonal empty
    by_row: csr_array
    by_column: csc_array


def parts(arrays: Arrays, integers: Ints) -> Parts:
    """Takes a program apart.

    Args:
        arrays: the program.
        integers: its choices.
    """
    shape = (len(arrays.row_lower), len(arrays.cost))
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=shape)
    row = np.repeat(np.arange(shape[0]), np.diff(matrix.indptr))
    owner = np.full(shape[1], _NOBODY, dtype=np.int64)
    owner[integers] = np.arange(len(integers))
    for _ in range(_ROUNDS):
        least, most = _ends(owner[matrix.indices], row, shape[0])
        one = np.where(least == most, least, _NOBODY)[row]
        low, high = _ends(one, matrix.indices, shape[1])
        new = (low == high) & (low != _NOBODY) & (owner == _NOBODY)
        if not new.any():
            break
        owner[new] = low[new]
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(len(integers) + 1))
    columns = tuple(order[first:last].astype(np.int32) for first, last in pairwise(ends.tolist()))
    owned = owner[matrix.indices] != _NOBODY
    touched = csr_array((np.ones(int(owned.sum())), (owner[matrix.indices][owned], row[owned])), shape=(len(integers), shape[0]))
    touched.data[:] = 1.0
    shared = (touched @ touched.T).tocsr()
    shared.setdiag(0.0)
    return Parts(owner.astype(np.int32), columns, shared, matrix, matrix.tocsc())


def _ends(labels: Numbers, place: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Least and largest label at each place, where those that are nobody's do not count; nobody's where there is none."""
    known = labels != _NOBODY
    least, most = np.full(count, np.iinfo(np.int64).max), np.full(count, _NOBODY, dtype=np.int64)
    np.minimum.at(least, place[known], labels[known])
    np.maximum.at(most, place[known], labels[known])
    return np.where(most == _NOBODY, _NOBODY, least), most


def around(found: Parts, seeds: list[int], weight: Floats, most: tuple[int, int]) -> Ints:
    """Some choices and those that share most rows with them.

    Args:
        found: the program taken apart.
        seeds: numbers of the choices.
        weight: of each choice; those of weight 0 are left out.
        most: choices, and columns that hang on them, seeds included; these are taken whatever hangs on them.

    Returns:
        Numbers of choices, the seeds first.
    """
    near = found.shared[seeds].sum(axis=0) * weight
    near[seeds] = 0.0
    order = np.argsort(-near, kind="stable")
    order = order[near[order] > 0][: most[0] - len(seeds)]
    own = sum(len(found.columns[number]) for number in seeds)
    sizes = own + np.cumsum([len(found.columns[number]) for number in order])
    chosen: Ints = np.concatenate([seeds, order[: int((sizes <= most[1]).sum())]]).astype(np.int32)
    return chosen
