"""A book of rows and coefficients, in which each is written once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define, field

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.domain.traces import Coefficient, Driver, Origin, Source, Values

Row = tuple[str, int]
"""A table and the position of a row in it."""

_NAMES = ("name", "name_en", "title")


@define
class Book:
    """What has been written so far."""

    region: Region
    origins: list[Origin] = field(factory=list)
    drivers: list[Driver] = field(factory=list)
    coefficients: list[Coefficient] = field(factory=list)
    _rows: dict[Row, int] = field(factory=dict)
    _same: dict[Coefficient, int] = field(factory=dict)

    def rows(self, rows: Iterable[Row]) -> tuple[int, ...]:
        """Positions of rows of the register among the origins, each once, those of -1 left out."""
        return tuple(dict.fromkeys(self._row(row) for row in rows if row[1] >= 0))

    def driver(self, kind: str, names: tuple[str, str, str], unit: str, amounts: Values, rows: Iterable[Row]) -> int:
        """Position of a new driver; `names` are origin, destination and what it is."""
        self.drivers.append(Driver(kind, *names, unit, amounts, self.rows(rows)))
        return len(self.drivers) - 1

    def coefficient(self, words: str, value: float, unit: str, rows: Iterable[Row], formula: str = "") -> int:
        """Position of a coefficient; the same one is written once."""
        one = Coefficient(words, value, unit, formula, self.rows(rows))
        if one not in self._same:
            self._same[one] = len(self.coefficients)
            self.coefficients.append(one)
        return self._same[one]

    @property
    def plain(self) -> int:
        """The coefficient of what is counted as it is."""
        return self.coefficient("counted as it is", 1.0, "1", ())

    def sources(self) -> dict[str, Source]:
        """Sources that the rows name."""
        table = self.region.table("sources")
        named = dict.fromkeys(each.source for each in self.origins if each.source in table.index)
        return {name: source_of(self.region, name) for name in named}

    def _row(self, row: Row) -> int:
        if row not in self._rows:
            self._rows[row] = len(self.origins)
            self.origins.append(origin_of(self.region, *row))
        return self._rows[row]


def origin_of(region: Region, name: str, at: int) -> Origin:
    """A row of a table as an origin of figures."""
    table = region.table(name)

    def cell(column: str) -> str:
        value: Any = table[column][at] if column in table.columns else None
        return "" if value is None else str(value)

    words = next((cell(column) for column in _NAMES if cell(column)), "")
    return Origin(name, key_of(table, at), words, cell("grade"), cell("source"))


def key_of(table: Table, at: int) -> str:
    """Key of a row: the cells of its key columns that are filled, with "/" between; a year as a whole number."""
    cells = (table[column][at] for column in table.key)
    return "/".join(_part(cell) for cell in cells if cell is not None and str(cell) not in ("", "nan"))


def _part(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def source_of(region: Region, name: str) -> Source:
    """A row of table `sources`."""
    table = region.table("sources")
    at = table.index[name]
    citation, url, page, opened = (str(table[column][at] or "") for column in ("citation", "url", "page", "opened"))
    return Source(name, citation, url, page, opened)
