"""Discounting: payback, net present value and internal rate of return of yearly cash flows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq

from sivuvirta.domain.links import Floats

_HIGHEST = 1e6  # 100 million per cent a year: above it nobody asks


def flows(invested: Sequence[tuple[float, float]], yearly: float) -> Floats:
    r"""Cash flows of years 0 to N of investments that are made again when they are worn out.

    .. math:: F_0 = -\sum_p I_p, \qquad F_t = S - \sum_{p: n_p | t, t < N} I_p, \qquad F_N = S + \sum_p r_p I_p

    with N the longest life, and r the part of the last renewal that is not worn out by then, in a straight line.

    Args:
        invested: EUR and life in whole years of each.
        yearly: S, EUR a year before capital.

    >>> flows([(100.0, 2), (60.0, 3)], 90.0).tolist()
    [-160.0, 90.0, -10.0, 140.0]
    """
    horizon = max(round(life) for _, life in invested)
    found = np.concatenate([[0.0], np.full(horizon, yearly)])
    for amount, life in invested:
        years = round(life)
        found[np.arange(0, horizon, years)] -= amount
        found[horizon] += amount * (-horizon % years) / years
    return found


def npv(flow: Floats, rate: float) -> float:
    r"""Net present value.

    .. math:: NPV = \sum_t \frac{F_t}{(1 + r)^t}

    >>> round(npv(np.array([-100.0, 60.0, 60.0]), 0.1), 4)
    4.1322
    """
    return float(np.sum(flow / (1.0 + rate) ** np.arange(len(flow))))


def irr(flow: Floats) -> float:
    """Rate at which the net present value is 0; NaN unless the flows change their sign once, from spent to earned.

    >>> round(irr(np.array([-100.0, 60.0, 60.0])), 6)
    0.130662
    """
    signs = np.sign(flow[flow != 0])
    if np.count_nonzero(np.diff(signs)) != 1 or signs[0] > 0 or flow.sum() < 0:
        return float("nan")
    high = 1.0
    while npv(flow, high) > 0:
        high *= 2
        if high > _HIGHEST:
            return float("nan")
    return float(brentq(lambda rate: npv(flow, rate), 0.0, high, xtol=1e-12))


def payback(invested: float, yearly: float) -> float:
    """Years until what is earned each year has paid what was invested, without interest; NaN where it never does.

    >>> payback(300.0, 120.0)
    2.5
    """
    return invested / yearly if invested > 0 and yearly > 0 else float("nan")


def annuity_value(rate: float, years: float) -> float:
    """Present value of 1 a year: (1 - (1 + r)^-n) / r.

    >>> annuity_value(0.0, 5)
    5.0
    """
    return float(years) if rate == 0 else float((1.0 - (1.0 + rate) ** -years) / rate)
