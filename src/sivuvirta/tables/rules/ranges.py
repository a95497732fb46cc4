"""Rules of ranges: low <= value <= high, first <= last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from attrs import frozen

from sivuvirta.domain.table import Column
from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.rules.cells import shown_value
from sivuvirta.tables.schema import schema

TOLERANCE = 1e-9
"""Relative slack of comparisons, so that a unit's conversion breaks no range."""

_FIRST_LAST = {
    "sites": ("opened", "closed"),
    "limits": ("valid_from", "valid_to"),
    "rules": ("valid_from", "valid_to"),
    "legal_paths": ("valid_from", "valid_to"),
    "permits": ("valid_from", "valid_to"),
    "contracts": ("from", "to"),
    "plants": ("built", "closes"),
}


@frozen
class _Triple:
    """Columns of one range; `value` is None where there are only ends."""

    table: str
    low: str
    value: str | None
    high: str


@cache
def _triples() -> tuple[_Triple, ...]:
    """Ranges of every table, told by the names of its columns."""
    found = []
    for name, table in schema().items():
        for column in table.columns:
            if column == "low":
                found.append(_Triple(name, "low", "value" if "value" in table.columns else None, "high"))
            elif column.endswith("_low"):
                base = column.removesuffix("_low")
                found.append(_Triple(name, column, base if base in table.columns else None, f"{base}_high"))
            elif column.endswith("_min") and f"{column.removesuffix('_min')}_max" in table.columns:
                found.append(_Triple(name, column, None, f"{column.removesuffix('_min')}_max"))
    return tuple(found)


def range_order(draft: Draft) -> Iterator[Problem]:
    """The low end is not above the value, the value not above the high end."""
    for triple in _triples():
        if draft.present(triple.table):
            yield from _pair(draft, triple.table, triple.low, triple.value)
            yield from _pair(draft, triple.table, triple.value, triple.high)
            yield from _pair(draft, triple.table, triple.low, triple.high, unless=triple.value)


def _pair(draft: Draft, table: str, low: str | None, high: str | None, unless: str | None = None) -> Iterator[Problem]:
    if low is None or high is None:
        return
    columns = draft.tables[table].columns
    for row in np.flatnonzero(_above(columns[low], columns[high])).tolist():
        if unless is not None and np.isfinite(columns[unless][row]):
            continue  # the value has already been compared with both
        text = f"{shown_value(draft, table, low, row)} is above {shown_value(draft, table, high, row)} in column '{high}'."
        yield draft.problem(table, row, low, "range_order", text, "Exchange the two, or correct one.")


def _above(low: Column, high: Column) -> Column:
    with np.errstate(invalid="ignore"):
        return np.asarray(low > high + TOLERANCE * np.abs(high))


def time_order(draft: Draft) -> Iterator[Problem]:
    """What begins does so before it ends."""
    for table, (first, last) in _FIRST_LAST.items():
        if draft.present(table):
            columns = draft.tables[table].columns
            for row, (begin, end) in enumerate(zip(columns[first].tolist(), columns[last].tolist(), strict=True)):
                if begin is not None and end is not None and begin > end:
                    shown = draft.written(table, first, row), draft.written(table, last, row)
                    text = f"{shown[0]} is after {shown[1]} in column '{last}'."
                    yield draft.problem(table, row, first, "time_order", text, "Exchange the two, or correct one.")
