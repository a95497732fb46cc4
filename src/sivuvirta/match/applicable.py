"""Which limits hold for which need, and for whom: law by use class, jurisdiction and year, and the need's own specification."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.bounds import Compliance
from sivuvirta.links.codes import Mask, Rows, grade_codes, groups, ints, positions
from sivuvirta.links.contracts import valid_on
from sivuvirta.links.evidence import Figures, figures, leached

UNION = "EU"
"""Jurisdiction whose limits hold in all member states."""

STATUSES = ("waste", "by_product", "product")
"""Legal statuses that a limit may name; the position is the code. What has ceased to be waste is a product."""

ANY_STATUS = 3
"""Code of a limit that holds for every status."""


@frozen(eq=False)
class Limits:
    """Limits in use, each as an upper limit of its figure. Shape (limits,)."""

    row: Ints  # row of the region's table `limits`
    figure: Ints  # position in figures
    bound: Floats  # L; of a minimum its negative
    verified: Mask
    grade: Codes
    mass: Mask  # the figure mixes by mass
    blending: Mask  # a blend may be used to meet it
    status: Codes  # position in STATUSES, or ANY_STATUS
    total: Mask  # compared with total content
    leaching: Mask

    def __len__(self) -> int:
        return len(self.row)


@frozen(eq=False)
class Demanded:
    """Limits of each need, one after another: those of need j are `limit[start[j] : start[j + 1]]`, in the order of their ids."""

    limits: Limits
    figures: Figures
    start: Rows  # (needs + 1,)
    limit: Rows  # (pairs,) position in limits


def demanded(region: Region, needs: Any) -> Demanded:
    """The limits that hold for needs on the region's day.

    A need's limits are those that name it, and those of its use class in its own jurisdiction or the Union's.

    Args:
        region: its tables `limits` and `needs`; its `day` says whose law is applied.
        needs: need ids, shape (needs,).
    """
    table, register = region.table("limits"), region.table("needs")
    row = np.flatnonzero(valid_on(table, region.day) & ~np.isnan(table["value"]))
    table = table.take(row)
    register = register.take(positions(register["need"], needs))
    need, limit = _pairs(table, register, needs)
    limits, asked = _limits(region, table, row)
    by_id = np.argsort(table["limit"].astype(str), kind="stable")
    rank = np.empty(len(table), dtype=np.int64)
    rank[by_id] = np.arange(len(table))
    order = np.lexsort((rank[limit], need))
    start = np.concatenate([[0], np.cumsum(np.bincount(need, minlength=len(needs)))]).astype(np.int64)
    return Demanded(limits, asked, start, limit[order])


def status_codes(status: Any) -> Codes:
    """Codes of legal statuses as limits name them: unknown counts as waste, what has ceased to be waste as a product.

    >>> status_codes(np.array(["end_of_waste", "unknown", None, "by_product"], dtype=object))
    array([2, 0, 0, 1], dtype=int8)
    """
    ended = np.where(np.asarray(status, dtype=object) == "end_of_waste", "product", status)
    return np.maximum(positions(STATUSES, ended), 0).astype(np.int8)


def _pairs(table: Table, register: Table, needs: Any) -> tuple[Rows, Rows]:
    """(need, limit) positions of all pairs that hold."""
    named = pd.notna(table["need"])
    own = positions(needs, table["need"])
    mine = np.flatnonzero(named & (own >= 0))
    general = np.flatnonzero(~named & pd.notna(table["use_class"]))
    classes = pd.unique(table["use_class"][general])
    by_class = groups(positions(classes, table["use_class"][general]), len(classes))
    need, member = by_class.join(positions(classes, register["use_class"]))
    limit = general[member]
    here = table["jurisdiction"][limit]
    holds = (here == UNION) | (here == register["jurisdiction"][need])
    return np.concatenate([own[mine], need[holds]]), np.concatenate([mine, limit[holds]])


def _limits(region: Region, table: Table, row: Rows) -> tuple[Limits, Figures]:
    minimum = np.asarray(table["comparator"] == "min", dtype=bool)
    kind = table["kind"]
    component = np.where(kind == "leaching", leached(region.table("components"), table["component"]), table["component"])
    compliance = positions([way.name.lower() for way in Compliance], table["compliance"])
    asked, figure = figures(component, kind, np.maximum(compliance, 0).astype(np.int8), minimum)
    status = positions(STATUSES, table["applies_to"])
    limits = Limits(
        row=ints(row),
        figure=ints(figure),
        bound=np.where(minimum, -table["value"], table["value"]),
        verified=_yes(table["verified"]),
        grade=grade_codes(table["grade"]),
        mass=np.asarray(table["mixing"] == "mass", dtype=bool),
        blending=_yes(table["blending"]),
        status=np.where(status < 0, ANY_STATUS, status).astype(np.int8),
        total=np.asarray(kind == "total", dtype=bool),
        leaching=np.asarray(kind == "leaching", dtype=bool),
    )
    return limits, asked


def _yes(column: Any) -> Mask:
    return np.asarray(column == True, dtype=bool)  # noqa: E712 - objects with None
