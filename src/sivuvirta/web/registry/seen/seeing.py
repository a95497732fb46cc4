"""Seeing: who saw a confidential analysis stands in the log, where its holder reads it.

An analysis is confidential to a viewer who is not of its holder's people and sees its figure either because it was disclosed to them or
because they are of a circle narrower than all members. It is noted once a person, analysis and day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row

SEE = "see"
_TABLE = "analyses"
_PART = 2000  # keys asked for at once


def noted(register: Register, rows: Iterable[Row], viewer: Viewer) -> list[Row]:
    """The rows, after those of them that are confidential are noted as seen. Costs two queries at most, none for other tables."""
    shown = list(rows)
    note(register, confidential(shown, viewer), viewer)
    return shown


def confidential(rows: Iterable[Row], viewer: Viewer) -> list[str]:
    """Keys of the rows that are to be noted where they are shown."""
    return [row.row_key for row in rows if row.schema.name == _TABLE and _confidential(row, viewer)]


def note(register: Register, keys: Sequence[str], viewer: Viewer) -> None:
    """Confidential rows noted as seen: two queries for each part of them."""
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = Entry.objects.filter(register=register.slug, table=_TABLE, who=viewer.name, action=SEE, at__gte=today)
    for at in range(0, len(keys), _PART):
        part = keys[at : at + _PART]
        before = set(seen.filter(key__in=part).values_list("key", flat=True))
        fresh = [key for key in part if key not in before]
        Entry.objects.bulk_create([entry(viewer.name, SEE, (register.slug, _TABLE, key), None, None) for key in fresh])


def _confidential(row: Row, viewer: Viewer) -> bool:
    if row.own(viewer) or viewer.user is None or getattr(row, "value", None) is None or "value" not in row.shown_to(viewer):
        return False
    return row.circle_of("value") < Level.MEMBERS
