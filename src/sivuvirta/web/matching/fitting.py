"""Fitting: rows that name what is not there are left out, or forget it, so that what remains means what it meant."""

from __future__ import annotations

from typing import Any

from sivuvirta import library
from sivuvirta.tables.schema import ColumnSchema, schema

Record = dict[str, Any]
Records = dict[str, dict[str, Record]]
"""Rows by table and key, with the values of their columns."""

NOT_SHOWN = "not_shown"
"""Key of the site and the source that stand for hidden ones."""

SUBJECTS = ("streams", "needs")


def is_source(column: ColumnSchema) -> bool:
    """Whether a column says where a figure comes from."""
    return column.references == ("sources",)


def fitted(kept: Records) -> None:
    """What names a row that is not there goes: a stream or need forgets it, any other row is left out, for it might mean something else."""
    while sum(_cut(table, kept) for table in kept):
        pass


def _cut(table: str, kept: Records) -> bool:
    columns = [column for column in schema()[table].columns.values() if column.references]
    out = [key for key, row in kept[table].items() if any(_lost(table, column, row, kept) for column in columns)]
    for key in out:
        del kept[table][key]
    return bool(out)


def _lost(table: str, column: ColumnSchema, row: Record, kept: Records) -> bool:
    value = row.get(column.name)
    if not value:
        return False
    named = [str(each) for each in value] if column.listed else [str(value)]
    known = [key for key in named if _there(column, row, key, kept)]
    if len(known) == len(named):
        return False
    if is_source(column):
        row[column.name] = (known or [NOT_SHOWN]) if column.listed else NOT_SHOWN
        return False
    if table in SUBJECTS or (table == "sites" and not column.required):
        row[column.name] = (known or None) if column.listed else None
        return column.name == "material"
    return True


def _there(column: ColumnSchema, row: Record, key: str, kept: Records) -> bool:
    said = row.get("table")
    tables = (said,) if len(column.references) > 1 and said in column.references else column.references
    below = library.tables()
    return any(key in kept.get(table, ()) or (table in below and key in below[table].index) for table in tables)
