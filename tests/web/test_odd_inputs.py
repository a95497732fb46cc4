"""Odd inputs of the three fields: whatever is written, it is kept or told in words, and never an error of our own."""

from __future__ import annotations

import pytest
from django.test import Client

from sivuvirta.web.accounts.models import Place
from sivuvirta.web.registry.models import Organisations, model

LIST = "/three_sites/-/list/{}"
FULL = {"what": "slag", "material": "slag.ferrochrome.air_cooled", "amount": "12", "unit": "t", "site": "mill", "circle": "1"}
TEXTS = (
    "🏭💧",
    "x" * 5000,
    "<script>alert(1)</script>",
    "'; DROP TABLE registry_streams; --",
    "{{ 7*7 }}",
    "\u202egnorw",
    "ä" * 300,
    "%00",
    "a\nb",
    "=1+1",
    "\u200b",
)
AMOUNTS = (
    "-5",
    "0",
    "1e400",
    "NaN",
    "inf",
    "-inf",
    "1 200,5",
    "1.200,5",
    "1,200.5",
    "9" * 400,
    "٣",
    "½",
    "1e-400",
    "12 t",
    "<5",
    "5-7",
    "",
    "🏭",
    "--",
    "1__0",
    "0x10",
)
OTHERS = (
    {"material": "nothing.of.the.kind"},
    {"material": "🏭"},
    {"material": ""},
    {"site": "nowhere"},
    {"site": "🏭"},
    {"site": "", "lat": "65.8", "lon": "24.5"},
    {"site": "", "lat": "NaN", "lon": "1e400", "organisation": "mill_ltd"},
    {"site": "", "lat": "91", "lon": "181", "organisation": "mill_ltd"},
    {"site": "", "lat": "65.8", "lon": "24.5", "organisation": "works_ltd"},
    {"site": "", "lat": "65.8", "lon": "24.5", "organisation": "mill_ltd", "place": "🏭"},
    {"site": "", "lat": "65.8", "lon": "24.5", "organisation": "mill_ltd", "place": "x" * 5000},
    {"site": "works"},
    {"unit": "stone"},
    {"unit": "MWh"},
    {"circle": "9"},
    {"circle": "²"},
    {"basis": "?"},
    {"basis": "dry"},
)


@pytest.fixture
def editor(register, person) -> Client:
    client = Client(raise_request_exception=False)
    mill = Organisations.objects.get(register=register, organisation="mill_ltd")
    client.force_login(person("editor", organisation=mill, place=Place.EDITOR))
    return client


def outcome(client: Client, table: str, **changed: str) -> int:
    """What is answered; what was kept is opened too, with the pages beside it."""
    response = client.post(LIST.format(table), {**FULL, **changed})
    if response.status_code == 302:
        for page in (response["Location"], f"/three_sites/{table}/", f"/three_sites/{table}/?format=csv"):
            shown = client.get(page)
            assert shown.status_code == 200, page
            if not shown.streaming:
                assert b"<script>alert(1)" not in shown.content
        return 302
    assert b"problem" in response.content, response.status_code
    return response.status_code


@pytest.mark.parametrize("table", ["streams", "needs"])
def test_what_is_written_is_kept_or_told(editor, table):
    answers = {text: outcome(editor, table, what=text) for text in TEXTS}
    assert set(answers.values()) <= {302, 422}, answers


@pytest.mark.parametrize("table", ["streams", "needs"])
def test_an_amount_is_read_or_told(editor, table):
    answers = {text: outcome(editor, table, amount=text) for text in AMOUNTS}
    assert set(answers.values()) <= {302, 422}, answers
    assert {text: answers[text] for text in ("-5", "1e400", "NaN", "inf", "", "🏭", "9" * 400)} == dict.fromkeys(
        ("-5", "1e400", "NaN", "inf", "", "🏭", "9" * 400), 422
    )
    assert answers["1 200,5"] == 302


@pytest.mark.parametrize("table", ["streams", "needs"])
@pytest.mark.parametrize("changed", OTHERS, ids=str)
def test_what_else_does_not_fit_is_told(editor, table, changed):
    assert outcome(editor, table, **changed) in (302, 422)


def test_the_same_form_sent_twice_makes_two_rows_with_keys_of_their_own(editor, register):
    assert [outcome(editor, "streams", what="Twice") for _ in range(2)] == [302, 302]
    keys = model("streams").objects.filter(register=register, name="Twice").values_list("stream", flat=True)
    assert len(set(keys)) == 2
