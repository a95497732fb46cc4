"""Doings: a person's own entries of the log, as far as what they speak of is open to the person now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.histories import since_made

SHUT = "(not open to you)"
BLIND = frozenset({"ask disclosure", "withdraw", "ask in the blind"})
"""Entries about a row whose key the person need not know; what else they say is the person's own."""

_ASKED = 500  # keys asked for at once
_WHOLE = frozenset({"paper", "version", "circles", "bands", "holder"})
"""What an entry says beside columns to those alone who see the whole row."""


def gated(entries: Iterable[Entry], who: Viewer) -> list[dict[str, Any]]:
    """Entries as the person's file tells them, in their order: each cell of a row goes through the gate as it is now.

    Of a row that the person does not see, or did not see when it was taken out, only which columns an entry was about. A few queries for
    each 500 rows.
    """
    told = {each.pk: plain(each) for each in entries}
    about = [each for each in told.values() if each["table"] in MODELS and each["key"] and each["action"] not in BLIND]
    places = sorted({(each["register"], each["table"], each["key"]) for each in about})
    allowed: dict[int, tuple[Row, Collection[str]]] = {}
    for (register, table), group in groupby(places, key=lambda place: place[:2]):
        keys = [key for *_place, key in group]
        for at in range(0, len(keys), _ASKED):
            allowed |= dict(_allowed(register, table, keys[at : at + _ASKED], who))
    for each in about:
        row, columns = allowed.get(each["id"], (None, ()))
        if row is None:
            each["key"] = SHUT
        each |= {side: _open(each[side], row, columns) for side in ("before", "after")}
    return list(told.values())


def plain(row: Any) -> dict[str, Any]:
    """All that a row of the database says."""
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}


def _allowed(register: str, table: str, keys: list[str], who: Viewer) -> Iterator[tuple[int, tuple[Row, Collection[str]]]]:
    """Entries about rows that are seen, or were open to the person when they went, with the columns of which the person is told."""
    rows = MODELS[table].objects.filter(register__slug=register, row_key__in=keys)
    seen, there = {row.row_key: row for row in rows.restrict(who)}, set(rows.values_list("row_key", flat=True))
    entries = Entry.objects.filter(register=register, table=table, key__in=[key for key in keys if key in seen or key not in there])
    for key, group in groupby(entries.order_by("key", "-pk"), key=lambda each: each.key):
        rest = list(group)
        row = seen.get(key) or _gone(table, rest[0], who)
        if row is None:
            continue
        if key not in seen:
            yield rest.pop(0).pk, (row, row.shown_to(who))
        for each, columns in since_made(rest, row, who):
            yield each.pk, (row, columns)


def _gone(table: str, last: Entry, who: Viewer) -> Row | None:
    """A row as it was when it was taken out, where it was open to the person then."""
    was = last.before or {}
    if last.action != "remove" or was.get("circle") is None or int(was["circle"]) < who.floor:
        return None
    row: Row = MODELS[table](row_key=last.key, circle=int(was["circle"]), circles=was.get("circles") or {})
    return row


def _open(values: Mapping[str, Any] | None, row: Row | None, columns: Collection[str]) -> dict[str, Any] | None:
    """What an entry says, with a sign in place of what is not open."""
    if values is None:
        return None
    if row is None:
        return dict.fromkeys(values, SHUT)
    whole, names = len(columns) == len(row.schema.columns), row.schema.columns
    shut = {name for name in values if (name in names and name not in columns) or (name in _WHOLE and not whole)}
    return {name: SHUT if name in shut else value for name, value in values.items()}
