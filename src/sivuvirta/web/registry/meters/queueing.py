"""Queueing: streams whose missing facts are to be measured, a few at a time, one job for each circle of people at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.jobs.models import ENDED, State
from sivuvirta.web.jobs.tasks import enqueue
from sivuvirta.web.registry.measured import Measure, Measuring
from sivuvirta.web.registry.meters.meters import scope
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row

REST = timedelta(minutes=10)
"""For so long a measure stands although the register has changed since."""


def ask(register: Register, rows: Iterable[Row], viewer: Viewer, found: dict[tuple[str, str], Measure], *, now: bool = False) -> bool:
    """Have streams measured that were not, or whose measure is old; tells whether some of them are being measured.

    Args:
        register: of the rows.
        rows: streams that a page shows.
        viewer: who looks.
        found: what was measured of them, by key and scope.
        now: an old measure is made anew at once, not after its rest.
    """
    wanted: dict[str, list[str]] = {}
    at = newest(register)
    for row in rows:
        known = found.get((row.row_key, scope(row, viewer)))
        if known is None or (known.at < at and (now or known.made < timezone.now() - REST)):
            wanted.setdefault(scope(row, viewer), []).append(row.row_key)
    if not wanted:
        return False
    last: dict[str, Measuring] = {}
    for job in Measuring.objects.filter(register=register, scope__in=wanted, at__gte=at) | _open(register, wanted):
        last.setdefault(job.scope, job)
    asked = [_asked(register, name, keys, (at, last.get(name))) for name, keys in wanted.items()]
    return any(asked)


def newest(register: Register) -> int:
    """The newest entry of the log that changed the register."""
    entries = Entry.objects.filter(register=register.slug).exclude(action="see").order_by("-pk")
    return int(entries.values_list("pk", flat=True).first() or 0)


def _open(register: Register, scopes: Iterable[str]) -> QuerySet:
    return Measuring.objects.filter(register=register, scope__in=scopes).exclude(state__in=ENDED)


def _asked(register: Register, name: str, keys: list[str], known: tuple[int, Measuring | None]) -> bool:
    """Ask for some streams, unless a job is under way or the last one failed on the same data."""
    at, last = known
    if last is not None and not last.ended:
        return True
    if last is not None and last.state == State.FAILED and last.at >= at and set(keys) <= set(last.keys):
        return False
    with transaction.atomic():
        enqueue(Measuring.objects.create(register=register, scope=name, keys=keys, at=at))
    return True
