"""Schemas: the engine's tables with their words in the language of who reads: titles, labels and what is said of them.

The engine keeps one language. Here its words are messages, looked up when a page says them; names, units and choices stay the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from attrs import evolve
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from sivuvirta import library
from sivuvirta.tables import schema as engine
from sivuvirta.tables.schema import ColumnSchema, TableSchema, label, region_tables

COLUMN, CHOICE, TEST, AUTHORITY = "column", "choice", "test", "authority"
"""Contexts of messages: the label of a column and a choice, often the same word as something else; a test; who decides."""

AMOUNT = ("amount", "amount_low", "amount_high", "amount_grade")
"""What a list of streams, needs or stocks tells beside their own columns, by columns of `quantities` (`amounts`)."""

_UNWORDED = frozenset("ABCD0123456789")  # grades and numbers have no words


@cache
def schema() -> Mapping[str, TableSchema]:
    """The engine's schema, told in the language of who reads."""
    return MappingProxyType({name: told(table) for name, table in engine().items()})


def told(table: TableSchema) -> TableSchema:
    """A table whose title, description and labels are messages."""
    columns = {name: _column(column) for name, column in table.columns.items()}
    return evolve(table, title=gettext_lazy(table.title), description=gettext_lazy(table.description), columns=MappingProxyType(columns))


def amount_label(name: str) -> str:
    """The label of a column of an amount (`AMOUNT`), which is no column of the table that shows it."""
    return pgettext(COLUMN, label("", name))


def worded(choice: str) -> str:
    """A choice as people read it."""
    plain = choice.replace("_", " ")
    return pgettext(CHOICE, plain) if _has_words(choice) else plain


def words() -> Iterator[tuple[str | None, str]]:
    """Every message of the schema, of the tables that a region may hold, and of names in the library, with its context."""
    yield from ((COLUMN, label("", name)) for name in AMOUNT)
    for table in (engine()[name] for name in region_tables() if name != "visibility"):
        yield from ((None, table.title), (None, table.description))
        for column in table.columns.values():
            yield COLUMN, column.label
            yield None, column.description
            yield from ((CHOICE, choice.replace("_", " ")) for choice in column.choices if _has_words(choice))
    yield from ((TEST, name) for name in sorted(tests()))
    yield from ((AUTHORITY, name) for name in sorted(authorities()))


@cache
def tests() -> frozenset[str]:
    """Names of the tests that a laboratory sells."""
    return frozenset(map(str, library.catalogue()["tests"]["name"]))


@cache
def authorities() -> frozenset[str]:
    """Who decides on the legal paths of the library."""
    return frozenset(str(name) for name in library.tables()["legal_paths"]["authority"] if name)


def _column(column: ColumnSchema) -> ColumnSchema:
    description = gettext_lazy(column.description) if column.description else ""
    return evolve(column, label=pgettext_lazy(COLUMN, column.label), description=description)


def _has_words(choice: str) -> bool:
    return choice not in _UNWORDED
