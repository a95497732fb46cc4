"""A region whose factors and ratios without a range have that of their grade written out, 1.645 standard deviations either side."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table

SHARES = {"A": 0.0244, "B": 0.0391, "C": 0.2463, "D": 0.4621}
"""Coefficients of variation as table `uncertainties` prints them."""

_FIGURES = {"factors": [("value", "low", "high")], "modes": [("co2", "co2_low", "co2_high")]}
_FIGURES["fates"] = [("co2", "co2_low", "co2_high"), ("ratio", "ratio_low", "ratio_high")]


def written(region: Region) -> Region:
    """The region with these ranges in its tables."""
    both = [{name: _written(table) for name, table in tables.items()} for tables in (region.tables, region.library)]
    return evolve(region, tables=both[0], library=both[1])


def _written(table: Table) -> Table:
    columns = dict(table.columns)
    for value, low, high in _FIGURES.get(table.name, ()):
        share = np.array([SHARES.get(grade, 1.0) for grade in table["grade"]], dtype=float)
        half = 1.645 * share * np.abs(table[value])
        blank = np.isnan(table[low]) | np.isnan(table[high])
        columns |= {low: np.where(blank, table[value] - half, table[low]), high: np.where(blank, table[value] + half, table[high])}
    return evolve(table, columns=columns)
