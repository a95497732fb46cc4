"""What streams give off: their amounts with every tonne counted once."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, Rows, positions
from sivuvirta.links.quantities import Quantities, quantities

MOST_LEVELS = 64
"""Parts of parts: deeper trees than this are circles, which a check refuses."""


@frozen(eq=False)
class Supply:
    """Effective amounts of streams, in the order of the table. Shape (streams,)."""

    value: Floats  # units a year that leave the stream's node, 0 where it does not flow
    low: Floats
    high: Floats
    grade: Codes
    present: Mask  # the vintage states an amount
    split: Mask  # its parts flow instead of it
    overdrawn: Mask  # its subset parts are larger than what it has


def supply(region: Region) -> Supply:
    r"""Effective supply q of each stream.

    A stream whose `split` parts have amounts does not flow itself. A `subset` part flows and lowers its parent; where the parent is split,
    its parts are lowered in proportion to their amounts.

    .. math:: q_i = Q_i - \sum_{c \in subset(i)} Q_c - t_i    (P1)

    with t_i the share of what lowers a split parent, t_i = T_parent Q_i / sum of Q over its parts.

    Returns:
        The amounts; ranges are scaled with the value.
    """
    stated = quantities(region, "streams")
    table = region.table("streams")
    parent = positions(table["stream"], table["parent"])
    part = stated.stated & (parent >= 0)
    split_child, subset_child = part & (table["part"] == "split"), part & (table["part"] == "subset")
    split = np.zeros(len(table), dtype=bool)
    split[parent[split_child]] = True
    gross = np.where(stated.stated, stated.value, 0.0)
    lower = _lowered(gross, parent, split_child, subset_child)
    left = np.where(split, 0.0, gross - lower)
    return _scaled(stated, gross, left, split)


def _lowered(gross: Floats, parent: Rows, split_child: Mask, subset_child: Mask) -> Floats:
    """What is taken from each stream by its subset parts, handed down from split parents to their parts."""
    count = len(gross)
    lower = np.bincount(parent[subset_child], weights=gross[subset_child], minlength=count)
    whole = np.bincount(parent[split_child], weights=gross[split_child], minlength=count)
    share = np.zeros(count)
    share[split_child] = gross[split_child] / np.maximum(whole[parent[split_child]], np.finfo(float).tiny)
    handed = np.zeros(count)
    for _ in range(MOST_LEVELS):
        above = np.where(split_child, (lower + handed)[np.maximum(parent, 0)] * share, 0.0)
        if np.array_equal(above, handed):
            break
        handed = above
    return np.asarray(lower + handed, dtype=float)


def _scaled(stated: Quantities, gross: Floats, left: Floats, split: Mask) -> Supply:
    slack = 1e-9 * np.maximum(gross, 1.0)
    value = np.where(left > slack, left, 0.0)
    factor = np.divide(value, gross, out=np.zeros_like(value), where=gross > 0)
    low, high = (np.where(stated.stated, end * factor, 0.0) for end in (stated.low, stated.high))
    return Supply(value, low, high, stated.grade, stated.stated, split, left < -slack)
