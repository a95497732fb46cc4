"""Which column of a table each column of a file is, and in which unit it says that it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from sivuvirta.errors import Problem
from sivuvirta.tables.raw import RawTable
from sivuvirta.tables.schema import TableSchema
from sivuvirta.tables.suggestions import did_you_mean

_WITH_UNIT = re.compile(r"(.+?)\s*[\[(]([^\])]*)[\])]\s*")


@frozen
class Header:
    """Positions of a table's columns in a file, and the units that the file states for them."""

    position: Mapping[str, int]
    unit: Mapping[str, str]  # only columns whose header or comment names a unit
    problems: list[Problem] = field(factory=list)


def header(raw: RawTable, table: TableSchema) -> Header:
    """The header of a file against the schema; "value [kt/a]" is column value in kt/a."""
    position: dict[str, int] = {}
    unit: dict[str, str] = {}
    problems: list[Problem] = []
    for number, written in enumerate(raw.header):
        name, stated = _parts(written)
        note = raw.notes[number] if raw.notes else ""
        if not name:
            problems += _nameless(raw, number)
        elif name not in table.columns:
            problems.append(_unknown(raw, table, name))
        elif name in position:
            message = "The header has this column twice."
            problems.append(
                Problem(
                    file=raw.file,
                    table=table.name,
                    rule="column_twice",
                    row=1,
                    column=name,
                    message=message,
                    repair="Delete one of the two.",
                )
            )
        else:
            position[name] = number
            if stated or note:
                unit[name] = stated or note
    if raw.header:
        problems += _missing(raw, table, position)
    return Header(position, unit, problems)


def _parts(written: str) -> tuple[str, str]:
    match = _WITH_UNIT.fullmatch(written)
    return (match[1].strip(), match[2].strip()) if match else (written.strip(), "")


def _nameless(raw: RawTable, number: int) -> list[Problem]:
    """A column without a name is at fault only if it holds something."""
    if all(cell is None or str(cell).strip() == "" for cell in raw.cells[number]):
        return []
    message = f"Column {number + 1} has no name, but holds values."
    return [Problem(file=raw.file, table=raw.name, rule="nameless_column", row=1, message=message, repair="Name it, or delete it.")]


def _unknown(raw: RawTable, table: TableSchema, name: str) -> Problem:
    repair = did_you_mean(name, table.columns) or "Delete it, or move what it says to 'note'."
    message = f"'{table.name}' has no such column."
    return Problem(file=raw.file, table=table.name, rule="unknown_column", row=1, column=name, value=name, message=message, repair=repair)


def _missing(raw: RawTable, table: TableSchema, position: Mapping[str, int]) -> list[Problem]:
    """Required columns that a table with rows does not have."""
    if not len(raw) and raw.complete:
        return []
    missing = [column for column in table.columns.values() if column.required and not column.default and column.name not in position]
    return [
        Problem(
            file=raw.file,
            table=table.name,
            rule="missing_column",
            row=1,
            column=column.name,
            message="This column is missing.",
            repair=f"Add it ({column.words}).",
        )
        for column in missing
    ]
