"""The order list as a workbook that can be sent: what to test, of what, why, at what price, and what it is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from attrs import frozen
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sivuvirta.domain.prospects import LabOrders

_HEAD = PatternFill("solid", fgColor="E2EFDA")
_WHOLE = "#,##0"
_NOTES = (
    "A value is EUR a year: the best network with the test passed less the best one without. It is no promise: the test may fail.",
    "Once decided: were every permit and decision granted. In a set: of the worthiest set of tests and decisions that one route needs.",
    "Prices and times come from public price lists or are estimates (grade C or D): ask the laboratory for an offer.",
    "The software screens; a person decides.",
)


@frozen
class _Column:
    """A column of a sheet: where its cells come from, its head with the unit, its width, and how numbers are shown."""

    name: str
    head: str
    width: float
    form: str | None = None
    asked: bool = False  # where it is missing the sheet says so


_TEST = (
    _Column("name", "Test", 34),
    _Column("method", "Method", 18),
    _Column("of", "Sample of", 34),
    _Column("sample", "What the laboratory needs", 30),
    _Column("settles", "Settles", 26),
    _Column("price", "Price, EUR", 11, _WHOLE, asked=True),
    _Column("price_low", "Price low, EUR", 11, _WHOLE),
    _Column("price_high", "Price high, EUR", 11, _WHOLE),
    _Column("lead", "Time, working days", 11, _WHOLE, asked=True),
)
_WORTH = (
    _Column("value_likely", "Worth alone, EUR/a", 14, _WHOLE),
    _Column("value_decided", "Once decided, EUR/a", 14, _WHOLE),
    _Column("in_bundle", "In a set, EUR/a", 14, _WHOLE),
    _Column("tonnes", "Diverted, t/a", 12, _WHOLE),
    _Column("carbon", "Emissions, kg CO2e/a", 14, _WHOLE),
    _Column("opens", "Routes it opens", 10, _WHOLE),
    _Column("waiting", "Routes that wait", 10, _WHOLE),
    _Column("misses", "Also missing", 44),
)
_SHEETS = {"decisions": "Decisions", "bundles": "Sets that one route needs"}


def write_order_book(found: LabOrders, path: Path) -> None:
    """Write the order list, with decisions and sets on sheets of their own.

    Args:
        found: what is missing, ranked.
        path: the workbook to write.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    region = found.links.region
    title = f"{region.title or region.name}, {region.vintage}: tests to order"
    _fill(book.create_sheet("Order list"), title, found.order(), (*_TEST, *_WORTH))
    what = (_Column("name", "What", 44), _Column("decisions", "Decisions in it", 34), _Column("of", "Of", 34))
    price = (_Column("price", "Tests together, EUR", 12, _WHOLE), _Column("lead", "Longest, working days", 12, _WHOLE))
    for part, name in _SHEETS.items():
        _fill(book.create_sheet(name), f"{title.split(':', maxsplit=1)[0]}: {name.lower()}", found.to_frame(part), (*what, *price, *_WORTH))
    book.save(path)


def _fill(sheet: Worksheet, title: str, frame: pd.DataFrame, columns: tuple[_Column, ...]) -> None:
    shown = [column for column in columns if column.name in frame]
    first = sheet.cell(1, 1, title)
    first.font, first.data_type = Font(bold=True, size=14), "s"
    for row, note in enumerate(_NOTES, 2):
        sheet.cell(row, 1, note).font = Font(italic=True)
    top = len(_NOTES) + 3
    for place, column in enumerate(shown, 1):
        cell = sheet.cell(top, place, column.head)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        for row, value in enumerate(frame[column.name].tolist(), top + 1):
            written = sheet.cell(row, place, _plain(value, column))
            if isinstance(written.value, str):
                written.data_type = "s"  # whatever it begins with, it is no formula
            written.alignment = Alignment(wrap_text=column.form is None, vertical="top")
            if column.form:
                written.number_format = column.form
    sheet.freeze_panes = sheet.cell(top + 1, 2).coordinate
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(shown))}{top + len(frame)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _plain(value: Any, column: _Column) -> Any:
    """A cell's value: rounded where it is a number, empty where there is none; a text without signs that no workbook can hold."""
    if value is None or value != value:  # noqa: PLR0124 - not NaN
        return "not known" if column.asked else None
    if isinstance(value, int | float):
        return round(float(value))
    text = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return ILLEGAL_CHARACTERS_RE.sub(" ", text)
