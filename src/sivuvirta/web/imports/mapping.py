"""Mapping: the grids of a file as tables of the engine's reader, by the columns that a person agreed to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from attrs import evolve, field, frozen
from django.utils.translation import gettext as _

from sivuvirta.errors import Problem
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.header_units import BY_ROW
from sivuvirta.tables.headings import choice_words, folded
from sivuvirta.tables.raw import RawTable
from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.web.imports.cleaning import sum_row, units_by_row, without_unit
from sivuvirta.web.imports.guessing import BESIDE, Map
from sivuvirta.web.imports.sheets import Percent, Sheet

UNIT_OF = {"reported_value": "reported_unit", "capacity": "capacity_unit"}
"""Columns without a unit of their own whose unit stands in another."""

_COMMA = re.compile(r"[+-]?\d[\d \u00a0\u202f.]*,(\d{1,2}|\d{4,})")
_POINT = re.compile(r"[+-]?\d[\d \u00a0\u202f]*\.\d+")


@frozen
class Plan:
    """What a person decided of a file."""

    maps: Mapping[str, Map] = {}  # by sheet
    fixed: Mapping[str, str] = {}  # "table.column": what holds in every row
    comma: str = "auto"  # auto, comma, point
    corrections: Sequence[Mapping[str, Any]] = ()
    vintage: str = ""  # of amounts that stand beside streams


@frozen(eq=False)
class Part:
    """What a file says of one table: cells as written, column by column, and where each stands."""

    table: str
    sheet: str
    columns: dict[str, list[Any]]
    lines: list[int]
    places: Mapping[str, int] = {}  # column -> position in the sheet
    units: dict[str, str] = field(factory=dict)  # of columns whose heading says one other than the schema's
    comma: bool = False
    problems: list[Problem] = field(factory=list)

    def raw(self) -> RawTable:
        """For the engine's reader."""
        names = [f"{name} [{unit}]" if (unit := self.units.get(name)) else name for name in self.columns]
        return RawTable(self.table, self.sheet, names, list(self.columns.values()), self.lines, self.comma)


def corrected(sheets: Mapping[str, Sheet], corrections: Sequence[Mapping[str, Any]]) -> None:
    """Put what a person wrote in place of what the file says.

    Args:
        sheets: by name; their cells change.
        corrections: each of a sheet and column with the text that holds `now`, for one `line`, or for every cell that says `was`;
            or a line that is to be left out (`skip`).
    """
    for one in corrections:
        sheet = sheets.get(str(one.get("sheet")))
        if sheet is None:
            continue
        at = {line: number for number, line in enumerate(sheet.lines)}
        if "line" in one:
            number = at.get(int(one["line"]))
            if number is not None and one.get("skip"):
                sheet.rows[number] = []
            elif number is not None:
                _put(sheet.rows[number], int(one["column"]), str(one["now"]))
            continue
        column = int(one["column"])
        for row in sheet.rows:
            if column < len(row) and as_text(row[column]) == one["was"]:
                row[column] = str(one["now"])


def _put(row: list[Any], column: int, text: str) -> None:
    row.extend([None] * (column + 1 - len(row)))
    row[column] = text


def parts_of(sheets: Mapping[str, Sheet], plan: Plan) -> list[Part]:
    """What a file says of each table, and what is wrong with its headings."""
    found: dict[str, Part] = {}
    for name, how in plan.maps.items():
        if how.table and name in sheets:
            for part in _parts(sheets[name], how, plan):
                if part.table in found:
                    text = _("Sheet '%(sheet)s' gives the same table.") % {"sheet": found[part.table].sheet}
                    found[part.table].problems.append(_heading(part, None, text, _("Leave one of the two out, or put all rows into one.")))
                else:
                    found[part.table] = part
    return list(found.values())


def _parts(sheet: Sheet, how: Map, plan: Plan) -> Iterator[Part]:
    first = how.head + 1 + how.units_row
    tables = dict.fromkeys([how.table, *(target.partition(".")[0] for target in how.targets if target)])
    comma = sheet.comma if plan.comma == "auto" else plan.comma == "comma"
    for table in tables:
        places = {target.partition(".")[2]: at for at, target in enumerate(how.targets) if target.partition(".")[0] == table}
        said = [at for at in range(first, len(sheet.rows)) if any(_said(sheet.rows[at], place) for place in places.values())]
        sums = {at: text for at in said if (text := sum_row(sheet.rows[at]))}
        kept = [at for at in said if at not in sums]
        columns = {name: [_at(sheet.rows[at], place) for at in kept] for name, place in places.items()}
        part = Part(table, sheet.name, columns, [sheet.lines[at] for at in kept], places, comma=comma)
        if table == how.table:
            part.problems.extend(_sum(part, sheet.lines[at], text) for at, text in sums.items())
        _units_of_cells(part, how)
        if plan.comma == "auto" and not comma:
            part = evolve(part, comma=_uses_comma(part.columns))
        _units(part, how)
        for target, text in plan.fixed.items():
            named, _dot, column = target.partition(".")
            if named == table and column not in part.columns and text:
                part.columns[column] = [text] * len(kept)
        if table != how.table and table == BESIDE.get(how.table):
            _beside(part, how, plan, sheet, kept)
        _choices(part)
        yield part


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _said(row: Sequence[Any], place: int) -> bool:
    cell = _at(row, place)
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _uses_comma(columns: Mapping[str, list[Any]]) -> bool:
    """Whether texts of a sheet write decimals with a comma and none with a point."""
    texts = {cell.strip() for cells in columns.values() for cell in cells if isinstance(cell, str) and cell[:1] in "+-0123456789"}
    return any(map(_COMMA.fullmatch, texts)) and not any(map(_POINT.fullmatch, texts))


