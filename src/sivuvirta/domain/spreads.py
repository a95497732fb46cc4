"""What a figure that states no range is taken to vary by: the uncertainty of its evidence grade, one rule for all that measures."""

from __future__ import annotations

import math

from sivuvirta.domain.region import Region


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
