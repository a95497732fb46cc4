"""How high and how low a figure may truly be: bounds of samples, from what an analysis row says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import numpy as np
from attrs import frozen
from scipy.special import stdtrit

from sivuvirta.domain.links import Floats

CONFIDENCE = 0.95
"""Of a one-sided bound, as compliance rules ask."""

SKEWED = 0.5
"""A standard deviation above this share of the mean is read as lognormal."""

FEWEST = 3
"""Samples from which a standard deviation says something."""


class Compliance(IntEnum):
    """What a limit is compared with."""

    MEAN_UCL = 0  # the mean, with its one-sided bound
    EVERY_SAMPLE = 1  # each single sample
    DECLARED = 2  # the figure that the producer declares


@frozen(eq=False)
class Bounds:
    """Worst and best that a figure may be, in its own unit. Shape (rows,)."""

    low: Floats
    high: Floats


@frozen(eq=False)
class Samples:
    """What analysis rows say, as arrays; NaN where a row does not say. Shape (rows,)."""

    value: Floats  # mean, or the detection limit
    low: Floats  # 5 % point or smallest sample
    high: Floats  # 95 % point or largest sample
    n: Floats
    sd: Floats
    below: Floats  # 1 where the value is a detection limit

    @property
    def measured(self) -> Any:
        """Where there are samples enough for a confidence bound."""
        return (self.n >= FEWEST) & (self.sd >= 0) & (self.below == 0) & ~np.isnan(self.value)


def samples(columns: Mapping[str, Any]) -> Samples:
    """Samples from the columns of table `analyses`."""
    below = np.asarray(columns["below"] == True, dtype=float)  # noqa: E712 - objects with None
    value, low, high, n, sd = (np.asarray(columns[name], dtype=float) for name in ("value", "low", "high", "n", "sd"))
    return Samples(value, low, high, n, sd, below)


def bounds(rows: Samples, compliance: Compliance) -> Bounds:
    r"""Bounds u and l of each row.

    With n >= 3 samples and their standard deviation, one-sided 95 % bounds: of the mean (`MEAN_UCL`) or of a single sample to come
    (`EVERY_SAMPLE`, unless the largest one is stated); normal, or lognormal where sd > mean/2. Otherwise the ends that are stated, and
    where none is, the value itself. A figure below detection is anything from 0 to the detection limit; a `DECLARED` one is as declared.

    .. math:: u, l = \bar x \pm t_{0.95, n-1} s / \sqrt n    (M, normal)
    .. math:: u, l = \exp(m + v/2 \pm t_{0.95, n-1} \sqrt{v/n + v^2/(2(n-1))})    (M, lognormal)

    with v = ln(1 + s²/x̄²) and m = ln x̄ − v/2.

    References:
        Olsson 2005, Confidence intervals for the mean of a log-normal distribution, Journal of Statistics Education 13(1) (the modified
        Cox method, here in place of the tables that Land's exact bound needs); Hahn and Meeker 1991, Statistical intervals, chapter 4 (one
        sample to come).
    """
    low, high = _ends(rows)
    if compliance == Compliance.DECLARED:
        declared = ~np.isnan(rows.value) & (rows.below == 0)
        return Bounds(np.where(declared, rows.value, low), np.where(declared, rows.value, high))
    chosen = rows.measured
    if not chosen.any():
        return Bounds(low, high)
    interval = _of_mean if compliance == Compliance.MEAN_UCL else _of_one
    lower, upper = interval(rows.value[chosen], rows.sd[chosen], rows.n[chosen])
    if compliance == Compliance.EVERY_SAMPLE:  # a sample that was seen says more than one foreseen
        lower, upper = (
            np.where(np.isnan(seen), foreseen, seen) for seen, foreseen in ((rows.low[chosen], lower), (rows.high[chosen], upper))
        )
    low[chosen], high[chosen] = lower, upper
    return Bounds(low, high)


def _ends(rows: Samples) -> tuple[Floats, Floats]:
    low = np.where(np.isnan(rows.low), rows.value, rows.low)
    high = np.where(np.isnan(rows.high), rows.value, rows.high)
    low = np.where(rows.below == 1, 0.0, np.where(np.isnan(low), rows.high, low))
    high = np.where(rows.below == 1, np.fmax(rows.value, rows.high), np.where(np.isnan(high), rows.low, high))
    return low, high


def _of_mean(mean: Floats, sd: Floats, n: Floats) -> tuple[Floats, Floats]:
    t = stdtrit(n - 1, CONFIDENCE)
    half = t * sd / np.sqrt(n)
    variance, centre = _logs(mean, sd)
    log_half = t * np.sqrt(variance / n + variance**2 / (2 * (n - 1)))
    return _skewed_or_not(mean, sd, (half, centre + variance / 2, log_half))


def _of_one(mean: Floats, sd: Floats, n: Floats) -> tuple[Floats, Floats]:
    reach = stdtrit(n - 1, CONFIDENCE) * np.sqrt(1 + 1 / n)
    variance, centre = _logs(mean, sd)
    return _skewed_or_not(mean, sd, (reach * sd, centre, reach * np.sqrt(variance)))


def _logs(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Variance and mean of the logarithms of a lognormal figure, from its own mean and standard deviation."""
    positive = np.where(mean > 0, mean, 1.0)
    variance = np.log1p((sd / positive) ** 2)
    return variance, np.log(positive) - variance / 2


def _skewed_or_not(mean: Floats, sd: Floats, halves: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats]:
    half, log_centre, log_half = halves
    skewed = (mean > 0) & (sd > SKEWED * mean)
    lower = np.where(skewed, np.exp(log_centre - log_half), mean - half)
    upper = np.where(skewed, np.exp(log_centre + log_half), mean + half)
    return lower, upper