def _units(part: Part, how: Map) -> None:
    """Units of headings, to where the engine reads them."""
    columns = schema()[part.table].columns
    for name, place in part.places.items():
        unit, column = how.units[place] if place < len(how.units) else "", columns[name]
        part.columns[name] = _shares(part.columns[name], unit or column.unit)
        if not unit or unit == column.unit:
            continue
        if (part.table, name) == ("quantities", "value") and "reported_value" not in part.columns:
            _as_reported(part, unit)
        elif name in UNIT_OF or (column.unit in ("component", "per_unit") and "unit" in columns):
            part.columns.setdefault(UNIT_OF.get(name, "unit"), [unit] * len(part.lines))
        elif column.numeric and (column.unit not in BY_ROW or part.table != "quantities"):
            part.units[name] = unit
        elif column.numeric:
            text = _("The heading says %(unit)s, which cannot be turned row by row.") % {"unit": unit}
            part.problems.append(_heading(part, name, text, _("Give it in the unit of the register, or leave the column out.")))


def _units_of_cells(part: Part, how: Map) -> None:
    """Figures that stand with their unit in one cell: parted, where the unit has a place to go to."""
    columns = schema()[part.table].columns
    for name, place in part.places.items():
        column, cells = columns[name], part.columns[name]
        if not column.numeric:
            continue
        said = how.units[place] if place < len(how.units) else ""
        beside = UNIT_OF.get(name) or ("unit" if column.unit in ("component", "per_unit") and "unit" in columns else "")
        if beside and beside not in part.columns:
            bare, units = units_by_row(cells)
            if any(units):
                part.columns[name] = bare
                part.columns[beside] = [unit or said or None for unit in units]
        elif not beside:
            part.columns[name], unit = without_unit(cells, said or column.unit)
            if unit and not said and unit != column.unit and column.unit not in BY_ROW:
                part.units[name] = unit


def _as_reported(part: Part, unit: str) -> None:
    """A dry amount in a unit of the heading's: as the engine turns reported figures."""
    rows = len(part.lines)
    cells = part.columns.pop("value")
    part.columns.update({"reported_value": cells, "reported_unit": [unit] * rows, "reported_basis": ["dry"] * rows})


def _shares(cells: list[Any], unit: str) -> list[Any]:
    """Shares that a spreadsheet shows in per cent, as the column counts them."""
    return [plain_share(cell, unit) for cell in cells]


def plain_share(cell: Any, unit: str) -> Any:
    """A cell as its unit counts it: 0.35 that a spreadsheet shows as 35 % is 35 in a column of per cent."""
    return round(float(cell) * (100.0 if unit == "%" else 1.0), 12) if isinstance(cell, Percent) else cell


def _beside(part: Part, how: Map, plan: Plan, sheet: Sheet, kept: list[int]) -> None:
    """Amounts that stand in a sheet of streams: of which stream, in which year, how sure."""
    rows = len(kept)
    place = next((at for at, target in enumerate(how.targets) if target == f"{how.table}.{schema()[how.table].key[0]}"), None)
    part.columns["subject"] = [None if place is None else _at(sheet.rows[at], place) for at in kept]
    part.columns["table"] = [how.table] * rows
    part.columns.setdefault("vintage", [plan.vintage] * rows)
    for name in ("grade", "source"):
        target = f"{how.table}.{name}"
        at_place = next((at for at, each in enumerate(how.targets) if each == target), None)
        if name not in part.columns and at_place is not None:
            part.columns[name] = [_at(sheet.rows[at], at_place) for at in kept]
        elif name not in part.columns and plan.fixed.get(target):
            part.columns[name] = [plan.fixed[target]] * rows


def _choices(part: Part) -> None:
    """Choices, yes and no in the words of four languages."""
    for name, column in schema()[part.table].columns.items():
        if name in part.columns and (column.choices or column.type == "boolean"):
            part.columns[name] = [_choice(cell, column) for cell in part.columns[name]]


def _choice(cell: Any, column: ColumnSchema) -> Any:
    if not isinstance(cell, str):
        return cell
    allowed = frozenset(column.choices or ("yes", "no"))
    return cell if cell in allowed or not cell else _meant(cell, allowed)


@cache
def _meant(text: str, allowed: frozenset[str]) -> str:
    if text.strip().casefold() in allowed:
        return text
    found = choice_words().get(folded(text), frozenset()) & allowed
    return next(iter(found)) if len(found) == 1 else text


def _sum(part: Part, line: int, text: str) -> Problem:
    message = _("'%(text)s' is a row of sums: it is left out.") % {"text": text}
    repair = _("Call it otherwise if it is a row of its own.")
    return Problem(file=part.sheet, table=part.table, rule="sum", row=line, message=message, repair=repair, level="warning")


def _heading(part: Part, column: str | None, text: str, repair: str) -> Problem:
    return Problem(file=part.sheet, table=part.table, rule="heading", row=1, column=column, message=text, repair=repair)
