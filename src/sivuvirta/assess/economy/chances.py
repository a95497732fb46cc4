"""Chances: mean and 5 to 95 % of payback and internal rate, from the ranges of what is earned and of what is invested."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from scipy.special import ndtri

from sivuvirta.assess.economy.discounting import flows, irr
from sivuvirta.domain.links import Floats
from sivuvirta.units.ranges import HALF_WIDTH

_POINTS = 4001  # cases, each as likely as the next
_GOLDEN = (5**0.5 - 1) / 2  # steps of it spread evenly over 0 to 1
_RATES = 41  # internal rates that are solved for
_TINY = 1e-12


@frozen
class Chances:
    """What is earned a year with its range, and payback (a) and internal rate (per cent) with mean and range; NaN: there is none."""

    yearly_low: float
    yearly_high: float
    payback_mean: float
    payback_low: float
    payback_high: float
    irr_mean: float
    irr_low: float
    irr_high: float
    never: float  # share of the cases in which the investment is not paid back, 0 to 1

    @classmethod
    def none(cls) -> Chances:
        """Nothing is known."""
        return cls(*[float("nan")] * 9)


def chances(invested: Sequence[tuple[float, float]], yearly: float, sd: tuple[float, float], *, discounted: bool) -> Chances:
    r"""Payback and internal rate where both what is earned and what is invested have a range.

    .. math:: q = \frac{S}{k}, \quad S = S_0 + \sigma_S z_1, \quad k \sim \text{lognormal with mean 1 and deviation } \sigma_I / I_0, \quad
        T = \frac{I_0}{q}

    All flows are in proportion to k but for S, so both payback T and internal rate depend on q alone, and one is larger where the other is
    smaller. Cases stand on a lattice of equally likely points: no seed, no sample. A mean is told where every case has a
    figure; an end that never pays back is not a number.

    Args:
        invested: EUR and life in years of each asset.
        yearly: what is earned a year before capital, EUR/a.
        sd: standard deviation of what is earned, and of what is invested, EUR.
        discounted: whether lives are known, so that there is an internal rate.
    """
    whole, half = sum(amount for amount, _ in invested), HALF_WIDTH * sd[0]
    place = np.arange(_POINTS)
    earned, cost_at = ndtri((place + 0.5) / _POINTS), ndtri((place * _GOLDEN + 0.5) % 1.0)
    sigma = float(np.sqrt(np.log1p((sd[1] / whole) ** 2)))
    q = np.sort((yearly + sd[0] * earned) / np.exp(sigma * cost_at - sigma**2 / 2))
    low, high = (float(end) for end in np.quantile(q, (0.05, 0.95), method="hazen"))
    years: Floats = whole / np.where(q > _TINY * whole, q, np.nan)
    rates = _rates(invested, q) if discounted else np.full(_RATES, np.nan)
    ends = [100 * irr(flows(invested, end)) if discounted else float("nan") for end in (low, high)]
    return Chances(
        yearly_low=yearly - half,
        yearly_high=yearly + half,
        payback_mean=float(years.mean()),
        payback_low=whole / high if high > 0 else float("nan"),
        payback_high=whole / low if low > 0 else float("nan"),
        irr_mean=100 * float(rates.mean()),
        irr_low=ends[0],
        irr_high=ends[1],
        never=float((q <= 0).mean()),
    )


def _rates(invested: Sequence[tuple[float, float]], q: Floats) -> Floats:
    """Internal rates at equally likely points of what is earned for what is invested; NaN all of them where one has none."""
    found = []
    for point in np.quantile(q, (np.arange(_RATES) + 0.5) / _RATES).tolist():
        found.append(irr(flows(invested, point)))
        if np.isnan(found[-1]):
            break
    return np.array(found if len(found) == _RATES else [np.nan] * _RATES)
