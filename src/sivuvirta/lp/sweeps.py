"""Sweeps: the two halves of a primal-dual step, compiled. The one module of this room that needs numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from sivuvirta.lp.entries import Floats, Ints

Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    """The function compiled; kept on disk where the installation may be written to."""
    try:
        return cast("Function", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no place for the cache
        return cast("Function", numba.njit(nogil=True)(function))


@_compiled
def columns(
    part: tuple[int, int],
    matrix: tuple[Ints, Ints, Floats],
    program: tuple[Floats, Floats, Floats],
    state: tuple[Floats, Floats, Floats, Floats, Floats],
    step: tuple[float, float],
) -> None:
    """Columns of a part: a gradient step, its reflection, and the pull towards the anchor.

    Args:
        part: first column and the one after the last.
        matrix: by columns: start, row, value.
        program: cost, lower, upper of each column.
        state: y; then x, x after the step, its reflection and the anchor. The middle three are written.
        step: length of the step; weight of the reflection beside the anchor.
    """
    start, row, value = matrix
    cost, lower, upper = program
    y, x, moved, mirrored, anchor = state
    for column in range(part[0], part[1]):
        slope = cost[column]
        for place in range(start[column], start[column + 1]):
            slope -= value[place] * y[row[place]]
        new = min(max(x[column] - step[0] * slope, lower[column]), upper[column])
        moved[column] = new
        mirrored[column] = 2.0 * new - x[column]
        x[column] = step[1] * mirrored[column] + (1.0 - step[1]) * anchor[column]


@_compiled
def rows(
    part: tuple[int, int],
    matrix: tuple[Ints, Ints, Floats],
    program: tuple[Floats, Floats],
    state: tuple[Floats, Floats, Floats, Floats, Floats],
    step: tuple[float, float],
) -> None:
    """Rows of a part: the same for their duals.

    Args:
        part: first row and the one after the last.
        matrix: by rows: start, column, value.
        program: lower and upper limit of each row.
        state: the reflection of x; then y, y after the step, its reflection and the anchor. The middle three are written.
        step: length of the step; weight of the reflection beside the anchor.
    """
    start, column, value = matrix
    lower, upper = program
    mirror, y, moved, mirrored, anchor = state
    for row in range(part[0], part[1]):
        activity = 0.0
        for place in range(start[row], start[row + 1]):
            activity += value[place] * mirror[column[place]]
        pulled = y[row] - step[0] * activity
        new = pulled + step[0] * min(max(-pulled / step[0], lower[row]), upper[row])
        moved[row] = new
        mirrored[row] = 2.0 * new - y[row]
        y[row] = step[1] * mirrored[row] + (1.0 - step[1]) * anchor[row]


@_compiled
def ascend(
    chosen: Ints,
    matrix: tuple[Ints, Ints, Floats],
    sides: tuple[Floats, Floats],
    columns: tuple[Floats, Floats],
    state: tuple[Floats, Floats],
) -> None:
    """Moves the dual of each chosen row, one after another, to where the bound is best with all others held.

    The bound is concave and piecewise linear in one dual. Its slope far below is the row's upper limit less the least activity; it falls by
    |a| (u - l) where a column's reduced cost changes its sign, and by the width of the row's limits at 0. The best place is the
    breakpoint at which it turns negative. A limit that does not exist lies beyond all activity, which keeps the dual on its side of 0. A
    row with a column that is endless on the wrong side is left as it is.

    Args:
        chosen: rows, in the order in which they move.
        matrix: by rows: start, column, value.
        sides: lower and upper limit of each row.
        columns: lower and upper bound of each column.
        state: y, shape (rows,), and reduced costs, shape (columns,); both are written.
    """
    start, column, value = matrix
    y, reduced = state
    for row in chosen:
        first, last = start[row], start[row + 1]
        places, drops = np.empty(last - first + 1), np.empty(last - first + 1)
        least, reach = 0.0, 0.0
        for place in range(first, last):
            entry, of = value[place], column[place]
            width = columns[1][of] - columns[0][of]
            places[place - first] = y[row] + reduced[of] / entry
            drops[place - first] = abs(entry) * width
            least += entry * (columns[0][of] if entry > 0 else columns[1][of])
            reach += min(abs(entry) * width, 1e300)
        high = sides[1][row] if np.isfinite(sides[1][row]) else least + 2.0 * reach + 1.0
        low = sides[0][row] if np.isfinite(sides[0][row]) else least - reach - 1.0
        places[last - first], drops[last - first] = 0.0, high - low
        slope = high - least
        if not np.isfinite(slope) or last == first:
            continue
        best = 0.0
        for number in np.argsort(places):
            best = places[number]
            slope -= drops[number]
            if slope <= 0.0:
                break
        moved = best - y[row]
        if moved == 0.0 or slope > 0.0:
            continue
        y[row] = best
        for place in range(first, last):
            reduced[column[place]] -= value[place] * moved
