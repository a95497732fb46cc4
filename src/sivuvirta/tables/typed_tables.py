"""A draft from raw tables: every column found, typed and in its canonical unit, every fault kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.table import Column, Table
from sivuvirta.errors import Problem, UnitError
from sivuvirta.tables.cells import Typed, as_text, objects, typed
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.header import Header, header
from sivuvirta.tables.header_units import BY_ROW, header_factor
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import ColumnSchema, TableSchema, schema
from sivuvirta.tables.suggestions import did_you_mean
from sivuvirta.units.numbers import Fault

_DETECTION = ("analyses", "value")
"""The one column in which "<0.01" is a value: the figure lies below a detection limit."""


@frozen
class _Building:
    """What has been read so far."""

    tables: dict[str, Table]
    raw: dict[str, RawTable] = field(factory=dict)
    headers: dict[str, Header] = field(factory=dict)
    unread: set[tuple[str, str, int]] = field(factory=set)
    problems: list[Problem] = field(factory=list)


def typed_tables(raw: RawRegion, names: Iterable[str], library: Mapping[str, Table]) -> tuple[Draft, list[Problem]]:
    """A draft with all tables of `names`, those that have no file empty.

    Args:
        raw: as read.
        names: tables that there may be.
        library: reference tables below the draft.

    Returns:
        The draft, and what was wrong with files, headers and single cells.
    """
    building = _Building({name: schema()[name].empty() for name in names})
    building.problems.extend(raw.problems)
    for part in raw.raw:
        if part.name not in building.tables:
            building.problems.extend(_unknown_table(part, raw.kind, tuple(building.tables)))
        elif part.name in building.raw:
            message = f"Table '{part.name}' is also in {building.raw[part.name].file}."
            building.problems.append(
                Problem(file=part.file, table=part.name, rule="table_twice", message=message, repair="Put all rows into one.")
            )
        else:
            _add(building, part, schema()[part.name])
    draft = Draft(building.tables, library, building.raw, building.headers, raw.kind, raw.root, frozenset(building.unread))
    return draft, building.problems


def _unknown_table(part: RawTable, kind: str, names: tuple[str, ...]) -> list[Problem]:
    if not part.header and not len(part) and kind == "sheet":
        return []  # spreadsheets come with an empty "Sheet1"
    if part.name in schema():
        owner = "region" if "streams" in names else "library"
        other = "library" if owner == "region" else "region"
        repair = f"Delete it: it belongs to the {other}."
        message = f"A {owner} has no table '{part.name}'."
    else:
        repair = did_you_mean(part.name, names) or f"Delete it, or name it as one of the tables: {', '.join(names[:8])} ..."
        message = f"There is no table '{part.name}'."
    return [Problem(file=part.file, table=part.name, rule="unknown_table", message=message, repair=repair)]


def _add(building: _Building, raw: RawTable, table: TableSchema) -> None:
    found = header(raw, table)
    building.problems.extend(found.problems)
    columns: dict[str, Column] = {}
    below: set[int] = set()
    for name, column in table.columns.items():
        if name not in found.position:
            columns[name] = np.repeat(typed([None], column).values, len(raw))
            continue
        cells = raw.cells[found.position[name]]
        result = typed(cells, column, raw.decimal_comma)
        below |= set(result.below) if (table.name, name) == _DETECTION else set()
        building.problems.extend(_cell_problems(raw, column, cells, result))
        building.unread.update((table.name, name, row) for row, _ in result.faults)
        columns[name] = _in_column_unit(building, raw, column, result.values, found.unit.get(name))
    if below:
        columns["below"] = objects((row in below or value for row, value in enumerate(columns["below"].tolist())), len(raw))
    building.tables[table.name] = Table(table.name, table.key, columns)
    building.raw[table.name] = raw
    building.headers[table.name] = found


def _cell_problems(raw: RawTable, column: ColumnSchema, cells: Sequence[Any], result: Typed) -> list[Problem]:
    found = [(row, fault, "error") for row, fault in result.faults]
    if (column.table, column.name) != _DETECTION:
        fault = Fault("below_detection", "This is a detection limit.", "Only 'value' in analyses may have one: write a number.")
        found += [(row, fault, "error") for row in result.below]
    if result.comma:
        count = len(result.comma)
        message = f"{'A' if count == 1 else f'In {count} cells, of which this is the first, a'} comma was read as the decimal sign."
        found.append((result.comma[0], Fault("decimal_comma", message, "Write a point to be sure."), "warning"))
    return [_cell_problem(raw, column, (row, as_text(cells[row])), fault, level) for row, fault, level in found]


def _cell_problem(raw: RawTable, column: ColumnSchema, cell: tuple[int, str], fault: Fault, level: str) -> Problem:
    row, written = cell
    return Problem(
        file=raw.file,
        rule=fault.rule,
        message=fault.message,
        repair=fault.repair,
        table=column.table,
        row=raw.lines[row],
        column=column.name,
        value=written,
        unit=column.unit,
        level=level,
    )


def _in_column_unit(building: _Building, raw: RawTable, column: ColumnSchema, values: Column, stated: str | None) -> Column:
    """Values of a column whose header names another unit, in the unit of the schema."""
    if stated is None or (column.numeric and column.unit in BY_ROW):
        return values
    try:
        factor = header_factor(stated, column)
    except UnitError as error:
        problem = Problem(
            file=raw.file,
            rule="wrong_unit",
            message=str(error),
            repair=_unit_repair(column),
            table=column.table,
            row=1,
            column=column.name,
            value=stated,
            unit=column.unit,
        )
        building.problems.append(problem)
        return values
    return values if factor == 1.0 else np.asarray(values * factor)


def _unit_repair(column: ColumnSchema) -> str:
    if not column.numeric:
        return f"Write the header as '{column.name}'."
    return f"Give the column in {column.unit}." if column.unit else f"Write the header as '{column.name}': the column has no unit."
