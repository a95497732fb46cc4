"""Checking a row before it is kept: by the engine's own reader and rules, beside the rows that it names.

Only those rows are fetched, and those that they name, so that a check costs the same in a register of ten streams and of 100 000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import pandas as pd
from attrs import frozen

from sivuvirta import library
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.checked import checked
from sivuvirta.tables.frames import raw_frames
from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.units.numbers import with_unit
from sivuvirta.units.quantities import spelling
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.columns import cell, stored
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.writes.snapshots import needed

_DEPTH = 3  # a quantity names a stream, which names a site, which names an organisation


@frozen
class Checked:
    """A row as the engine reads it, with what is wrong with it."""

    values: Mapping[str, Any]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def at(self, column: str) -> list[Problem]:
        """What is wrong with one cell."""
        return [problem for problem in (*self.errors, *self.warnings) if problem.column == column]


def check(register: Register, table: str, cells: Mapping[str, str], by: Viewer, here: Sequence[Row] = ()) -> Checked:
    """A row as written by a person, read and checked beside what that person sees.

    A row that they do not see is for them not there, and a cell that they do not see is unknown, so that no message, and no figure that
    follows from others, tells them what it is.

    Args:
        register: that it stands in.
        table: of it.
        cells: text of each column; a column that is not here is empty.
        by: who writes it.
        here: rows that the person knows of, seen or not: the row as it is, what they have just made. What these name need not be seen.
    """
    return check_all(register, table, [cells], by, here)[0]


def check_all(register: Register, table: str, rows: Sequence[Mapping[str, str]], by: Viewer, here: Sequence[Row] = ()) -> list[Checked]:
    """Rows of a table as written by a person, read and checked together, as `check` does with one."""
    columns = schema()[table].columns.values()
    written_rows = pd.DataFrame([{each.name: _typed(cells.get(each.name, ""), each) for each in columns} for cells in rows], dtype=object)
    found = _Around(register, by).named(table, rows, here)
    others = found.pop(table, None)
    every = written_rows
    if others is not None:
        every = pd.concat([written_rows, _without(others, table, rows).astype(object)], ignore_index=True)
    draft, problems = checked(raw_frames(register.slug, {table: every, **found}), library.tables())
    mine: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.table == table and problem.row is not None:
            mine.setdefault(problem.row, []).append(problem)
    read = islice(draft.tables[table].rows(), len(rows))
    return [_checked(table, values, mine.get(number, ())) for number, values in enumerate(read, 1)]


def open_cells(row: Row, by: Viewer) -> dict[str, str]:
    """The same, as far as a viewer sees it; a cell that they do not see is empty, unless the row would be no row without it."""
    told = row.shown_to(by)
    shut = {name for name, column in row.schema.columns.items() if name not in told and not needed(row.schema, column, getattr(row, name))}
    return {name: "" if name in shut else text for name, text in written(row).items()}


def written(row: Row) -> dict[str, str]:
    """A row of the register as a person would write it, cell by cell."""
    return {name: as_text(cell(getattr(row, name), column)) for name, column in row.schema.columns.items()}


def _checked(table: str, values: Mapping[str, Any], problems: Sequence[Problem]) -> Checked:
    kept = {name: stored(value, schema()[table].columns[name]) for name, value in values.items()}
    errors = tuple(problem for problem in problems if problem.level == "error")
    return Checked(kept, errors, tuple(problem for problem in problems if problem.level != "error"))


def _typed(text: str, column: ColumnSchema) -> str:
    """What somebody typed, without the unit of the column behind its figure."""
    found = with_unit(text) if column.numeric and column.unit else None
    return found[0] if found is not None and spelling(found[1]) == spelling(column.unit) else text


Keys = dict[str, set[str]]
"""Keys by table."""


class _Around:
    """Rows that written cells name, and those that they name, as a viewer sees them.

    Where a row of the register names another, its key is told already: that other is there, with the cells that are open.
    """

    def __init__(self, register: Register, by: Viewer) -> None:
        self.register, self.by = register, by
        self.found: dict[str, dict[str, Row]] = {}

    def named(self, table: str, rows: Sequence[Mapping[str, str]], here: Sequence[Row]) -> dict[str, pd.DataFrame]:
        """The rows, as frames by table."""
        typed: Keys = {}
        told: Keys = {"vintages": {self.register.vintage}}
        _add(typed, table, rows)
        for row in here:
            told.setdefault(row.schema.name, set()).add(row.row_key)
            _add(told, row.schema.name, [written(row)])
        for name in typed:
            self._fetch(name, typed[name] - told.get(name, set()), told, seen=True)
        for _ in range(_DEPTH):
            for name in list(told):
                self._fetch(name, told[name] - self.found.get(name, {}).keys(), told, seen=False)
        return {name: self._frame(name, list(found.values())) for name, found in self.found.items() if found}

    def _fetch(self, table: str, keys: set[str], told: Keys, *, seen: bool) -> None:
        if table not in MODELS or not keys:
            return
        rows = MODELS[table].objects.filter(register=self.register, row_key__in=keys)
        new = {row.row_key: row for row in (rows.restrict(self.by) if seen else rows).order_by("pk")}
        self.found.setdefault(table, {}).update(new)
        _add(told, table, [written(row) for row in new.values()])

    def _frame(self, table: str, rows: Sequence[Row]) -> pd.DataFrame:
        columns = MODELS[table].schema.columns
        shown = [row.shown_to(self.by) for row in rows]
        read = {
            name: [
                cell(getattr(row, name) if name in told or needed(row.schema, column, getattr(row, name)) else None, column)
                for row, told in zip(rows, shown, strict=True)
            ]
            for name, column in columns.items()
        }
        return pd.DataFrame(read, columns=list(columns))


def _without(found: pd.DataFrame, table: str, rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """The register's rows but for those that are being written."""
    key = list(schema()[table].key)
    own = {tuple(cells.get(name, "") for name in key) for cells in rows}
    same = [tuple(map(str, each)) in own for each in found[key].itertuples(index=False)]
    return found[~pd.Series(same, index=found.index, dtype=bool)]


def _add(wanted: dict[str, set[str]], table: str, rows: Sequence[Mapping[Any, Any]]) -> None:
    for column in schema()[table].columns.values():
        for other in column.references:
            if len(schema()[other].key) == 1:
                cells = (row.get(column.name) for row in rows)
                wanted.setdefault(other, set()).update(str(cell) for cell in cells if isinstance(cell, str) and cell)
