"""Showing: cells as people read them: rounded with the full figure at hand, names in place of keys, a sign where a value is hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from attrs import frozen
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import ColumnSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.schemas import AMOUNT, worded
from sivuvirta.web.registry.seen.amounts import BAND
from sivuvirta.web.registry.seen.bands import Band, band
from sivuvirta.web.registry.seen.names import Name, names, units
from sivuvirta.web.registry.seen.units import plain, units_of

_DIGITS = 3  # significant digits shown


Called = Mapping[tuple[str, str], Name]
"""Names by table and key."""


@frozen
class Cell:
    """What stands in a cell."""

    text: str = ""
    full: str = ""  # the whole figure, where the text is rounded
    unit: str = ""
    row: tuple[str, str] | None = None  # table and key of the row that it names
    grade: str = ""
    hidden: bool = False
    number: bool = False

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return bool(self.text)


@frozen
class Line:
    """A row of a list."""

    row: Row
    cells: tuple[Cell, ...]
    title: str  # what it is called to who reads


def lines(register: Register, rows: Iterable[Row], columns: tuple[str, ...], viewer: Viewer) -> list[Line]:
    """Rows as lines of a list; names of what they refer to cost one query for each table referred to.

    Units stand in the heads of columns (`units.plain`), and in the cells where each row has its own.
    """
    page = list(rows)
    called, counted = names(register, page, columns, viewer), units(register, page) if AMOUNT[0] in columns else {}
    schema = page[0].schema.columns if page else {}
    own = {name for name in columns if name in schema and schema[name].unit and not plain(schema[name])}
    measured = units_of(register, page if own else (), viewer)
    wanted = [name for name in dict.fromkeys((*columns, "name")) if name in schema]
    found: list[Line] = []
    for row in page:
        told = _told(row, viewer, wanted)
        title = str(told.get("name") or row.row_key)
        cells = (_shown(row, name, told, called, measured.of(row, schema[name]) if name in own else "") for name in columns)
        found.append(Line(row, tuple(amount(row, counted) if cell is None else cell for cell in cells), title))
    return found


def facts(register: Register, row: Row, viewer: Viewer) -> list[tuple[ColumnSchema, Cell]]:
    """All columns of a row that say anything or are hidden, with their cells."""
    columns = row.schema.columns
    called, told, measured = names(register, [row], columns, viewer), _told(row, viewer, columns), units_of(register, [row], viewer)
    cells = [(column, _cell(row, name, told, called, measured.of(row, column))) for name, column in columns.items()]
    return [(column, cell) for column, cell in cells if cell.known or cell.hidden]


def amount(row: Row, counted: Mapping[str, str]) -> Cell:
    """The amount of a stream, need or stock that was read with it; a stock stands, the others are a year.

    Args:
        row: with its amount.
        counted: unit by material.
    """
    value: Any = getattr(row, AMOUNT[0], None)
    hidden: Any = getattr(row, BAND, None)
    if value is None and hidden is None:
        return Cell()
    unit = counted.get(str(getattr(row, "material", None)), "")
    unit = unit if row.schema.name == "stocks" else f"{unit}/a"
    if value is None:
        return Cell(text=between(band(hidden)), unit=unit)
    return Cell(text=rounded(value), full=_full(value), unit=unit, grade=row.amount_grade or "", number=True)


def between(found: Band) -> str:
    """A band in words: "100 to 200"."""
    if found.high == float("inf"):
        return _("more than %(low)s") % {"low": rounded(found.low)}
    if found.low == 0:
        return _("%(high)s at most") % {"high": rounded(found.high)}
    return _("%(low)s to %(high)s") % {"low": rounded(found.low), "high": rounded(found.high)}


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


def _told(row: Row, viewer: Viewer, columns: Collection[str]) -> dict[str, Any]:
    """What a viewer may see of some columns of a row, and the bands of what else of them they may know the band of."""
    told = row.shown_to(viewer, columns)
    if not row.bands:
        return told
    hidden = ((name, getattr(row, name)) for name in row.bands if name in columns and name not in told and row.band_to(viewer, name))
    return told | {name: band(value) for name, value in hidden if value is not None}


def _shown(row: Row, name: str, told: Mapping[str, Any], called: Called, unit: str) -> Cell | None:
    """A cell of a list; None for the amount itself."""
    if name == AMOUNT[0]:
        return None
    if name in AMOUNT:
        value = getattr(row, name)
        return Cell() if value is None else Cell(text=value) if isinstance(value, str) else Cell(text=rounded(value), number=True)
    return _cell(row, name, told, called, unit)


def _cell(row: Row, name: str, told: Mapping[str, Any], called: Called, unit: str) -> Cell:
    if name not in told:
        return Cell(hidden=getattr(row, name) is not None)
    value = told[name]
    if value is None:
        return Cell()
    if isinstance(value, Band):
        return Cell(text=between(value), unit=unit)
    return cell_of(row.schema.columns[name], value, called, unit)


def cell_of(column: ColumnSchema, value: Any, called: Called, unit: str) -> Cell:
    """A value that is known and open, as it stands in a cell.

    Args:
        column: of the value.
        value: as it is kept.
        called: names of what it may refer to.
        unit: of a figure.
    """
    if column.type == "number":
        return Cell(text=rounded(value), full=_full(value), unit=unit, number=True)
    if column.type == "boolean":
        return Cell(text=_("yes") if value else _("no"))
    if column.choices:
        return Cell(text=worded(str(value)))
    if column.listed:
        return Cell(text=", ".join(map(str, value)))
    for table in column.references:
        if (name := called.get((table, str(value)))) is not None:
            return Cell(text=name.text, full=str(value), row=(table, str(value)) if name.here else None)
    return Cell(text=str(value))
