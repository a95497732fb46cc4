"""Counting: how many rows of each table a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, IntegerField, Subquery

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, Rows

FIRST = ("organisations", "sites", "streams", "needs", "plants", "analyses", "exchanges")
"""Tables that a person looks at first; the others follow."""


def counted(register: Register, viewer: Viewer) -> Mapping[str, int]:
    """Rows of each table that a viewer may see, by table, in one query."""
    statement, values = _statement(register.pk, viewer)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone() or ()
    return {name: count or 0 for name, count in zip(MODELS, found, strict=False)}


@lru_cache(maxsize=64)
def _statement(register: int, viewer: Viewer) -> tuple[str, tuple[Any, ...]]:
    """The query of all counts, which takes longer to be put into words than to be answered: kept for who asks again, its answer is not."""
    counts = (_count(named.objects.filter(register=register).restrict(viewer)) for named in MODELS.values())
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
