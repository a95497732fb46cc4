"""Prices: euros of the plan as those of a table's year, and how far a multiplier of a grade may be off."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.region import Region
from sivuvirta.domain.spreads import grade_shares
from sivuvirta.links.money import indexed, price_year

_SERIES = "jobs"


def deflator(region: Region, year: float) -> tuple[float, bool]:
    """What turns euros of the plan's price year into those of a table's year, and whether no series covers both years."""
    if "indices" not in {*region.tables, *region.library}:
        return 1.0, price_year(region) != year
    ratio, missing = indexed(region, np.array([year]), (_SERIES,))
    return 1.0 / float(ratio[0]), bool(missing[0])


def relative_sd(region: Region, grade: str) -> float:
    """Relative standard deviation of a multiplier that states none, by the grade of what its table says of it (table `uncertainties`)."""
    return float(grade_shares(region).get(grade, 0.0))
