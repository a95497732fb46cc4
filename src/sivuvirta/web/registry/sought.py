"""Sought: the texts of a row that a search looks into, kept together in small letters, so that one comparison answers for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sivuvirta.tables.schema import TableSchema

_SEARCHED = frozenset({"id", "text", "ref"})
_UNSEARCHED = frozenset({"source", "note"})
_BETWEEN = "\n"  # no search holds it


def searched(table: TableSchema) -> tuple[str, ...]:
    """Columns that a search looks into."""
    return tuple(name for name, column in table.columns.items() if column.type in _SEARCHED and name not in _UNSEARCHED)


def sought(table: TableSchema, values: Mapping[str, Any]) -> str:
    """What a search looks into of a row.

    Args:
        table: of the row.
        values: of its columns.
    """
    return _BETWEEN.join(str(text).lower() for name in searched(table) if (text := values.get(name)))
