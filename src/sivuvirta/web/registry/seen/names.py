"""Names: what a row is called in the viewer's language: a region's own row first, then that of the library below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen
from django.utils.translation import get_language

from sivuvirta import library
from sivuvirta.tables.schema import TableSchema, schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.prepared import KEYS, Among, asked
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, Rows
from sivuvirta.web.registry.seen.units import material_units


@frozen
class Name:
    """What a row is called, and whether it stands in the register (else in the library)."""

    text: str
    here: bool


def names(register: Register, rows: Iterable[Row], columns: Iterable[str], viewer: Viewer) -> dict[tuple[str, str], Name]:
    """Names of the rows that these columns of these rows refer to, by table and key. One query for each table referred to.

    A row that the viewer may not see has no name here: they are shown its key, which stands in what they may see.
    """
    wanted: dict[str, set[str]] = {}
    columns = tuple(columns)
    for row in rows:
        for name in columns:
            column = row.schema.columns.get(name)
            if column is None or column.listed or not (value := getattr(row, name)):
                continue
            for table in column.references:
                if len(schema()[table].key) == 1:
                    wanted.setdefault(table, set()).add(value)
    found: dict[tuple[str, str], Name] = {}
    for table, keys in wanted.items():
        found |= {(table, key): Name(text, here=False) for key, text in _library(table, keys).items()}
        found |= {(table, key): Name(text, here=True) for key, text in _register(register, table, keys, viewer).items()}
    return found


def units(register: Register, rows: Iterable[Row]) -> Mapping[str, str]:
    """Units of amounts, by the materials of these rows."""
    return material_units(register, (str(material) for row in rows if (material := getattr(row, "material", None))))


def called(table: TableSchema) -> str:
    """The column that names a row of a table to people: in the viewer's language where there are several, the key where there is none."""
    if "name" in table.columns:
        return "name"
    wanted = f"name_{(get_language() or 'en')[:2]}"
    return next((name for name in (wanted, "name_en", "title", "citation") if name in table.columns), table.key[0])


def _register(register: Register, table: str, keys: set[str], viewer: Viewer) -> dict[str, str]:
    if table not in MODELS:
        return {}
    column = called(schema()[table])
    return {key: text or key for key, text in asked(_named, register.pk, table, column, viewer, given={KEYS: keys})}


def _named(register: int, table: str, column: str, viewer: Viewer) -> Rows:
    rows = MODELS[table].objects.filter(Among("row_key"), register=register).restrict(viewer).told(viewer, column)
    return rows.order_by().values_list("row_key", column)


def _library(table: str, keys: set[str]) -> dict[str, str]:
    found = library.tables().get(table)
    if found is None:
        return {}
    texts = found[called(schema()[table])]
    return {key: str(texts[found.index[key]] or key) for key in keys if key in found.index}
