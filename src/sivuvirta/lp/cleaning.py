"""Cleaning: takes the solver's rounding out of an answer, so that sums close relative to their own size."""

from __future__ import annotations

import numpy as np

from sivuvirta.lp.entries import Floats

_SNAP = 1e-11  # of a column's typical size: what a solver leaves of a zero


def snapped(x: Floats, lower: Floats, upper: Floats) -> Floats:
    """Puts scaled columns that are a hair off a bound onto it."""
    x = np.clip(x, lower, upper)
    x = np.where(np.abs(x - lower) <= _SNAP, lower, x)
    return np.where(np.abs(x - upper) <= _SNAP, upper, x)
