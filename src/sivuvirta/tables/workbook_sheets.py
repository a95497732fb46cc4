"""Sheets of an XLSX workbook: headers with comments, drop-downs for keys and choices, rows as text, numbers and whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sivuvirta.domain.table import Table
from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables.cells import number_text
from sivuvirta.tables.header_units import unit_words
from sivuvirta.tables.schema import LIST_SEPARATOR, ColumnSchema, TableSchema, schema
from sivuvirta.tables.workbook import GUIDE, LISTS

LONGEST_TEXT = 32_767
"""Signs that a cell of a spreadsheet holds."""

_LONGEST_LIST = 250  # signs of a drop-down whose members stand in the rule itself
_SPARE_ROWS = 1000
_REQUIRED = PatternFill("solid", fgColor="FFF2CC")
_OPTIONAL = PatternFill("solid", fgColor="E2EFDA")


def sheets(tables: Iterable[Table], library: Mapping[str, Table], guide: Iterable[Iterable[str]]) -> Workbook:
    """A workbook with a guide and one sheet a table.

    Args:
        tables: in the order of the sheets; a table without rows becomes an empty sheet with its header.
        library: keys for the drop-downs of reference columns.
        guide: rows of the first sheet.
    """
    book = Workbook()
    _fill_guide(book.active or book.create_sheet(), guide)
    tables = list(tables)
    for table in tables:
        _fill(book.create_sheet(table.name), table)
    lists = _Lists(book, library, frozenset(table.name for table in tables))
    for table in tables:
        _add_drop_downs(book[table.name], schema()[table.name], table, lists)
    lists.close()
    return book


def workbook_bytes(book: Workbook) -> bytes:
    """A workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_guide(sheet: Worksheet, guide: Iterable[Iterable[str]]) -> None:
    sheet.title = GUIDE
    for number, row in enumerate(guide, 1):
        for column, text in enumerate(row, 1):
            cell: Any = sheet.cell(number, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1 or column == 1:
                cell.font = Font(bold=True, size=14 if number == 1 else 11)
    for letter, width in zip("ABC", (18, 70, 40), strict=True):
        sheet.column_dimensions[letter].width = width


def _fill(sheet: Worksheet, table: Table) -> None:
    columns = schema()[table.name].columns
    for number, name in enumerate(table.columns, 1):
        _header(sheet.cell(1, number), columns[name])
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(name) + 4)
    sheet.freeze_panes = f"{get_column_letter(1 + len(schema()[table.name].key))}2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    for number, name in enumerate(table.columns, 1):
        for row, value in enumerate(table[name].tolist(), 2):
            if value is not None and value == value:  # noqa: PLR0124 - NaN
                _write(sheet.cell(row, number), value, columns[name])


def _header(cell: Any, column: ColumnSchema) -> None:
    cell.value = column.name
    cell.font = Font(bold=True)
    cell.fill = _REQUIRED if column.required else _OPTIONAL
    lines = [f"Unit: {unit_words(column)}" if column.unit else "", f"{column.description}.", "Required." if column.required else ""]
    lines += [f"Empty means {column.default}." if column.default else "", "Keys are parted by semicolons." if column.type == "refs" else ""]
    cell.comment = Comment("\n".join(line for line in lines if line), "Sivuvirta", height=120, width=320)


def _write(cell: Any, value: object, column: ColumnSchema) -> None:
    if column.numeric:
        cell.value = number_text(float(str(value)))
        cell.data_type = "n"  # openpyxl itself writes 16 digits; a number needs 17 to come back as it was
        return
    text = "yes" if value is True else "no" if value is False else LIST_SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
    if len(text) > LONGEST_TEXT:
        place = f"{column.table}, row {cell.row}, column '{column.name}'"
        raise SivuvirtaError(f"{place}: a text of {len(text)} signs does not fit into a spreadsheet. Save the region as a folder.")
    cell.value = text
    cell.data_type = "s"  # a text that begins with = is no formula


class _Lists:
    """Members of drop-downs that are too long for a rule, on a hidden sheet."""

    def __init__(self, book: Workbook, library: Mapping[str, Table], present: frozenset[str]) -> None:
        self.sheet = book.create_sheet(LISTS)
        self.library = library
        self.present = present
        self.columns: dict[str, str] = {}

    def formula(self, column: ColumnSchema) -> str | None:
        """What a drop-down offers; None where the column is free."""
        members = ("yes", "no") if column.type == "boolean" else column.choices
        if members:
            inline = ",".join(members)
            return f'"{inline}"' if len(inline) <= _LONGEST_LIST else self._range("/".join(members[:3]), members)
        if column.type != "ref" or len(column.references) != 1:
            return None
        target = column.references[0]
        reference = self.library.get(target)
        if reference is not None and len(reference):
            return self._range(target, [str(key) for key in reference[reference.key[0]].tolist()])
        return f"{target}!$A$2:$A${_SPARE_ROWS + 1}" if target in self.present else None

    def _range(self, name: str, members: Iterable[str]) -> str:
        if name not in self.columns:
            number = len(self.columns) + 1
            self.sheet.cell(1, number, name)
            last = 1
            for last, member in enumerate(members, 2):
                self.sheet.cell(last, number, member)
            letter = get_column_letter(number)
            self.columns[name] = f"{LISTS}!${letter}$2:${letter}${last}"
        return self.columns[name]

    def close(self) -> None:
        """Hide the sheet, or take it away where it holds nothing."""
        self.sheet.sheet_state = "hidden"
        if not self.columns:
            self.sheet.parent.remove(self.sheet)


def _add_drop_downs(sheet: Worksheet, spec: TableSchema, table: Table, lists: _Lists) -> None:
    for number, name in enumerate(table.columns, 1):
        column = spec.columns[name]
        formula = lists.formula(column)
        if formula is not None:
            strict = column.type != "ref"
            rule = DataValidation(
                type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="stop" if strict else "warning"
            )
            rule.errorTitle, rule.error = (
                column.name,
                "Take one of the list." if strict else "This key is not in the list. Is it in a sheet of yours?",
            )
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{len(table) + _SPARE_ROWS}")
            sheet.add_data_validation(rule)
