"""Sweeps: lambda improved process by process with what is already improved (Gauss-Seidel), compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numba

from sivuvirta.domain.links import Floats, Ints

Sweep = Callable[[Ints, Ints, Floats, Floats, Floats], None]


def _sweep(start: Ints, row: Ints, value: Floats, weight: Floats, x: Floats) -> None:
    """One sweep over the processes and one back: x_i = (c_i - sum over j other than i of a_ji x_j) / a_ii.

    Args:
        start: where the entries of each process begin; A by columns, shape (processes + 1,).
        row: product of each entry.
        value: A's entries.
        weight: c, shape (processes,).
        x: lambda, shape (products,); changed in place.
    """
    count = len(weight)
    for step in range(2 * count):
        column = step if step < count else 2 * count - 1 - step
        rest, own = weight[column], 1.0
        for entry in range(start[column], start[column + 1]):
            if row[entry] == column:
                own = value[entry]
            else:
                rest -= value[entry] * x[row[entry]]
        x[column] = rest / own


def _compiled(function: Sweep) -> Sweep:
    """The function, compiled when it is first called and kept where that is possible."""
    try:
        return cast("Sweep", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba found no place to keep it
        return cast("Sweep", numba.njit(nogil=True)(function))


sweep = _compiled(_sweep)
