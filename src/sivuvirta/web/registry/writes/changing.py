"""Changing the register: every write of a row, from a page, an import, a command or a job, comes through here.

A change is one transaction with its entry in the log of changes. A row that somebody else changed meanwhile is not overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.people import has_admin
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.holders import holder
from sivuvirta.web.registry.models import Organisations, Register, model
from sivuvirta.web.registry.rows import HOLDER, KEPT, MARK, Row, beside
from sivuvirta.web.registry.seen.depending import naming
from sivuvirta.web.registry.writes.moving import may_give, move
from sivuvirta.web.registry.writes.naming import hold

narrowed = Signal()
"""Sent inside the transaction in which cells of a row are closed to people who saw them: `row`, `low` and `high`.

The circles of levels above `low` up to `high` do not see some cell any more.
"""

rekeyed = Signal()
"""Sent inside the transaction in which a row gets another key, or none because it is taken out: `row`, `before` and `after`."""


taken_out = Signal()
"""Sent inside the transaction in which many rows are taken out at once: `register`, `table` and `keys`, an expression for `__in`."""


class ConflictError(SivuvirtaError):
    """Somebody else changed the row meanwhile. `row` is as it is now."""

    def __init__(self, row: Row, by: Viewer) -> None:
        told = _("'%(row)s' was changed by somebody else after you opened it. Look at what it says now, and do yours again.")
        super().__init__(told % {"row": row.title_to(by)})
        self.row = row


class RefusedError(SivuvirtaError):
    """The viewer may not do that."""


class GoneError(RefusedError):
    """A row that would be named was taken out meanwhile."""

    def __init__(self, key: str) -> None:
        super().__init__(_("'%(row)s' was taken out meanwhile. Name another, or put it back first.") % {"row": key})


class NamedError(RefusedError):
    """Other rows name the row, so that it can neither go nor get another key."""

    def __init__(self, row: Row, by: Viewer) -> None:
        super().__init__(_("'%(row)s' is named by other rows. Change those first, or take them out.") % {"row": row.title_to(by)})


class ShutError(RefusedError):
    """Some of the row is not open to the viewer, who therefore cannot judge whether it may go."""

    def __init__(self, row: str) -> None:
        super().__init__(_("Some of '%(row)s' is not open to you: only its organisation takes it out.") % {"row": row})


class OpenedError(RefusedError):
    """The row is another organisation's, which alone shows it to more people or gives it to another."""

    def __init__(self, row: str) -> None:
        told = _("'%(row)s' belongs to an organisation with people of its own: they alone show it to more people, or give it to another.")
        super().__init__(told % {"row": row})


class AlongError(OpenedError):
    """A row that would go along with what it belongs to is not wholly open, so that its new holder would see what is closed."""

    def __init__(self, row: Row | str) -> None:
        told = _(
            "'%(row)s' goes along with it and is not wholly open: "
            "only its organisation's own people, who are also editors of the other one, give it away."
        )
        RefusedError.__init__(self, told % {"row": row})


def add(register: Register, table: str, values: Mapping[str, Any], by: Viewer, circle: Level = Level.FACILITATORS) -> Row:
    """A new row, held by the organisation that its columns lead to.

    Raises:
        RefusedError: the viewer may not add rows of that organisation.
        GoneError: a row that it names was taken out.
    """
    with transaction.atomic():
        if gone := hold(register, model(table).schema, values):
            raise GoneError(gone)
        row = model(table)(register=register, circle=circle, **values)
        row.holder_id = _holder(register, table, values)
        if not by.writes(row.holder_id):
            raise RefusedError(_("%(name)s may not add to what is not their organisation's.") % {"name": by.name})
        row.save()
        if table == "organisations":  # it holds itself
            row.holder_id = row.pk
        _mark(row, by)
        row.save()
        entry(by.name, "add", (register.slug, table, row.row_key), None, _told(row, [*values, *([MARK] if row.unconfirmed else [])])).save()
    return row


def change(row: Row, values: Mapping[str, Any], by: Viewer, version: int) -> Row:
    """A row with some columns changed; `circle` and `circles` may be among them.

    Args:
        row: which one.
        values: what changes.
        by: who does it.
        version: of the row when the viewer opened it.

    Raises:
        ConflictError: it has another version now.
        RefusedError: the viewer may not change it.
        GoneError: a row that it would name was taken out.
    """
    with transaction.atomic():
        if gone := hold(row.register, row.schema, _new(row, values)):
            raise GoneError(gone)
        now = held(row, by)
        if now.version != version:
            raise ConflictError(now, by)
        changed = {name: value for name, value in values.items() if getattr(now, name) != value}
        if not changed:
            return now
        before, seen, key, owner = _told(now, changed), _circles(now), now.row_key, now.holder_id
        whole, shown = sees_all(now, by.others()), _shown(now)
        if set(changed) & set(now.schema.key) and any(rows.exists() for *__, rows in naming(now)):
            raise NamedError(now, by)
        for name, value in changed.items():
            setattr(now, name, value)
        now.version += 1
        _give(now, owner, by, whole=whole)
        if not may_show(owner, by) and _wider(shown, _shown(now)):
            raise OpenedError(now.row_key)
        before |= _mark(now, by)
        now.save()
        if now.row_key != key:
            rekeyed.send(type(now), row=now, before=key, after=now.row_key)
        entry(by.name, "change", (now.register.slug, now.schema.name, now.row_key), before, _told(now, {**before, **changed})).save()
        if closed := [(is_now, was) for was, is_now in zip(seen, _circles(now), strict=True) if is_now < was]:
            narrowed.send(type(now), row=now, low=min(low for low, _ in closed), high=max(high for _, high in closed))
        if stays := move(now.register, [(owner, now.holder_id)], by):
            raise AlongError(stays)
    return now


