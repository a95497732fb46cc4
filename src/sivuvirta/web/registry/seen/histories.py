"""Histories: the log of changes about a row in words, as far as a viewer may see the columns that it speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from attrs import frozen
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import CHOICES
from sivuvirta.web.registry.holders import LEADS
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import MARK, Row
from sivuvirta.web.registry.seen.showing import cell_of
from sivuvirta.web.registry.seen.units import LEADING, plain, units_of

MOST = 500
"""Entries of a page; its first 20 stand open."""


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
    channel: str = ""
    request: str = ""


def history(register: Register, row: Row, viewer: Viewer, start: int = 0) -> tuple[list[Told], bool]:
    """Entries about a row, for those who may change it; without columns that are not open to them now, or were not then.

    Args:
        register: that it stands in.
        row: which one.
        viewer: who reads.
        start: how many newer ones stand on other pages; what is told of an entry depends on these, so they are read, too.

    Returns:
        A page of them, the newest first, and whether there are older ones.
    """
    entries = Entry.objects.filter(register=register.slug, table=row.schema.name, key=row.row_key).iterator(chunk_size=MOST)
    page = list(islice(since_made(entries, row, viewer), start, start + MOST + 1))
    words = {
        "add": _("added"),
        "change": _("changed"),
        "remove": _("taken out"),
        "load": _("loaded"),
        "see": _("looked at"),
        "take": _("taken along"),
    }
    words |= {"confirm": _("confirmed"), "move": _("moved with what it belongs to")}
    words |= {"paper": _("put a paper there"), "paper gone": _("took a paper away")}
    units = _units(register, row, viewer, page[:MOST], newest=not start)
    told = [
        Told(each.at, each.who, _said(each, words), _lines(each, row, columns, units), each.channel, each.request)
        for each, columns in page[:MOST]
    ]
    return told, len(page) > MOST


def _units(
    register: Register, row: Row, viewer: Viewer, page: Iterable[tuple[Entry, Collection[str]]], *, newest: bool
) -> Mapping[str, str]:
    """Units of figures that changed; those that follow from the rest of the row only where that has stayed as it is since."""
    changed = {name for each, columns in page if each.action != "add" for name in columns if name in (each.after or {})}
    figures = {name: column for name, column in row.schema.columns.items() if name in changed and column.type == "number"}
    found = {name: plain(column) for name, column in figures.items()}
    led = [name for name, column in figures.items() if column.unit and not found[name]]
    if newest and led and not LEADING.intersection(changed):
        measured = units_of(register, [row], viewer)
        found |= {name: measured.of(row, figures[name]) for name in led}
    return found


def since_made(entries: Iterable[Entry], row: Row, viewer: Viewer) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Entries about a row, each with the columns of which a viewer is told what they were at it, and before.

    Args:
        entries: about the key of the row, the newest first.
        row: that the viewer sees.
        viewer: who asks.

    Yields:
        Entries back to the one that made the row: what stood under its key before was another row, perhaps another's.
    """
    columns = row.shown_to(viewer)
    for each in entries:
        if each.action == "remove":
            return
        columns = _then(each, row, viewer, columns)
        yield each, columns
        if each.action == "add" or (set(each.after or {}) & set(row.schema.key) and each.action == "change"):
            return


def _said(entry: Entry, words: dict[str, str]) -> str:
    """What was done, and whether for an organisation that is not the person's."""
    said = words.get(entry.action, entry.action)
    return _("%(what)s for the organisation, not confirmed by it") % {"what": said} if (entry.after or {}).get(MARK) else said


def _then(entry: Entry, row: Row, viewer: Viewer, columns: dict[str, Any]) -> dict[str, Any]:
    """The columns of which a viewer is told what they were at a change and before it.

    None that the change opened to them; and where it gave the row to another organisation, none that its circles do not open to them.
    """
    before, after = entry.before or {}, entry.after or {}
    was, circles = before.get("circle"), before.get("circles")
    if entry.action == "move" or (entry.action == "change" and set(after) & LEADS & set(row.schema.columns)):
        columns = {name: value for name, value in columns.items() if row.circle_of(name) >= viewer.floor}
    if row.own(viewer) or (was is None and circles is None and "circles" not in after):
        return columns
    own = int(row.circle if was is None else was)
    single = row.circles if circles is None and "circles" not in after else circles or {}
    return {name: value for name, value in columns.items() if int(single.get(name, own)) >= viewer.floor}


def _lines(entry: Entry, row: Row, columns: dict[str, Any], units: Mapping[str, str]) -> tuple[Change, ...]:
    before, after = entry.before or {}, entry.after or {}
    if entry.action == "add":
        return ()
    told = {*columns, "circle", *(("paper", "version") if len(columns) == len(row.schema.columns) else ())}
    names = [name for name in dict.fromkeys((*before, *after)) if name in told]
    said = [Change(_label(row, name), *(_text(row, name, each.get(name), units) for each in (before, after))) for name in names]
    return (*said, *_levels(before, after, row, columns))


def _levels(before: Mapping[str, Any], after: Mapping[str, Any], row: Row, columns: Collection[str]) -> Iterator[Change]:
    """Who sees single columns and their bands, of those columns that are told."""
    words = (("circles", _("%(column)s is seen by")), ("bands", _("The band of %(column)s is told to")))
    for kind, said in words:
        if kind not in {**before, **after}:
            continue
        was, now = before.get(kind) or {}, after.get(kind) or {}
        for name in (each for each in row.schema.columns if each in columns and was.get(each) != now.get(each)):
            yield Change(said % {"column": row.schema.columns[name].label}, *(_circle(each.get(name)) for each in (was, now)))


def _label(row: Row, name: str) -> str:
    others = {"circle": _("Seen by"), "paper": _("Paper"), "version": _("Version")}
    return row.schema.columns[name].label if name in row.schema.columns else others[name]


def _text(row: Row, name: str, value: Any, units: Mapping[str, str]) -> str:
    """A value as the page of its row shows it."""
    column = row.schema.columns.get(name)
    if column is None or value is None:
        return _circle(value) if name == "circle" else "" if value is None else str(value)
    cell = cell_of(column, value, {}, units.get(name, ""))
    return f"{cell.text}\N{NO-BREAK SPACE}{cell.unit}" if cell.unit else cell.text


def _circle(value: Any) -> str:
    return "" if value is None else str(dict(CHOICES).get(int(value), value))
