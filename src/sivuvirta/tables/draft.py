"""A draft: typed tables that are not accepted yet, with the place of every cell. Rules read it and return problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sivuvirta.domain.table import Column, Table
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.header import Header
from sivuvirta.tables.raw import RawTable
from sivuvirta.tables.schema import schema

Mask = npt.NDArray[np.bool_]


@frozen(eq=False, slots=False)
class Draft:
    """A region's (or library's) own tables over a library, before they are accepted.

    A cell that could not be read is unknown in `tables` and named in `unread`, so that no rule complains of it again.
    """

    tables: Mapping[str, Table]
    library: Mapping[str, Table]
    raw: Mapping[str, RawTable]  # only tables that have a file
    headers: Mapping[str, Header]
    kind: str = "csv"  # what the place of a table is called: csv, parquet, sheet, frame
    root: str = ""  # what stands before a table's place in a problem
    unread: frozenset[tuple[str, str, int]] = frozenset()  # table, column, row
    _keys: dict[str, frozenset[str]] = field(factory=dict, init=False, repr=False)

    def present(self, *names: str) -> bool:
        """Whether the draft itself has rows in every one of these tables."""
        return all(len(self.tables[name]) for name in names if name in self.tables) and all(name in self.tables for name in names)

    def complete(self, name: str) -> bool:
        """Whether all rows and keys of a table could be read; if not, a key that is missing may be there."""
        if name not in self.raw:
            return True
        key = schema()[name].key
        named = all(column in self.headers[name].position or not schema()[name].columns[column].required for column in key)
        return named and self.raw[name].complete and not self._unread_key(name)

    def may_hold(self, name: str, text: object) -> bool:
        """Whether a text that is not found in a table may stand in a row of it that could not be read."""
        if self.complete(name):
            return False
        raw, key = self.raw[name], schema()[name].key
        if any(column not in self.headers[name].position and schema()[name].columns[column].required for column in key):
            return True
        return self._unread_key(name) or raw.lost is None or str(text) in raw.lost

    def _unread_key(self, name: str) -> bool:
        return any((name, column) in self._unread_columns for column in schema()[name].key)

    @cached_property
    def _unread_columns(self) -> frozenset[tuple[str, str]]:
        return frozenset((table, column) for table, column, _ in self.unread)

    def keys(self, name: str) -> frozenset[str]:
        """Keys of a table with one key column, the library's too."""
        if name not in self._keys:
            column = schema()[name].key[0]
            parts = [source[name][column].tolist() for source in (self.tables, self.library) if name in source]
            self._keys[name] = frozenset(key for part in parts for key in part if key is not None)
        return self._keys[name]

    def lookup(self, name: str, column: str) -> dict[str, Any]:
        """A column by key, the draft's rows before the library's."""
        result: dict[str, Any] = {}
        for source in (self.library, self.tables):
            if name in source:
                table = source[name]
                result.update(zip(table[table.key[0]].tolist(), table[column].tolist(), strict=True))
        return result

    @cached_property
    def merged(self) -> Mapping[str, Table]:
        """Every table, the draft's rows first, then the library's rows of other keys."""
        from_library = {name: table for name, table in self.library.items() if name not in self.tables}
        return {name: self._over(name, table) for name, table in self.tables.items()} | from_library

    def _over(self, name: str, own: Table) -> Table:
        reference = self.library.get(name)
        if reference is None or not len(reference):
            return own
        if not len(own):
            return reference
        taken = set(own.row_keys())
        below = reference.take(np.array([key not in taken for key in reference.row_keys()], dtype=bool))
        return Table(own.name, own.key, {column: np.concatenate([own[column], below[column]]) for column in own.columns})

    def place(self, name: str) -> str:
        """Where the rows of a table stand, for example "sites.csv" or "sheet 'sites'"."""
        return f"{name}.{self.kind}" if self.kind in ("csv", "parquet") else f"{self.kind} '{name}'"

    def written(self, table: str, column: str, row: int) -> str | None:
        """A cell as the user wrote it, None where the file has no such column."""
        position = self.headers[table].position.get(column) if table in self.headers else None
        return None if position is None else as_text(self.raw[table].cells[position][row])

    def problem(self, table: str, row: int | None, column: str | None, rule: str, *text: str, level: str = "error") -> Problem:
        """A problem with its place.

        Args:
            table: of the cell.
            row: position in the table, None for the table as a whole.
            column: of the cell, None for the row as a whole.
            rule: short code of the broken rule.
            text: message, then repair.
            level: "error" or "warning".
        """
        raw = self.raw.get(table)
        line = raw.lines[row] if raw is not None and row is not None else None
        value = self.written(table, column, row) if column is not None and row is not None else None
        unit = schema()[table].columns[column].unit if column is not None else ""
        return Problem(
            file=raw.file if raw is not None else f"{self.root}{self.place(table)}",
            rule=rule,
            message=text[0],
            repair=text[1] if len(text) > 1 else "",
            table=table,
            row=line,
            column=column,
            value=value,
            unit=unit,
            level=level,
        )

    def line(self, table: str, row: int) -> int:
        """Line of the file on which a row starts."""
        return self.raw[table].lines[row]

    def with_tables(self, tables: Mapping[str, Table]) -> Draft:
        """The same draft with some tables replaced."""
        return Draft({**self.tables, **tables}, self.library, self.raw, self.headers, self.kind, self.root, self.unread)


def unknown(values: Column) -> Mask:
    """Which cells of a column are unknown."""
    return np.isnan(values) if values.dtype == float else np.array([value is None for value in values.tolist()], dtype=bool)


def replaced(table: Table, columns: Mapping[str, Column]) -> Table:
    """A table with some columns replaced."""
    return Table(table.name, table.key, {**table.columns, **columns})


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file in the order of the tables, then by row and column; none twice."""
    tables = {name: number for number, name in enumerate(schema())}
    columns = {name: {column: number for number, column in enumerate(table.columns)} for name, table in schema().items()}

    def place(problem: Problem) -> tuple[int, str, int, int]:
        column = columns.get(problem.table, {}).get(problem.column or "", -1)
        return tables.get(problem.table, -1), problem.file, problem.row or 0, column

    return sorted(dict.fromkeys(problems), key=place)
