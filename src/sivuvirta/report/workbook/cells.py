"""Cells of a workbook: texts that can never become formulas, numbers, formulas of our own, and links."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_LONGEST = 32_767  # signs of a cell
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BEGINS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula
_HEAD = PatternFill("solid", fgColor="E3E0D8")
_BOLD, _SOFT, _LINK = Font(bold=True), Font(color="56606A"), Font(color="1F5F8B", underline="single")
_WHOLE, _TENTHS, _SMALL = "#,##0", "#,##0.0", "#,##0.0000"


@frozen
class Formula:
    """A formula of our own; no text of the data stands in one."""

    text: str
    about: float | None = None  # its value as computed, by whose size it is formatted; whole numbers without it


@frozen
class Link:
    """A text that leads to a place of the workbook or to an address."""

    text: str
    to: str  # "#Sources!A4" or an address


Value = str | float | int | None | Formula | Link


def put(sheet: Worksheet, row: int, column: int, value: Value) -> Any:
    """Writes one cell; what is not known stays empty.

    A text is a text whatever it begins with: it is stored as one and marked as one, so that it stays a text when it is edited.
    """
    cell: Any = sheet.cell(row, column)
    if isinstance(value, Formula):
        cell.value = value.text
    elif isinstance(value, Link):
        _text(cell, value.text)
        if value.to.startswith("#"):
            cell.hyperlink = f"#{value.to[1:]}"
        elif value.to.startswith(("http://", "https://")):
            cell.hyperlink = value.to
        cell.font = _LINK
    elif isinstance(value, str):
        _text(cell, value)
    elif value is not None and math.isfinite(value):
        cell.value = value
    if not isinstance(value, str | Link | None):
        cell.number_format = _format(value.about if isinstance(value, Formula) else value)
    return cell


def _format(value: float | None) -> str:
    """As many decimals as a figure of its size needs; none for what was counted and for nothing."""
    if not isinstance(value, float) or value == 0 or abs(value) >= 1000:
        return _WHOLE
    return _TENTHS if abs(value) >= 10 else _SMALL


def _text(cell: Any, text: str) -> None:
    cell.value = _FORBIDDEN.sub("", text)[:_LONGEST]
    cell.data_type = "s"
    if text.startswith(_BEGINS):
        cell.quotePrefix = True


def table(sheet: Worksheet, top: int, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Writes a table with its head; the head stays in sight where it is the first row.

    Returns:
        The row after the last one.
    """
    for column, head in enumerate(heads, 1):
        cell = put(sheet, top, column, head)
        cell.font, cell.fill, cell.alignment = _BOLD, _HEAD, Alignment(wrap_text=True, vertical="top")
    at = top
    for at, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            put(sheet, at, column, value)
    if top == 1:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{max(at, 2)}"
    return at + 1


def widths(sheet: Worksheet, sizes: Sequence[int]) -> None:
    """Widths of the first columns, in letters."""
    for column, size in enumerate(sizes, 1):
        sheet.column_dimensions[get_column_letter(column)].width = size


def title(sheet: Worksheet, texts: Sequence[str]) -> int:
    """A title and remarks above a table. Returns the row after an empty one."""
    for row, text in enumerate(texts, 1):
        put(sheet, row, 1, text).font = Font(bold=True, size=14) if row == 1 else _SOFT
    return len(texts) + 2


def heading(sheet: Worksheet, row: int, text: str) -> int:
    """A heading within a sheet. Returns the row after it."""
    put(sheet, row, 1, text).font = Font(bold=True, size=12)
    return row + 1
