r"""Near: a feasible answer of a very large linear program, and a proven bound beside it, without any factorisation of the whole.

Steps of `approach` give columns that are nearly feasible and duals that are nearly optimal. The duals prove a bound. The columns become
caps: a column may be what it was, scaled down or up to what its row i (the first with a capacity, as a stream's supply) has room for,

.. math:: 0 \le x_j \le \hat x_j \frac{\overline b_i}{\sum_{k \in K} a_{ik} \hat x_k}, \quad a_i \ge 0

with K the columns that are in more than one row; those in one alone (what is bought or disposed of) stay as they were. Rows
that streams and needs share hold by the caps alone, so that what is left falls apart need by need and the simplex is quick. Its answer
keeps every row of the whole program, and the gap to the bound is proven, however rough the steps were.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen

from sivuvirta.lp.approach import Approach, approach
from sivuvirta.lp.bounds import DualBound, dual_bound, implied_upper
from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.sweeps import ascend

ROUNDS = (1200, 1200, 1600)
"""Steps between looks at the gap; about four times as many again bring the gap to a tenth."""

_SWEEPS = 2  # of the exact ascent in each dual
_BETWEEN = 20_000  # rows between questions whether to stop
_ROOM = 3.0  # most by which a column may grow to its cap
_NONE = 1e-6  # of a column's typical size: no flow


@frozen(eq=False)
class Near:
    """Where some steps led."""

    walk: Approach
    bound: DualBound  # the best so far
    caps: Floats  # upper bounds that leave a program which is quickly solved, shape (columns,)


def near(arrays: Arrays, steps: int, before: Near | None = None, stop: Callable[[], bool] | None = None) -> Near:
    """Takes some steps further, and says what bound they prove and where to look for an answer.

    Args:
        arrays: the program, with typical sizes of its columns.
        steps: how many.
        before: where to go on.
        stop: asked on the way; True ends it with what the steps so far prove.
    """
    walk = approach(arrays, steps, before.walk if before else None, stop)
    upper = implied_upper(arrays)
    every = np.arange(len(arrays.row_lower), dtype=np.int32)
    bound = improved(arrays, dual_bound(arrays, walk.duals, upper), upper, every, _SWEEPS, stop)
    if before and before.bound.value > bound.value:
        bound = before.bound
    return Near(walk, bound, _caps(arrays, walk.x))


def improved(
    arrays: Arrays, found: DualBound, upper: Floats, rows: Ints, sweeps: int = 1, stop: Callable[[], bool] | None = None
) -> DualBound:
    """The bound with the duals of some rows moved to their best, one after another, others held; never below the one given.

    Args:
        arrays: the program.
        found: duals to start from.
        upper: upper bounds as for `dual_bound`.
        rows: rows whose duals may move, in this order.
        sweeps: how often.
        stop: asked on the way; True leaves the other duals as they are, which prove a bound too.
    """
    matrix = (arrays.start, arrays.column, arrays.value)
    y, reduced = found.duals.copy(), found.reduced.copy()
    some = np.array_split(rows.astype(np.int32), max(1, -(-len(rows) // _BETWEEN)))
    for part in some * sweeps:
        if stop and stop():
            break
        ascend(part, matrix, (arrays.row_lower, arrays.row_upper), (arrays.lower, upper), (y, reduced))
    better = dual_bound(arrays, y, upper)
    return better if better.value > found.value else found


def _caps(arrays: Arrays, x: Floats) -> Floats:
    """What each column may be at most; the first of its rows with a capacity caps it, which is enough to part a program."""
    rows = np.repeat(np.arange(len(arrays.row_upper)), np.diff(arrays.start))
    several = np.bincount(arrays.column, minlength=len(x)) > 1
    packing = np.bincount(rows[arrays.value < 0], minlength=len(arrays.row_upper)) == 0
    packing &= np.isfinite(arrays.row_upper) & (arrays.row_upper > 0)
    used = np.flatnonzero(packing[rows] & several[arrays.column] & (arrays.value > 0))
    _, first = np.unique(arrays.column[used], return_index=True)
    used = used[first]
    capped, row = arrays.column[used], rows[used]
    load = np.bincount(row, weights=arrays.value[used] * x[capped], minlength=len(packing))
    most = np.where(packing, arrays.row_upper, 1.0)
    room = most / np.maximum(load, most / _ROOM)
    flows = np.where(x > _NONE * arrays.sizes, x, 0.0)
    caps = arrays.upper.copy()
    caps[capped] = np.minimum(caps[capped], flows[capped] * room[row])
    return np.maximum(caps, arrays.lower)
