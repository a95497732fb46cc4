"""Titles of rows: their name, else what they say, as far as the viewer sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import VISITOR, system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.seen.titles import titles, told_by
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
GAP = "\N{NO-BREAK SPACE}"


def title(register, table, key, viewer=SYSTEM):
    return titles(register, MODELS[table].objects.filter(register=register, row_key=key), viewer)[0]


def opened(register, table):
    MODELS[table].objects.filter(register=register).update(circle=Level.PUBLIC, circles={}, widest=Level.PUBLIC)


def test_rows_without_names_are_called_by_what_they_say(register):
    MODELS["quantities"].objects.filter(register=register, row_key="streams/slag/2024/").update(value=1250.0)
    stream = MODELS["streams"].objects.get(register=register, stream="slag").name
    assert title(register, "quantities", "streams/slag/2024/") == f"2024 · {stream} · 1,250{GAP}t/a"
    found = title(register, "analyses", "slag/Cd/total/1")
    assert found.startswith(f"{stream} · cadmium · total · sample 1 · ")
    assert found.endswith(f"{GAP}mg/kg")


def test_an_exchange_is_told_from_giver_to_receiver(register):
    made = MODELS["exchanges"](register=register, exchange="x1", donor="Mill", receiver="Works", text="bottom ash", year=2023)
    made.save()
    assert title(register, "exchanges", "x1") == "Mill → Works · bottom ash · 2023"


def test_a_row_with_a_name_has_it_and_one_that_says_nothing_its_key(register):
    stream = MODELS["streams"].objects.get(register=register, stream="slag")
    assert title(register, "streams", "slag") == stream.name
    made = MODELS["exchanges"](register=register, exchange="x2")
    made.save()
    assert title(register, "exchanges", "x2") == "x2"


def test_what_is_hidden_has_no_part_in_a_title(register):
    opened(register, "quantities")
    opened(register, "streams")
    row = MODELS["quantities"].objects.get(register=register, row_key="streams/slag/2024/")
    change(row, {"value": 4711.0, "circles": {"value": int(Level.PRIVATE)}}, SYSTEM, row.version)
    assert "4,710" in title(register, "quantities", row.row_key)
    assert "4,71" not in title(register, "quantities", row.row_key, VISITOR)
    MODELS["streams"].objects.filter(register=register, stream="slag").update(circle=Level.PRIVATE, widest=Level.PRIVATE)
    assert MODELS["streams"].objects.get(register=register, stream="slag").name not in title(register, "quantities", row.row_key, VISITOR)


@pytest.mark.parametrize("table", sorted(MODELS))
def test_every_table_says_of_what_its_titles_are_made(table):
    schema = MODELS[table].schema
    assert told_by(schema)
    assert set(told_by(schema)) <= set(schema.columns)


def test_titles_of_many_rows_cost_as_many_queries_as_of_one(register, django_assert_num_queries):
    rows = list(MODELS["quantities"].objects.filter(register=register, table="streams"))
    assert len(rows) > 1
    for some in (rows[:1], rows):
        with django_assert_num_queries(6):  # vintages, three tables of subjects, materials of streams, and their units
            titles(register, some, SYSTEM)


def test_what_depends_on_a_row_is_told_by_titles_with_links(register, person):
    client = Client()
    client.force_login(person("facilitator", Role.FACILITATOR))
    for address in ("streams/slag/", "streams/-/remove/slag"):
        page = client.get(f"/three_sites/{address}").content.decode()
        assert '<a href="/three_sites/quantities/streams/slag/2024//">2024 · ' in page
        assert ">streams/slag/2024/<" not in page
