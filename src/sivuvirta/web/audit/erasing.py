"""Erasing people from the log of changes once its retention time is over. Entries stay: what was done, when, to which row.

It is the one way in which a written entry is altered. The seal of the database is open for one transaction, in which nobody else writes,
and the log itself tells that it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry

ERASED = "erased"
_ADDRESS = re.compile(r"[^\s@<>\"',;/()]+@[^\s@<>\"',;/()]+\.\w+")
_PEOPLE = frozenset({"accounts"})  # tables of the log whose values are about people alone


def personal(before: datetime) -> list[int]:
    """Entries older than a time that still name people."""
    return [one.pk for one in _old(before) if _erased(one) != _now(one)]


def erase(before: datetime) -> int:
    """Take people out of entries older than a time; tells of how many."""
    seal = import_module("sivuvirta.web.audit.migrations.0002_sealed")
    closing = {"sqlite": seal.SQLITE, "postgresql": seal.POSTGRESQL}[connection.vendor]
    with transaction.atomic():
        _do(seal.OPEN[connection.vendor])
        entries = personal(before)
        for one in QuerySet(Entry).filter(pk__in=entries):
            QuerySet(Entry).filter(pk=one.pk).update(**_erased(one))
        _do(closing)
        if entries:
            entry("command", "erase", ("", "audit", ""), None, {"entries": len(entries), "before": before.isoformat()}).save()
    return len(entries)


def _old(before: datetime) -> Iterator[Entry]:
    yield from QuerySet(Entry).filter(at__lt=before).order_by("pk").iterator(chunk_size=500)


def _now(one: Entry) -> dict[str, Any]:
    return {"who": one.who, "key": one.key, "before": one.before, "after": one.after}


def _erased(one: Entry) -> dict[str, Any]:
    """The columns of an entry without people in them."""
    about = one.table in _PEOPLE
    return {
        "who": _without(one.who),
        "key": _without(one.key),
        "before": None if about else _without(one.before),
        "after": None if about else _without(one.after),
    }


def _without(value: Any) -> Any:
    """A value without addresses of people."""
    if isinstance(value, str):
        return _ADDRESS.sub(ERASED, value)
    if isinstance(value, dict):
        return {name: _without(each) for name, each in value.items()}
    return [_without(each) for each in value] if isinstance(value, list) else value


def _do(statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
