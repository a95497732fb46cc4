"""Naming: the rows that a row names, held as they are while it is written, so that none goes or gets another holder meanwhile.

Who names a row locks it together with others who name it; who takes it out, changes it or gives it away waits for them, and they for that
one. So what a check found to be there is there still when the row is written, and its holder is that of the moment.
On SQLite one writes at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import MODELS, Register

_ORDER = {name: at for at, name in enumerate(MODELS)}  # in which tables are locked: two who write do not wait for each other


def names(table: TableSchema, values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a row names: the key of each, and the tables of which it may be a row."""
    for name, column in table.columns.items():
        if column.references and not column.listed and (key := values.get(name)):
            said = values.get("table")
            tables = (str(said),) if len(column.references) > 1 and said in column.references else column.references
            yield tables, str(key)


def hold(register: Register, table: TableSchema, values: Mapping[str, Any]) -> str:
    """Hold the rows that a row names until the transaction ends.

    Returns:
        Key of one of them that was taken out; "" where none was.
    """
    named = list(names(table, values))
    wanted: dict[str, set[str]] = {}
    for tables, key in named:
        for each in tables:
            if each in MODELS:
                wanted.setdefault(each, set()).add(key)
    here = {(each, key) for each in sorted(wanted, key=_ORDER.__getitem__) for key in _held(register, each, wanted[each])}
    for tables, key in named:
        if not any((each, key) in here for each in tables) and _was_taken(register, tables, key):
            return key
    return ""


def _held(register: Register, table: str, keys: set[str]) -> list[str]:
    """Those of keys whose rows are there, locked together with others who name them."""
    rows = MODELS[table].objects.filter(register=register, row_key__in=sorted(keys)).order_by("pk").values_list("row_key", flat=True)
    if not connection.features.has_select_for_update:
        return list(rows)
    asked, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} FOR SHARE", values)
        return [key for (key,) in cursor.fetchall()]


def _was_taken(register: Register, tables: tuple[str, ...], key: str) -> bool:
    """Whether the last that is known of a row is that it was taken out; what only the library has was never there."""
    last = Entry.objects.filter(register=register.slug, table__in=tables, key=key, action__in=("add", "change", "remove"))
    return bool(last.values_list("action", flat=True).first() == "remove")
