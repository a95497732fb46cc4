"""Workbooks of flows, processes and transfer coefficients, in the words and the order of STAN's data tables."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.errors import ReadError
from sivuvirta.ledger.reconcile.layout import GOODS, NOT_CARRIED, SHEETS, Rows
from sivuvirta.ledger.reconcile.reading import rows
from sivuvirta.tables.archive import safe

_WIDTH = 16
_RESULT = ("reconciled", "± reconciled", "moved in ±", "known")


def read_stan(path: Path) -> Rows:
    """Read a workbook with sheets `flows`, `processes` and `transfer coefficients`; the first alone is needed.

    Raises:
        ReadError: it is no workbook that can be opened.
        CheckError: cells that cannot be read, all of them.
    """
    try:
        safe(path)
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)
        frames = {sheet.title.strip().lower(): _frame(list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets}
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ReadError(
            f"'{path}' is no XLSX workbook that can be opened. Save it from a spreadsheet as .xlsx, without a password."
        ) from error
    return rows({name: frame for name, frame in frames.items() if name in (*SHEETS, NOT_CARRIED)}, path.name)


def _frame(grid: list[tuple[Any, ...]]) -> pd.DataFrame:
    filled = [row for row in grid if any(cell is not None for cell in row)]
    if not filled:
        return pd.DataFrame()
    width = max((at for at, cell in enumerate(filled[0], 1) if cell is not None), default=0)
    return pd.DataFrame([row[:width] for row in filled[1:]], columns=["" if cell is None else str(cell) for cell in filled[0][:width]])


def write_stan(found: Reconciliation, path: Path) -> Path:
    """Write a reconciliation as a workbook that `read_stan` reads again: what was stated, and what came out beside it.

    A table of flows comes back as it was; what the layout has no place for (`not_carried`) is named in a sheet of its own.

    Sheets: `flows` with a row a flow, layer and statement; `processes` with their stock changes; `transfer coefficients`; then the tables
    of the reconciliation as they are (`quantities`, `statements`, `balances`, `suspects`, `test`).

    Returns:
        The path.
    """
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    quantities = {str(row["name"]): row for row in _records(found.quantities)}
    _sheet(book, "flows", (*SHEETS["flows"], *_RESULT), _flows(found, quantities))
    _sheet(book, "processes", tuple(SHEETS["processes"]), _processes(found, quantities))
    _sheet(book, "transfer coefficients", (*SHEETS["transfer coefficients"], *_RESULT), _transfers(found, quantities))
    tables = {"quantities": found.quantities, "statements": found.statements, "balances": found.balances, "suspects": found.suspects}
    for name, frame in tables.items():
        _sheet(book, name, tuple(frame.columns), _records(frame))
    test = {"statistic": found.statistic, "freedom": found.freedom, "critical": found.critical, "probability": found.probability}
    _sheet(book, "test", tuple(test), [test])
    left = not_carried(found)
    if left:
        _sheet(book, NOT_CARRIED, ("what the layout has no place for",), [{"what the layout has no place for": each} for each in left])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _sheet(book: Workbook, name: str, columns: tuple[str, ...], table: Iterable[dict[str, Any]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append(list(columns))
    meaning = SHEETS.get(name, {})
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
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _flows(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a flow, layer and statement; a flow without a statement has a row too."""
    said = _said(found)
    told = []
    for name, row in quantities.items():
        seat = _seat(name, row, quantities)
        if seat is None:
            continue
        flow, layer = seat
        bought = row["kind"] == "production" and "/purchase/" in name
        head = {
            "flow": flow,
            "name": row["label"].removesuffix(f", {layer}"),
            "from": "" if bought else row["origin"],
            "to": row["origin"] if bought else row["destination"],
            "layer": layer,
            "unit": "" if row["unit"] == layer else row["unit"],
        }
        amounts = [{"mass flow": each["value"], "±": each["sigma"], **_cited(each)} for each in said.get(name, ())]
        contents = [
            {"concentration": each["value"], "± concentration": each["sigma"], **_cited(each)} for each in said.get(f"{flow}@{layer}", ())
        ]
        told += [head | stated | _result(row) for stated in [*amounts, *contents] or [{}]]
    return told


