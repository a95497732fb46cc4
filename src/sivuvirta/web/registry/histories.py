"""Histories: the log of changes about a row in words, as far as a viewer may see the columns that it speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import frozen
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.showing import rounded

_MOST = 20


@frozen
class Change:
    """One column that changed."""

    label: str
    before: str
    after: str


@frozen
class Told:
    """One entry of the log."""

    at: datetime
    who: str
    said: str
    lines: tuple[Change, ...]


def history(register: Register, row: Row, viewer: Viewer) -> list[Told]:
    """The newest entries about a row, for those who may change it; columns that are not open to them now are left out."""
    entries = Entry.objects.filter(register=register.slug, table=row.schema.name, key=row.row_key)[:_MOST]
    columns = row.shown_to(viewer)
    words = {"add": _("added"), "change": _("changed"), "remove": _("taken out"), "load": _("loaded"), "see": _("looked at")}
    words |= {"paper": _("put a paper there"), "paper gone": _("took a paper away")}
    return [Told(each.at, each.who, words.get(each.action, each.action), _lines(each, row, columns)) for each in entries]


def _lines(entry: Entry, row: Row, columns: dict[str, Any]) -> tuple[Change, ...]:
    before, after = entry.before or {}, entry.after or {}
    if entry.action == "add":
        return ()
    told = {*columns, "circle", *(("paper", "version") if len(columns) == len(row.schema.columns) else ())}
    names = [name for name in dict.fromkeys((*before, *after)) if name in told]
    return tuple(Change(_label(row, name), _text(before.get(name)), _text(after.get(name))) for name in names)


def _label(row: Row, name: str) -> str:
    others = {"circle": _("Seen by"), "paper": _("Paper"), "version": _("Version")}
    return row.schema.columns[name].label if name in row.schema.columns else others[name]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return rounded(float(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
