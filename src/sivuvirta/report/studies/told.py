"""What several sections say in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from sivuvirta.report.words import listed

_PLACES = 4  # of a gap in per cent; below it a plan is proven


def yearly(unit: str) -> str:
    """Unit of what flows a year; what a plant does has a unit of its own."""
    return unit if unit.startswith("of ") else f"{unit}/a"


def percent(part: float) -> float:
    """A gap in per cent, without what is left of it by rounding."""
    return round(100 * part, _PLACES)


def against(built: Sequence[str], before: Sequence[str] | None) -> str:
    """Names of plants, or what differs from those before."""
    if before is None:
        return ", ".join(built) or "none"
    more, less = [name for name in built if name not in before], [name for name in before if name not in built]
    parts = [f"{word} {listed(names, 9)}" for word, names in (("with", more), ("without", less)) if names]
    return ", ".join(parts) or "the same"
