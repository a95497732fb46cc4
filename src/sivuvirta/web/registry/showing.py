"""Showing: cells as people read them: rounded with the full figure at hand, names in place of keys, a sign where a value is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.amounts import AMOUNT
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row

_DIGITS = 3  # significant digits shown


@frozen
class Cell:
    """What stands in a cell."""

    text: str = ""
    full: str = ""  # the whole figure, where the text is rounded
    unit: str = ""
    row: tuple[str, str] | None = None  # table and key of the row that it names
    grade: str = ""
    hidden: bool = False

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return bool(self.text)


@frozen
class Line:
    """A row of a list."""

    row: Row
    cells: tuple[Cell, ...]


def lines(register: Register, rows: Iterable[Row], columns: tuple[str, ...], viewer: Viewer) -> list[Line]:
    """Rows as lines of a list; names of what they refer to cost one query for each table referred to."""
    page = list(rows)
    names = _names(register, page, columns, viewer)
    return [Line(row, tuple(_cell(row, name, row.shown_to(viewer), names) for name in columns)) for row in page]


def facts(register: Register, row: Row, viewer: Viewer) -> list[tuple[ColumnSchema, Cell]]:
    """All columns of a row that say anything or are hidden, with their cells."""
    columns = tuple(row.schema.columns)
    names, told = _names(register, [row], columns, viewer), row.shown_to(viewer)
    cells = [(row.schema.columns[name], _cell(row, name, told, names)) for name in columns]
    return [(column, cell) for column, cell in cells if cell.known or cell.hidden]


def amount(row: Row) -> Cell:
    """The amount of a stream, need or stock that was read with it."""
    value = getattr(row, AMOUNT[0], None)
    if value is None:
        return Cell()
    return Cell(text=rounded(value), full=_full(value), unit=_("a year"), grade=row.amount_grade or "")


def rounded(value: float) -> str:
    """A number with three significant digits, grouped as the language does: 1,230,000 rather than 1.23e+06."""
    if value == 0:
        return "0"
    text = f"{value:.{_DIGITS}g}"
    number = float(text)
    decimals = max(0, len(f"{number:.10f}".rstrip("0").split(".")[1])) if abs(number) < 10**_DIGITS else 0
    return str(number_format(number, decimals, use_l10n=True, force_grouping=True))


def _full(value: float) -> str:
    return str(number_format(value, None, use_l10n=True, force_grouping=True))


def _cell(row: Row, name: str, told: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> Cell:
    if name == AMOUNT[0]:
        return amount(row)
    if name in AMOUNT:
        value = getattr(row, name)
        return Cell() if value is None else Cell(text=value if isinstance(value, str) else rounded(value))
    column = row.schema.columns[name]
    if name not in told:
        return Cell(hidden=getattr(row, name) is not None)
    value = told[name]
    if value is None:
        return Cell()
    return _said(column, value, names)


def _said(column: ColumnSchema, value: Any, names: Mapping[str, Mapping[str, str]]) -> Cell:
    if column.type == "number":
        return Cell(text=rounded(value), full=_full(value), unit=column.unit)
    if column.type == "boolean":
        return Cell(text=_("yes") if value else _("no"))
    if column.listed:
        return Cell(text=", ".join(map(str, value)))
    for table in column.references:
        if value in names.get(table, {}):
            return Cell(text=names[table][value], full=str(value), row=(table, value) if table in MODELS else None)
    return Cell(text=str(value))


def _names(register: Register, rows: list[Row], columns: tuple[str, ...], viewer: Viewer) -> dict[str, dict[str, str]]:
    """Names of the rows that these rows refer to, by table and key; those the viewer may not see have none."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for name in columns:
            column = row.schema.columns.get(name)
            if column is None or column.listed or not (value := getattr(row, name)):
                continue
            for table in column.references:
                if table in MODELS and len(schema()[table].key) == 1:
                    wanted.setdefault(table, set()).add(value)
    return {table: _named(register, table, keys, viewer) for table, keys in wanted.items()}


def _named(register: Register, table: str, keys: set[str], viewer: Viewer) -> dict[str, str]:
    named, has_name = MODELS[table], "name" in schema()[table].columns
    rows = named.objects.filter(register=register, row_key__in=keys).restrict(viewer)
    if has_name:
        rows = rows.told(viewer, "name")
    return dict(rows.values_list("row_key", "name" if has_name else "row_key"))
