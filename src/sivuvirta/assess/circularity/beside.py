"""What sources print of an indicator, which stands beside the computed figure and never enters it."""

from __future__ import annotations

import math

from sivuvirta.assess.circularity.intervals import Range
from sivuvirta.domain.indicators import Published
from sivuvirta.domain.region import Region


def published(region: Region, of: tuple[str, str, str], found: Range) -> tuple[Published, ...]:
    """What sources print of an indicator, each compared with the computed figure, in the indicator's unit.

    Args:
        region: its tables.
        of: level, subject and short name of the indicator.
        found: the computed figure.
    """
    rows = [row for row in region.table("circularity").rows() if row["role"] == "published"]
    ends = [[row["value"] if row[end] is None else row[end] for end in ("low", "high")] for row in rows]
    return tuple(
        Published(
            value=row["value"],
            low=low,
            high=high,
            unit=row["unit"],
            year=None if row["year"] is None else int(row["year"]),
            definition=row["definition"] or "not said",
            agreement=agreement(low, high, row["unit"], found),
            grade=row["grade"],
            source=row["source"],
            whose=row["whose"] or "",
            comparable=row["comparable"] or "",
            why=row["why"] or "",
        )
        for row, (low, high) in zip(rows, ends, strict=True)
        if (row["level"], row["subject"] or "", row["quantity"]) == of
    )


def agreement(low: float, high: float, unit: str, found: Range) -> str:
    """How a published figure stands to the computed one; nothing is ever fitted to it.

    Args:
        low: of the published figure.
        high: of it.
        unit: of both.
        found: the computed figure; an end that is NaN is open.
    """
    if not found.known:
        return "cannot be told, the computed figure is unknown"
    least, most = -math.inf if math.isnan(found.low) else found.low, math.inf if math.isnan(found.high) else found.high
    if high >= least and low <= most:
        return "within the computed range"
    gap = low - most if low > most else high - least
    points = "percentage points" if unit == "%" else unit
    return f"{abs(gap):.3g} {points} {'above' if gap > 0 else 'below'} the computed range"
