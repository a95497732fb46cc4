"""Spreading: indicators of circularity alone under the draws of `running`, with mean and 5 and 95 % points in each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import evolve

from sivuvirta.assess.circularity.beside import agreement
from sivuvirta.assess.circularity.intervals import Range
from sivuvirta.domain import indicators as told
from sivuvirta.domain.draws import deviations
from sivuvirta.domain.links import Floats
from sivuvirta.domain.ranges import tail
from sivuvirta.futures.measured.indicating import Drawn
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.running import Asked, drawn_points


def spread(asked: Asked, found: Sequence[told.Indicator], draws: int, seed: int) -> tuple[told.Indicator, ...]:
    """Indicators with mean and 5 and 95 % points of the draws for the ends of intervals.

    Amounts, contents and shares are drawn together, one draw a row of the register; with the same ledgers, draws and seed these are the
    figures of `running.ranges`, however few are wanted.

    Args:
        asked: ledgers, their reference, and all indicators at the middle: what they rest on is drawn.
        found: those of them that are wanted.
        draws: how many; fewer than `FEWEST` tell no ends.
        seed: of the draws.
    """
    over = networks(asked.links, asked.planned, asked.reference)
    drawn = Drawn(over, asked.circular, asked.planned, asked.reference)
    inputs = (*over.found.inputs, *drawn.more)
    points = drawn_points(over, drawn, draws, seed)
    drawn.found = found
    drawn.add(points, deviations(inputs, points))
    return tuple(_spread(each, drawn.samples(each)) for each in found)


def _spread(each: told.Indicator, draws: Floats | None) -> told.Indicator:
    """An indicator with what its draws tell; one that is not drawn is exact."""
    if not each.known:
        return each
    if draws is None:
        return _ended(each, each.value, each.value, each.value)
    known = draws[np.isfinite(draws)]
    low, high = tail(known)
    return _ended(each, float(known.mean()) if len(known) else math.nan, low, high)


def _ended(each: told.Indicator, mean: float, low: float, high: float) -> told.Indicator:
    """An indicator with mean and ends; of a known part neither the mean nor the end on the open side is that of the whole."""
    nan = math.nan
    if each.bound:
        mean, low, high = nan, nan if each.bound == told.AT_MOST else low, nan if each.bound == told.AT_LEAST else high
    found = Range(each.value, low, high)
    beside = tuple(evolve(one, agreement=agreement(one.low, one.high, one.unit, found)) for one in each.published)
    return evolve(each, mean=mean, low=low, high=high, published=beside)
