"""Two who write at once: what is named does not go meanwhile, and what is added goes to whom its site goes.

On PostgreSQL the second waits, by a connection of its own, until the first is done; SQLite lets one write at a time, so it comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import sivuvirta as sv
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.registry.lists.packing import zipped
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.batches import ADD, REMOVE, Line, lay_ready, write
from sivuvirta.web.registry.writes.changing import GoneError, NamedError, RefusedError, add, change, remove
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def both(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """The first writes, and before its transaction ends the second begins."""

    def alone() -> None:
        try:
            second()
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        with transaction.atomic():
            first()
        second()
        return
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            later = pool.submit(alone)
            with connection.cursor() as cursor:
                waits = 0
                while not waits and not later.done():
                    cursor.execute(WAITING)
                    (waits,) = cursor.fetchone()
        later.result()


@pytest.fixture
def register(transactional_db):
    yield store(sv.load("three_sites"), "test")
    seal = import_module("sivuvirta.web.audit.migrations.0002_sealed")
    with connection.schema_editor() as editor:  # so that the database can be emptied
        seal.unseal(None, editor)
        editor.execute("DELETE FROM audit_entry")
        seal.seal(None, editor)


def test_what_one_names_another_does_not_take_out_nor_give_away_unseen(register):
    def row(table: str, key: str) -> Any:
        return model(table).objects.get(register=register, row_key=key)

    def stream(key: str, site: str) -> Any:
        return add(register, "streams", {"stream": key, "name": "Dust", "site": site}, SYSTEM)

    def spare(key: str) -> Any:
        return add(register, "sites", {"site": key, "name": "Yard", "organisation": "mill_ltd", "municipality": "Kemi"}, SYSTEM)

    yard, one = spare("yard"), spare("one")
    with pytest.raises(NamedError):  # named first: it stays
        both(lambda: stream("a", "yard"), lambda: remove(yard, SYSTEM))
    with pytest.raises(GoneError):  # taken out first: nobody names it
        both(lambda: remove(one, SYSTEM), lambda: stream("b", "one"))
    two = spare("two")
    with pytest.raises(GoneError):
        both(lambda: remove(two, SYSTEM), lambda: change(row("streams", "a"), {"site": "two"}, SYSTEM, 1))
    both(lambda: change(yard, {"organisation": "works_ltd"}, SYSTEM, yard.version), lambda: stream("c", "yard"))
    works = row("organisations", "works_ltd")
    assert [row("streams", key).holder for key in ("a", "c")] == [works, works]
    yard = row("sites", "yard")
    both(lambda: stream("d", "yard"), lambda: change(yard, {"organisation": "mill_ltd"}, SYSTEM, yard.version))
    mill = row("organisations", "mill_ltd")
    assert [row("streams", key).holder for key in ("a", "c", "d")] == [mill, mill, mill]

    three, four = spare("three"), spare("four")
    lines = [Line(ADD, "streams", "e", 0, {}, {"stream": "e", "name": "Dust", "site": "three"})]
    with pytest.raises(NamedError):  # many at once as one alone
        both(lambda: write(register, lines, SYSTEM), lambda: remove(three, SYSTEM))
    ready = lay_ready(register, [Line(ADD, "streams", "f", 0, {}, {"stream": "f", "name": "Dust", "site": "four"})], SYSTEM)
    with pytest.raises(RefusedError):
        both(lambda: write(register, [Line(REMOVE, "sites", "four", four.version, {}, {})], SYSTEM), lambda: late(ready))
    assert not model("streams").objects.filter(register=register, site__in=("one", "two", "four")).exists()


def late(ready: Any) -> None:
    """Write what was made ready; on PostgreSQL its tables are the connection's own, so it is made ready again there."""
    if connection.vendor == "postgresql":
        add(ready.register, "streams", {"stream": "f", "name": "Dust", "site": "four"}, SYSTEM)
    with transaction.atomic():
        ready.put(SYSTEM)


def test_a_register_that_is_taken_is_of_one_moment(register, tmp_path):
    def meanwhile(text: str) -> str:
        """The first text that is written has another change the last table that has any."""
        if connection.vendor == "postgresql" and not done:
            done.append(text)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(changed).result()
        return text

    def changed() -> None:
        try:
            change(stream, {"name": "Later"}, SYSTEM, stream.version)
        finally:
            connection.close()

    done: list[str] = []
    stream = model("streams").objects.filter(register=register).first()
    with CaptureQueriesContext(connection) as asked:
        zipped(register, SYSTEM, tmp_path / "all.zip", meanwhile)
    with ZipFile(tmp_path / "all.zip") as box:
        assert "Later" not in box.read("streams.csv").decode()
    if connection.vendor == "postgresql":
        assert model("streams").objects.get(pk=stream.pk).name == "Later"
    assert ("BEGIN DEFERRED" if connection.vendor == "sqlite" else "REPEATABLE READ") in " ".join(each["sql"] for each in asked)
    assert getattr(connection, "transaction_mode", "IMMEDIATE") == "IMMEDIATE"
