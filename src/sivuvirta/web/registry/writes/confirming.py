"""Confirming: what was entered for an organisation by who looks after the region, said to be right by the organisation itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.registry.holders import HELD
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import MARK, Row, Rows
from sivuvirta.web.registry.seen.counting import many
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, held

_TABLES = (*(name for name in MODELS if name in HELD), "quantities")
"""Tables of what organisations hold, each before what names its rows."""


def entered(register: Register, by: Viewer, most: int) -> Iterator[Row]:
    """Rows that others entered for the viewer's organisations and that wait to be confirmed; one query a table."""
    for rows in _waiting(register, by):
        yield from rows.select_related("holder", "register").order_by("pk")[:most]


def count(register: Register, by: Viewer) -> int:
    """How many rows wait for the viewer's word; one query, and none of who speaks for no organisation."""
    return many(register, _waiting(register, by)) if by.edits else 0


def _waiting(register: Register, by: Viewer) -> Iterator[Rows]:
    for name in _TABLES:
        yield MODELS[name].objects.filter(register=register, unconfirmed=True, holder__in=by.edits).restrict(by)


def confirm(row: Row, by: Viewer, version: int) -> Row:
    """A row confirmed by an editor of its holder.

    Args:
        row: which one.
        by: who says so.
        version: of the row when they looked at it.

    Raises:
        ConflictError: it has another version now.
        RefusedError: they are no editor of its holder.
    """
    with transaction.atomic():
        now = held(row, by)
        if now.holder_id not in by.edits:
            raise RefusedError(_("%(name)s does not speak for the organisation that holds this row.") % {"name": by.name})
        if now.version != version:
            raise ConflictError(now, by)
        if now.unconfirmed:
            now.unconfirmed = False
            now.save(update_fields=["unconfirmed"])
            place = (now.register.slug, now.schema.name, now.row_key)
            entry(by.name, "confirm", place, {MARK: True}, {MARK: False}).save()
    return now
