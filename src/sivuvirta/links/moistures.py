"""How wet streams are, and figures per mass as sent turned into figures per dry mass."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.region import Region
from sivuvirta.links.bounds import Samples
from sivuvirta.links.codes import Mask, Rows, grade_codes, picked, positions


@frozen(eq=False)
class Moisture:
    """Water of streams, % as sent; NaN where neither the stream nor its material says. Shape (rows,)."""

    value: Floats
    low: Floats
    high: Floats
    grade: Codes


def moisture(region: Region, row: Rows) -> Moisture:
    """Moisture of rows of table `streams`: the stream's own, else what is typical of its material.

    Args:
        region: its tables `streams` and `materials`.
        row: rows of `streams`, -1 for none.
    """
    table, materials = region.table("streams"), region.table("materials")
    material = positions(materials["material"], picked(table["material"], row, None))
    stated, low, high = (picked(table[name], row, np.nan) for name in ("moisture", "moisture_low", "moisture_high"))
    own = ~np.isnan(stated) | ~np.isnan(high)
    value = np.where(np.isnan(stated), picked(materials["moisture"], material, np.nan), stated)
    low, high = (np.where(np.isnan(end), value, end) for end in (low, high))
    grade = np.where(own, grade_codes(picked(table["grade"], row, None)), grade_codes(picked(materials["grade"], material, None)))
    return Moisture(value, low, high, grade.astype(np.int8))


def dried(said: Samples, water: Moisture, wet: Mask) -> Samples:
    r"""Samples per dry mass, where some are stated per mass as sent.

    .. math:: c_{dry} = \frac{c_{sent}}{1 - w}

    The ends of the moisture widen the range: the driest gives the least, the wettest the most. Where the moisture is not known neither is
    the figure.

    Args:
        said: what the analysis rows say.
        water: moisture of each row's stream, % as sent.
        wet: rows that are stated as sent.
    """
    if not wet.any():
        return said
    share = {name: _kept(getattr(water, name), wet) for name in ("value", "low", "high")}
    least, most = (np.where(wet & np.isnan(end), said.value, end) for end in (said.low, said.high))
    return evolve(said, value=said.value / share["value"], low=least / share["low"], high=most / share["high"], sd=said.sd / share["value"])


def _kept(percent: Floats, wet: Mask) -> Any:
    return np.where(wet, 1.0 - percent / 100.0, 1.0)
