"""Which processes of a user's own database stand for ours, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.errors import ReadError

_COLUMNS = ("process", "supplier", "amount")


def read_suppliers(path: Path) -> dict[str, tuple[Any, float]]:
    """Suppliers from a CSV file with columns process, supplier (id, or database/code), amount (units of it per unit of ours).

    Raises:
        ReadError: the file is missing, lacks a column, or an amount is no number.
    """
    try:
        frame = pd.read_csv(path, dtype={"process": str, "supplier": str})
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: the suppliers cannot be read ({error}). Write a CSV file with columns {', '.join(_COLUMNS)}.") from error
    missing = [name for name in _COLUMNS if name not in frame]
    if missing:
        raise ReadError(f"{path}: column {', '.join(missing)} is missing. Write {', '.join(_COLUMNS)} in the first line.")
    amounts = pd.to_numeric(frame["amount"], errors="coerce")
    if amounts.isna().any():
        lines = ", ".join(str(row + 2) for row in np.flatnonzero(amounts.isna()))
        raise ReadError(f"{path}: line {lines} has no amount. Write how many units of the supplier stand for one of ours.")
    return {
        key: (int(supplier) if supplier.isdigit() else supplier, float(amount))
        for key, supplier, amount in zip(frame["process"], frame["supplier"], amounts, strict=True)
    }
