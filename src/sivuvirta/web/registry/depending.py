"""Depending: which rows name a row, as far as a viewer may know it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.rows import Row, Rows

_SHOWN = 5  # rows of a table that are told by name


@frozen(eq=False)
class Depending:
    """Rows of one table that name the row, those that the viewer may see."""

    table: TableSchema
    count: int
    rows: tuple[Row, ...]

    @property
    def more(self) -> bool:
        """Whether there are more than are told by name."""
        return self.count > len(self.rows)


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
    for name, _, rows in naming(row):
        if count := rows.count():
            found[name] = found.get(name, 0) + count
    return found


def depends(row: Row, viewer: Viewer) -> Depends:
    """What depends on a row, by the eyes of a viewer."""
    found: dict[str, dict[int, Row]] = {}
    hidden = False
    for name, column, rows in naming(row):
        count = rows.count()
        if not count:
            continue
        seen = {each.pk: each for each in rows.restrict(viewer).told(viewer, column)}
        hidden |= count > len(seen)
        if seen:
            found.setdefault(name, {}).update(seen)
    told = (Depending(MODELS[name].schema, len(seen), tuple(seen.values())[:_SHOWN]) for name, seen in found.items())
    return Depends(tuple(told), hidden)
