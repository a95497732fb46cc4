"""Cost curves of candidate plants: economies of scale by chords, and what an investment costs a year."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.links.codes import Mask

POINTS = 5
"""Ends of four chords; over a factor of 10 with n = 0.6 they stay within 1 % of the curve."""

DECADE = 10.0
"""A source's exponent is trusted over a factor of 10 below and above its reference size, where a plant states no sizes of its own."""


@frozen(eq=False)
class Curves:
    """Sizes and investments of plants. Shape (plants,) or (plants, POINTS)."""

    size: Floats
    capex: Floats
    size_min: Floats
    size_max: Floats
    assumed: Mask  # the range of sizes is assumed
    unpriced: Mask  # no investment is known, so it cannot be built


@frozen(eq=False)
class Scale:
    """What a technology says of its investment, row by row of plants, in money of the price year. Shape (plants,)."""

    reference: Floats  # z_ref, activity a year
    capex: Floats  # EUR at z_ref
    exponent: Floats  # n


def annuity(rate: float, lifetime: Floats) -> Floats:
    r"""EUR a year for each EUR invested.

    .. math:: a = r / (1 - (1 + r)^{-L}), \quad a = 1 / L \text{ for } r = 0    (P8)

    Args:
        rate: r, real, 0.05 for 5 %.
        lifetime: L, years, shape (n,).

    Returns:
        a, 1/a, shape (n,); NaN where the lifetime is not known.

    >>> annuity(0.05, np.array([20.0])).round(5)
    array([0.08024])
    """
    if rate == 0:
        return np.asarray(1.0 / lifetime, dtype=float)
    return np.asarray(rate / (1.0 - (1.0 + rate) ** -lifetime), dtype=float)


def curves(scale: Scale, low: Floats, high: Floats, candidate: Mask, explicit: Mask) -> Curves:
    r"""Investment of each candidate over its range of sizes.

    .. math:: C(z) = C_{ref} (z / z_{ref})^n    (P8)

    at five sizes in geometric steps between the smallest and the largest, joined by chords.

    Args:
        scale: reference sizes, investments and exponents.
        low: smallest size stated, NaN where none, shape (plants,).
        high: largest size stated, NaN where none, shape (plants,).
        candidate: plants that may be built; existing ones are sunk and have no curve.
        explicit: candidates with a stated cost a year; their curve is 0.

    References:
        Williams, R.: Six-tenths factor aids in approximating costs. Chemical Engineering 54 (1947) 124.
    """
    curved = candidate & ~explicit
    open_below, open_above = np.isnan(low) | (low <= 0), np.isnan(high)
    least = np.where(open_below, np.fmin(scale.reference, high) / DECADE, low)
    most = np.where(open_above, np.maximum(scale.reference, least) * DECADE, high)
    step = np.linspace(0.0, 1.0, POINTS)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        size = least[:, None] * (most / least)[:, None] ** step
        capex = scale.capex[:, None] * (size / scale.reference[:, None]) ** scale.exponent[:, None]
    drawn = np.isfinite(size).all(axis=1) & np.isfinite(capex).all(axis=1)
    unpriced = curved & ~(drawn & (most >= least) & (most > 0))
    priced = (curved & ~unpriced)[:, None]
    given = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    span = np.where(explicit & np.isfinite(given[1]), given[1] - given[0], 0.0)
    flat = given[0][:, None] + step * span[:, None]
    return Curves(
        size=np.where(priced, size, np.where((candidate & explicit)[:, None], flat, np.nan)),
        capex=np.where(priced, capex, np.where((candidate & explicit)[:, None], 0.0, np.nan)),
        size_min=np.where(curved & ~unpriced, least, np.where(candidate & explicit, given[0], 0.0)),
        size_max=np.where(curved & ~unpriced, most, np.where(candidate & explicit, given[1], 0.0)),
        assumed=curved & ~unpriced & (open_below | open_above),
        unpriced=unpriced,
    )
