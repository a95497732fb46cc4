"""Models: one for every table that a region may hold, made from the schema, so that database, forms and engine cannot disagree.

`visibility` is no model of its own: it is `circle` and `circles` of each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models

from sivuvirta.tables.schema import TableSchema, region_tables
from sivuvirta.web.registry.columns import field
from sivuvirta.web.registry.measured import Measure, Measuring
from sivuvirta.web.registry.rows import Register, Row
from sivuvirta.web.registry.saved import SavedView
from sivuvirta.web.registry.schemas import schema

__all__ = ["MODELS", "Measure", "Measuring", "Organisations", "Register", "SavedView", "model"]


def _named(table: str) -> str:
    return "".join(part.capitalize() for part in table.split("_"))


_SORTED: Mapping[str, tuple[str, ...]] = {"streams": ("moisture",), "quantities": ("value",), "analyses": ("value",)}
"""Figures of large tables that people sort and bound by most; a text may be longer than PostgreSQL takes into an index."""


def _indexes(table: TableSchema) -> tuple[models.Index, ...]:
    """Indexes of a table: rows that name a row, rows in the order of a column, and who sees how many rows.

    All begin with the register, so that a database without statistics takes them rather than the one of the register alone.
    """
    refs = tuple(name for name, column in table.columns.items() if column.type == "ref" and not column.listed)
    by = [("register", name) for name in (*refs, *_SORTED.get(table.name, ()))]
    return tuple(models.Index(fields=fields, name=_short(table.name, fields[-1])) for fields in (*by, ("register", "widest", "holder")))


def _short(table: str, column: str) -> str:
    """A name of an index within the 30 signs that Django allows."""
    return f"{table[:14]}_{column[:12]}_at"


def _made(table: TableSchema) -> type[Row]:
    unique = models.UniqueConstraint(fields=("register", "row_key"), name=f"one_key_in_{table.name}")
    kept = {"ordering": ("pk",), "constraints": (unique,), "indexes": _indexes(table), "app_label": "registry"}
    meta = type("Meta", (), kept)
    columns = {name: field(column) for name, column in table.columns.items()}
    about = {"__module__": __name__, "__doc__": f"Rows of the table {table.name}.", "schema": table, "Meta": meta}
    return type(_named(table.name), (Row,), {**columns, **about})


MODELS: Mapping[str, type[Row]] = MappingProxyType({name: _made(schema()[name]) for name in region_tables() if name != "visibility"})
"""Model of each table, by the table's name, in the order in which tables are shown."""

Organisations = MODELS["organisations"]


def model(table: str) -> type[Row]:
    """The model of a table.

    Raises:
        KeyError: no region has such a table.
    """
    return MODELS[table]
