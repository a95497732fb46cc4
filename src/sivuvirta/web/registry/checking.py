"""Checking a row before it is kept: by the engine's own reader and rules, beside the rows that it names.

Only those rows are fetched, and those that they name, so that a check costs the same in a register of ten streams and of 100 000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from attrs import frozen

from sivuvirta import library
from sivuvirta.errors import Problem
from sivuvirta.tables.checked import checked
from sivuvirta.tables.frames import raw_frames
from sivuvirta.tables.schema import schema
from sivuvirta.web.registry.columns import stored
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.packages import frame

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
    written = pd.DataFrame([{name: cells.get(name, "") for name in schema()[table].columns}], dtype=object)
    found = _named(register, table, cells)
    others = found.pop(table, None)
    rows = written if others is None else pd.concat([written, _without(others, table, cells).astype(object)], ignore_index=True)
    draft, problems = checked(raw_frames(register.slug, {table: rows, **found}), library.tables())
    row = draft.tables[table].rows()
    values = {name: stored(value, schema()[table].columns[name]) for name, value in next(row).items()}
    mine = [problem for problem in problems if problem.table == table and problem.row == 1]
    errors = tuple(problem for problem in mine if problem.level == "error")
    return Checked(values, errors, tuple(problem for problem in mine if problem.level != "error"))


def _named(register: Register, table: str, cells: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The register's rows that these cells name, and those that they name."""
    wanted: dict[str, set[str]] = {"vintages": {register.vintage}}
    _add(wanted, table, [cells])
    found: dict[str, pd.DataFrame] = {}
    for _ in range(_DEPTH):
        for name in [name for name in wanted if name in MODELS]:
            rows = frame(MODELS[name], register, row_key__in=wanted[name])
            if len(rows) > len(found.get(name, ())):
                found[name] = rows
                _add(wanted, name, rows.to_dict("records"))
    return found


def _without(rows: pd.DataFrame, table: str, cells: Mapping[str, str]) -> pd.DataFrame:
    """The rows but for the one that is being written, if it names itself."""
    key = list(schema()[table].key)
    same = pd.Series(True, index=rows.index)
    for name in key:
        same &= rows[name].astype(str) == cells.get(name, "")
    return rows[~same]


def _add(wanted: dict[str, set[str]], table: str, rows: Sequence[Mapping[Any, Any]]) -> None:
    for column in schema()[table].columns.values():
        for other in column.references:
            if len(schema()[other].key) == 1:
                cells = (row.get(column.name) for row in rows)
                wanted.setdefault(other, set()).update(str(cell) for cell in cells if isinstance(cell, str) and cell)
