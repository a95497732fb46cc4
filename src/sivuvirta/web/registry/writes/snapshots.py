"""Snapshots: the register as a circle of people sees it, for the engine.

What is worked out of a snapshot tells nobody of the circle more than the register does: a row that the circle may not see is left
out, and so is what names it, for without the name it might mean something else (a limit for one stream would become one for all). A
cell that the circle may not see is unknown; where it is a name, or the row cannot stand without it, the row is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_
from typing import Any

import pandas as pd
from attrs import frozen
from django.db.models import Q

from sivuvirta import library
from sivuvirta.tables.schema import ColumnSchema, TableSchema, schema
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.columns import cell
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, row_key

Records = dict[str, dict[str, Any]]
"""Rows of a table by their key."""


@frozen
class Snapshot:
    """What a circle sees."""

    frames: Mapping[str, pd.DataFrame]
    closed: int  # rows left out or not seen whole

    def key(self, table: str, row: int) -> str:
        """Key of a row of a frame, counted from 1, as the engine's checks count them; empty where there is none."""
        frame = self.frames.get(table)
        if frame is None or not 1 <= row <= len(frame):
            return ""
        return row_key(schema()[table], {name: _plain(frame[name].iloc[row - 1]) for name in schema()[table].key})


def snapshot(register: Register, circle: Level, own: int | None = None, streams: frozenset[str] | None = None) -> Snapshot:
    """The register as a circle of people sees it. One query a table.

    Args:
        register: which one.
        circle: of people.
        own: key of an organisation whose people look: its rows are seen whole.
        streams: the only streams that are read, with what is said of them and all that could take them; all of everything where None.
    """
    kept: dict[str, Records] = {}
    hidden: dict[str, set[str]] = {}
    closed = 0
    for name, named in MODELS.items():
        if streams is not None and name in _APART:
            continue
        kept[name], hidden[name], narrowed = _seen(named, (_rows(named, register, streams), own), circle)
        closed += len(hidden[name]) + narrowed
    if streams is not None:
        hidden["streams"] |= set(
            MODELS["streams"].objects.filter(register=register).exclude(row_key__in=streams).values_list("row_key", flat=True)
        )
        for row in kept["streams"].values():
            row["parent"] = row["part"] = None  # what it is a part of is not read
    while gone := _dangling(kept, hidden):
        closed += gone
    frames = {name: _frame(schema()[name], rows) for name, rows in kept.items() if rows}
    return Snapshot(frames, closed)


def _seen(named: type[Row], read: tuple[Any, int | None], circle: Level) -> tuple[Records, set[str], int]:
    """Rows with the cells that the circle sees, keys of those that it does not see, and how many of the first have closed cells."""
    rows, whole = read
    kept: Records = {}
    hidden: set[str] = set()
    narrowed = 0
    columns = named.schema.columns
    for key, own, circles, holder, *values in rows:
        row = dict(zip(columns, values, strict=True))
        if whole is not None and holder == whole:
            kept[key] = row
            continue
        shut = {name for name in columns if circles.get(name, own) < circle} if circles else set(columns) if own < circle else set()
        if any(needed(named.schema, columns[name], row[name]) for name in shut):
            hidden.add(key)
            continue
        narrowed += any(row[name] is not None for name in shut)
        kept[key] = {name: None if name in shut else value for name, value in row.items()}
    return kept, hidden, narrowed


_APART = frozenset(
    [
        "statements",
        "balances",
        "stocks",
        "activities",
        "circularity",
        "footprints",
        "exchanges",
        "contracts",
        "scenarios",
        "periods",
        "seasons",
        "programmes",
        "programme_exchanges",
        "persistences",
        "claims",
        "demography",
        "multipliers",
        "io_sectors",
        "io_flows",
        "io_terms",
    ]
)
"""Tables that say nothing of who could take a stream."""


_ENDS = {"need": "needs", "plant": "plants", "fate": "fates"}
"""Tables of what a destination names."""


def _rows(named: type[Row], register: Register, streams: frozenset[str] | None) -> Any:
    names = ("row_key", "circle", "circles", "holder_id", *named.schema.columns)
    rows = named.objects.filter(register=register)
    if streams is not None:
        rows = rows.filter(_about(named.schema, streams))
    return rows.order_by("pk").values_list(*names).iterator(chunk_size=5000)


def _about(table: TableSchema, streams: frozenset[str]) -> Q:
    """Rows of a table that speak of some streams, or of no stream."""
    if table.name == "streams":
        return Q(row_key__in=streams)
    if table.name == "quantities":
        return ~Q(table="streams") | Q(subject__in=streams)
    named = [column.name for column in table.columns.values() if column.references == ("streams",) and not column.listed]
    return reduce(and_, (Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": streams}) for name in named), Q())


def needed(table: TableSchema, column: ColumnSchema, value: Any) -> bool:
    """Whether a row without this cell would be no row, or another."""
    return column.required or column.name in table.key or (bool(value) and _binding(column))


def _binding(column: ColumnSchema) -> bool:
    """Whether a column names rows that its row is about; a source only says where a figure comes from."""
    return bool(column.references) and column.references != ("sources",)


def _dangling(kept: dict[str, Records], hidden: dict[str, set[str]]) -> int:
    """Take out what names a hidden row; tells how many rows went, which may leave others in the same case."""
    gone = 0
    for name, rows in kept.items():
        columns = [column for column in schema()[name].columns.values() if column.references]
        out = [key for key, row in rows.items() if _leads_to(row, hidden) or any(_lost(column, row, hidden) for column in columns)]
        for key in out:
            hidden[name].add(key)
            del rows[key]
        gone += len(out)
    return gone


def _leads_to(row: Mapping[str, Any], hidden: Mapping[str, set[str]]) -> bool:
    """Whether a row has a hidden one for its destination, which it names as a ledger does: plant:granulator."""
    kind, _, key = str(row.get("destination") or "").partition(":")
    return key in hidden.get(_ENDS.get(kind, ""), ())


def _lost(column: ColumnSchema, row: dict[str, Any], hidden: Mapping[str, set[str]]) -> bool:
    """Whether a row names a hidden row that it is about; a hidden source is taken out of it."""
    value = row[column.name]
    if not value:
        return False
    tables = _tables(column, row)
    named = [str(each) for each in value] if column.listed else [str(value)]
    open_ones = [key for key in named if not _is_hidden(key, tables, hidden)]
    if len(open_ones) == len(named):
        return False
    if _binding(column):
        return True
    row[column.name] = (open_ones or None) if column.listed else None
    return False


def _tables(column: ColumnSchema, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Tables that a cell may name a row of: the one that the row says, where it says one."""
    said = row.get("table")
    return (said,) if len(column.references) > 1 and said in column.references else column.references


def _is_hidden(key: str, tables: tuple[str, ...], hidden: Mapping[str, set[str]]) -> bool:
    """Whether a key names a hidden row and no row of the library."""
    below = library.tables()
    return any(key in hidden.get(table, ()) for table in tables) and not any(
        key in below[table].index for table in tables if table in below
    )


def _frame(table: TableSchema, rows: Records) -> pd.DataFrame:
    read = {name: [cell(row[name], column) for row in rows.values()] for name, column in table.columns.items()}
    return pd.DataFrame(read, columns=list(table.columns))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and pd.isna(value) else value
