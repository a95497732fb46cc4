"""Counting: how many rows of each table a viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, IntegerField, Subquery

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.kept import kept
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, Rows

FIRST = ("organisations", "sites", "streams", "needs", "plants", "analyses", "exchanges")
"""Tables that a person looks at first; the others follow."""


def counted(register: Register, viewer: Viewer) -> Mapping[str, int]:
    """Rows of each table that a viewer may see, by table.

    What anybody of the viewer's circle sees is counted with one query for all of them, until the register changes (`kept`); what the
    viewer sees beside it every time, with one query, where anything belongs to them or was disclosed to them.
    """
    others = viewer.others()
    found = kept(register, ("counts", int(viewer.floor)), lambda: _asked(*_seen(register.pk, others)))
    beyond = _asked(*_beyond(register.pk, viewer)) if viewer.apart else (0,) * len(found)
    return {name: count + more for name, count, more in zip(MODELS, found, beyond, strict=True)}


def many(register: Register, tables: Iterable[Rows]) -> int:
    """How many rows there are in all, of several tables; one query."""
    return sum(_asked(*_statement(register.pk, tables)))


def _asked(statement: str, values: tuple[Any, ...]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(count or 0 for count in cursor.fetchone() or ())


@lru_cache(maxsize=64)
def _seen(register: int, viewer: Viewer) -> tuple[str, tuple[Any, ...]]:
    """The query of all counts, which takes longer to be put into words than to be answered: kept for who asks again, its answer is not."""
    return _statement(register, (named.objects.restrict(viewer) for named in MODELS.values()))


@lru_cache(maxsize=64)
def _beyond(register: int, viewer: Viewer) -> tuple[str, tuple[Any, ...]]:
    """The query of what a viewer sees beside what others of their circle see."""
    return _statement(register, (named.objects.beyond(viewer) for named in MODELS.values()))


def _statement(register: int, tables: Iterable[Rows]) -> tuple[str, tuple[Any, ...]]:
    counts = (_count(rows.filter(register=register)) for rows in tables)
    statement, values = Register.objects.filter(pk=register).values_list(*counts).query.sql_with_params()
    return statement, tuple(values)


def _count(rows: Rows) -> Subquery:
    return Subquery(rows.order_by().values("register").annotate(rows=Count("pk")).values("rows"), output_field=IntegerField())


def counts(register: Register, viewer: Viewer) -> dict[str, Any]:
    """How many rows of each table a viewer may see: the main tables, and the rest of those that have any."""
    found = counted(register, viewer)
    tables = [(named.schema, found[named.schema.name]) for named in _tables()]
    main = [(table, count) for table, count in tables if table.name in FIRST]
    return {"main": main, "rest": [(table, count) for table, count in tables if table.name not in FIRST and count]}


def _tables() -> list[type[Row]]:
    return [MODELS[name] for name in (*FIRST, *(name for name in MODELS if name not in FIRST))]
