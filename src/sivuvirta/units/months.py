"""Months of a year as text: 5-9, or 11-3, or 5;9-10."""

from __future__ import annotations

import re

ALL_YEAR = (1 << 12) - 1
"""All twelve months as bits; bit 0 is January."""

_MONTHS = re.compile(r"(1[0-2]|[1-9])(-(1[0-2]|[1-9]))?([,;](1[0-2]|[1-9])(-(1[0-2]|[1-9]))?)*")


def months(season: str | None) -> int:
    """Months of a season as bits; nothing said is all year.

    >>> [month + 1 for month in range(12) if months("11-2;5") >> month & 1]
    [1, 2, 5, 11, 12]
    """
    if not season:
        return ALL_YEAR
    bits = 0
    for part in str(season).replace(",", ";").split(";"):
        ends = [int(end) for end in part.split("-")]
        first, last = ends[0], ends[-1]
        bits |= sum(1 << (month - 1) % 12 for month in range(first, last + 1 if last >= first else last + 13))
    return bits


def is_season(text: str) -> bool:
    """Whether a text names months by number."""
    return _MONTHS.fullmatch(text.replace(" ", "")) is not None
