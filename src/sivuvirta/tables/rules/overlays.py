"""Rules of rows that speak of other rows: scenarios and visibility name tables, columns and keys that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sivuvirta.domain.table import Table
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import number_text
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.schema import TableSchema, region_tables, schema
from sivuvirta.tables.suggestions import MOST_SUGGESTIONS, did_you_mean


@cache
def changeable() -> tuple[str, ...]:
    """Tables that a scenario may change."""
    return tuple(name for name in region_tables() if name != "scenarios")


def named_cells(draft: Draft) -> Iterator[Problem]:
    """A scenario or a visibility names a table, a column and a key of it; a scenario may also make a row."""
    keys = _Keys(draft)
    for table in ("scenarios", "visibility"):
        if not draft.present(table):
            continue
        made = _made(draft) if table == "scenarios" else frozenset()
        columns = [draft.tables[table][name].tolist() for name in ("table", "key", "column")]
        for row, (name, key, column) in enumerate(zip(*columns, strict=True)):
            if name is None:
                continue
            if name not in draft.merged or (table == "scenarios" and name not in changeable()):
                yield _no_table(draft, table, row, name)
                continue
            if column is not None and column not in schema()[name].columns:
                message = f"Table '{name}' has no column '{column}'."
                repair = did_you_mean(column, schema()[name].columns) or f"It has: {', '.join(schema()[name].columns)}."
                yield draft.problem(table, row, "column", "dangling_key", message, repair)
            if key is not None and (name, key) not in made:
                yield from keys.strange((table, row), (name, key))


def _no_table(draft: Draft, table: str, row: int, name: str) -> Problem:
    known = [each for each in draft.merged if table == "visibility" or each in changeable()]
    why = (
        f"A scenario cannot change '{name}': the table belongs to the library." if name in draft.merged else f"There is no table '{name}'."
    )
    return draft.problem(table, row, "table", "dangling_key", why, did_you_mean(name, known) or "Name a table of the register.")


class _Keys:
    """Keys of tables, each table's put together once, and what may have been meant by those that it does not have."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._known: dict[str, frozenset[str]] = {}
        self._meant: dict[tuple[str, str], str] = {}

    def strange(self, place: tuple[str, int], named: tuple[str, str]) -> Iterator[Problem]:
        """A key that its table does not have."""
        (table, row), (name, key) = place, named
        if name not in self._known:
            self._known[name] = joined_keys(self.draft.merged, name)
        if key in self._known[name] or not self.draft.complete(name):
            return
        new = f" A new row needs {', '.join(missing_columns(schema()[name], ()))}." if table == "scenarios" else ""
        repair = self._near(name, key) or f"Write the key of the row, its parts joined by /.{new}"
        yield self.draft.problem(table, row, "key", "dangling_key", f"Table '{name}' has no row '{key}'.", repair)

    def _near(self, name: str, key: str) -> str:
        """The nearest key, looked for as many times as for other columns."""
        if (name, key) not in self._meant and len(self._meant) < MOST_SUGGESTIONS:
            self._meant[name, key] = did_you_mean(key, self._known[name])
        return self._meant.get((name, key), "")


def _made(draft: Draft) -> frozenset[tuple[str, str]]:
    """Table and key of the rows that scenarios make: those for which one scenario gives every column that a row must have."""
    given: dict[tuple[str, str, str], set[str]] = {}
    columns = [draft.tables["scenarios"][name].tolist() for name in ("scenario", "table", "key", "column", "value")]
    for scenario, name, key, column, value in zip(*columns, strict=True):
        if name in changeable() and key is not None and value is not None:
            given.setdefault((scenario, name, key), set()).add(column)
    return frozenset(
        (name, key)
        for (_, name, key), told in given.items()
        if not missing_columns(schema()[name], told) and len(key.split("/")) == len(schema()[name].key)
    )


def missing_columns(spec: TableSchema, given: Iterable[str]) -> list[str]:
    """Columns outside its key that a row of a table must have and that are not given."""
    told = {*given, *spec.key}
    return [name for name, column in spec.columns.items() if column.required and name not in told]


def joined_keys(tables: Mapping[str, Table], name: str) -> frozenset[str]:
    """Keys of a table as one text each, their parts joined by /."""
    if name not in tables:
        return frozenset()
    return frozenset(key_texts(tables[name]))


def key_texts(table: Table) -> list[str]:
    """Key of each row as one text, its parts joined by /."""
    columns = [table[column].tolist() for column in table.key]
    return ["/".join(map(_part, parts)) for parts in zip(*columns, strict=True)]


def _part(value: object) -> str:
    if isinstance(value, float):
        return number_text(value)
    return "" if value is None else str(value)
