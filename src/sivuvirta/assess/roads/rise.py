"""A rise of heavy traffic that a source calls large: an increase threshold, beside the absolute one of a section."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.domain.region import Region

INDICATOR = "heavy_traffic_rise"
"""Of table `demography`: the part by which heavy traffic may rise, in % or as a ratio."""


@frozen
class Rise:
    """The latest figure of the register; NaN where it states none."""

    most: float  # of today's heavy traffic
    source: str = ""
    grade: str = ""
    note: str = ""


def stated(region: Region) -> Rise:
    """The increase threshold of a region."""
    rows = [row for row in region.table("demography").rows() if row["indicator"] == INDICATOR and row["value"] is not None]
    if not rows:
        return Rise(np.nan)
    row: dict[str, Any] = max(rows, key=lambda one: int(one["year"]))
    part = float(row["value"]) / (100.0 if row["unit"] == "%" else 1.0)
    return Rise(part, str(row["source"]), str(row["grade"]), str(row["note"] or ""))


def passed(rise: Floats, most: float) -> pd.Series:
    r"""Whether heavy traffic rises by more than that: True, False, or None where today's traffic or the limit is not known.

    .. math:: \frac{\Delta n}{N} > r

    Args:
        rise: of heavy traffic, a part of today's; NaN where it is not known. Shape (sections,).
        most: part of today's heavy traffic; NaN where no source states one.
    """
    sure = ~np.isnan(rise) & ~np.isnan(most)
    return pd.Series([bool(one > most) if known else None for one, known in zip(rise, sure, strict=True)], dtype=object)
