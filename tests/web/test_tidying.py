"""Clearing away: what is over goes, what is not stays, and nothing goes unasked."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from sivuvirta.web import serving
from sivuvirta.web.accounts.models import Invitation
from sivuvirta.web.audit.erasing import erase, personal
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.imports.models import Session as Import
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.studies.models import Study

DAY = timedelta(days=1)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.MEDIA_ROOT, settings.STUDIES = tmp_path, tmp_path / "uploads", tmp_path / "studies"
    return tmp_path


def old(place, days: float = 2):
    """Last written some days ago."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        place.write_text("x")
    moment = (timezone.now() - days * DAY).timestamp()
    os.utime(place, (moment, moment))
    return place


def counted(*, clear: bool, log_years: int | None = None) -> dict[str, int]:
    return {waste.words: waste.count for waste in serving.tidy(30, log_years, clear=clear) if waste.count}


def test_what_is_over_is_told_first_and_goes_when_asked(home, register, person):
    now, by = timezone.now(), person("somebody")
    for name, expires in (("gone", now - DAY), ("here", now + DAY)):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
    for email, expires, used in (
        ("a@example.org", now - 31 * DAY, None),
        ("b@example.org", now - 29 * DAY, None),
        ("c@example.org", now + DAY, now - 31 * DAY),
        ("d@example.org", now + DAY, None),
    ):
        Invitation.objects.create(email=email, by=by, expires=expires, used=used)
    sessions = [Import.objects.create(register=register, by=by, name="x.csv", kind="csv") for _ in range(2)]
    Import.objects.filter(pk=sessions[0].pk).update(created=now - 31 * DAY)
    for session in sessions:
        old(session.file)
    cache.set("gone", 1, -1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_cache SET expires = %s", [connection.ops.adapt_datetimefield_value(now - DAY)])
    cache.set("here", 1, 600)
    over = {
        "expired sessions": 1,
        "invitations used or expired more than 30 days ago": 2,
        "imports begun more than 30 days ago, with their files": 1,
    }
    told = counted(clear=False)
    told.pop("counts of attempts that have run out", None)
    assert told == over
    assert Session.objects.count() == Import.objects.count() == 2  # it only told
    counted(clear=True)
    assert counted(clear=False) == {}
    assert [each.session_key for each in Session.objects.all()] == ["here"]
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["b@example.org", "d@example.org"]
    assert not sessions[0].folder.exists()
    assert sessions[1].file.exists()
    assert cache.get("here") == 1


def test_files_that_nothing_names_go_once_they_are_a_day_old(home, register):
    study = Study.objects.create(register=register, name="x", vintage=register.vintage)
    Paper.objects.create(register=register, table="analyses", key="a", name="x.pdf", kind="pdf", size=1, digest="0", file="aa11", who="x")
    kept = [old(home / "uploads" / "papers" / "aa" / "aa11"), old(study.folder / "figures.json"), old(home / "letters" / "new.log", 29)]
    kept += [old(home / "uploads" / "papers" / "bb" / "bb22", 0.5), old(home / "studies" / "98" / "figures.json")]
    gone = [old(home / "uploads" / "papers" / "cc" / "cc33"), old(home / "letters" / "old.log", 31)]
    gone += [old(home / "studies" / "99" / "figures.json"), old(home / "uploads" / "imports" / "77" / "file")]
    for place in (study.folder, gone[2].parent, gone[3].parent):
        old(place)
    assert len(counted(clear=True)) == 4
    assert [place.exists() for place in kept] == [True] * len(kept)
    assert [place.exists() for place in gone] == [False] * len(gone)


@pytest.fixture
def written(db):
    """Three entries: of an account and of a row, both old, and a new one."""
    with through_time(7):
        entry("old@example.org", "role", ("", "accounts", "old@example.org"), {"name": "Old Person"}, {"name": "An Other"}).save()
        entry(
            "old@example.org", "change", ("three_sites", "people", "a"), {"email": "desk@example.org", "n": 3}, {"email": "", "n": 4}
        ).save()
        entry("command", "load", ("three_sites", "", ""), None, {"rows": 3}).save()
    entry("new@example.org", "change", ("three_sites", "streams", "b"), {"moisture": 5.0}, {"moisture": 6.0}).save()


class through_time:  # noqa: N801 - read as a word
    """What is written inside was written years ago."""

    def __init__(self, years: float) -> None:
        self.patch = pytest.MonkeyPatch()
        self.then = timezone.now() - timedelta(days=365.25 * years)

    def __enter__(self):
        self.patch.setattr(timezone, "now", lambda: self.then)

    def __exit__(self, *_):
        self.patch.undo()


def test_the_log_keeps_its_entries_and_forgets_people_of_long_ago(written):
    before = timezone.now() - timedelta(days=365.25 * 6)
    assert len(personal(before)) == 2
    assert erase(before) == 2
    account, row, load, new, told = QuerySet(Entry).order_by("pk")
    assert (account.who, account.key, account.before, account.after, account.action) == ("erased", "erased", None, None, "role")
    assert (row.who, row.key, row.before, row.after) == ("erased", "a", {"email": "erased", "n": 3}, {"email": "", "n": 4})
    assert (load.who, load.after) == ("command", {"rows": 3})
    assert (new.who, new.before) == ("new@example.org", {"moisture": 5.0})
    assert (told.action, told.after["entries"]) == ("erase", 2)
    assert erase(before) == 0
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET who = 'x'")


def test_the_log_is_left_alone_unless_years_are_named(home, written):
    assert counted(clear=True) == {}
    assert QuerySet(Entry).filter(who="old@example.org").count() == 2
    assert list(counted(clear=False, log_years=6).values()) == [2]
    assert QuerySet(Entry).filter(who="old@example.org").count() == 2
