"""Workbooks of flows, processes, transfer coefficients and relations, in the words and the order of STAN's data tables.

What STAN has no place for stands in sheets whose names say so; `read_stan` reads them, STAN leaves them alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.errors import Problem
from sivuvirta.ledger.reconcile.beyond import BALANCES, BEYOND, CORRELATIONS, PREFIX, STATEMENTS, TERMS
from sivuvirta.ledger.reconcile.cells import ROW
from sivuvirta.ledger.reconcile.extra import correlations, extra
from sivuvirta.ledger.reconcile.layout import CONTENT, RESULT, SHEETS, Rows
from sivuvirta.ledger.reconcile.plain import plain
from sivuvirta.ledger.reconcile.problem import records
from sivuvirta.ledger.reconcile.reading import rows
from sivuvirta.ledger.reconcile.rows import Out, sheets, told
from sivuvirta.ledger.reconcile.seats import seats
from sivuvirta.tables.raw import RawTable
from sivuvirta.tables.workbook import raw_workbook

_WIDTH = 16
_NEAR = 0.75  # likeness of two names of which one is a slip of the pen
_TABLES = {"quantities": "reconciled", "statements": "residual", "balances": "before", "suspects": "others_say", "test": "statistic"}
"""What a reconciliation writes beside the layout, each with a column that only it writes."""
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "flows": (*SHEETS["flows"], *RESULT, *CONTENT),
    "processes": (*SHEETS["processes"], *RESULT),
    "transfer coefficients": (*SHEETS["transfer coefficients"], *RESULT),
    "relations": tuple(SHEETS["relations"]),
    **{name: tuple(columns) for name, columns in BEYOND.items()},
}


def read_stan(path: Path, period: str = "") -> Rows:
    """Read a workbook with sheets `flows`, `processes`, `transfer coefficients`, `relations`, and those that are not in STAN.

    Args:
        path: the workbook; the sheet of flows alone is needed.
        period: the one to read, where the workbook has several.

    Raises:
        ReadError: it is no workbook that can be opened.
        CheckError: cells that cannot be read, all of them.
    """
    raw = raw_workbook(path, percentages=True)
    wanted = {name.lower(): name for name in (*SHEETS, *BEYOND)}
    named = {_name(sheet): sheet for sheet in raw.raw}
    frames = {wanted[name]: _frame(sheet) for name, sheet in named.items() if name in wanted}
    found = [problem for problem in raw.problems if problem.table.strip().lower() in wanted]
    unread = [
        sheet.name for sheet in raw.raw if sheet is not named[sheet.name.strip().lower()] or not (_name(sheet) in wanted or _ours(sheet))
    ]
    return rows(frames, path.name, period, found + _misspelled(path.name, [sheet.name for sheet in raw.raw], wanted), unread)


def _name(sheet: RawTable) -> str:
    return sheet.name.strip().lower()


def _ours(sheet: RawTable) -> bool:
    """Whether a reconciliation wrote the sheet beside the layout."""
    return _TABLES.get(_name(sheet), "") in sheet.header


def _misspelled(file: str, names: list[str], wanted: Mapping[str, str]) -> list[Problem]:
    """Sheets whose name is nearly that of one that is missing."""
    missing, found = sorted(set(wanted) - {name.strip().lower() for name in names}), []
    for name in names:
        near = get_close_matches(name.strip().lower(), missing, 1, _NEAR)
        if near and name.strip().lower() not in {*wanted, *_TABLES}:
            repair = f"Call it '{wanted[near[0]]}' if that is meant; else give it another name."
            found.append(Problem(file=file, rule="reconcile_table", message=f"There is no sheet '{name}'.", repair=repair, table=name))
    return found


def _frame(sheet: RawTable) -> pd.DataFrame:
    """Cells as they are, with the numbers of their rows."""
    lines = pd.Index(sheet.lines, name=ROW)
    return pd.DataFrame(list(zip(*sheet.cells, strict=True)), columns=list(sheet.header), index=lines, dtype=object)


def write_stan(found: Reconciliation, path: Path) -> Path:
    """Write a reconciliation as a workbook that `read_stan` reads again: reconciled anew, it gives the same.

    Sheets: `flows` with a row a flow, layer and statement; `processes` with their stock changes; `transfer coefficients`; `relations`; what
    was stated, and what came out beside it. Then what STAN has no place for, in sheets called `not in STAN, ...`; and the tables of the
    reconciliation as they are (`quantities`, `statements`, `balances`, `suspects`, `test`).

    Returns:
        The path.
    """
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for name, table in _layout(found).items():
        _sheet(book, name, _COLUMNS[name], table)
    tables = {"quantities": found.quantities, "statements": found.statements, "balances": found.balances, "suspects": found.suspects}
    for name, frame in tables.items():
        _sheet(book, name, tuple(frame.columns), records(frame))
    test = {"statistic": found.statistic, "freedom": found.freedom, "critical": found.critical, "probability": found.probability}
    _sheet(book, "test", tuple(test), [test])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _layout(found: Reconciliation) -> dict[str, list[Out]]:
    """Rows of each sheet of the layout."""
    known = told(found)
    if found.tables:
        pairs = correlations(known)
        return plain(known) | ({CORRELATIONS: pairs} if pairs else {})
    placed = seats(found)
    return sheets(known, placed) | extra(known, placed)


def outside(found: Reconciliation) -> dict[str, int]:
    """How many statements, balances and correlations STAN has no place for; empty where it has one for all."""
    layout = _layout(found)
    numbers = {row["number"] for row in layout.get(TERMS, ())}
    hidden = {row["number"] for row in layout.get(BALANCES, ()) if row["hidden"]}
    counts = {
        "statements": len(layout.get(STATEMENTS, ())),
        "balances": len(numbers - hidden),
        "correlations": len(layout.get(CORRELATIONS, ())),
    }
    return {name: count for name, count in counts.items() if count}


def _sheet(book: Workbook, name: str, columns: tuple[str, ...], table: Iterable[dict[str, Any]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append(list(columns))
    meaning = SHEETS.get(name) or BEYOND.get(name, {})
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        if column in meaning:
            cell.comment = Comment(meaning[column], "Sivuvirta")
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    for row in table:
        sheet.append([_cell(row.get(column)) for column in columns])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # whatever it begins with, it is no formula
    if name.startswith(PREFIX):
        sheet.sheet_properties.tabColor = "808080"
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    """A cell's value: empty where there is no figure, without signs that a workbook cannot hold."""
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
