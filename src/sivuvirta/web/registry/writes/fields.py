"""Fields of a row by who sees them: what a person may choose for each column, and what follows for the columns beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sivuvirta.tables.schema import ColumnSchema, TableSchema
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.rows import Row

_BESIDE = ("low", "high", "sd", "reported_value")  # what stands beside `value`
_ENDS = ("_low", "_high")  # what stands beside any other figure
_BAND_FREE = frozenset({"deg"})  # units of which a band on the grid says nothing: a latitude is no amount

AS_THE_ROW = -1
"""In place of a level: the column is seen by those who see the row."""
NOBODY = -1
"""In place of a level: nobody is told the band."""


def choosable(table: TableSchema) -> list[ColumnSchema]:
    """Columns whose circle is chosen: all but the key, which everybody learns who sees anything of the row."""
    return [column for column in table.columns.values() if column.name not in table.key]


def bandable(table: TableSchema, column: ColumnSchema) -> bool:
    """Whether a figure may be shown as a band: a number that is not the range of another, which would narrow the other's band."""
    return column.type == "number" and column.name not in table.key and column.unit not in _BAND_FREE and not _follows(table, column.name)


def follows(table: TableSchema) -> dict[str, str]:
    """Columns that tell nearly what another tells, with that other: the low and the high end of a figure, and how far it spreads."""
    found = {name: _follows(table, name) for name in table.columns}
    return {name: figure for name, figure in found.items() if figure}


def _follows(table: TableSchema, name: str) -> str:
    if name in _BESIDE and "value" in table.columns:
        return "value"
    figure = next((name.removesuffix(end) for end in _ENDS if name.endswith(end)), "")
    return figure if figure in table.columns else ""


def chosen(row: Row, circle: int, levels: Mapping[str, int], bands: Mapping[str, int]) -> dict[str, Any]:
    """What changes of a row when its level and those of some columns are chosen; a range is shown to no more people than its figure.

    Args:
        row: as it is.
        circle: the level of the row.
        levels: by column, `AS_THE_ROW` for that of the row; what is not named stays.
        bands: who is told the band, by column, `NOBODY` for none; what is not named stays.
    """
    circles = _merged(row.circles, levels)
    for name, figure in follows(row.schema).items():
        of_figure = circles.get(figure, circle)
        if circles.get(name, circle) > of_figure:
            circles[name] = of_figure
    return {"circle": Level(circle), "circles": circles, "bands": _merged(row.bands, bands)}


def _merged(before: Mapping[str, int], told: Mapping[str, int]) -> dict[str, int]:
    return {name: int(level) for name, level in {**before, **told}.items() if level >= 0}
