"""What changes between two ledgers, with the rounding of the solver left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.links import Floats

_ROUNDING = 1e-9  # relative: flows of a solved network are exact to about this


def change(before: Any, after: Any) -> Floats:
    """After less before, 0 where the two differ by rounding alone. Shape of the arguments."""
    first, last = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    difference: Floats = last - first
    return np.where(np.abs(difference) <= _ROUNDING * np.maximum(np.abs(first), np.abs(last)), 0.0, difference)