def _said(found: Reconciliation) -> dict[str, list[dict[str, Any]]]:
    """Statements by quantity."""
    told: dict[str, list[dict[str, Any]]] = {}
    for each in _records(found.statements):
        told.setdefault(str(each["name"]), []).append(each)
    return told


def _seat(name: str, row: dict[str, Any], quantities: dict[str, dict[str, Any]]) -> tuple[str, str] | None:
    """Flow and layer of a quantity; None where it is no flow between two places."""
    if not (row["origin"] or row["destination"]):
        return None
    if row["kind"] in ("flow", "production"):
        return name, GOODS
    if row["kind"] != "component":
        return None
    parts = name.split(":")
    heads = (":".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
    flow = next((head for head in heads if head in quantities and quantities[head]["kind"] == "flow"), None)
    return None if flow is None else (flow, name.removeprefix(f"{flow}:"))


def not_carried(found: Reconciliation) -> tuple[str, ...]:
    """What of a reconciliation the layout has no place for, by name; empty where reading it again gives the same.

    A table of flows loses the correlations of errors. A region loses what stands between no two places, contents and factors, and its
    balances: they are no sums of flows in and out of one process.
    """
    told = [f"correlation of {found.notes['correlated']}"] if found.notes.get("correlated") else []
    if found.vintage is None:
        return tuple(told)
    quantities = {str(row["name"]): row for row in _records(found.quantities)}
    told += [f"{row['kind']}: {row['label']}" for name, row in quantities.items() if _seat(name, row, quantities) is None]
    return (*told, *(f"balance: {row['title'] or row['balance']}" for row in _records(found.balances)))


def _cited(row: dict[str, Any]) -> dict[str, Any]:
    return {"± from": row["how"], "grade": row["grade"], "source": row["source"], "note": row["note"]}


def _result(row: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(_RESULT, (row["reconciled"], row["sd"], row["moved_sigma"], row["known"]), strict=True))


def _processes(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a process, and one a layer and statement of its stock."""
    said, balances = _said(found), {(str(row["balance"]), str(row["component"])) for row in _records(found.balances)}
    ends = {
        end for row in quantities.values() if row["kind"] in ("flow", "production") for end in (row["origin"], row["destination"]) if end
    }
    ends |= set(found.places) if found.vintage is None else set()
    told = []
    for process in sorted(ends):
        goods, others = (process, "") in balances, any(name == f"{process}:{component}" for name, component in balances)
        head = {
            "process": process,
            "name": found.places.get(process, process),
            "balancing": "yes" if goods else "substances" if others else "no",
        }
        stocks = []
        for name, row in quantities.items():
            if row["kind"] == "stock" and row["origin"] == process and process:
                layer = name.removeprefix(f"{process}:stock").removeprefix(":") or GOODS
                changes = [{"stock change": each["value"], "± stock change": each["sigma"]} for each in said.get(name, ())]
                stocks += [head | {"layer": layer, "stock": "yes"} | change for change in changes or [{}]]
        told += stocks or [head]
    return told


def _transfers(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    said, told = _said(found), []
    for name, row in quantities.items():
        start = f"{row['origin']}>{row['destination']}:"
        if row["kind"] != "factor" or not name.startswith(start):
            continue
        head = {"process": row["origin"], "flow": row["destination"], "layer": name.removeprefix(start)}
        shares = [
            {"transfer coefficient": each["value"], "± transfer coefficient": each["sigma"], "source": each["source"]}
            for each in said.get(name, ())
        ]
        told += [head | share | _result(row) for share in shares or [{}]]
    return told
