"""Depending: which rows name a row, as far as a viewer may know it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from attrs import frozen
from django.db.models import Exists, Q

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.rows import Register, Row, Rows
from sivuvirta.web.registry.seen.titles import titles

_SHOWN = 5  # rows of a table that are told by name


@frozen(eq=False)
class Depending:
    """Rows of one table that name the row, those that the viewer may see."""

    table: TableSchema
    count: int
    rows: tuple[tuple[Row, str], ...]  # the first of them, each with what it is called to the viewer

    @property
    def more(self) -> int:
        """How many there are beside those that are told by name."""
        return self.count - len(self.rows)


@frozen(eq=False)
class Depends:
    """What depends on a row: what the viewer may see of it, and whether there is anything else, without its number or kind."""

    seen: tuple[Depending, ...]
    hidden: bool


def naming(row: Row) -> Iterator[tuple[str, str, Rows]]:
    """Rows of every table that name this row, with the table and the column in which they do."""
    if len(row.schema.key) > 1:
        return
    table, key = row.schema.name, getattr(row, row.schema.key[0])
    for name, other in MODELS.items():
        for column in other.schema.columns.values():
            if table not in column.references or column.listed:
                continue
            where = {"register": row.register, column.name: key}
            if len(column.references) > 1 and "table" in other.schema.columns:
                where["table"] = table
            yield name, column.name, other.objects.filter(**where).exclude(pk=row.pk if name == table else None)


def dependents(row: Row) -> dict[str, int]:
    """How many rows of each table name this row, tables in the order in which they are shown; for the platform itself, not for a viewer."""
    found: dict[str, int] = {}
    for name, _, rows in _named(row):
        found[name] = found.get(name, 0) + rows.count()
    return found


def depends(row: Row, viewer: Viewer) -> Depends:
    """What depends on a row, by the eyes of a viewer: one query, and a few for each table that names it."""
    found: dict[str, list[tuple[Rows, int]]] = {}
    by: dict[str, str] = {}
    hidden = False
    for name, column, rows in _named(row):
        seen = rows.restrict(viewer).told(viewer, column)
        count = seen.count()
        hidden |= rows.count() > count
        found.setdefault(name, []).append((seen, count))
        by[name] = column
    told = (_depending(MODELS[name].schema, seen, viewer, (row.register, by[name])) for name, seen in found.items())
    return Depends(tuple(each for each in told if each.count), hidden)


def _named(row: Row) -> list[tuple[str, str, Rows]]:
    """`naming`, without what names the row nowhere: one query for all tables and columns."""
    ways = list(naming(row))
    if not ways:
        return []
    there = type(row).objects.filter(pk=row.pk).order_by().values_list(*(Exists(rows) for _, _, rows in ways)).first() or ()
    return [way for way, is_there in zip(ways, there, strict=False) if is_there]


def _depending(table: TableSchema, seen: list[tuple[Rows, int]], viewer: Viewer, place: tuple[Register, str]) -> Depending:
    """Rows of a table by all columns in which they name the row, each once; for each column the rows and their number."""
    register, column = place
    if len(seen) == 1:
        ((rows, count),) = seen
    else:
        rows = MODELS[table.name].objects.filter(reduce(or_, (Q(pk__in=each.order_by().values("pk")) for each, _ in seen)))
        count = rows.count()
    first = list(rows[:_SHOWN]) if count else []
    known = (column,) if len(seen) == 1 else ()  # one way alone: they stand on the page of the row that it names
    return Depending(table, count, tuple(zip(first, titles(register, first, viewer, known), strict=True)))
