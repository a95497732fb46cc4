"""Cleaning: what people write into cells beside the figure, where it has one meaning: units behind figures, and rows of sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sivuvirta.tables.headings import folded
from sivuvirta.units.numbers import FIGURE_AND_MORE, with_unit
from sivuvirta.units.quantities import spelling

_SUMS = frozenset(
    {
        *("total", "totals", "grand total", "sum", "in total", "all together"),
        *("yhteensa", "kaikki yhteensa", "summa", "kokonaismaara", "kaikki"),
        *("totalt", "summa totalt", "sammanlagt"),
        *("totales", "suma", "suma total", "total general"),
    }
)
"""What a row of sums says in its first cell, folded, in four languages."""


def sum_row(row: Sequence[Any]) -> str:
    """What a row of sums calls itself, "" where it is none: it begins with such a word, and the rest is figures.

    >>> sum_row(["Yhteensä:", None, 1200, "1 300,5"]), sum_row(["Total", "works", "slag", 3]), sum_row([None, 3])
    ('Yhteensä:', '', '')
    """
    filled = [cell for cell in row if cell is not None and str(cell).strip()]
    if len(filled) < 2 or not isinstance(filled[0], str) or folded(filled[0]) not in _SUMS:
        return ""
    figures = all(
        not isinstance(cell, str) or cell.strip()[:1] in "0123456789+-<" or FIGURE_AND_MORE.fullmatch(cell.strip()) for cell in filled[1:]
    )
    return filled[0].strip() if figures else ""


def _parted(cell: Any) -> tuple[str, str] | None:
    """The figure and the unit of a cell that holds both."""
    return with_unit(cell) if isinstance(cell, str) else None


def without_unit(cells: list[Any], unit: str) -> tuple[list[Any], str]:
    """Cells of a column without the unit that they name, and that unit.

    Args:
        cells: as written.
        unit: that the heading or the register says, "" where neither does.

    Returns:
        The cells, where all that name a unit name that one, or one alone while no cell stands without; else as they were, and "".
    """
    read = [_parted(cell) for cell in cells]
    units = {spelling(each[1]) for each in read if each is not None}
    if len(units) != 1:
        return cells, ""
    named = next(iter(units))
    bare = any(each is None and cell is not None and str(cell).strip() for each, cell in zip(read, cells, strict=True))
    if named != spelling(unit) and bare:
        return cells, ""
    return [cell if each is None else each[0] for each, cell in zip(read, cells, strict=True)], named


def units_by_row(cells: list[Any]) -> tuple[list[Any], list[str]]:
    """Cells without their units, and the unit that each named, "" where it named none."""
    read = [_parted(cell) for cell in cells]
    bare = [cell if each is None else each[0] for each, cell in zip(read, cells, strict=True)]
    return bare, ["" if each is None else each[1] for each in read]
