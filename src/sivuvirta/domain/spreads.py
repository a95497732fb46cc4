"""What a figure that states no range is taken to vary by: the uncertainty of its evidence grade, one rule for all that measures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from sivuvirta.domain.table import Column, Table
from sivuvirta.units.ranges import HALF_WIDTH

if TYPE_CHECKING:
    from sivuvirta.domain.region import Region

DRAWN: Mapping[str, tuple[str, ...]] = {
    "quantities": ("value",),
    "fates": ("fee", "revenue", "ratio", "co2"),
    "acceptances": ("ratio",),
    "technologies": ("capex",),
    "prices": ("value",),
    "factors": ("value",),
    "modes": ("cost", "handling", "co2", "co2_full", "co2_empty"),
}
"""Columns of amounts, money and emissions by table, which vary by the grade of their row where they state no range.

Not among them: contents, which are judged by the evidence that there is; moistures, lengths, yields and recoveries.
"""


def grade_shares(region: Region) -> dict[str, float]:
    """Coefficient of variation by evidence grade (table `uncertainties`), for figures that state no range; empty without that table."""
    if "uncertainties" not in {*region.tables, *region.library}:
        return {}
    return {row["evidence"]: row["cv"] / 100.0 for row in region.table("uncertainties").rows()}


def graded_sd(value: float, ends: tuple[float, float], share: float) -> float:
    r"""Standard deviation by grade of a figure that states no range; 0 where both ends are stated, for then they tell it.

    .. math:: \sigma = |x| \, c_{grade}    (U)

    Args:
        value: the figure, NaN where unknown.
        ends: its stated 5 and 95 % points, NaN where there is none.
        share: coefficient of variation of its grade.

    >>> graded_sd(100.0, (math.nan, math.nan), 0.4621), graded_sd(100.0, (90.0, 110.0), 0.4621)
    (46.21, 0.0)
    """
    stated = not any(math.isnan(end) for end in ends)
    return 0.0 if stated or math.isnan(value) else abs(value) * share


def graded_tables(region: Region) -> tuple[dict[str, Table], dict[str, Table]]:
    r"""Tables of a region, its own and the library's, with a range for each figure of `DRAWN` that states none of its two ends.

    .. math:: x^{low}, x^{high} = x \mp 1.645 |x| c_{grade}, \quad x^{low} \ge 0 \text{ where } x \ge 0    (U)

    Args:
        region: whose table `uncertainties` holds. Rows without a grade, and figures that are not known, stay as they are.
    """
    shares = grade_shares(region)
    own, library = ({name: _graded(each, shares) for name, each in tables.items()} for tables in (region.tables, region.library))
    return own, library


def _graded(table: Table, shares: Mapping[str, float]) -> Table:
    if table.name not in DRAWN:
        return table
    columns = dict(table.columns)
    share = np.array([shares.get(grade or "", 0.0) for grade in columns["grade"]])
    for name in DRAWN[table.name]:
        low, high = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
        columns[low], columns[high] = _ends((columns[name], columns[low], columns[high]), share)
    return evolve(table, columns=columns)


def _ends(stated: tuple[Column, Column, Column], share: Column) -> tuple[Column, Column]:
    value, low, high = stated
    reach = HALF_WIDTH * share * np.abs(value)
    open_ended = np.isnan(low) & np.isnan(high) & (reach > 0)
    least = np.where(value >= 0, np.maximum(value - reach, 0.0), value - reach)
    return np.where(open_ended, least, low), np.where(open_ended, value + reach, high)
