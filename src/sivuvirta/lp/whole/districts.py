"""Districts: choices that compete with one another, put together, so that little passes from one district to the next.

Two choices compete in a row by the smaller of what each has to do with it, priced by the row's dual. What counts is what flows in the
optimum of the relaxation, and, for less, what might flow there at little more cost: a choice that the relaxation leaves out is a way out
for the streams of its neighbours. Districts grow by joining those that compete most for their size, then choices move between them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.lp.bounds import DualBound
from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.whole.parts import Numbers, Parts

_WHOLE = 1e-6  # how far from a whole number a column may be
_MIGHT = 0.5  # of the weight of what flows, for what might
_DEARER = 3.0  # times a choice's part in the gap: a flow or a choice that costs that much more does not count
_SETTLED = 0.1  # of an open choice's size, for one that the relaxation settles
_MOVES = 20  # rounds at most
_NONE = -1

Square = npt.NDArray[np.float64]


@frozen(eq=False)
class Relaxed:
    """An optimum of the relaxation, and what is known beside it."""

    x: Floats  # shape (columns,)
    proven: DualBound
    upper: Floats  # of columns, as rows prove them
    integers: Ints  # columns that are choices
    known: Floats  # the best answer, shape (columns,)
    missing: float  # between its value and the bound

    @property
    def open(self) -> npt.NDArray[np.bool_]:
        """Choices that are not whole. Shape (choices,)."""
        value = self.x[self.integers]
        return np.abs(value - np.round(value)) > _WHOLE


def districts(found: Parts, at: Relaxed, most: float) -> Numbers:
    """Puts choices together.

    Args:
        found: the program taken apart.
        at: an optimum of its relaxation.
        most: size of a district: its open choices, and a tenth of the others.

    Returns:
        Number of the district of each choice, -1 where it would have no open one. Shape (choices,).
    """
    price, open_ = np.abs(at.proven.duals), at.open
    near = _DEARER * max(at.missing, 0.0) / max(int(open_.sum()), 1)
    reduced = np.abs(at.proven.reduced)
    with np.errstate(divide="ignore", invalid="ignore"):
        might = np.where(np.isfinite(at.upper), at.upper, 0.0) * np.clip(1.0 - reduced / near, 0.0, None)
        worth = np.clip(1.0 - reduced[at.integers] / near, 0.0, 1.0)
    might, worth = np.nan_to_num(might), np.nan_to_num(worth)
    might *= np.where(found.owner >= 0, worth[found.owner], 0.0)
    weight = _shared(_rivals(found, at.x, price)) + _MIGHT * _shared(_rivals(found, might, price))
    size = np.where(open_, 1.0, _SETTLED)
    label = _moved(weight, size, most, _joined(weight, size, most))
    kept = np.bincount(label[open_], minlength=len(label)) > 0
    number = np.where(kept, np.cumsum(kept) - 1, _NONE)
    return number[label]


def _shared(weight: Square) -> Square:
    return weight / (weight.sum() or 1.0)


def _rivals(found: Parts, x: Floats, price: Floats) -> Square:
    """How much any two choices compete. Shape (choices, choices)."""
    matrix, count = found.by_row, len(found.columns)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    owner = found.owner[matrix.indices]
    own = owner >= 0
    through = csr_array(
        (np.abs(matrix.data * x[matrix.indices])[own] * price[row[own]], (row[own], owner[own])), shape=(matrix.shape[0], count)
    )
    through.sum_duplicates()
    through.eliminate_zeros()
    weight = np.zeros((count, count))
    for first, last in zip(through.indptr[:-1].tolist(), through.indptr[1:].tolist(), strict=True):
        if last - first > 1:
            choice, value = through.indices[first:last], through.data[first:last]
            weight[np.ix_(choice, choice)] += np.minimum(value[:, None], value)
    np.fill_diagonal(weight, 0.0)
    return weight


def _joined(weight: Square, size: Floats, most: float) -> Numbers:
    """Joins the two districts that compete most for their size, until none may be joined."""
    count, between, total = len(size), weight.copy(), size.copy()
    label: Numbers = np.arange(count)
    while count:
        root = np.sqrt(np.maximum(total, 1.0))
        score = np.where(total[:, None] + total > most, 0.0, between / (root[:, None] * root))
        kept, gone = divmod(int(score.argmax()), count)
        if score[kept, gone] <= 0:
            break
        between[kept] += between[gone]
        between[:, kept] += between[:, gone]
        between[kept, kept] = between[gone] = between[:, gone] = 0.0
        total[kept], total[gone] = total[kept] + total[gone], 0.0
        label[label == gone] = kept
    return label


def _moved(weight: Square, size: Floats, most: float, label: Numbers) -> Numbers:
    """Moves choices one by one to the district with which they compete most and that has room."""
    count = len(size)
    total = np.bincount(label, weights=size, minlength=count)
    for _ in range(_MOVES):
        still = label.copy()
        for choice in range(count):
            here = label[choice]
            towards = np.bincount(label, weights=weight[choice], minlength=count)
            room = total + size[choice] <= most
            room[here] = True
            best = int(np.where(room, towards, -1.0).argmax())
            if towards[best] > towards[here] * (1 + 1e-12):
                total[here], total[best] = total[here] - size[choice], total[best] + size[choice]
                label[choice] = best
        if np.array_equal(still, label):
            break
    return label
