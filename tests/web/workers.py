"""Workers: real ones, in processes of their own on a SQLite database of their own, for a test that kills one at its work."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from web.databases import surroundings

DATABASE = "sivuvirta.sqlite3"


def at(home: Path) -> dict[str, str]:
    """The environment of a worker whose home is this folder."""
    given = {"SECRET_KEY": "k" * 60, "DJANGO_SETTINGS_MODULE": "tests.web.worker_settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    return {**surroundings("", home), **given}


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker, killed at the end if it still lives."""
    with program(environment, "worker", "--until-closed", said=subprocess.DEVNULL) as process:
        yield process


@contextmanager
def program(environment: Mapping[str, str], *words: str, said: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """A command of the program that goes on, killed at the end if it still lives."""
    command = [sys.executable, "-m", "sivuvirta", *words]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=said, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(home: Path, question: str) -> Any:
    """The first row that the database in a home answers."""
    with closing(sqlite3.connect(home / DATABASE, timeout=20)) as base:
        return base.execute(question).fetchone()


@contextmanager
def endless(home: Path, table: str, row_key: str) -> Iterator[Path]:
    """Who inserts a row whose key begins so first writes 20 MB, and never comes to the end of it; gives the log that grows by them."""
    with closing(sqlite3.connect(home / DATABASE, timeout=20)) as base:
        base.executescript(f"""
            CREATE TABLE weight (bytes BLOB);
            CREATE TRIGGER endless AFTER INSERT ON {table} WHEN NEW.row_key LIKE '{row_key}%' BEGIN
                INSERT INTO weight SELECT randomblob(1000000) FROM {_numbers(20)};
                SELECT count(*) FROM {_numbers(-1)};
            END""")  # noqa: S608 - names that the tests give
    yield home / f"{DATABASE}-wal"
    with closing(sqlite3.connect(home / DATABASE, timeout=20)) as base:
        base.executescript("DROP TRIGGER endless; DROP TABLE weight;")


def _numbers(end: int) -> str:
    """Numbers from 1 to an end; to a negative one there is none."""
    return f"(WITH RECURSIVE told(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM told LIMIT {end}) SELECT number FROM told)"  # noqa: S608


def until(wanted: Callable[[], Any], seconds: float = 300.0) -> Any:
    """What is wanted, as soon as it is true."""
    ends, pause = monotonic() + seconds, Event()
    while monotonic() < ends:
        if found := wanted():
            return found
        pause.wait(0.02)
    return pytest.fail("it did not come to that")
