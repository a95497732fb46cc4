"""Belonging: rows that say something of one row alone, such as the amounts of a stream, and go with it when it is taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db import transaction

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.depending import Depends, naming
from sivuvirta.web.registry.writes.changing import ConflictError, held, remove
from sivuvirta.web.registry.writes.naming import names

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"streams": ("quantities", "analyses", "fates"), "needs": ("quantities", "acceptances"), "stocks": ("quantities",)}
)
"""Tables whose rows belong to one row of another, by the table of that one."""

_MOST = 500  # rows that go with one


def along(row: Row, depends: Depends) -> int:
    """How many rows would go with a row, 0 where it may go alone, or where it is named by others than those that belong to it.

    Args:
        row: which one.
        depends: what depends on it, by the eyes of who takes it out.
    """
    own = all(each.table.name in PARTS.get(row.schema.name, ()) for each in depends.seen)
    count = sum(each.count for each in depends.seen)
    return count if own and not depends.hidden and count <= _MOST else 0


def remove_with(row: Row, by: Viewer, version: int | None, count: int) -> None:
    """A row taken out with what belongs to it: all of it or nothing. It comes back together, too (`returning.put_back`).

    Args:
        row: which one.
        by: who does it.
        version: of the row when they looked at it; None where nobody did.
        count: how many rows they were told that go with it.

    Raises:
        ConflictError: the row has another version, or other rows belong to it now.
        RefusedError: the viewer may not take one of them out, or something else names it.
    """
    with transaction.atomic():
        now = held(row, by)
        found = [part for table, _column, rows in naming(now) if table in PARTS.get(now.schema.name, ()) for part in rows.restrict(by)]
        if len(found) != count:
            raise ConflictError(now, by)
        for part in found:
            remove(part, by)
        remove(now, by, version)


def owners(rows: Iterable[Row]) -> dict[Row, Row]:
    """Of rows, those that belong to another of them, each with that one; no query."""
    every = list(rows)
    places = {(row.schema.name, row.row_key): row for row in every}
    found: dict[Row, Row] = {}
    for row in every:
        values = {name: getattr(row, name) for name in row.schema.columns}
        for tables, key in names(row.schema, values):
            for table in tables:
                if row.schema.name in PARTS.get(table, ()) and (table, key) in places:
                    found[row] = places[table, key]
    return found
