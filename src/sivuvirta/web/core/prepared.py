"""Prepared: questions that pages ask of the database again and again, put into words once.

To put a question into SQL takes several times as long as the database takes to answer it. What a question is made of (by whose eyes,
which table, which columns) decides its words; the keys that it asks for are given anew each time. So its words are kept by all that they
were made of: `make` gets that and nothing else, and two viewers never share a question. No answer is kept here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func

KEYS, KEY, MORE = "\0keys", "\0key", "\0more"
"""What stands for values that are given anew: several keys, one key, other texts. No text of a database holds such a sign."""
NUMBER = -(2**62)
"""What stands for the number of a row."""

_GIVEN = frozenset({KEYS, KEY, MORE, NUMBER})
_MOST = 4096  # questions kept by a process, of some kilobytes each

Make = Callable[..., Any]
_COMPILED = tuple[str, tuple[Any, ...]]


class Among(Func):
    """Whether a column is one of several values, given as one: the same words for however many."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, given: str = KEYS) -> None:
        super().__init__(F(column))
        self.given = given

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As SQLite takes it."""
        column, before = compiler.compile(self.source_expressions[0])
        return f"{column} IN (SELECT value FROM json_each(%s))", (*before, self.given)  # noqa: S608 - of Django's own words

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As PostgreSQL takes it."""
        column, before = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", (*before, self.given)


@frozen(eq=False)
class Question:
    """A question in the words of a database, and how its answer is read."""

    words: str
    values: tuple[Any, ...]
    open: tuple[tuple[int, Any], ...]  # places among the values that are given anew, each with what stands there
    read: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]  # columns that are not told as the database keeps them
    model: Any = None  # what the rows are objects of, with their fields and annotations by place
    fields: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    beside: tuple[tuple[str, int], ...] = ()

    def rows(self, given: Mapping[Any, Any]) -> Iterator[Sequence[Any]]:
        """Rows that answer it."""
        values = list(self.values)
        for place, name in self.open:
            values[place] = _sent(given[name])
        with connection.cursor() as cursor:
            cursor.execute(self.words, values)
            found = cursor.fetchall()
        return map(self._told, found) if self.read else iter(found)

    def _told(self, row: Sequence[Any]) -> Sequence[Any]:
        told = list(row)
        for place, ways, expression in self.read:
            for way in ways:
                told[place] = way(told[place], expression, connection)
        return told


def asked(make: Make, *by: Hashable, given: Mapping[Any, Any] | None = None) -> list[Any]:
    """Values that answer a question.

    Args:
        make: the question, a query of values, made of `by` and nothing else; `KEYS`, `KEY`, `MORE`, `NUMBER` stand for what is given.
        by: what it is made of: no row of a database, which another of the same number would be taken for.
        given: what is asked for this time.
    """
    question = _question(connection.vendor, make, by)
    return [] if question is None else list(question.rows(given or {}))


def objects(make: Make, *by: Hashable, given: Mapping[Any, Any] | None = None) -> list[Any]:
    """Objects that answer a question, which is a query of a model; else as `asked`."""
    question = _question(connection.vendor, make, by)
    return [] if question is None else [_object(question, row) for row in question.rows(given or {})]


def forget() -> None:
    """Begin anew, as a process does."""
    _question.cache_clear()


def _object(question: Question, row: Sequence[Any]) -> Any:
    found = question.model.from_db(connection.alias, question.fields, [row[place] for place in question.places])
    for name, place in question.beside:
        setattr(found, name, row[place])
    return found


@lru_cache(maxsize=_MOST)
def _question(vendor: str, make: Make, by: tuple[Hashable, ...]) -> Question | None:
    """A question in the words of this kind of database; None where it can have no answer."""
    query = make(*by).query
    compiler = query.get_compiler(connection=connection)
    try:
        words, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    selected = compiler.select[: compiler.col_count] if compiler.col_count else compiler.select
    ways = compiler.get_converters([expression for expression, *_ in selected])
    about = compiler.klass_info
    opened = tuple((place, value) for place, value in enumerate(values) if isinstance(value, str | int) and value in _GIVEN)
    read = tuple((place, tuple(each), expression) for place, (each, expression) in ways.items())
    if about is None:
        return Question(words, tuple(values), opened, read)
    places = tuple(about["select_fields"])
    fields = tuple(compiler.select[place][0].target.attname for place in places)
    beside = tuple(compiler.annotation_col_map.items())
    return Question(words, tuple(values), opened, read, about["model"], fields, places, beside)


def _sent(value: Any) -> Any:
    """A value as this database takes it."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return json.dumps(list(value)) if connection.vendor == "sqlite" else list(value)
    return value
