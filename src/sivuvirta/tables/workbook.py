"""Raw tables of an XLSX workbook: one sheet a table, the header in its first row that holds anything."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sivuvirta.errors import Problem, ReadError
from sivuvirta.tables.archive import safe
from sivuvirta.tables.header_units import unit_words
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import schema
from sivuvirta.units.numbers import Fault

GUIDE, LISTS = "guide", "_lists"
"""Sheets that hold no table: what to fill first, and the members of drop-downs."""

_UNIT = re.compile(r"^\s*Unit: *(.+?)\s*$", re.MULTILINE)
_FORMULA = re.compile(rb"<f[ >/]")


def raw_workbook(path: Path, *, percentages: bool = False) -> RawRegion:
    """Every sheet of a workbook.

    Args:
        path: the workbook.
        percentages: a figure that is shown as a percentage is given as the text that was typed, such as "10%", and not as its share.

    Raises:
        ReadError: it is no workbook, it is protected by a password, or it is not safe to open.
    """
    try:
        safe(path)
        book = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path) if _has_formulas(path) else None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ReadError(
            f"'{path.name}' is no XLSX workbook that can be opened. Save it from a spreadsheet as .xlsx, without a password."
        ) from error
    problems: list[Problem] = []
    raw = tuple(_raw_sheet(sheet, formulas, f"{path.name}, sheet '{sheet.title}'", problems, percentages) for sheet in _table_sheets(book))
    name = book.properties.identifier or path.stem
    return RawRegion(name, book.properties.title or "", "sheet", f"{path.name}, ", raw, tuple(problems))


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(_FORMULA.search(archive.read(name)) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))


def _table_sheets(book: Workbook) -> Iterator[Worksheet]:
    for sheet in book.worksheets:
        if sheet.title.strip().lower() not in (GUIDE, LISTS):
            yield sheet


def _raw_sheet(sheet: Worksheet, formulas: Workbook | None, shown: str, problems: list[Problem], percentages: bool) -> RawTable:
    grid = _percentages(sheet) if percentages else [list(row) for row in sheet.iter_rows(values_only=True)]
    name = sheet.title.strip()
    top = next((number for number, row in enumerate(grid) if _filled(row)), None)
    if top is None:
        return RawTable(name, shown, (), (), ())
    header = ["" if cell is None else str(cell).strip() for cell in grid[top]]
    while header and not header[-1] and all(row[len(header) - 1] is None for row in grid):
        header.pop()
    if formulas is not None:
        _mark_formulas(grid, formulas[sheet.title])
    problems += _merged(sheet, grid, header, shown)
    numbers = [number for number in range(top + 1, len(grid)) if _filled(grid[number])]
    cells = [[_cell(grid[number][column]) for number in numbers] for column in range(len(header))]
    return RawTable(name, shown, header, cells, [number + 1 for number in numbers], notes=_notes(sheet, name, header, top + 1))


def _percentages(sheet: Worksheet) -> list[list[Any]]:
    return [[_shown(cell) for cell in row] for row in sheet.iter_rows()]


def _shown(cell: Any) -> Any:
    """A figure that is shown as a percentage as its text, all else as it is."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and "%" in cell.number_format:
        return f"{100.0 * cell.value:.15g}%"
    return cell.value


def _filled(row: list[Any]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)


def _cell(cell: Any) -> Any:
    if isinstance(cell, str) and cell in ERROR_CODES:
        return Fault("formula_error", f"The cell holds the spreadsheet error {cell}.", "Correct the formula, or write the figure itself.")
    return cell


def _mark_formulas(grid: list[list[Any]], formulas: Any) -> None:
    """A formula whose result was never stored shows as an empty cell, which must not be read as unknown."""
    for number, row in enumerate(formulas.iter_rows(values_only=True)):
        for column, formula in enumerate(row):
            if grid[number][column] is None and isinstance(formula, str) and formula.startswith("="):
                message = f"The formula '{formula}' has no stored result."
                grid[number][column] = Fault(
                    "formula_without_result", message, "Open the workbook in a spreadsheet and save it, or write the figure itself."
                )


def _merged(sheet: Worksheet, grid: list[list[Any]], header: list[str], shown: str) -> Iterator[Problem]:
    """Merged cells hold one value for several rows; which rows it is meant for must be said."""
    for area in sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col)):
        value = grid[area.min_row - 1][area.min_col - 1]
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                grid[row][column] = value
        name = header[area.min_col - 1] if area.min_col <= len(header) else get_column_letter(area.min_col)
        message, repair = f"Cells {area.coord} are merged.", "Unmerge them and write the value into each cell that it holds for."
        yield Problem(file=shown, table=sheet.title, rule="merged_cells", row=area.min_row, column=name, message=message, repair=repair)


def _notes(sheet: Worksheet, name: str, header: list[str], row: int) -> list[str]:
    """Units that header comments state, where they are not the schema's own."""
    columns = schema()[name].columns if name in schema() else {}
    notes = []
    for number, written in enumerate(header, 1):
        comment = sheet.cell(row, number).comment
        match = _UNIT.search(comment.text) if comment is not None else None
        own = unit_words(columns[written]) if written in columns else ""
        notes.append(match[1] if match and match[1] != own else "")
    return notes
