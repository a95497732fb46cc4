"""Undoing: the changes that take back what was written under one request number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import HOLDER
from sivuvirta.web.registry.writes.changing import RefusedError
from sivuvirta.web.registry.writes.owners import ASKED
from sivuvirta.web.registry.writes.returning import returned
from sivuvirta.web.registry.writes.steps import ADD, CHANGE, REMOVE, Line, some

_PART = 2000
_WAYS_BACK = {CHANGE: CHANGE, REMOVE: ADD, ADD: REMOVE}


def undoing(register: Register, request: str, span: tuple[int, int]) -> Iterator[Line]:
    """The changes that take back what was written under one request number, the last first.

    Args:
        register: that it was written in.
        request: number that its entries bear.
        span: numbers of entries between which they stand.

    Raises:
        RefusedError: a row was changed since; the message names it.
    """
    entries = Entry.objects.filter(
        register=register.slug, request=request, pk__gt=span[0], pk__lte=span[1], action__in=(ADD, CHANGE, REMOVE)
    )
    tables = {action: set(entries.filter(action=action).order_by().values_list("table", flat=True).distinct()) for action in _WAYS_BACK}
    if changed := list(_since(register, entries, span[1])):
        raise RefusedError(
            _("These rows were changed after the import: %(rows)s. It can no longer be undone as a whole.") % {"rows": some(changed)}
        )
    order = {name: at for at, name in enumerate(MODELS)}
    for action, back in _WAYS_BACK.items():
        for table in sorted(tables[action], key=lambda name: order[name], reverse=action == ADD):
            rows = entries.filter(table=table, action=action).order_by("pk").values_list("pk", "key", "before", "after")
            yield from _back(register, table, back, rows.iterator(chunk_size=_PART))


def undone(register: Register, request: str, span: tuple[int, int]) -> None:
    """Told in the same transaction: the rows that were taken out under one request number are there again."""
    entries = Entry.objects.filter(register=register.slug, request=request, pk__gt=span[0], pk__lte=span[1], action=REMOVE)
    returned.send(Entry, register=register, entries=entries)


def _since(register: Register, entries: Any, end: int) -> Iterator[str]:
    """What of the entries' rows was changed after a number of the log, in words."""
    later = Entry.objects.filter(register=register.slug, pk__gt=end, action__in=(ADD, CHANGE, REMOVE)).order_by("table", "pk")
    rows = later.values_list("table", "key", "who").iterator(chunk_size=_PART)
    while part := list(islice(rows, ASKED)):
        for table in dict.fromkeys(table for table, _key, _who in part):
            keys = [key for named, key, _who in part if named == table]
            mine = set(entries.filter(table=table, key__in=keys).order_by().values_list("key", flat=True))
            yield from (f"{table} {key} ({who})" for named, key, who in part if named == table and key in mine)


def _back(register: Register, table: str, back: str, rows: Iterator[Any]) -> Iterator[Line]:
    while part := list(islice(rows, _PART)):
        versions: dict[str, int] = {}
        for at in range(0, len(part) if back != ADD else 0, ASKED):
            keys = [key for _pk, key, _before, _after in part[at : at + ASKED]]
            versions |= dict(MODELS[table].objects.filter(register=register, row_key__in=keys).values_list("row_key", "version"))
        for number, key, before, after in part:
            names = [name for name in dict.fromkeys([*(before or {}), *(after or {})]) if name != HOLDER]
            told = {name: (before or {}).get(name) for name in names} if back != REMOVE else {}
            yield Line(back, table, key, number if back == ADD else versions.get(key, 0), (after or {}) if back == CHANGE else {}, told)
