"""Found: what a method hands back, before it is checked."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.lp.entries import Floats

_ROUNDING = 1e-9  # of an objective: a gap below it is none


@frozen(eq=False)
class Found:
    """A point and a bound."""

    status: str  # optimal | feasible | infeasible | unknown
    w: Floats | None  # value of each column
    bound: float  # no answer can be below
    seconds: float


def gap_of(objective: float, bound: float, offset: float = 0.0) -> float:
    """Part of the objective, offset included, that a better answer might still save."""
    missing = max(objective - bound, 0.0)
    if not np.isfinite(missing):
        return float("inf")
    if missing <= _ROUNDING * max(abs(objective), abs(offset)):
        return 0.0
    return float(missing / max(abs(objective + offset), missing))
