"""The worker: takes jobs from the queue one after the other, and looks after those of workers that died."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from sivuvirta.web.jobs.seen import leave_mark
from sivuvirta.web.jobs.tasks import hand_back, prune, recover

_log = logging.getLogger("sivuvirta.jobs")
_WAITS = 5  # times the pause of an empty queue that a worker waits for a database that is down
_LOOKS = 3  # times within the length of a hold that lost jobs are looked for


class _Worker(Worker):
    """Django-tasks' worker, which hands its job back when it is asked to end."""

    def __init__(self, leaving: Event, interval: float) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self._leaving = leaving

    def shutdown(self, signum: int, frame: Any) -> None:
        """Hear a signal."""
        self._leaving.set()


def work(*, until_closed: bool = False, interval: float = 1.0, end: Callable[[int], Any] = os._exit) -> None:
    """Work until a signal; what runs then is handed back, for another worker or the next start.

    Args:
        until_closed: end, too, when standard input is closed: when the process that started this one is gone.
        interval: seconds between looks into an empty queue.
        end: leaves the process, whatever its other threads do.
    """
    leaving = Event()
    prune()
    _beside(_recovering, leaving, end)
    _beside(_leaving, leaving, end)
    if until_closed:
        _beside(_closing, leaving, end)
    worker = _Worker(leaving, interval)
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, worker.shutdown)
    _working(worker, leaving, _WAITS * interval)


def _working(worker: Worker, leaving: Event, pause: float) -> None:
    """Work, and where the database does not answer, come back when it may; what ran then is taken up when its hold runs out."""
    while True:
        try:
            worker.run()
        except (OperationalError, InterfaceError):
            _log.warning("The database does not answer; the worker waits for it.", exc_info=True)
            connection.close()
            if leaving.wait(pause):
                return
        else:
            return


def _beside(does: Callable[[Event, Callable[[int], Any]], None], leaving: Event, end: Callable[[int], Any]) -> None:
    Thread(target=does, args=(leaving, end), name=does.__name__, daemon=True).start()


def _recovering(leaving: Event, _: Callable[[int], Any]) -> None:
    while True:
        try:
            leave_mark()
            recover()
        except DatabaseError:
            _log.warning("The database does not answer.", exc_info=True)
        finally:
            connection.close()
        if leaving.wait(settings.JOB_LEASE / _LOOKS):
            return


def _leaving(leaving: Event, end: Callable[[int], Any]) -> None:
    leaving.wait()
    try:
        hand_back()
    except DatabaseError:
        _log.warning("What ran could not be handed back; it is taken up when its hold runs out.", exc_info=True)
    sys.stdout.flush()
    sys.stderr.flush()
    end(0)


def _closing(leaving: Event, _: Callable[[int], Any]) -> None:
    while sys.stdin.buffer.read(1):
        pass
    leaving.set()
