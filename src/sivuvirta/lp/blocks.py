"""Blocks: a matrix that falls into small blocks of rows when one set of rows is left out, and what that saves in a factorisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from sivuvirta.lp.entries import Floats

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_TALLEST = 64  # rows of a block
_MOST_LINKING = 2_000  # rows between blocks; their matrix is dense, 32 MB at this size
_PAIRS = 10_000_000  # of columns in one block, 80 MB a copy
_FILL = 6  # what blocks may take, in entries, when all are filled up to the largest


@frozen(eq=False)
class Blocks:
    """The matrix cut up: `dense` holds each block filled up to the largest; every column has at most one entry in a linking row."""

    dense: Floats  # shape (blocks, height, width)
    column: Places  # of the program, -1 where filled up, shape (blocks, width)
    link: Places  # linking row of that column, 0 where it has none, shape (blocks, width)
    linked: Floats  # its entry there, 0 where it has none, shape (blocks, width)
    rows: Places  # rows in blocks
    block: Places  # of each of them
    place: Places  # of each of them in its block
    linking: Places  # rows between blocks
    entry: tuple[Places, Places, Floats]  # entries of linking rows: position among them, column, value


@frozen(eq=False)
class Factor:
    """Cholesky factors of A D A' + E: of every block, and of what is left of the linking rows once the blocks are eliminated."""

    blocks: Blocks
    inverse: Floats  # of each block's factor, shape (blocks, height, height)
    coupling: Floats  # that, times the block's entries towards linking rows, shape (blocks, height, width)
    rest: tuple[Any, bool]


def cut(matrix: csr_array, linking: Mask) -> Blocks | None:
    """Cuts a matrix into blocks, if it falls into small ones.

    Args:
        matrix: shape (rows, columns).
        linking: the rows that are left out, shape (rows,).

    Returns:
        None where a block has more than 64 rows, a column two linking rows, or blocks too wide or of too many sizes to be worth it.
    """
    (count, columns), entries = matrix.shape, matrix.tocoo()
    row, column, value = entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data
    inner, between = ~linking[row], np.flatnonzero(linking)
    if not 0 < len(between) <= _MOST_LINKING or not inner.any():
        return None
    if np.bincount(column[~inner], minlength=columns).max() > 1:
        return None
    graph = coo_array((np.ones(int(inner.sum())), (row[inner], count + column[inner])), shape=(count + columns,) * 2)
    part = connected_components(graph, directed=False)[1]
    rows, block, place, height = _placed(np.flatnonzero(~linking), part)
    used, own, across, width = _placed(np.unique(column[inner]), part[count:])
    _, number = np.unique(np.concatenate([block, own]), return_inverse=True)
    block, own = number[: len(block)], number[len(block) :]
    blocks = int(number.max()) + 1
    if height > _TALLEST or blocks * height * width > _FILL * len(value) or blocks * width**2 > _PAIRS:
        return None
    at_row, at_place, at_column = (np.zeros(size, np.int64) for size in (count, count, columns))
    at_row[rows], at_place[rows], at_column[used] = block, place, across
    dense = np.zeros((blocks, height, width))
    dense[at_row[row[inner]], at_place[row[inner]], at_column[column[inner]]] = value[inner]
    position = np.zeros(count, np.int64)
    position[between] = np.arange(len(between))
    entry = position[row[~inner]], column[~inner], value[~inner]
    first, factor = np.zeros(columns, np.int64), np.zeros(columns)
    first[entry[1]], factor[entry[1]] = entry[0], entry[2]
    shown, link, linked = np.full((blocks, width), -1), np.zeros((blocks, width), np.int64), np.zeros((blocks, width))
    shown[own, across], link[own, across], linked[own, across] = used, first[used], factor[used]
    return Blocks(dense, shown, link, linked, rows, block, place, between, entry)


def _placed(members: Places, part: npt.NDArray[Any]) -> tuple[Places, Places, Places, int]:
    """Members by their part: member, part, position in it, and how many the largest part has."""
    order = members[np.argsort(part[members], kind="stable")]
    block = part[order].astype(np.int64)
    place = np.arange(len(order)) - np.searchsorted(block, block)
    return order, block, place, int(place.max(initial=-1)) + 1


def factorise(blocks: Blocks, weight: Floats, added: Floats) -> Factor:
    r"""Factors :math:`A D A^T + E`: blocks one by one, then the dense rest (Schur complement) of the linking rows.

    .. math:: S = A_l D A_l^T + E_l - \sum_b (A_l D A_b^T)(A_b D A_b^T + E_b)^{-1}(A_b D A_l^T)

    Args:
        blocks: the matrix A.
        weight: D, of each column, positive.
        added: E, of each row.

    Raises:
        numpy.linalg.LinAlgError: rounding left a block or the rest without a positive diagonal.
    """
    height, count = blocks.dense.shape[1], len(blocks.linking)
    weighted = blocks.dense * np.where(blocks.column >= 0, weight[blocks.column], 0.0)[:, None, :]
    own = weighted @ blocks.dense.transpose(0, 2, 1)
    diagonal = np.ones(own.shape[:2])
    diagonal[blocks.block, blocks.place] = added[blocks.rows]
    every = np.arange(height)
    own[:, every, every] += diagonal
    inverse = np.linalg.inv(np.linalg.cholesky(own))
    coupling = inverse @ (weighted * blocks.linked[:, None, :])
    taken = coupling.transpose(0, 2, 1) @ coupling
    pair = blocks.link[:, :, None] * count + blocks.link[:, None, :]
    rest: Floats = -np.bincount(pair.ravel(), weights=taken.ravel(), minlength=count * count).astype(float).reshape(count, count)
    position, column, value = blocks.entry
    every = np.arange(count)
    rest[every, every] += np.bincount(position, weights=weight[column] * value**2, minlength=count) + added[blocks.linking]
    return Factor(blocks, inverse, coupling, cho_factor(rest, lower=True, overwrite_a=True, check_finite=False))


def solved(factor: Factor, right: Floats) -> Floats:
    """Solves (A D A' + E) y = right. Shape (rows,)."""
    blocks, count = factor.blocks, len(factor.blocks.linking)
    inside = np.zeros(factor.inverse.shape[:2])
    inside[blocks.block, blocks.place] = right[blocks.rows]
    ahead = factor.inverse @ inside[:, :, None]
    moved = (factor.coupling.transpose(0, 2, 1) @ ahead)[:, :, 0]
    between = right[blocks.linking] - np.bincount(blocks.link.ravel(), weights=moved.ravel(), minlength=count)
    outside = cho_solve(factor.rest, between, check_finite=False)
    back = factor.inverse.transpose(0, 2, 1) @ (ahead - factor.coupling @ outside[blocks.link][:, :, None])
    found = np.empty(len(right))
    found[blocks.linking], found[blocks.rows] = outside, back[blocks.block, blocks.place, 0]
    return found
