"""Tracing: the row of the register behind each input, with its grade and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats
from sivuvirta.domain.region import Region

_TABLES = {
    "amount": ("quantities", "subject"),
    "demand": ("quantities", "subject"),
    "moisture": ("streams", "stream"),
    "transport": ("modes", "mode"),
    "handling": ("modes", "mode"),
    "co2 transport": ("modes", "mode"),
    "fee": ("fates", "fate"),
    "revenue": ("fates", "fate"),
    "co2 outlet": ("fates", "fate"),
    "replaced": ("fates", "fate"),
    "ratio": ("acceptances", ""),
    "purchase": ("prices", "subject"),
    "co2 purchase": ("factors", "subject"),
    "capex": ("technologies", "technology"),
    "distance": ("roads", "road"),
    "content": ("analyses", ""),
}
"""Kind of input -> table and the column that its key is in; "" where the key has several parts."""


def row_of(one: Input) -> str:
    """Table and key of the source row of an input, for example "fates: gld.landfill". Figures of one row have one."""
    return one.key if one.kind in ("circularity", "content") and ": " in one.key else f"{_TABLES[one.kind][0]}: {one.key}"


def traced(region: Region, inputs: Sequence[Input], values: Floats) -> pd.DataFrame:
    """Where each input comes from, and the range that it is drawn in.

    Args:
        region: its tables.
        inputs: of the draws.
        values: standard deviations from the middle, shape (draws, inputs).

    Returns:
        Columns input, kind, label, family, value, low, high (5 and 95 % points of the draws; relative to 1 for money and emissions), row,
        grade, source.
    """
    known: dict[str, dict[Any, list[int]]] = {}
    rows = []
    for at, one in enumerate(inputs):
        low, high = np.quantile(one.centre + one.unit * values[:, at], (0.05, 0.95))
        grade, source = _evidence(region, known, row_of(one))
        rows.append((one.name, one.kind, one.label, one.family, one.centre, float(low), float(high), row_of(one), grade, source))
    return pd.DataFrame(rows, columns=["input", "kind", "label", "family", "value", "low", "high", "row", "grade", "source"])


def _evidence(region: Region, known: dict[str, dict[Any, list[int]]], row: str) -> tuple[str, str]:
    """Worst grade and all sources of the rows that an input comes from."""
    name, _, key = row.partition(": ")
    table = region.table(name)
    if name not in known:
        known[name] = {}
        for at, each in enumerate(_keys(name, table)):
            if name != "quantities" or table["vintage"][at] == region.vintage:
                known[name].setdefault(each, []).append(at)
    found = known[name].get(key, [])
    grades = [str(table["grade"][each]) for each in found if table["grade"][each]]
    return max(grades, default=""), "; ".join(dict.fromkeys(str(table["source"][each]) for each in found if table["source"][each]))


def _keys(name: str, table: Any) -> list[str]:
    if name == "analyses":
        return [f"{each['stream']}/{each['component']}/{each['kind']}" for each in table.rows()]
    if name == "activities":
        return [f"{each['site']}/{each['kind']}/{each['product']}/{int(each['year'])}" for each in table.rows()]
    if name == "acceptances":
        return [f"{each['need']},{each['material']}" for each in table.rows()]
    column = next((column for table_name, column in _TABLES.values() if table_name == name and column), table.key[0])
    return [str(each) for each in table[column].tolist()]
