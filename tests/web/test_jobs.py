"""Jobs: held by one run at a time, taken up again when it dies, stopped when asked, never ended twice."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.models import State
from sivuvirta.web.jobs.running import HELD, Hold, run
from sivuvirta.web.jobs.tasks import hand_back, recover
from sivuvirta.web.jobs.worker import _working
from sivuvirta.web.studies.asking import Asked, ask, cancel
from sivuvirta.web.studies.models import Study
from web.workers import asked, at, until, worker

SYSTEM = system("test")


@pytest.fixture
def study(register, settings, tmp_path):
    settings.STUDIES = tmp_path
    return ask(register, Asked("Best use", register.vintage, Level.PUBLIC), SYSTEM)


def during(does):
    """Beats that do something once when the run has taken the job, and listen then, without a thread: one connection, one database."""

    @contextmanager
    def beats(hold):
        does(hold)
        hold.beat()
        yield

    return beats


def now(study) -> Study:
    return Study.objects.get(pk=study.pk)


def expire(study) -> None:
    Study.objects.filter(pk=study.pk).update(held_until=timezone.now() - timedelta(seconds=1))


def queued(study) -> int:
    return DBTaskResult.objects.filter(status="READY", args_kwargs__args=["studies.Study", study.pk]).count()


def test_one_of_two_runs_has_it(study):
    assert [study.take("one"), study.take("two")] == [True, False]
    assert not run(Study, study.pk, during(lambda hold: None))
    assert now(study).held_by == "one"
    assert not study.end("two", State.DONE)
    assert study.end("one", State.DONE)


def test_progress_is_written_and_the_hold_renewed(study):
    study.take("one")
    hold = Hold(study, "one")
    expire(study)
    hold.tell(0.4, "Looking")
    hold.beat()
    found = now(study)
    assert (found.share, found.doing) == (0.4, "Looking")
    assert found.held_until > timezone.now()
    hold.tell(0.5, "Reading sheet “%(sheet)s”, row %(row)s", sheet="Ash 100 %", row=12000)
    hold.beat()
    with override("fi"):
        assert now(study).told == "Luetaan taulukkoa ”Ash 100 %”, rivi 12\xa0000"
    assert now(study).told == "Reading sheet “Ash 100 %”, row 12,000"


def test_a_line_that_an_earlier_version_stored_is_told_as_it_stands(study):
    study.doing = "Making ready to write: row 12, 100 %"
    with override("fi"):
        assert study.told == "Making ready to write: row 12, 100 %"


def test_why_a_job_failed_is_told_in_the_language_of_who_reads(study):
    study.error = "The worker ended 3 times while this ran; it may be too large for its memory."
    with override("es"):
        assert "3 veces" in study.fault
        study.error = "The file holds no rows."
        assert study.fault != study.error
        study.error = "row 3: nothing that a catalogue knows"
        assert study.fault == study.error


def test_a_running_job_hears_a_stop_and_leaves_nothing(study, tmp_path):
    assert run(Study, study.pk, during(lambda hold: cancel(study, SYSTEM)))
    assert (now(study).state, now(study).held_by) == (State.CANCELLED, "")
    assert list(tmp_path.iterdir()) == []


def test_a_waiting_job_is_stopped_at_once(study):
    assert cancel(study, SYSTEM)
    assert now(study).state == State.CANCELLED
    assert not run(Study, study.pk, during(lambda hold: None))
    assert not cancel(study, SYSTEM)


def test_what_a_run_did_that_lost_its_hold_is_thrown_away(study, tmp_path):
    def other(hold):
        Study.objects.filter(pk=study.pk).update(held_by="another")

    assert run(Study, study.pk, during(other))
    assert (now(study).state, now(study).held_by) == (State.RUNNING, "another")
    assert list(tmp_path.iterdir()) == []


def test_a_dead_run_is_taken_up_again_and_given_up_in_the_end(study):
    for tries in (1, 2, 3):
        assert now(study).take(f"run {tries}")
        assert recover() == 0  # it lives
        expire(study)
        again = recover()
        assert again == (1 if tries < 3 else 0)
    found = now(study)
    assert (found.state, found.tries) == (State.FAILED, 3)
    assert "3 times" in found.error


def test_a_dead_run_that_was_to_stop_is_stopped(study):
    study.take("one")
    cancel(study, SYSTEM)
    expire(study)
    assert recover() == 0
    assert now(study).state == State.CANCELLED


def test_a_job_that_the_queue_forgot_is_queued_again(study):
    assert (queued(study), recover()) == (1, 0)
    DBTaskResult.objects.update(status="RUNNING")  # its worker died before it took the job
    assert recover() == 1
    assert queued(study) == 1


def test_what_runs_is_handed_back_whole(study):
    study.take("one")
    DBTaskResult.objects.all().delete()
    HELD.add(hold := Hold(now(study), "one"))
    try:
        hand_back()
    finally:
        HELD.discard(hold)
    found = now(study)
    assert (found.state, found.tries, queued(study)) == (State.WAITING, 0, 1)


class TestProcesses:
    """Real workers on a database of their own, one of them killed at its work."""

    ASK = """
import sys
import sivuvirta as sv
from sivuvirta.web import serving
serving.ready()
serving.demo(sv.load("kemi_tornio"))
"""

    def seen(self, home, *states):
        """The study's state, tries, token and error as soon as it is in one of these states."""
        row = until(lambda: (found := asked(home, "SELECT state, tries, held_by, error FROM studies_study"))[0] in states and found)
        return tuple(row)

    def test_a_killed_worker_s_job_is_done_once_by_another(self, tmp_path):
        subprocess.run([sys.executable, "-c", self.ASK], env=at(tmp_path), check=True)
        with worker(at(tmp_path)) as first:
            _, tries, token, _ = self.seen(tmp_path, "running", "failed")
            first.kill()
            first.wait()
        assert (tries, bool(token)) == (1, True)
        assert self.seen(tmp_path, "running")[2] == token  # nobody ended it
        with worker(at(tmp_path)), worker(at(tmp_path)):
            state, tries, *_, error = self.seen(tmp_path, "done", "failed", "cancelled")
        assert (state, tries, error) == ("done", 2, "")
        assert [path.name for path in (tmp_path / "studies").iterdir()] == ["1"]
        assert (tmp_path / "studies" / "1" / "report.html").is_file()


def test_a_worker_waits_for_a_database_that_is_down(monkeypatch):
    """It ended, and nothing was worked out until somebody began it again."""
    monkeypatch.setattr(connection, "close", lambda: None)
    said = [OperationalError("the server closed the connection"), OperationalError("it does not answer"), None]

    class Downed:
        def run(self):
            if (error := said.pop(0)) is not None:
                raise error

    _working(Downed(), Event(), 0.0)
    assert said == []


def test_a_worker_that_waits_ends_when_it_is_asked(monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)
    leaving = Event()

    class Down:
        def run(self):
            asked.append(leaving.is_set())
            leaving.set()
            raise OperationalError("it does not answer")

    asked: list[bool] = []
    _working(Down(), leaving, 60.0)
    assert asked == [False]  # once, and not again after the minute that it would have waited
