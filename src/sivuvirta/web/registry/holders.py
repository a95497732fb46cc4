"""Holders: whose a row is, followed from row to row until an organisation is named.

A stream is its organisation's, else that of its site's operator; an analysis is whose its stream is; a technology is nobody's, which
means the register's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Lookup = Callable[[str, str], Mapping[str, Any] | None]
"""The row of a table by its key, as its columns; None where there is none."""

WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "organisations": (("organisation", "organisations"),),
    "sites": (("organisation", "organisations"),),
    "streams": (("organisation", "organisations"), ("site", "sites")),
    "needs": (("organisation", "organisations"), ("site", "sites")),
    "plants": (("organisation", "organisations"), ("site", "sites")),
    "stocks": (("stream", "streams"), ("site", "sites")),
    "fates": (("stream", "streams"),),
    "analyses": (("stream", "streams"),),
    "acceptances": (("need", "needs"),),
    "permits": (("organisation", "organisations"), ("site", "sites"), ("plant", "plants"), ("stream", "streams")),
    "activities": (("site", "sites"),),
    "circularity": (("organisation", "organisations"), ("site", "sites")),
    "exchanges": (("stream", "streams"), ("need", "needs")),
}
"""Columns that lead to the holder, in the order in which they are asked, each with the table it names a row of."""


HELD = frozenset(WAYS)
"""Tables whose rows organisations hold, beside what is said of their amounts."""

LEADS = frozenset({"organisation", "table", "subject"}) | frozenset(column for ways_ in WAYS.values() for column, _ in ways_)
"""Columns by which the holder of a row is found."""


def holder(table: str, row: Mapping[str, Any], lookup: Lookup) -> str | None:
    """Key of the organisation that holds a row; None where it is the register's own.

    Args:
        table: of the row.
        row: its columns.
        lookup: finds other rows.
    """
    if table == "organisations":
        return str(row["organisation"])
    if table == "quantities":
        return _behind(str(row.get("table")), row.get("subject"), lookup)
    for column, other in WAYS.get(table, ()):
        found = row.get(column)
        if not found:
            continue
        if other == "organisations":
            return str(found)
        if (owner := _behind(other, found, lookup)) is not None:
            return owner
    return None


def ways(table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Table and key of each row that is asked on the way from a row to its holder."""
    if table == "quantities" and row.get("table") and row.get("subject"):
        yield str(row["table"]), str(row["subject"])
    for column, other in WAYS.get(table, ()):
        if other != "organisations" and (found := row.get(column)):
            yield other, str(found)


def _behind(table: str, key: Any, lookup: Lookup) -> str | None:
    row = lookup(table, str(key)) if key else None
    return None if row is None else holder(table, row, lookup)
