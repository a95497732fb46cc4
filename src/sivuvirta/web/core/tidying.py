"""Clearing away what is over. Every app says in its module `tidying` what of its own has had its time; nothing goes unless it is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import frozen
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sivuvirta.web.audit.erasing import erase, personal

GRACE = timedelta(days=1)
"""Age of a file before it counts as left over: one that is being written now is nobody's yet."""


@frozen
class Waste:
    """Things of one kind that have had their time."""

    words: str
    count: int
    clear: Callable[[], Any]


@frozen
class Age:
    """From when on things are old."""

    now: datetime
    days: int

    @property
    def since(self) -> datetime:
        """What is older has had its time."""
        return self.now - timedelta(days=self.days)


def wastes(days: int, log_years: int | None) -> list[Waste]:
    """What may be cleared away.

    Args:
        days: that things are kept after they are over.
        log_years: that the log of changes names people; None is as long as it stands.
    """
    age = Age(timezone.now(), days)
    found = [waste for name in _modules() for waste in import_module(name).over(age)]
    if log_years is not None:
        before = age.now - timedelta(days=365.25 * log_years)
        words = f"entries of the log older than {log_years} years that name people: they stay, the people are erased"
        found.append(Waste(words, len(personal(before)), lambda: erase(before)))
    return found


def over(age: Age) -> Iterator[Waste]:
    """What belongs to the platform as a whole."""
    yield rows("expired sessions", Session.objects.filter(expire_date__lt=age.now))
    done = DBTaskResult.objects.filter(finished_at__lt=age.since).exclude(status__in=("READY", "RUNNING"))
    yield rows(f"results of tasks that ended more than {age.days} days ago", done)
    yield _counts(age)
    letters = files(settings.HOME / "letters", age.since)
    yield thrown(f"letters in files, older than {age.days} days", letters)


def rows(words: str, query: Any) -> Waste:
    """Rows of a table."""
    return Waste(words, query.count(), query.delete)


def thrown(words: str, places: Iterable[Path]) -> Waste:
    """Files."""
    found = list(places)
    return Waste(words, len(found), lambda: each(Path.unlink, found))


def folders(words: str, places: Iterable[Path]) -> Waste:
    """Folders with all that lies in them."""
    found = list(places)
    return Waste(words, len(found), lambda: each(shutil.rmtree, found))


def unnamed(place: Path, known: Container[str], age: Age) -> Iterator[Path]:
    """Folders of a place that have no known name, older than a day."""
    for folder in place.iterdir() if place.is_dir() else ():
        if folder.is_dir() and folder.name not in known and folder.stat().st_mtime < (age.now - GRACE).timestamp():
            yield folder


def each(does: Callable[[Any], None], things: Iterable[Any]) -> None:
    """Do it to every one; a file that went by itself meanwhile is no fault."""
    for one in things:
        with suppress(FileNotFoundError):
            does(one)


def files(folder: Path, since: datetime) -> Iterator[Path]:
    """Files of a folder that were last written before a time."""
    for place in folder.glob("**/*"):
        if place.is_file() and place.stat().st_mtime < since.timestamp():
            yield place


def _counts(age: Age) -> Waste:
    """Counts and marks of the common cache that have run out."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    moment = connection.ops.adapt_datetimefield_value(age.now.replace(microsecond=0, tzinfo=age.now.tzinfo))
    where = f"FROM {table} WHERE expires < %s"  # the name is the settings' own

    def asked(begin: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"{begin} {where}", [moment])
            return cursor.fetchone()[0] if begin.startswith("SELECT") else cursor.rowcount

    return Waste("counts of attempts that have run out", asked("SELECT COUNT(*)"), lambda: asked("DELETE"))


def _modules() -> Iterator[str]:
    """Modules that say what is over, this one first."""
    for app in apps.get_app_configs():
        if app.name.startswith("sivuvirta.") and find_spec(f"{app.name}.tidying"):
            yield f"{app.name}.tidying"
