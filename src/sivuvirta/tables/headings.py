"""Headings: what people call tables and columns in Finnish, English, Swedish and Spanish, as data (`data/headings.csv`).

A workbook of a company rarely has the names of the schema. What it says is looked up here without case, accents and signs.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from sivuvirta.tables.schema import schema

LANGUAGES = ("en", "fi", "sv", "es")
ANY = "*"
"""Rows of this table hold for every table that has the column."""


def folded(text: str) -> str:
    """A heading without case, accents and signs.

    >>> folded(" Määrä_(kuiva) ")
    'maara kuiva'
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", plain).strip()


@cache
def table_headings() -> Mapping[str, str]:
    """Table by what a sheet of it may be called, folded. What two tables are called stands for neither."""
    known = {folded(name): name for name in schema()} | {folded(table.title): name for name, table in schema().items()}
    return _only([(word, table) for table, column, word in _words() if not column], known)


@cache
def column_headings(table: str) -> Mapping[str, str]:
    """Column of a table by what its heading may say, folded; the schema's own names first, then the table's words, then those of all."""
    columns = schema()[table].columns
    known = {folded(name): name for name in columns}
    own = _only([(word, column) for named, column, word in _words() if named == table and column in columns], known)
    return _only([(word, column) for named, column, word in _words() if named == ANY and column in columns], own)


def _only(pairs: list[tuple[str, str]], known: Mapping[str, str]) -> Mapping[str, str]:
    """Words with one meaning over what is known already."""
    found: dict[str, set[str]] = {}
    for word, meaning in pairs:
        found.setdefault(word, set()).add(meaning)
    new = {word: next(iter(meanings)) for word, meanings in found.items() if len(meanings) == 1 and word not in known}
    return MappingProxyType({**known, **new})


@cache
def _words() -> tuple[tuple[str, str, str], ...]:
    text = (resources.files("sivuvirta.tables") / "data" / "headings.csv").read_text(encoding="utf-8")
    return tuple(
        (row["table"], row["column"], folded(word))
        for row in csv.DictReader(text.splitlines())
        for language in LANGUAGES
        for word in row[language].split("|")
        if word
    )


@cache
def choice_words() -> Mapping[str, frozenset[str]]:
    """Choices by the words that may stand for them, folded.

    >>> sorted(choice_words()["kuiva"])
    ['dry']
    """
    text = (resources.files("sivuvirta.tables") / "data" / "choice_words.csv").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        for word in (word for language in LANGUAGES for word in row[language].split("|") if word):
            found.setdefault(folded(word), set()).add(row["choice"])
    return MappingProxyType({word: frozenset(choices) for word, choices in found.items()})
