"""Bands: hidden figures told coarsely, on one grid that everybody knows and that no figure can move.

The borders are 1, 2 and 5 times the powers of ten, the same for every unit: of the series that divide a decade into whole steps it is the
one whose borders have one digit, so that people read a band at a glance, and its steps are of nearly one size (2, 2.5, 2). Natural bounds
lie on it: 100 %, and 1 000 000 mg/kg. A band holds its upper border and not its lower one, as a limit that is met at its own figure.

What is answered about a figure that stays hidden rests on few of these borders, at most eight a component (`levels`): those around the
limits of the library. As each of them is a border of the grid, a band on display and all answers together tell the band and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import floor, isnan, log10

import numpy as np
from attrs import frozen

from sivuvirta import library

STEPS = (1, 2, 5)
SMALLEST, LARGEST = -6, 12  # powers of ten; below the first border and above the last there is one band each
LEVELS = 8
"""Borders on which answers about one hidden component may rest, at most."""


@frozen
class Band:
    """Where a figure lies: above `low` and at most `high`; of a negative figure at least `low` and below `high`."""

    low: float
    high: float

    def __or__(self, other: Band) -> Band:
        return Band(min(self.low, other.low), max(self.high, other.high))


def borders() -> tuple[float, ...]:
    """All borders above zero, ascending."""
    return (*(float(f"{step}e{power}") for power in range(SMALLEST, LARGEST) for step in STEPS), float(f"1e{LARGEST}"))


@cache
def _grid() -> np.ndarray:
    return np.array([0.0, *borders()])


def band(value: float, grid: Iterable[float] | None = None) -> Band:
    """The band of a figure.

    >>> band(130.0), band(200.0), band(0.0)
    (Band(low=100.0, high=200.0), Band(low=100.0, high=200.0), Band(low=0.0, high=1e-06))

    Args:
        value: the figure.
        grid: borders above zero, ascending; all of the grid where None.

    Raises:
        ValueError: the figure is not known.
    """
    if isnan(value):
        raise ValueError("What is not known has no band.")
    if value < 0:
        mirrored = band(-value, grid)
        return Band(-mirrored.high, 0.0 - mirrored.low)
    known = _grid() if grid is None else np.array([0.0, *grid])
    at = max(1, int(np.searchsorted(known, value, side="left")))
    return Band(float(known[at - 1]), float(known[at]) if at < len(known) else float("inf"))


def below(value: float) -> float:
    """The largest border that is not above a figure above zero.

    >>> below(0.7), below(0.5)
    (0.5, 0.5)
    """
    power = floor(log10(value)) + 1
    found = [float(f"{step}e{each}") for each in range(power - 2, power + 1) for step in STEPS]
    return max(border for border in found if border <= value)


@cache
def levels(component: str, kind: str) -> tuple[float, ...]:
    """Borders on which answers about a hidden figure rest: those next below and next above each limit of the library, at most eight.

    Where there are more, eight of them are taken at even distances, the first and the last among them. They follow from the library alone:
    nobody who has a need, a stream or a register can move them. None where the library has no limit of the component.

    Args:
        component: key of table `components`.
        kind: total, leaching or property.
    """
    table = library.tables()["limits"]
    rows = (table["component"] == component) & (table["kind"] == kind)
    found: set[float] = set()
    for value in table["value"][rows].tolist():
        if value > 0:
            low = below(value)
            found |= {low, low if low == value else band(value).high}
    ordered = sorted(each for each in found if np.isfinite(each))
    if len(ordered) <= LEVELS:
        return tuple(ordered)
    return tuple(ordered[round(at * (len(ordered) - 1) / (LEVELS - 1))] for at in range(LEVELS))


def coarse(value: float, component: str, kind: str) -> Band | None:
    """The band of a hidden figure on which answers may rest; None where there is no limit that asks for one."""
    grid = levels(component, kind)
    return band(value, grid) if grid else None
