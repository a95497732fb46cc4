"""Gaps: how much better than a known answer another might still be."""

from __future__ import annotations

import numpy as np

ROUNDING = 1e-9  # of an objective: a gap below it is none


def gap_of(objective: float, bound: float, offset: float = 0.0, whole: float = 0.0) -> float:
    r"""Part of the objective, offset included, that a better answer might still save; what is rounding of the whole is none.

    .. math:: gap = \frac{z - b}{\max(|z + offset|, whole, z - b)}

    Args:
        objective: z, of the known answer.
        bound: b, below which no answer is.
        offset: less the objective of what nobody can change, so that the gap is a part of the improvement.
        whole: the least that the gap is a part of.
    """
    missing = objective - bound
    if not np.isfinite(missing):
        return float("inf")
    if missing <= ROUNDING * max(abs(objective), abs(offset), whole):
        return 0.0
    return float(missing / max(abs(objective + offset), whole, missing))
