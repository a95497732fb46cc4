"""Cells of tables of flows: their headings in usual other words, numbers, percentages and grades; every fault is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd

from sivuvirta.errors import Problem
from sivuvirta.ledger.reconcile.beyond import BEYOND
from sivuvirta.ledger.reconcile.layout import CONTENT, GOODS, RESULT, SHEETS, Cited, Uncertain
from sivuvirta.units.numbers import Fault, Number, parse_number

At = tuple[str, int | None]
"""Sheet and row."""
Told = Callable[[At, str, str, str], None]
"""Hears of a fault: where, in which column, what, and the repair."""

_ALIASES = {
    "flow": ("flow code", "code", "id"),
    "name": ("flow name", "process name"),
    "from": ("origin", "source process"),
    "to": ("destination", "target process"),
    "layer": ("substance",),
    "mass flow": ("value", "mass", "amount", "massflow"),
    "±": ("sd", "sigma", "uncertainty", "± mass flow", "+/-", "+-", "std", "standard deviation", "standard uncertainty"),
    "concentration": ("mass fraction",),
    "± concentration": ("concentration sd", "sd concentration"),
    "process": ("process code",),
    "balancing": ("balanced", "closed"),
    "stock change": ("dstock", "stock_change"),
    "± stock change": ("stock change sd", "stock_sd"),
    "transfer coefficient": ("tc", "coefficient"),
    "± transfer coefficient": ("tc sd", "± tc"),
}
_HOW = {"", "range", "stated", "grade", "exact"}
YES, NO = {"yes", "true", "1", "x", ""}, {"no", "false", "0"}
_COLUMNS = {**SHEETS, **BEYOND}
_RESULTS = {*RESULT, *CONTENT}  # what a reconciliation wrote beside them
_REMARKS = {"name", "note", "source", "grade", "period"}  # columns that say nothing without the others
_NEAR = 0.75  # likeness of two names of which one is a slip of the pen
ROW = "row"
"""Name of an index that tells the rows of a sheet by their numbers there."""


class Cells:
    """Reads cells and keeps every fault."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()
        self.unread: dict[str, tuple[str, ...]] = {}  # columns of each sheet that mean nothing here
        self.skipped: dict[str, list[int | None]] = {}  # rows of each sheet that name nothing

    def table(self, frames: Mapping[str, pd.DataFrame], sheet: str, needed: tuple[str, ...]) -> Iterator[tuple[At, dict[str, Any]]]:
        """Rows of a table with where they stand; rows that name nothing are kept to be told, and are faults where they hold a figure."""
        frame = frames.get(sheet)
        if frame is None:
            if sheet == "flows":
                self.fault(
                    ("flows", 1), "", "There is no table of flows.", "Add a sheet 'flows' with the columns flow, from, to, mass flow."
                )
            return
        named = frame.rename(columns={column: _column(str(column), sheet) for column in frame.columns})
        if not len(frame.columns):
            self.fault(
                (sheet, 1), "", "The sheet is empty.", f"Write the columns {_wanted(sheet, needed)} into its first row, or take it out."
            )
            return
        for column in dict.fromkeys(named.columns[named.columns.duplicated() & (named.columns != "")]):
            self.fault((sheet, 1), str(column), f"Two columns mean '{column}'.", "Keep one of them.")
        named = named.loc[:, ~named.columns.duplicated()]
        self._unknown(sheet, [str(column) for column in frame.columns], set(named.columns))
        missing = [column for column in needed if column not in named.columns]
        if missing:
            self.fault((sheet, 1), missing[0], f"Column '{missing[0]}' is missing.", f"It has: {', '.join(map(str, frame.columns))}.")
            return
        numbers = frame.index if frame.index.name == ROW else range(2, len(frame) + 2)
        for number, row in zip(numbers, named.to_dict("records"), strict=True):
            cells = {str(column): value for column, value in row.items()}
            for column, value in cells.items():
                if isinstance(value, Fault):  # such as a formula without a stored result
                    self.fault((sheet, number), column, value.message, value.repair)
                    cells[column] = None
            if all(text(cells.get(column)) for column in needed):
                yield (sheet, number), cells
            else:
                self._nameless((sheet, number), cells, needed)

    def _nameless(self, at: At, cells: dict[str, Any], needed: tuple[str, ...]) -> None:
        """A row that lacks a key."""
        sheet, number = at
        said = [column for column in _COLUMNS[sheet] if column not in _REMARKS and text(cells.get(column))]
        if said:
            lacks = next(column for column in needed if not text(cells.get(column)))
            self.fault(at, lacks, f"The row holds '{said[0]}' and no '{lacks}'.", f"Write its '{lacks}', or take the row out.")
        elif any(text(cell) for cell in cells.values()):
            self.skipped.setdefault(sheet, []).append(number)

    def _unknown(self, sheet: str, written: list[str], known: set[str]) -> None:
        """Columns that mean nothing: one that is nearly the name of a missing one is a fault, the others are kept to be named."""
        own = set(_COLUMNS[sheet])
        left = [name for name in written if name.strip() and _column(name, sheet) not in own | _RESULTS]
        near = {name: next(iter(get_close_matches(_column(name, sheet), sorted(own - known), 1, _NEAR)), "") for name in left}
        for name in [name for name in left if near[name]]:
            self.fault(
                (sheet, 1), name, f"There is no column '{name}'.", f"Call it '{near[name]}' if that is meant; else give it another name."
            )
        if rest := tuple(name for name in left if not near[name]):
            self.unread[sheet] = rest

    def figure(self, at: At, cells: dict[str, Any], column: str, spread: str) -> Uncertain:
        """A figure and its uncertainty, which may be a share of it."""
        value, percent = self.number(at, cells, column)
        value = value / 100.0 if percent else value
        sd, relative = self.number(at, cells, spread)
        sd = abs(value) * sd / 100.0 if relative else sd
        if sd < 0:
            self.fault(at, spread, f"{sd:g} is below 0.", "Write a standard uncertainty of 0 or more.")
        if sd > 0 and not text(cells.get(column)):
            self.fault(at, spread, f"{sd:g} is the uncertainty of no figure.", f"Write the figure under '{column}', or leave both empty.")
        how = text(cells.get("± from")).lower()
        if how not in _HOW:
            self.fault(at, "± from", f"'{how}' is not range, stated, grade or exact.", "Write one of them, or nothing.")
        return Uncertain(value, sd, how)

    def number(self, at: At, cells: dict[str, Any], column: str) -> tuple[float, bool]:
        """A number, NaN if the cell is empty, and whether it was a percentage."""
        cell = cells.get(column)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return math.nan, False
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell), False
        written = str(cell).strip()
        if not written:
            return math.nan, False
        read = parse_number(written.rstrip("% "))
        if not isinstance(read, Number):
            self.fault(at, column, read.message, read.repair)
            return math.nan, False
        if read.below:
            repair = "Write a figure and its uncertainty, such as half the limit and a third of it, or leave the cell empty."
            self.fault(at, column, f"'{written}' is a limit, not a figure.", repair)
            return math.nan, False
        return read.value, written.endswith("%")

    def plain(self, at: At, cells: dict[str, Any], column: str, empty: float = math.nan) -> float:
        """A number that is no percentage; what an empty cell stands for."""
        value, percent = self.number(at, cells, column)
        return empty if math.isnan(value) else value / 100.0 if percent else value

    def cited(self, at: At, cells: dict[str, Any]) -> Cited:
        """Who says the figures of a row."""
        return Cited(self.grade(at, cells), text(cells.get("source")), text(cells.get("note")))

    def grade(self, at: At, cells: dict[str, Any]) -> str:
        """An evidence grade, empty if there is none."""
        grade = text(cells.get("grade")).upper()
        if grade not in {"", "A", "B", "C", "D"}:
            self.fault(at, "grade", f"'{grade}' is no evidence grade.", "Write A, B, C or D.")
        return grade

    def fault(self, at: At, column: str, message: str, repair: str) -> None:
        """Keeps a fault."""
        sheet, number = at
        file = f"{self.file}, sheet '{sheet}'" if self.file else f"table '{sheet}'"
        self.problems.append(
            Problem(file=file, rule="reconcile_table", message=message, repair=repair, table=sheet, row=number, column=column or None)
        )


def _wanted(sheet: str, needed: tuple[str, ...]) -> str:
    return "flow, from, to, mass flow, ±, unit" if sheet == "flows" else ", ".join(needed)


def _column(written: str, sheet: str) -> str:
    """The column that a header means."""
    name = " ".join(written.replace("_", " ").split()).lower()
    if name in _COLUMNS[sheet]:
        return name
    return next(
        (column for column, others in _ALIASES.items() if column in _COLUMNS[sheet] and (name in others or written in others)), name
    )


def text(cell: Any) -> str:
    """What a cell says, "" where it is empty; a whole number without a point."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def layer(cell: Any) -> str:
    """The layer that a cell names; goods where it is empty."""
    named = text(cell)
    return GOODS if named.lower() in ("", GOODS) else named
