"""Running: one run of a job, which holds it, tells how far it is, hears when it is to stop, and ends it in words whatever happens."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.audit.middleware import through
from sivuvirta.web.jobs.models import Job, State, until

_log = logging.getLogger("sivuvirta.jobs")

HELD: set[Hold] = set()
"""What this process runs now."""


class StoppedError(SivuvirtaError):
    """Somebody asked the job to stop."""


class LostError(SivuvirtaError):
    """Another run has taken the job up; what this one did is thrown away."""


class Hold:
    """A run's hold of a job."""

    def __init__(self, job: Job, token: str) -> None:
        self.job, self.token = job, token
        self.stopped, self.lost = Event(), Event()
        self.ending = Event()  # the transaction that ends the job is open: it holds the job's row, and on SQLite the whole database
        self._told: tuple[float, str, dict[str, Any]] | None = None
        self._renewed = monotonic()

    def tell(self, share: float, doing: str, **places: str | float) -> None:
        """How far the run is, 0 to 1, and what it does now. Raises where it is to stop.

        Args:
            share: done.
            doing: a message as it stands in the catalogues, for nobody knows here in which language it will be read.
            places: what stands in its places.
        """
        self.note(share, doing, **places)
        self.check()

    def note(self, share: float, doing: str, **places: str | float) -> None:
        """The same, without a stop: for what is called from inside a solver."""
        self._told = (share, doing, places)

    def stopping(self) -> bool:
        """Whether the run is to end. Asks no database: `beat` does, every second."""
        return self.stopped.is_set() or self.lost.is_set()

    def check(self) -> None:
        """Go on, or not.

        Raises:
            LostError: another run has the job.
            StoppedError: somebody asked for a stop.
        """
        if self.lost.is_set():
            raise LostError("Another worker has taken this up.")
        if self.stopped.is_set():
            raise StoppedError("Stopped.")

    def beat(self) -> None:
        """Renew the hold, write how far the run is, hear whether it is to stop. While the job is being ended nobody else can write it."""
        if self.ending.is_set():
            return
        told, self._told = self._told, None
        mine = type(self.job).objects.filter(pk=self.job.pk, held_by=self.token)
        due = monotonic() - self._renewed > settings.JOB_LEASE / 4
        if told or due:
            fields: dict[str, Any] = {"held_until": until(timezone.now())}
            if told:
                fields |= {"share": told[0], "doing": told[1], "doing_with": told[2]}
            mine.update(**fields)
            self._renewed = monotonic()
        asked = mine.values_list("stop_asked", flat=True).first()
        if asked is None:
            self.lost.set()
        elif asked:
            self.stopped.set()


class Doer(Protocol):
    """Does a job."""

    def __init__(self, job: Any, hold: Hold) -> None: ...

    def work(self) -> None:
        """Everything that takes time. Nothing that it leaves is seen before `keep`."""

    def keep(self) -> dict[str, Any]:
        """Make what was worked out be seen, inside the transaction that ends the job; fields of the job to write with its end."""

    def failed(self, error: SivuvirtaError) -> dict[str, Any]:
        """Fields of the job to write when it fails with an error in words."""

    def leave(self) -> None:
        """Clean up, whatever happened."""


Beating = Callable[[Hold], AbstractContextManager[None]]


@contextmanager
def beating(hold: Hold) -> Iterator[None]:
    """Beats every `JOB_BEAT` seconds beside what is done inside, by a thread and a connection of its own."""
    ended = Event()

    def beat() -> None:
        try:
            while not ended.wait(settings.JOB_BEAT):
                try:
                    hold.beat()
                except DatabaseError:
                    _log.warning("The database does not answer; the job goes on for now.", exc_info=True)
        finally:
            connection.close()

    thread = Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def run(kind: type[Job], key: int, beats: Beating = beating) -> bool:
    """Run a job, if it waits and nobody else took it; tells whether it did.

    Args:
        kind: model of the job.
        key: of its row.
        beats: keeps the hold alive meanwhile.
    """
    token = uuid.uuid4().hex
    job = kind.objects.filter(pk=key).first()
    if job is None or not job.take(token):
        return False
    hold = Hold(job, token)
    HELD.add(hold)
    try:
        with through("job", token), beats(hold):
            _done(job, hold)
    finally:
        HELD.discard(hold)
    return True


def _done(job: Job, hold: Hold) -> None:
    """Work, and one end of it."""
    doer: Doer = import_string(job.doer)(job, hold)
    try:
        doer.work()
        hold.check()
        hold.ending.set()
        with transaction.atomic():
            if not job.end(hold.token, State.DONE, share=1.0):
                raise LostError("Another worker has taken this up.")
            type(job).objects.filter(pk=job.pk).update(**doer.keep())
    except StoppedError:
        job.end(hold.token, State.CANCELLED)
    except LostError:
        _log.warning("%s %s was taken up by another worker meanwhile.", type(job).__name__, job.pk)
    except SivuvirtaError as error:
        if hold.stopped.is_set():  # a solver that is stopped before it found anything says so
            job.end(hold.token, State.CANCELLED)
        else:
            job.end(hold.token, State.FAILED, **{"error": str(error), **doer.failed(error)})
    except Exception:
        _log.exception("%s %s failed.", type(job).__name__, job.pk)
        text = _("The engine stopped with an error of its own. The server's log tells it under the number %(number)s.")
        job.end(hold.token, State.FAILED, error=text % {"number": hold.token[:8]})
    finally:
        doer.leave()
