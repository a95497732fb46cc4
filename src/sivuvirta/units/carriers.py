"""Carriers: what an arc carries, and in which unit it is counted."""

from __future__ import annotations

UNITS: dict[str, tuple[str, ...]] = {
    "solid": ("t",),
    "liquid": ("t",),
    "gas": ("t", "m3", "MWh"),
    "fuel": ("MWh",),
    "heat": ("MWh",),
    "electricity": ("MWh",),
    "water": ("m3",),
    "service": ("unit",),
}
"""Units in which a carrier may be counted, a year; t is dry. A burnable gas counts in MWh (lower heating value)."""

MOIST = frozenset({"solid", "liquid"})
"""Carriers whose amounts are dry and whose mass as sent is larger."""


def fits(carrier: str, unit: str) -> bool:
    """Whether a material of this carrier may be counted in this unit.

    >>> fits("solid", "t"), fits("heat", "t")
    (True, False)
    """
    return unit in UNITS.get(carrier, ())
