"""Imports in the background: queued, told, stopped; a worker that is killed in the middle of writing leaves nothing half done."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest
from bench.imports import content
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.models import Does, Work
from sivuvirta.web.jobs.running import run
from sivuvirta.web.jobs.tasks import recover
from sivuvirta.web.registry.models import model
from web.workers import asked, at, endless, until, worker

ROWS = 3000


@pytest.fixture
def session(register, person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    who = viewer(person("facilitator", Role.FACILITATOR))
    return sessions.begin(register, who, SimpleUploadedFile("large.csv", content("csv", ROWS)))


def heard(told):
    """Beats that keep what a run tells, without a thread."""

    @contextmanager
    def beats(hold):
        note = hold.note

        def noted(share, doing, **places):
            told.append((share, doing))
            note(share, doing, **places)

        hold.note = noted
        hold.beat()
        yield

    return beats


def test_a_large_file_waits_for_a_worker_and_tells_how_far_it_is(session, django_assert_max_num_queries):
    work = session.works.get()
    assert (work.state, session.found) == ("waiting", {})
    assert DBTaskResult.objects.filter(status="READY", args_kwargs__args=["imports.Work", work.pk]).count() == 1
    told = []
    assert run(Work, work.pk, heard(told))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    session.refresh_from_db()
    assert session.found["counts"] == {"add": ROWS, "change": 0, "remove": 2, "same": 0, "kept": 0}
    with django_assert_max_num_queries(400):  # grows with the rows in parts of 500 and 2 000, not with each row
        assert run(Work, sessions.start(session, Does.ACCEPT).pk, heard(told))
    assert model("streams").objects.count() == ROWS + 2
    assert Entry.objects.filter(action="add", table="streams").count() == ROWS
    row = model("streams").objects.get(row_key__startswith="bench_61_")
    assert (row.name, row.moisture, row.hazardous, str(row.holder)) == ("Jae 61", 1.5, "no", "Works Ltd")


def test_an_import_that_is_stopped_leaves_nothing(session, tmp_path):
    work = session.works.get()

    @contextmanager
    def beats(hold):
        work.cancel()
        hold.beat()
        yield

    assert run(Work, work.pk, beats)
    session.refresh_from_db()
    work.refresh_from_db()
    assert (work.state, session.found) == ("cancelled", {})
    assert [path.name for path in session.folder.iterdir()] == ["file"]


def test_work_goes_on_once_at_a_time(session):
    with pytest.raises(sessions.RefusedError, match="goes on"):
        sessions.start(session, Does.READ)
    assert (session.works.count(), recover()) == (1, 0)


def test_a_workbook_that_is_stopped_while_it_is_read_leaves_nothing(register, person, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(sessions, "SMALL", 0)
    who = viewer(person("facilitator", Role.FACILITATOR))
    session = sessions.begin(register, who, SimpleUploadedFile("large.xlsx", content("xlsx", 5000)))
    work, told = session.works.get(), []

    @contextmanager
    def beats(hold):
        note = hold.note

        def noted(share, doing, **places):
            told.append(doing)
            note(share, doing, **places)
            if "row" in doing:
                work.cancel()
                hold.beat()

        hold.note = noted
        yield

    assert run(Work, work.pk, beats)
    session.refresh_from_db()
    work.refresh_from_db()
    assert (work.state, session.found) == ("cancelled", {})
    assert len(told) == 2  # opening the file, and the first rows of it
    assert [path.name for path in session.folder.iterdir()] == ["file"]


class TestKilled:
    """A real worker, killed by the system while it reads or writes."""

    SEND = """
import django, sys
from django.core.files.uploadedfile import SimpleUploadedFile
import sivuvirta as sv
from sivuvirta.web import serving
serving.ready()
serving.load(sv.load("three_sites"), "test")
from bench.imports import content
from sivuvirta.web.accounts.models import Role, User
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.models import Does, Work
from sivuvirta.web.jobs.running import run
from sivuvirta.web.registry.models import Register
user = User.objects.create(email="sender@example.org", role=Role.FACILITATOR)
kind = sys.argv[1]
session = sessions.begin(Register.objects.get(), viewer(user), SimpleUploadedFile(f"large.{kind}", content(kind, 20000)))
if kind == "xlsx":
    sys.exit()
run(Work, session.works.get().pk)
session.refresh_from_db()
sessions.start(session, Does.ACCEPT)
"""

    def test_nothing_is_lost_and_nothing_half_done(self, tmp_path):
        subprocess.run([sys.executable, "-c", self.SEND, "csv"], env=at(tmp_path), check=True)
        job = "SELECT state, tries FROM imports_work WHERE does = 'accept'"
        with endless(tmp_path, "registry_streams", "bench_15000") as written, worker(at(tmp_path)) as first:
            until(lambda: asked(tmp_path, job)[0] == "running")
            begun = written.stat().st_size if written.exists() else 0
            until(lambda: written.stat().st_size > begun + 10_000_000)
            first.kill()
            first.wait()
        assert asked(tmp_path, job) == ("running", 1)  # it was killed before its end, in the middle of writing
        assert asked(tmp_path, "SELECT count(*) FROM registry_streams") == (2,)
        assert asked(tmp_path, "SELECT count(*) FROM audit_entry WHERE \"table\" = 'streams'") == (0,)
        assert asked(tmp_path, "SELECT stage FROM imports_session") == ("open",)
        with worker(at(tmp_path)), worker(at(tmp_path)):
            until(lambda: asked(tmp_path, job)[0] in ("done", "failed"))
        assert asked(tmp_path, job) == ("done", 2)
        assert asked(tmp_path, "SELECT count(*) FROM registry_streams") == (20002,)
        assert asked(tmp_path, 'SELECT count(*), count(DISTINCT "key") FROM audit_entry WHERE "table" = \'streams\'') == (20000, 20000)
        assert asked(tmp_path, "SELECT stage FROM imports_session") == ("accepted",)

    def test_a_workbook_is_read_again_where_its_reader_was_killed(self, tmp_path):
        subprocess.run([sys.executable, "-c", self.SEND, "xlsx"], env=at(tmp_path), check=True)
        job = "SELECT state, tries, share, doing FROM imports_work"
        with worker(at(tmp_path)) as first:
            until(lambda: asked(tmp_path, job)[2] > 0.02 or asked(tmp_path, job)[0] == "done")
            first.kill()
            first.wait()
        assert asked(tmp_path, job)[:2] == ("running", 1)
        assert asked(tmp_path, "SELECT found, answer FROM imports_session") == ("{}", "")
        with worker(at(tmp_path)):
            until(lambda: asked(tmp_path, job)[0] in ("done", "failed"))
        assert asked(tmp_path, job)[:2] == ("done", 2)
        assert '"add": 20000' in asked(tmp_path, "SELECT found FROM imports_session")[0]
        kept = {path.name for path in (tmp_path / "uploads" / "imports" / "1").iterdir()}
        assert kept == {"file", asked(tmp_path, "SELECT answer FROM imports_session")[0]}
