"""Ranges by interval: the ends of a figure if each of its inputs lies anywhere within its own range.

This is wider than the 5 and 95 % points of independent inputs, never narrower: the cautious side.
An unknown input makes the figure unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats


@frozen
class Range:
    """A figure with its ends; NaN is unknown."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def times(self, factor: float) -> Range:
        """The same in another unit."""
        return Range(self.value * factor, self.low * factor, self.high * factor)


UNKNOWN = Range(math.nan, math.nan, math.nan)


def exact(value: float) -> Range:
    """A figure without a range."""
    return Range(value, value, value)


def total(parts: Sequence[Range]) -> Range:
    """Sum; ends as if all were off together.

    >>> total([Range(2, 1, 3), exact(4)])
    Range(value=6, low=5, high=7)
    """
    return Range(sum(each.value for each in parts), sum(each.low for each in parts), sum(each.high for each in parts))


def share(part: Range, rest: Range) -> Range:
    r"""Part of a whole that is part and rest, which vary apart.

    .. math:: s = \\frac{p}{p + r}

    >>> share(Range(30, 20, 40), Range(70, 60, 80))
    Range(value=0.3, low=0.2, high=0.4)
    """
    return Range(_part(part.value, rest.value), _part(part.low, rest.high), _part(part.high, rest.low))


def _part(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else math.nan


def quotient(over: Range, under: Range, most: float = math.inf) -> Range:
    """One figure by another, both 0 or more; no end is above `most`."""
    if not under.value > 0:
        return UNKNOWN
    high = over.high / under.low if under.low > 0 else math.inf
    return Range(min(over.value / under.value, most), min(over.low / under.high, most), min(high, most))


def weighted(amounts: Sequence[Range], shares: Sequence[Range]) -> Range:
    r"""Mean share of several flows, with its exact ends.

    .. math:: \\bar c = \\frac{\\sum_i m_i c_i}{\\sum_i m_i}

    The mean is largest with every share at its high end and, for some threshold, the flows above it at their largest amount and the others
    at their smallest; so the ends are found by trying every threshold.

    >>> weighted([Range(60, 50, 70), exact(40)], [exact(1.0), exact(0.0)]).value
    0.6

    Args:
        amounts: of each flow, 0 or more.
        shares: of each flow, in the same order.
    """
    if not amounts or not all(each.known for each in (*amounts, *shares)):
        return UNKNOWN
    value = np.array([each.value for each in amounts])
    if not value.sum() > 0:
        return UNKNOWN
    mean = float(value @ np.array([each.value for each in shares]) / value.sum())
    if all(each.low == each.high for each in (*amounts, *shares)):
        return exact(mean)
    low, high = (np.array([getattr(each, end) for each in amounts]) for end in ("low", "high"))
    least, most = (np.array([getattr(each, end) for each in shares]) for end in ("low", "high"))
    return Range(mean, min(mean, 1.0 - _largest(low, high, 1.0 - least)), max(mean, _largest(low, high, most)))


def _largest(low: Floats, high: Floats, shares: Floats) -> float:
    order = np.argsort(-shares, kind="stable")
    low, high, shares = low[order], high[order], shares[order]
    amount = np.concatenate([[0.0], np.cumsum(high)]) + np.concatenate([np.cumsum(low[::-1])[::-1], [0.0]])
    content = np.concatenate([[0.0], np.cumsum(high * shares)]) + np.concatenate([np.cumsum((low * shares)[::-1])[::-1], [0.0]])
    return float(np.max(content[amount > 0] / amount[amount > 0]))


def corners(function: Callable[..., float], inputs: Mapping[str, Range]) -> Range:
    """A function with its ends over all combinations of ends of its inputs.

    Exact where the function rises or falls in each input alone. Combinations that the function refuses (ValueError) are left out.

    Args:
        function: takes the inputs by name.
        inputs: at most a dozen that are not exact.
    """
    if not all(each.known for each in inputs.values()):
        return UNKNOWN
    value = function(**{name: each.value for name, each in inputs.items()})
    found = [value]
    ends = [(each.low,) if each.low == each.high else (each.low, each.high) for each in inputs.values()]
    for chosen in product(*ends):
        try:
            found.append(function(**dict(zip(inputs, chosen, strict=True))))
        except ValueError:
            continue
    return Range(value, min(found), max(found))
