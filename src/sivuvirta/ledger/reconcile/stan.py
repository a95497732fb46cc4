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
from sivuvirta.ledger.reconcile.layout import GOODS, SHEETS, Rows
from sivuvirta.ledger.reconcile.reading import rows

_WIDTH = 16
_RESULT = ("reconciled", "± reconciled", "moved in ±", "known")


def read_stan(path: Path) -> Rows:
    """Read a workbook with sheets `flows`, `processes` and `transfer coefficients`; the first alone is needed.

    Raises:
        ReadError: it is no workbook that can be opened.
        CheckError: cells that cannot be read, all of them.
    """
    try:
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)
        frames = {sheet.title.strip().lower(): _frame(list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets}
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ReadError(
            f"'{path}' is no XLSX workbook that can be opened. Save it from a spreadsheet as .xlsx, without a password."
        ) from error
    return rows({name: frame for name, frame in frames.items() if name in SHEETS}, path.name)


def _frame(grid: list[tuple[Any, ...]]) -> pd.DataFrame:
    filled = [row for row in grid if any(cell is not None for cell in row)]
    if not filled:
        return pd.DataFrame()
    width = max((at for at, cell in enumerate(filled[0], 1) if cell is not None), default=0)
    return pd.DataFrame([row[:width] for row in filled[1:]], columns=["" if cell is None else str(cell) for cell in filled[0][:width]])


def write_stan(found: Reconciliation, path: Path) -> Path:
    """Write a reconciliation as a workbook that `read_stan` reads again: what was stated, and what came out beside it.

    A region's quantities that stand between no two places are in the sheet `quantities` alone.

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
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _flows(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a flow, layer and statement; a flow without a statement has a row too."""
    said = _records(found.statements)
    told = []
    for name, row in quantities.items():
        if row["kind"] not in ("flow", "component") or ":in:" in name or not (row["origin"] or row["destination"]):
            continue
        layer = GOODS if row["kind"] == "flow" else row["unit"]
        flow = name if layer == GOODS else name.removesuffix(f":{layer}")
        head = {
            "flow": flow,
            "name": row["label"].removesuffix(f", {layer}"),
            "from": row["origin"],
            "to": row["destination"],
            "layer": layer,
        }
        amounts = [{"mass flow": each["value"], "±": each["sigma"], **_cited(each)} for each in said if each["name"] == name]
        contents = [
            {"concentration": each["value"], "± concentration": each["sigma"], **_cited(each)}
            for each in said
            if each["name"] == f"{flow}@{layer}"
        ]
        told += [head | stated | _result(row) for stated in [*amounts, *contents] or [{}]]
    return told


def _cited(row: dict[str, Any]) -> dict[str, Any]:
    return {"grade": row["grade"], "source": row["source"], "note": row["note"]}


def _result(row: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(_RESULT, (row["reconciled"], row["sd"], row["moved_sigma"], row["known"]), strict=True))


def _processes(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    balanced: dict[str, set[str]] = {}
    for row in _records(found.balances):
        layer = row["component"] or GOODS
        name = row["balance"] if layer == GOODS else row["balance"].removesuffix(f":{layer}")
        balanced.setdefault(name, set()).add(layer)
    ends = {end for row in quantities.values() if row["kind"] == "flow" for end in (row["origin"], row["destination"]) if end}
    told = []
    for process in sorted(ends):
        layers = balanced.get(process, set())
        word = "yes" if GOODS in layers else "substances" if layers else "no"
        stocks = [row for name, row in quantities.items() if row["kind"] == "stock" and name.split(":")[0] == process]
        head = {"process": process, "name": process, "balancing": word}
        told += [
            head | {"layer": row["unit"], "stock": "yes", "stock change": row["measured"], "± stock change": row["sigma"]} for row in stocks
        ] or [head]
    return told


def _transfers(found: Reconciliation, quantities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    told = []
    for name, row in quantities.items():
        if row["kind"] != "factor" or ">" not in name:
            continue
        layer = name.rpartition(":")[2]
        head = {"process": row["origin"], "flow": row["destination"], "layer": layer, "source": row["sources"]}
        told.append(head | {"transfer coefficient": row["measured"], "± transfer coefficient": row["sigma"]} | _result(row))
    return told
