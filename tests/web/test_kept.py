"""What is kept of a register: never for other eyes, never longer than until the next write."""

from __future__ import annotations

import re
from functools import partial

import pytest
from attrs import evolve
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sivuvirta.web.accounts.viewer import VISITOR, Given, Viewer, system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry import kept
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.models import MODELS, model
from sivuvirta.web.registry.seen.counting import counted
from sivuvirta.web.registry.writes.changing import add, change

SYSTEM = system("test")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
QUESTIONS = ({}, {"hazardous": "no"}, {"moisture.min": "1"}, {"sort": "-moisture"}, {"moisture.max": "30"})


@pytest.fixture(autouse=True)
def keeping(monkeypatch):
    """Answers are kept though a test is a transaction; each test begins anew."""
    monkeypatch.setattr(kept, "_inside", lambda: False)
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def streams(register):
    """Streams of all kinds: private, for facilitators, public with one closed column, closed but for one column."""
    like = list(model("streams").objects.filter(register=register))
    ways = ({"circle": 0}, {"circle": 1}, {"circle": 3, "circles": {"moisture": 0}}, {"circle": 0, "circles": {"moisture": 3}})
    made = []
    for number, way in enumerate((*ways, *ways)):
        row = like[number % len(like)]
        values = {name: getattr(row, name) for name in row.schema.columns} | {"stream": f"kind{number}", "moisture": 10.0 + 5 * number}
        one = add(register, "streams", values, SYSTEM)
        made.append(change(one, way, SYSTEM, one.version))
    return made


def eyes(streams) -> list[Viewer]:
    """Viewers of every circle, with and without an organisation and something disclosed."""
    given = tuple(Given("streams", row.pk, row.holder_id, column) for row, column in zip(streams, ("", "moisture", "name"), strict=False))
    holders = sorted({row.holder_id for row in streams if row.holder_id})
    plain = [Viewer(f"level {level.name}", floor=level) for level in Level]
    own = [evolve(each, user=1, belongs=frozenset({holder})) for each in plain for holder in holders]
    return [VISITOR, *plain, *own, *(evolve(each, granted=given) for each in (*plain, *own))]


def answered(register, word: str) -> str:
    return kept.kept(register, "question", lambda: word)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_counted_together_and_apart_is_what_the_gate_lets_through(register, streams, question):
    at, table = register_at(register.slug), model("streams").schema
    lists = [Listing(at, table, who, asked(table, question)) for who in eyes(streams)]
    found = [each.found.count() for each in lists]
    assert [each.counted() for each in lists] == found
    assert [each.counted() for each in reversed(lists)] == found[::-1]  # from what is kept
    assert len(set(found)) > ("hazardous" not in question)


def test_tables_are_counted_as_the_gate_lets_through(register, streams):
    at = register_at(register.slug)
    for _ in range(2):
        for who in eyes(streams):
            expected = {name: named.objects.filter(register=register).restrict(who).count() for name, named in MODELS.items()}
            assert counted(at, who) == expected


def test_a_count_is_asked_once_for_all_of_a_circle_until_somebody_writes(register, streams):
    table = model("streams").schema

    def number() -> tuple[int, int]:
        listing = Listing(register_at(register.slug), table, VISITOR, asked(table, {}))
        with CaptureQueriesContext(connection) as queries:
            return listing.counted(), len(queries)

    before, __ = number()
    assert number() == (before, 0)
    hidden = next(row for row in streams if row.widest == Level.PRIVATE)
    change(hidden, {"circle": Level.PUBLIC}, SYSTEM, hidden.version)
    assert number()[0] == before + 1
    shown = model("streams").objects.get(pk=hidden.pk)
    change(shown, {"circle": Level.PRIVATE}, SYSTEM, shown.version)
    assert number()[0] == before


def test_what_an_older_version_says_does_not_replace_a_newer_one(register):
    old, new = register_at(register.slug), register_at(register.slug)
    new.newest = old.newest + 1
    assert [answered(new, "new"), answered(old, "old"), answered(new, "asked again")] == ["new", "old", "new"]


def test_nothing_is_kept_while_an_older_entry_may_still_come(register, monkeypatch):
    at = register_at(register.slug)
    monkeypatch.setattr(kept, "_settled", lambda: False)
    assert list(map(partial(answered, at), ("first", "second"))) == ["first", "second"]


def test_inside_a_transaction_nothing_is_kept(register, monkeypatch):
    at = register_at(register.slug)
    monkeypatch.setattr(kept, "_inside", lambda: bool(connection.in_atomic_block))
    assert list(map(partial(answered, at), ("first", "second"))) == ["first", "second"]


@pytest.mark.parametrize(("address", "queries"), [("streams/", 8), ("streams/?hazardous=no", 8), ("streams/?sort=-moisture", 9), ("", 4)])
def test_a_page_that_was_asked_before_costs_less(register, client, django_assert_max_num_queries, address, queries):
    first = client.get(f"/{register.slug}/{address}").content
    with django_assert_max_num_queries(queries):
        again = client.get(f"/{register.slug}/{address}").content
    assert TOKEN.sub(b"", again) == TOKEN.sub(b"", first)


def test_a_row_asked_for_again_costs_less(register, client, django_assert_max_num_queries):
    address = f"/{register.slug}/streams/{model('streams').objects.filter(register=register).first().row_key}/"
    first = client.get(address)
    with django_assert_max_num_queries(31):
        again = client.get(address)
    assert (first.status_code, TOKEN.sub(b"", again.content)) == (200, TOKEN.sub(b"", first.content))
