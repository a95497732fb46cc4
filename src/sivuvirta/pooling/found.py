"""Found: what a method hands back, before it is checked."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.lp.entries import Floats


@frozen(eq=False)
class Found:
    """A point and a bound."""

    status: str  # optimal | feasible | infeasible | unknown
    w: Floats | None  # value of each column
    bound: float  # no answer can be below
    seconds: float


def gap_of(objective: float, bound: float) -> float:
    """Part of the objective that a better answer might still save."""
    missing = max(objective - bound, 0.0)
    if missing == 0.0:
        return 0.0
    return float(missing / max(abs(objective), missing)) if np.isfinite(missing) else float("inf")