def _new(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that change, with the one that says of which table the row that another names is."""
    changed = {name: value for name, value in values.items() if name in row.schema.columns and getattr(row, name) != value}
    return {**changed, "table": values.get("table", getattr(row, "table", None))} if changed else {}


def _give(now: Row, owner: int | None, by: Viewer, *, whole: bool) -> None:
    """The holder that a changed row has now.

    Args:
        now: the row as it will be.
        owner: its holder until now.
        by: who changes it.
        whole: whether others of their circle saw all of it.

    Raises:
        RefusedError: the viewer may not write for that holder.
        OpenedError: they may not give the row away.
    """
    if now.schema.name != "organisations":  # they hold themselves
        now.holder_id = _holder(now.register, now.schema.name, {name: getattr(now, name) for name in now.schema.columns})
    if not by.writes(now.holder_id):
        raise RefusedError(_("%(name)s may not give a row to an organisation that is not theirs.") % {"name": by.name})
    if not may_give((owner, now.holder_id), by, whole=whole):
        raise OpenedError(now.row_key)


def remove(row: Row, by: Viewer, version: int | None = None) -> None:
    """A row taken out, kept whole in the log of changes.

    Args:
        row: which one.
        by: who does it.
        version: of the row when they looked at it; None where nobody did.

    Raises:
        ConflictError: it has another version now.
        NamedError: other rows name it; `depending.depends` tells which, as far as a viewer may know it.
        ShutError: some of it is not open to the viewer.
        RefusedError: the viewer may not.
    """
    with transaction.atomic():
        now = held(row, by)
        if version is not None and now.version != version:
            raise ConflictError(now, by)
        if not (now.holder_id in by.edits or sees_all(now, by)):
            raise ShutError(now.title_to(by))
        if any(rows.exists() for *__, rows in naming(now)):
            raise NamedError(now, by)
        gone = _told(now, now.schema.columns) | beside(type(now), {name: getattr(now, name) for name in KEPT})
        gone |= {} if now.holder is None else {HOLDER: now.holder.row_key}
        entry(by.name, "remove", (now.register.slug, now.schema.name, now.row_key), gone, None).save()
        rekeyed.send(type(now), row=now, before=now.row_key, after="")
        now.delete()


def held(row: Row, by: Viewer) -> Row:
    """The row as it is now, locked until the transaction ends."""
    rows = type(row).objects.restrict(by, "change").select_for_update(of=("self",)).select_related("register")
    found: Row | None = rows.filter(pk=row.pk).first()
    if found is None:
        raise RefusedError(_("%(name)s may not change this row, or it is gone.") % {"name": by.name})
    return found


def for_others(held: int | None, by: Viewer) -> bool:
    """Whether a viewer who looks after the register writes for an organisation that is not theirs; the platform itself never does."""
    return held is not None and by.maintains and by.floor != Level.PRIVATE and held not in by.edits


def _mark(row: Row, by: Viewer) -> dict[str, Any]:
    """Mark a row as entered by another than its holder, or as confirmed where one of its holder's editors writes it; tells what it was."""
    was = row.unconfirmed
    if for_others(row.holder_id, by):
        row.unconfirmed = True
    elif row.holder_id in by.edits:
        row.unconfirmed = False
    return {} if row.unconfirmed == was else {MARK: was}


def _holder(register: Register, table: str, values: Mapping[str, Any]) -> int | None:
    """Key of the organisation that holds a row, None where it is the register's own or itself a new organisation."""

    def lookup(other: str, key: str) -> Mapping[str, Any] | None:
        named = model(other)
        found: Mapping[str, Any] | None = named.objects.filter(register=register, **{named.schema.key[0]: key}).values().first()
        return found

    key = holder(table, values, lookup)
    found: int | None = Organisations.objects.filter(register=register, organisation=key).values_list("pk", flat=True).first()
    return found


def sees_all(row: Row, by: Viewer) -> bool:
    """Whether all columns of a row are open to a viewer."""
    return len(row.shown_to(by)) == len(row.schema.columns)


def may_show(held: int | None, by: Viewer) -> bool:
    """Whether a viewer may open what an organisation holds to more people.

    Its editors may, the platform itself, and, while it has no admin who could be asked, those who maintain the register.
    """
    return held is None or held in by.edits or by.floor == Level.PRIVATE or not has_admin(held)


def _shown(row: Row) -> dict[str, int]:
    """How widely everything of a row is shown."""
    found = {name: int(row.circle_of(name)) for name in row.schema.columns}
    found |= {f"band of {name}": int(level) for name, level in row.bands.items()}
    return found | {"anonymous": -1 if row.anonymous is None else int(row.anonymous), "matched": int(row.matched)}


def _wider(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    return any(level > before.get(name, -1) for name, level in after.items())


def _circles(row: Row) -> list[Level]:
    """The circle of every column."""
    return [row.circle_of(name) for name in row.schema.columns]


def _told(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    """Columns as the log keeps them: those that are known."""
    return {name: getattr(row, name) for name in columns if getattr(row, name) is not None}
