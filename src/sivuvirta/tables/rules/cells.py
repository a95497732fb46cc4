"""Rules of single cells: what is required, choices, bounds, the form of keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sivuvirta.domain.table import Column
from sivuvirta.errors import Problem
from sivuvirta.tables.cells import number_text
from sivuvirta.tables.draft import Draft, Mask, unknown
from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.tables.subjects import quantity_units
from sivuvirta.tables.suggestions import did_you_mean

SYMBOLIC = re.compile(r"\b(unit|carrier|component|per_unit)\b")
"""Units that stand for the row's own."""

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_ID_MIXED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
_MIXED_TABLES = frozenset({"components"})
"""Tables whose keys are chemical symbols, so capitals mean something."""


def _columns(draft: Draft) -> Iterator[tuple[ColumnSchema, Column]]:
    for name, table in draft.tables.items():
        if len(table):
            for column in schema()[name].columns.values():
                yield column, table[column.name]


def _read(draft: Draft, column: ColumnSchema, mask: Mask) -> list[int]:
    """Rows of a mask whose cell was not already named as unreadable."""
    rows: list[int] = np.flatnonzero(mask).tolist()
    return [row for row in rows if (column.table, column.name, row) not in draft.unread] if rows else []


def required_cells(draft: Draft) -> Iterator[Problem]:
    """A required cell holds something."""
    for column, values in _columns(draft):
        header = draft.headers.get(column.table)
        if column.required and header is not None and column.name in header.position:
            for row in _read(draft, column, unknown(values)):
                yield draft.problem(column.table, row, column.name, "required", "The cell is empty.", f"Fill it in ({column.words}).")


def choice_cells(draft: Draft) -> Iterator[Problem]:
    """A cell of choices holds one of them."""
    for column, values in _columns(draft):
        if column.type == "choice":
            strange = set(values.tolist()) - set(column.choices) - {None}
            for row in np.flatnonzero([value in strange for value in values.tolist()]).tolist() if strange else ():
                repair = did_you_mean(str(values[row]), column.choices) or f"Write one of: {', '.join(column.choices)}."
                message = f"'{values[row]}' is none of the choices."
                yield draft.problem(column.table, row, column.name, "choice", message, repair)


def bounds(draft: Draft) -> Iterator[Problem]:
    """A number lies between the least and the largest that its column may hold."""
    for column, values in _columns(draft):
        if column.numeric:
            low = -np.inf if column.minimum is None else column.minimum
            high = np.inf if column.maximum is None else column.maximum
            with np.errstate(invalid="ignore"):
                below, above = values <= low if column.above else values < low, values > high
            for row in _read(draft, column, below):
                yield _outside(draft, column, row, "below", low)
            for row in _read(draft, column, above):
                yield _outside(draft, column, row, "above", high)


def _outside(draft: Draft, column: ColumnSchema, row: int, side: str, bound: float) -> Problem:
    shown, unit = shown_value(draft, column.table, column.name, row), shown_unit(draft, column.table, column.name, row)
    other = unit not in ("", column.unit) and bound and not SYMBOLIC.search(column.unit)
    limit = f"{number_text(bound)} {column.unit}" if other else number_text(bound)
    shown = f"{shown}{' ' if unit else ''}{unit}"
    if side == "below" and column.above:
        repair = "Give more than that." if column.required else "Give more than that, or leave the cell empty where it is not known."
        return draft.problem(column.table, row, column.name, "below_bound", f"{shown} is not above {limit}.", repair)
    repair = f"Give {limit} or {'more' if side == 'below' else 'less'}."
    if column.table == "quantities" and side == "below":
        repair = "Give the amount as a positive number."
    return draft.problem(column.table, row, column.name, f"{side}_bound", f"{shown} is {side} {limit}.", repair)


def shown_value(draft: Draft, table: str, column: str, row: int) -> str:
    """A number as the user wrote it, or as it was derived."""
    return draft.written(table, column, row) or number_text(float(draft.tables[table][column][row]))


def shown_unit(draft: Draft, table: str, column: str, row: int) -> str:
    """The unit in which the user wrote a number; "" where the column has none."""
    unit = schema()[table].columns[column].unit
    stated = draft.headers[table].unit.get(column) if table in draft.headers else None
    if stated:
        return stated
    if table == "quantities" and unit == "carrier/a":
        return quantity_units(draft)[row] or ""
    return "" if SYMBOLIC.search(unit) else unit


def key_form(draft: Draft) -> Iterator[Problem]:
    """A key has small letters, digits, and _ . - only, so that it survives every file, sheet and address."""
    for column, values in _columns(draft):
        if column.type == "id":
            form = _ID_MIXED if column.table in _MIXED_TABLES else _ID
            strange = {value for value in set(values.tolist()) if value is not None and not form.fullmatch(value)}
            for row in np.flatnonzero([value in strange for value in values.tolist()]).tolist() if strange else ():
                tidy = re.sub(r"[^a-z0-9_.-]+", "_", _ascii(str(values[row]).lower())).strip("_.-") or "key_1"
                message = f"'{values[row]}' is no key: a key has small letters, digits, and _ . - only."
                yield draft.problem(column.table, row, column.name, "key_form", message, f"Write '{tidy}'.")


def _ascii(text: str) -> str:
    return text.translate(str.maketrans("äåöéüß", "aaoeus"))
