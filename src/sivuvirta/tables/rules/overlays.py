"""Rules of rows that speak of other rows: scenarios and visibility name tables, columns and keys that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sivuvirta.domain.table import Table
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import number_text
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.schema import schema
from sivuvirta.tables.suggestions import did_you_mean


def named_cells(draft: Draft) -> Iterator[Problem]:
    """A scenario or a visibility names a table, a column and a key of it."""
    cache: dict[str, frozenset[str]] = {}
    for table in ("scenarios", "visibility"):
        if not draft.present(table):
            continue
        columns = [draft.tables[table][name].tolist() for name in ("table", "key", "column")]
        for row, (name, key, column) in enumerate(zip(*columns, strict=True)):
            yield from _named(draft, table, row, (name, key, column), cache)


def _named(
    draft: Draft, table: str, row: int, cell: tuple[str | None, str | None, str | None], cache: dict[str, frozenset[str]]
) -> Iterator[Problem]:
    name, key, column = cell
    if name is None:
        return
    if name not in draft.merged:
        message = f"There is no table '{name}'."
        repair = did_you_mean(name, draft.merged) or "Name a table of the register."
        yield draft.problem(table, row, "table", "dangling_key", message, repair)
        return
    if column is not None and column not in schema()[name].columns:
        message = f"Table '{name}' has no column '{column}'."
        repair = did_you_mean(column, schema()[name].columns) or f"It has: {', '.join(schema()[name].columns)}."
        yield draft.problem(table, row, "column", "dangling_key", message, repair)
    if key is not None:
        known = cache.setdefault(name, joined_keys(draft.merged, name))
        if key not in known and draft.complete(name):
            message = f"Table '{name}' has no row '{key}'."
            yield draft.problem(
                table, row, "key", "dangling_key", message, did_you_mean(key, known) or "Write the key of the row, its parts joined by /."
            )


def joined_keys(tables: Mapping[str, Table], name: str) -> frozenset[str]:
    """Keys of a table as one text each, their parts joined by /."""
    if name not in tables:
        return frozenset()
    table = tables[name]
    columns = [table[column].tolist() for column in table.key]
    return frozenset("/".join(map(_part, parts)) for parts in zip(*columns, strict=True))


def _part(value: object) -> str:
    if isinstance(value, float):
        return number_text(value)
    return "" if value is None else str(value)
