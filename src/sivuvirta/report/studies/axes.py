"""Axes of plots: round ticks in a fitting unit, and where a value lies on the frame."""

from __future__ import annotations

import math
from collections.abc import Iterable

from attrs import frozen

from sivuvirta.report.words import number, scale

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST = 5  # steps between ticks


@frozen
class Axis:
    """One axis: values between two round ends, drawn between two places of the frame."""

    low: float  # in the unit of the values
    high: float
    step: float
    factor: float
    unit: str  # that the ticks are in
    start: float  # px of the low end
    end: float

    def at(self, value: float) -> float:
        """Place of a value, px."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and texts of the ticks."""
        values = [self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)]
        return tuple((self.at(value), number(_clean(value / self.factor, self.step / self.factor), 4)) for value in values)


def axis(values: Iterable[float], unit: str, start: float, end: float, *, zero: bool = False) -> Axis:
    """An axis that holds all values.

    Args:
        values: that are drawn; NaN are left out.
        unit: of the values.
        start: px of the low end.
        end: px of the high end.
        zero: 0 is on it.
    """
    known = [value for value in values if math.isfinite(value)] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-12):
        margin = abs(high) / 2 or 1.0
        low, high = (low - margin, high + margin) if not zero else (min(low, 0.0), max(high, 0.0) or margin)
    factor, shown = scale(max(abs(low), abs(high)), unit)
    step = factor * _step((high - low) / factor)
    return Axis(step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9), step, factor, shown, start, end)


def _step(span: float) -> float:
    size = 10 ** math.floor(math.log10(span / _MOST))
    return float(next(size * each for each in _STEPS if span / (size * each) <= _MOST))


def _clean(value: float, step: float) -> float:
    """Nothing instead of what is left of it by rounding."""
    return 0.0 if abs(value) < 1e-6 * step else value
