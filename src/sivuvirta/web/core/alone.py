"""One at a time: server, worker and commands that start together do not change the form of the database at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

_LOCK = 5_486_022_631  # of ours alone in a database of PostgreSQL


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """What is done inside is done by one process at a time; a process that dies lets the next one in.

    On PostgreSQL by a lock of the database; on SQLite by a lock of a file in the home, where the system has such locks.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with (home / ".starting.lock").open("w") as file:
        if find_spec("fcntl"):
            locks = import_module("fcntl")
            locks.flock(file, locks.LOCK_EX)
        yield
