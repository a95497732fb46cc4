"""The algebra of verdicts: one figure against one limit, and the worst of several."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats


def alone(low: Floats, high: Floats, bound: Any, evidence: Any, verified: Any) -> Codes:
    r"""Verdict of figures against upper limits, each figure by itself.

    .. math:: pass: u \le L; \quad fail: l > L; \quad unknown: l \le L < u    (M)

    A limit that is met on grade C or D evidence, or is not verified, is `likely` met; one exceeded by u on good evidence fails; without a
    figure it is unknown. A minimum is an upper limit of the figure's negative: give (-high, -low) and -bound.

    >>> alone(np.array([1.0, 1.0, np.nan]), np.array([2.0, 4.0, np.nan]), 3.0, np.array([1, 2, 0]), True)
    array([0, 3, 3], dtype=int8)

    Args:
        low: l, the limit's unit, NaN where unknown, shape (n,).
        high: u, likewise.
        bound: L, likewise, shape (n,) or a number.
        evidence: Grade of the figure, shape (n,).
        verified: whether the limit was read in the law or standard, shape (n,).

    Returns:
        Verdict codes, shape (n,); never `BLEND`, which takes a partner.
    """
    good = np.asarray(evidence) <= Grade.B
    met = high <= bound
    beyond = (low > bound) | (good & (high > bound))
    settled = np.where(good & np.asarray(verified, dtype=bool), np.int8(Verdict.PASS), np.int8(Verdict.LIKELY))
    return np.where(met, settled, np.where(beyond, np.int8(Verdict.FAIL), np.int8(Verdict.UNKNOWN))).astype(np.int8)


def worst(*verdicts: Any) -> Codes:
    """The worst of several verdicts, element by element.

    >>> worst(np.array([0, 1], dtype=np.int8), Verdict.LIKELY)
    array([2, 2], dtype=int8)
    """
    result = np.asarray(verdicts[0], dtype=np.int8)
    for other in verdicts[1:]:
        result = np.maximum(result, np.asarray(other, dtype=np.int8))
    return result


def stated(status_grade: Any) -> Codes:
    """Verdict of something that the register states: pass, and likely where the statement is an assumption.

    >>> stated(np.array([0, 2, 3]))
    array([0, 0, 2], dtype=int8)
    """
    return np.where(np.asarray(status_grade) >= Grade.D, np.int8(Verdict.LIKELY), np.int8(Verdict.PASS)).astype(np.int8)


_MOST = 1e300  # excess that still can be added to and compared


def excess(high: Floats, bound: Any) -> Floats:
    r"""How far the worse end of a figure lies beyond its limit, relative to the limit; negative within.

    .. math:: (u - L) / |L|    (M)

    A limit of 0 is taken as 1, so the figure itself counts. NaN where the figure is unknown.
    """
    scale = np.abs(np.asarray(bound, dtype=float))
    with np.errstate(over="ignore"):  # a limit next to nothing is exceeded by more than a number can say
        beyond = (high - bound) / np.where(scale > 0, scale, 1.0)
    return np.asarray(np.clip(beyond, -_MOST, _MOST), dtype=float)
