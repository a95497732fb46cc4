"""Regions by hand: rows as dictionaries become typed tables with the schema's defaults, so that a test says only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.tables.cells import boolean
from sivuvirta.tables.schema import ColumnSchema, schema

Row = Mapping[str, Any]


def table(name: str, rows: Iterable[Row]) -> Table:
    """A table of the schema from rows; a column that a row leaves out has its default, or is unknown."""
    spec, rows = schema()[name], list(rows)
    strange = {key for row in rows for key in row} - set(spec.columns)
    if strange:
        raise KeyError(f"'{name}' has no column {', '.join(sorted(strange))}.")
    return Table(name, spec.key, {key: _column(column, [row.get(key) for row in rows]) for key, column in spec.columns.items()})


def region(vintage: str = "now", year: int = 2024, **tables: Iterable[Row]) -> Region:
    """A region of one vintage, prices of its year, 5 % a year; every other table is as given, or empty."""
    given = {"vintages": [{"vintage": vintage, "year": year, "title": vintage, "discount_rate": 5}], **tables}
    whole = {name: table(name, given.get(name, ())) for name in schema()}
    return Region("by_hand", whole, {}, vintage)


def _column(spec: ColumnSchema, cells: list[Any]) -> np.ndarray:
    cells = [_default(spec) if cell is None else cell for cell in cells]
    if spec.numeric:
        return np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=float)
    return np.fromiter(cells, dtype=object, count=len(cells))


def _default(spec: ColumnSchema) -> Any:
    if spec.default is None or spec.numeric:
        return None if spec.default is None else float(spec.default)
    return boolean(spec.default) if spec.type == "boolean" else spec.default
