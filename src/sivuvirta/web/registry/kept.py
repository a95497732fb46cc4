"""Kept: what was worked out of a register, as long as nothing was written to it since.

Every write of a row stands in the log of changes, in the same transaction. So what was worked out holds until the log has a newer entry of
the register, which is read anew with the register at every request: it is right in every process, and none of them tells another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.db import connection
from django.db.models import OuterRef, Subquery

from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.rows import Register

NEWEST = Subquery(Entry.objects.filter(register=OuterRef("slug")).order_by("-pk").values("pk")[:1])
"""The newest entry of the log of a register, to be read with it as `newest`."""

T = TypeVar("T")
_MOST = 2000  # answers of a register that a process keeps
_WRITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND mode = 'RowExclusiveLock')"
_KEPT: dict[int, tuple[int, dict[Hashable, Any]]] = {}  # by register: its newest entry, and answers by question
_lock = Lock()


def kept(register: Register, question: Hashable, work: Callable[[], T]) -> T:
    """What a question of a register is answered with, worked out where it is not known.

    Args:
        register: read with its `newest`; else, and inside a transaction, which sees what others do not, the answer is worked out.
        question: what is asked, and by whose eyes: nobody whose eyes see otherwise may ask by the same.
        work: works the answer out; nobody may change it afterwards.
    """
    if not hasattr(register, "newest") or _inside():
        return work()
    version = int(register.newest or 0)  # none where nothing was ever written through the log
    with _lock:
        known, answers = _KEPT.get(register.pk, (-1, {}))
        if known == version and question in answers:
            answer: T = answers[question]
            return answer
    settled = _settled()
    found = work()
    if settled:
        _keep(register.pk, version, question, found)
    return found


def _keep(register: int, version: int, question: Hashable, found: Any) -> None:
    """Keep an answer; those of an older version go."""
    with _lock:
        known, answers = _KEPT.get(register, (-1, {}))
        if known < version:
            _KEPT[register] = (version, {question: found})
        elif known == version:
            answers[question] = found
            if len(answers) > _MOST:
                del answers[next(iter(answers))]


def forget() -> None:
    """Begin anew, as a process does."""
    with _lock:
        _KEPT.clear()


def _inside() -> bool:
    """Whether a transaction is open."""
    return bool(connection.in_atomic_block)


def _settled() -> bool:
    """Whether no entry older than the newest may still come. It is asked after the newest was read, and before what depends on it.

    SQLite has one writer, and entries come in their order. On PostgreSQL who writes an entry holds a lock on the log from before it has a
    number until all see it.
    """
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_WRITING, [Entry._meta.db_table])
        found: Any = cursor.fetchone()
    return not found[0]
