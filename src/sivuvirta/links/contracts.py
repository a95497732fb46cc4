"""Contracts: which of them are in force in the year of the vintage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.domain.region import Region
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
