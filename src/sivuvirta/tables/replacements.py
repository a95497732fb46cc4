"""Replacements: single cells of tables set to what a scenario says, typed by the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from sivuvirta.domain.table import Column, Table
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import typed
from sivuvirta.tables.draft import replaced
from sivuvirta.tables.rules.overlays import changeable, key_texts, missing_columns
from sivuvirta.tables.schema import ColumnSchema, TableSchema, schema
from sivuvirta.tables.suggestions import did_you_mean
from sivuvirta.units.numbers import Fault

_REPORTED = ("reported_value", "reported_unit", "reported_basis")
_AMOUNT = ("value", "low", "high")
_TIMES = "*"


@frozen
class Change:
    """One cell of a scenario, with its place."""

    table: str
    key: str  # its parts joined by /
    column: str
    value: str  # "" is unknown; of a number, "*0.7" is 0.7 times what it was
    file: str
    line: int


@frozen(eq=False)
class Replaced:
    """Tables with cells replaced so far, and what could not be."""

    tables: Mapping[str, Table]
    library: Mapping[str, Table]
    problems: tuple[Problem, ...] = ()
    cells: Mapping[tuple[str, int | None, str | None], Change] = field(factory=dict)  # table, row, column
    created: Mapping[tuple[str, int | None], Change] = field(factory=dict)  # first change of a new row


def replacements(done: Replaced, changes: Sequence[Change]) -> Replaced:
    """The tables with the cells of one scenario replaced.

    A row of the library is taken over into the region first. A key that no table has makes a new row if the scenario gives every
    column that such a row must have. An amount and the reported figure that it follows from are one figure: where a scenario sets one
    of the two, the other is emptied.

    Args:
        done: the tables as they are.
        changes: of one scenario.
    """
    for name, group in groupby(sorted(changes, key=lambda change: change.table), key=lambda change: change.table):
        members = list(group)
        if name not in changeable():
            done = evolve(done, problems=(*done.problems, *(_no_table(change) for change in members)))
        else:
            done = _in_table(done, schema()[name], members)
    return done


def _no_table(change: Change) -> Problem:
    why = "belongs to the library" if change.table in schema() else "is not known"
    repair = did_you_mean(change.table, changeable()) or "Name a table of a region."
    return _problem(change, "table", "no_table", f"A scenario cannot change '{change.table}': the table {why}.", repair)


def _in_table(done: Replaced, spec: TableSchema, changes: list[Change]) -> Replaced:
    table, reference = done.tables.get(spec.name, spec.empty()), done.library.get(spec.name)
    theirs = {key: row for row, key in enumerate([] if reference is None else key_texts(reference))}
    rows = {key: row for row, key in enumerate(key_texts(table))}
    problems, cells, created = list(done.problems), dict(done.cells), dict(done.created)
    for key, group in groupby(sorted(changes, key=lambda change: change.key), key=lambda change: change.key):
        members = list(group)
        if key not in rows:
            added = _added(spec, members, [*rows, *theirs]) if reference is None or key not in theirs else reference.take(_one(theirs[key]))
            if isinstance(added, Problem):
                problems.append(added)
                continue
            rows[key] = len(table)
            table = _joined(table, added)
            created.update({} if key in theirs else {(spec.name, rows[key]): members[0]})
        for change in [*members, *_follow(spec.name, members)]:
            value = _value(table, spec, rows[key], change)
            if isinstance(value, Problem):
                problems.append(value)
                continue
            table = _set(table, change.column, rows[key], value)
            cells[spec.name, rows[key], change.column] = change
    tables = {**done.tables, spec.name: table} if len(table) else done.tables
    return Replaced(tables, done.library, tuple(problems), cells, created)


def _one(row: int) -> npt.NDArray[np.int64]:
    return np.array([row])


def _set(table: Table, name: str, row: int, value: Any) -> Table:
    column = table[name].copy()
    column[row] = value
    return replaced(table, {name: column})


def _added(spec: TableSchema, changes: list[Change], known: Sequence[str]) -> Table | Problem:
    """A new row, if the scenario gives all that it must have."""
    key = changes[0].key
    parts = key.split("/")
    missing = missing_columns(spec, {change.column for change in changes if change.value})
    if missing or len(parts) != len(spec.key):
        new = f"a new row needs {', '.join(missing)} too" if missing else f"its key has {len(spec.key)} parts: {'/'.join(spec.key)}"
        repair = did_you_mean(key, known) or f"Write the key of the row, its parts joined by /; {new}."
        return _problem(changes[0], "key", "dangling_key", f"Table '{spec.name}' has no row '{key}'.", repair)
    columns = {name: column.nothing(1) for name, column in spec.columns.items()}
    for name, part in zip(spec.key, parts, strict=True):
        columns[name] = typed([part], spec.columns[name]).values
    return Table(spec.name, spec.key, columns)


def _joined(table: Table, row: Table) -> Table:
    columns = {name: np.concatenate([table[name], row[name]]) for name in table.columns}
    return Table(table.name, table.key, columns)


def _follow(table: str, changes: list[Change]) -> list[Change]:
    """Cells that are emptied because their counterpart was set."""
    if table != "quantities":
        return []
    given = {change.column for change in changes}
    if given & {*_REPORTED} and "value" not in given:
        emptied = [name for name in _AMOUNT if name not in given]
    elif given & {*_AMOUNT} and not given & {*_REPORTED}:
        emptied = list(_REPORTED)
    else:
        emptied = []
    return [evolve(changes[0], column=name, value="") for name in emptied]


def _value(table: Table, spec: TableSchema, row: int, change: Change) -> Any:
    """What a cell becomes."""
    if change.column not in spec.columns:
        repair = did_you_mean(change.column, spec.columns) or f"It has: {', '.join(spec.columns)}."
        return _problem(change, "column", "dangling_key", f"Table '{spec.name}' has no column '{change.column}'.", repair)
    if change.column in spec.key:
        message = f"'{change.column}' is part of the key of '{spec.name}'."
        return _problem(change, "column", "key_column", message, "A scenario changes what a row says, not which row it is: add a new row.")
    column = spec.columns[change.column]
    if column.numeric and change.value.startswith(_TIMES):
        return _scaled(table[change.column], column, row, change)
    return _read(column, change.value, change)


def _read(column: ColumnSchema, text: str, change: Change) -> Any:
    found = typed([text], column)
    if found.faults or found.below:
        fault = found.faults[0][1] if found.faults else Fault("below_detection", "This is a detection limit.", "Write a number.")
        return _problem(change, "value", fault.rule, f"{change.table}, '{change.key}', {column.name}: {fault.message}", fault.repair)
    return found.values[0]


def _scaled(values: Column, column: ColumnSchema, row: int, change: Change) -> Any:
    times = _read(evolve(column, type="number", default=None), change.value.removeprefix(_TIMES), change)
    if isinstance(times, Problem) or values[row] == values[row]:
        return times if isinstance(times, Problem) else values[row] * times
    message = f"{change.table}, '{change.key}', {column.name} is not known, so it cannot be multiplied."
    return _problem(change, "value", "nothing_to_scale", message, "Write the value itself.")


def _problem(change: Change, column: str, rule: str, message: str, repair: str) -> Problem:
    return Problem(
        file=change.file,
        rule=rule,
        message=message,
        repair=repair,
        table="scenarios",
        row=change.line,
        column=column,
        value=getattr(change, column),
    )
