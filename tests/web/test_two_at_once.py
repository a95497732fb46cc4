"""Two who write at once: what is named does not go meanwhile, and what is added goes to whom its site goes.

On PostgreSQL the second waits, by a connection of its own, until the first is done; SQLite lets one write at a time, so it comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction

import sivuvirta as sv
from sivuvirta.web.accounts.viewer import system
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
