"""Returning: rows that were taken out, put back as the log kept them, with what named them and went in the same request.

Only the people of the organisation that held a row are told that it is gone. What it names must be there for who puts it back: a row that
they do not see is for them not there, so that nothing tells whether it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from sivuvirta import library
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.models import Entries, Entry
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import HOLDER, KEPT, Row
from sivuvirta.web.registry.writes.batches import newest, write
from sivuvirta.web.registry.writes.changing import RefusedError
from sivuvirta.web.registry.writes.naming import names
from sivuvirta.web.registry.writes.steps import ADD, REMOVE, Line

Place = tuple[str, str]
"""Table and key of a row."""

_TOGETHER = 5000  # removals of one request that are looked at
_ORDER = {name: at for at, name in enumerate(MODELS)}

returned = Signal()
"""Sent inside the transaction in which rows are put back: `register`, and the log's `entries` of their removal."""


@frozen(eq=False)
class Gone:
    """A row that was taken out."""

    entry: Entry
    row: Row  # as it was; it is not in the database
    along: list[Entry] = field(factory=list)  # what named it, straight or not, and went in the same request
    lost: list[Place] = field(factory=list)  # what it names, and is not there

    @property
    def place(self) -> Place:
        """Its table and key."""
        return self.entry.table, self.entry.key


def taken(register: Register, by: Viewer, most: int) -> list[Gone]:
    """The newest rows taken out of the viewer's organisations and not there again; what comes back with another is told with that."""
    last: dict[Place, Entry] = {}
    for each in _removals(register, by)[: most * 5]:
        last.setdefault((each.table, each.key), each)
    here = _seen(register, by, last)
    entries = [each for place, each in last.items() if place not in here][:most]
    found = _gone(register, by, entries)
    followers = {each.pk for one in found for each in one.along}
    return [one for one in found if one.entry.pk not in followers]


def put_back(register: Register, number: int, by: Viewer) -> int:
    """A row put back, with what named it and went in the same request: all of it or nothing; tells how many.

    Args:
        register: that it stood in.
        number: of the log's entry of its removal.
        by: who puts it back.

    Raises:
        RefusedError: it may not be, its key is taken, or what it names is not there.
    """
    seen = newest(register)
    entry = _removals(register, by).filter(pk=number).first()
    if entry is None:
        raise RefusedError(_("There is no such row to put back."))
    (gone,) = _gone(register, by, [entry])
    unit = sorted((entry, *gone.along), key=lambda each: (_ORDER[each.table], each.pk))
    for each in unit:
        if MODELS[each.table].objects.filter(register=register, row_key=each.key).exists():
            raise RefusedError(_("A row with the key '%(key)s' is there by now.") % {"key": each.key})
    if gone.lost:
        raise RefusedError(
            _("What it names is gone, or not open to you: %(rows)s.") % {"rows": ", ".join(key for _table, key in gone.lost)}
        )
    with transaction.atomic():
        write(register, [Line(ADD, each.table, each.key, each.pk, {}, _kept(each)) for each in unit], by, seen=seen)
        returned.send(Entry, register=register, entries=Entry.objects.filter(pk__in=[each.pk for each in unit]))
    return len(unit)


def _removals(register: Register, by: Viewer) -> Entries:
    """Entries of rows that were taken out of the viewer's organisations, the newest first."""
    keys = list(Organisations.objects.filter(register=register, pk__in=by.edits).values_list("row_key", flat=True))
    every: Any = Entry.objects.filter(register=register.slug, action=REMOVE, table__in=list(MODELS))
    found = Q(pk__in=())
    for key in keys:  # an organisation that had the key before was another one
        made = Entry.objects.filter(register=register.slug, table="organisations", key=key, action__in=(ADD, REMOVE))
        found |= Q(before__holder=key, pk__gt=made.values_list("pk", flat=True).first() or 0)
    return every.filter(found)


def _gone(register: Register, by: Viewer, entries: list[Entry]) -> list[Gone]:
    """Removals with what comes back with each, and what each lacks."""
    requests = {each.request for each in entries} - {""}
    together = list(_removals(register, by).filter(request__in=requests)[:_TOGETHER]) if requests else []
    found = [Gone(each, _row(register, each, by)) for each in entries]
    for one in found:
        if one.entry.request:
            one.along.extend(_followers(one.entry, [each for each in together if each.request == one.entry.request]))
    wanted = {(table, key) for one in found for each in (one.entry, *one.along) for tables, key in _names(each) for table in tables}
    here = _seen(register, by, wanted)
    for one in found:
        unit = (one.entry, *one.along)
        own = {(each.table, each.key) for each in unit}
        for tables, key in dict.fromkeys(named for each in unit for named in _names(each)):
            if not any((table, key) in here or (table, key) in own or _below(table, key) for table in tables):
                one.lost.append((tables[0], key))
    return found


def _followers(entry: Entry, together: list[Entry]) -> Iterator[Entry]:
    """Of removals of one request, those of what named a row, straight or by another."""
    places, rest = {(entry.table, entry.key)}, [each for each in together if each.pk != entry.pk]
    while new := [each for each in rest if any((table, key) in places for tables, key in _names(each) for table in tables)]:
        yield from new
        places |= {(each.table, each.key) for each in new}
        rest = [each for each in rest if each not in new]


def _names(entry: Entry) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a row named when it was taken out, beside itself."""
    own = (entry.table,), entry.key
    yield from (each for each in names(MODELS[entry.table].schema, entry.before or {}) if each != own)


def _seen(register: Register, by: Viewer, places: Iterable[Place]) -> set[Place]:
    """Those of rows that are there for a viewer; one query a table."""
    wanted: dict[str, set[str]] = {}
    for table, key in places:
        wanted.setdefault(table, set()).add(key)
    found: set[Place] = set()
    for table in wanted.keys() & MODELS.keys():
        rows = MODELS[table].objects.filter(register=register, row_key__in=wanted[table]).restrict(by)
        found |= {(table, key) for key in rows.values_list("row_key", flat=True)}
    return found


def _below(table: str, key: str) -> bool:
    """Whether a row stands in the library, or in a table of which a register holds none."""
    tables = library.tables()
    return key in tables[table].index if table in tables else table not in MODELS


def _kept(entry: Entry) -> dict[str, Any]:
    """The row as the log kept it."""
    columns = MODELS[entry.table].schema.columns
    return {name: value for name, value in (entry.before or {}).items() if name in columns or name in KEPT}


def _row(register: Register, entry: Entry, by: Viewer) -> Row:
    """The row as it was, held by the viewer's organisation, whose people saw all of it."""
    row: Row = MODELS[entry.table](register=register, row_key=entry.key, **_kept(entry))
    row.holder = Organisations.objects.filter(register=register, row_key=(entry.before or {})[HOLDER], pk__in=by.edits).first()
    return row
