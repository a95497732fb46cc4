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
from sivuvirta.tables.schema import schema
from sivuvirta.web.registry.columns import cell, stored
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.packages import frame
from sivuvirta.web.registry.rows import Row

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


def check(register: Register, table: str, cells: Mapping[str, str]) -> Checked:
    """A row as written by a person, read and checked.

    Args:
        register: that it stands in.
        table: of it.
        cells: text of each column; a column that is not here is empty.
    """
    return check_all(register, table, [cells])[0]


def check_all(register: Register, table: str, rows: Sequence[Mapping[str, str]]) -> list[Checked]:
    """Rows of a table as written by a person, read and checked together, as `check` does with one."""
    written_rows = pd.DataFrame([{name: cells.get(name, "") for name in schema()[table].columns} for cells in rows], dtype=object)
    found = _named(register, table, rows)
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


def written(row: Row) -> dict[str, str]:
    """A row of the register as a person would write it, cell by cell."""
    return {name: as_text(cell(getattr(row, name), column)) for name, column in row.schema.columns.items()}


def _checked(table: str, values: Mapping[str, Any], problems: Sequence[Problem]) -> Checked:
    kept = {name: stored(value, schema()[table].columns[name]) for name, value in values.items()}
    errors = tuple(problem for problem in problems if problem.level == "error")
    return Checked(kept, errors, tuple(problem for problem in problems if problem.level != "error"))


def _named(register: Register, table: str, rows: Sequence[Mapping[str, str]]) -> dict[str, pd.DataFrame]:
    """The register's rows that these cells name, and those that they name."""
    wanted: dict[str, set[str]] = {"vintages": {register.vintage}}
    _add(wanted, table, rows)
    found: dict[str, pd.DataFrame] = {}
    for _ in range(_DEPTH):
        for name in [name for name in wanted if name in MODELS]:
            named = frame(MODELS[name], register, row_key__in=wanted[name])
            if len(named) > len(found.get(name, ())):
                found[name] = named
                _add(wanted, name, named.to_dict("records"))
    return found


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
