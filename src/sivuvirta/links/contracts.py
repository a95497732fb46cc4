"""Contracts: which of them are in force in the year of the vintage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask


def in_force(region: Region) -> Mask:
    """Whether each contract runs on at least one day of the vintage's year; an end that is not stated is open. Shape (contracts,).

    A contract that begins or ends within the year counts with its whole yearly amounts.
    """
    table = region.table("contracts")
    return np.asarray((_years(table["from"], -np.inf) <= region.year) & (region.year <= _years(table["to"], np.inf)), dtype=bool)


def _years(days: npt.NDArray[np.object_], unknown: float) -> npt.NDArray[np.float64]:
    """Years of ISO dates, which may be whole years or months too."""
    return np.array([unknown if pd.isna(day) else float(str(day)[:4]) for day in days], dtype=float)


def valid_on(table: Table, day: str) -> Mask:
    """Which rows, of law or permits, hold on a day.

    Dates are ISO texts of any precision; what is not stated does not bound.

    Args:
        table: with `valid_from` and `valid_to`.
        day: ISO text of a day.
    """
    codes, names = pd.factorize(table["valid_from"])
    begun = np.array([str(name) <= day for name in names] + [True], dtype=bool)[codes]
    codes, names = pd.factorize(table["valid_to"])
    lasting = np.array([str(name) >= day[: len(str(name))] for name in names] + [True], dtype=bool)[codes]
    return np.asarray(begun & lasting, dtype=bool)
