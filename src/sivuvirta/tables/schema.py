"""The schema: every table and column of a region, read from data once. It drives reading, checks, the template and the reference page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import numpy as np
from attrs import frozen

from sivuvirta.domain.table import Column, Table

NUMBERS = frozenset({"number", "integer", "year"})
"""Types held as float64, NaN where unknown."""

LISTS = frozenset({"list", "refs"})
"""Types held as tuples of text, None where empty; in a file the members are joined by LIST_SEPARATOR."""

LIST_SEPARATOR = ";"


@frozen
class ColumnSchema:
    """One column: what a cell may hold."""

    table: str
    name: str
    type: str  # id | text | list | choice | ref | refs | number | integer | year | boolean | date
    unit: str  # canonical unit; carrier, component, per_unit and unit stand for the row's own
    required: bool
    default: str | None  # as text, taken where the cell is empty
    minimum: float | None
    maximum: float | None
    references: tuple[str, ...]  # tables whose keys it may hold
    choices: tuple[str, ...]
    description: str
    above: bool = False  # the minimum itself is not allowed
    label: str = ""  # what people read in heads and forms

    @property
    def numeric(self) -> bool:
        """Whether it is held as float64."""
        return self.type in NUMBERS

    @property
    def listed(self) -> bool:
        """Whether a cell holds several texts."""
        return self.type in LISTS

    @property
    def words(self) -> str:
        """The description as the middle of a sentence."""
        first, rest = self.description[:1], self.description[1:]
        return f"{first.lower()}{rest}" if rest[:1].islower() else self.description

    def nothing(self, rows: int) -> Column:
        """A column of `rows` unknowns."""
        return np.full(rows, np.nan) if self.numeric else np.full(rows, None, dtype=object)


@frozen
class TableSchema:
    """One table: its key and columns, in the order in which they are written."""

    name: str
    scope: str  # region | library | both | catalogue
    key: tuple[str, ...]
    title: str
    description: str
    columns: Mapping[str, ColumnSchema]

    def empty(self) -> Table:
        """The table without rows."""
        return Table(self.name, self.key, {name: column.nothing(0) for name, column in self.columns.items()})


_SHORT = "Short name"
"""What people read for the column by which others name a row."""


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("sivuvirta.tables") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _members(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


@cache
def _labels() -> Mapping[tuple[str, str], str]:
    """Labels by table and column; of every table where the table is empty."""
    return {(row["table"], row["column"]): row["label"] for row in _rows("labels")}


def label(table: str, column: str) -> str:
    """What people read in place of the name of a column: as the data say it, else made from its name.

    >>> label("streams", "low_code"), label("streams", "moisture_low"), label("sites", "site")
    ('List of Waste code', 'Moisture, low end', 'Site')
    """
    said = _labels()
    if found := said.get((table, column)) or said.get(("", column)):
        return found
    for ending, words in _ENDINGS.items():
        if column.endswith(ending):
            return f"{label(table, column.removesuffix(ending))}{words}"
    text = column.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


_ENDINGS = {"_low": ", low end", "_high": ", high end", "_min": ", least", "_max": ", most"}


def _column(row: dict[str, str]) -> ColumnSchema:
    return ColumnSchema(
        table=row["table"],
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        required=row["required"] == "yes",
        default=row["default"] or None,
        minimum=float(row["minimum"].removeprefix(">")) if row["minimum"] else None,
        maximum=float(row["maximum"]) if row["maximum"] else None,
        references=_members(row["references"]),
        choices=_members(row["choices"]),
        description=row["description"],
        above=row["minimum"].startswith(">"),
        label=_SHORT if row["type"] == "id" and row["column"] != "table" else label(row["table"], row["column"]),
    )


@cache
def schema() -> Mapping[str, TableSchema]:
    """Schema of every table by name, in the order in which tables are shown.

    >>> schema()["streams"].columns["moisture"].unit
    '%'
    """
    columns: dict[str, dict[str, ColumnSchema]] = {}
    for row in _rows("columns"):
        columns.setdefault(row["table"], {})[row["column"]] = _column(row)
    tables = {
        row["table"]: TableSchema(
            name=row["table"],
            scope=row["scope"],
            key=tuple(row["key"].split()),
            title=row["title"],
            description=row["description"],
            columns=MappingProxyType(columns[row["table"]]),
        )
        for row in _rows("tables")
    }
    return MappingProxyType(tables)


def region_tables() -> tuple[str, ...]:
    """Names of the tables that a region may hold."""
    return tuple(name for name, table in schema().items() if table.scope in ("region", "both"))


def library_tables() -> tuple[str, ...]:
    """Names of the tables that the library may hold."""
    return tuple(name for name, table in schema().items() if table.scope in ("library", "both"))


def catalogue_tables() -> tuple[str, ...]:
    """Names of the tables of the library's catalogue, which are read only where they are asked for and never lie under a region."""
    return tuple(name for name, table in schema().items() if table.scope == "catalogue")
