"""Units: in what a figure is told whose unit follows from its row: from the material of what it counts, or from the component."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from sivuvirta import library
from sivuvirta.tables.schema import ColumnSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.kept import kept
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row

Named = tuple[str, str]  # a table and a key of it

_CONTENT = "mg/kg"  # of total contents and of what leaches
_CARRIER, _COMPONENT = "carrier", "component"
_BY_ROW = frozenset({_CARRIER, _COMPONENT, "per_unit"})
_NAMING = {"material": "materials", "stream": "streams", "need": "needs", "origin": "streams"}
"""Columns that name what a row counts, with the table of what they name; the first that a row has holds."""
LEADING = frozenset({*_NAMING, "table", "subject", _COMPONENT, "kind", "unit"})
"""Columns that units follow from."""

_LEADING = (("stocks", "stream", "streams"), ("streams", "material", "materials"), ("needs", "material", "materials"))


def plain(column: ColumnSchema) -> str:
    """The unit of a column, empty where each row has its own."""
    return "" if column.unit.partition("/")[0] in _BY_ROW else column.unit


@frozen(eq=False)
class Units:
    """Units of the figures of some rows of one table."""

    carriers: Mapping[int, str]  # of what a row counts, by the row's key in the database
    contents: Mapping[int, str]  # of the component that a row tells of

    def of(self, row: Row, column: ColumnSchema) -> str:
        """The unit of a figure of a row; empty where nothing tells it."""
        kind, _, per = column.unit.partition("/")
        if kind not in _BY_ROW:
            return column.unit
        unit = {_CARRIER: self.carriers, _COMPONENT: self.contents}.get(kind, {}).get(row.pk, "")
        return f"{unit}/{per}" if unit and per else unit


def units_of(register: Register, rows: Iterable[Row], viewer: Viewer) -> Units:
    """Units of the figures of rows of one table, as far as the viewer sees of what material the things are that they count.

    Costs no query where no column asks, else one for each table that leads to materials, and one for them.
    """
    page = list(rows)
    kinds = {column.unit.partition("/")[0] for column in page[0].schema.columns.values()} if page else set()
    return Units(_carriers(register, page, viewer) if _CARRIER in kinds else {}, _contents(page) if _COMPONENT in kinds else {})


def material_units(register: Register, keys: Iterable[str]) -> Mapping[str, str]:
    """Units of amounts by material: t (dry), MWh, m3; a register's own row goes before the library's."""
    wanted = set(keys)
    table = library.tables()["materials"]
    below = {key: str(table["unit"][table.index[key]]) for key in wanted if key in table.index}
    own = kept(
        register, "units of materials", lambda: dict(MODELS["materials"].objects.filter(register=register).values_list("row_key", "unit"))
    )
    return below | {key: own[key] for key in wanted if key in own}


def _contents(page: Iterable[Row]) -> dict[int, str]:
    table = library.tables()["components"]
    found: dict[int, str] = {}
    for row in page:
        key = str(getattr(row, "component", None) or "")
        if getattr(row, "kind", None) in ("total", "leaching"):
            found[row.pk] = _CONTENT
        elif key in table.index:
            found[row.pk] = str(table["unit"][table.index[key]] or "")
    return found


def _carriers(register: Register, page: Iterable[Row], viewer: Viewer) -> dict[int, str]:
    counted = {row.pk: named for row in page if (named := _counted(row)) is not None}
    leads: dict[Named, Named] = {}
    for table, column, to in _LEADING:
        keys = {key for of, key in (*counted.values(), *leads.values()) if of == table}
        if keys:
            rows = MODELS[table].objects.filter(register=register, row_key__in=keys).restrict(viewer).told(viewer, column)
            leads |= {(table, key): (to, str(led)) for key, led in rows.values_list("row_key", column) if led}
    ends = {pk: _end(named, leads) for pk, named in counted.items()}
    units = material_units(register, {key for of, key in ends.values() if of == "materials"})
    return {pk: units[key] for pk, (of, key) in ends.items() if of == "materials" and key in units}


def _counted(row: Row) -> Named | None:
    if row.schema.name == "quantities":
        return str(row.table), str(row.subject)
    return next(((table, str(value)) for name, table in _NAMING.items() if (value := getattr(row, name, None))), None)


def _end(named: Named, leads: Mapping[Named, Named]) -> Named:
    while named in leads:
        named = leads[named]
    return named
