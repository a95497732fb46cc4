"""Pages of the register: what they show, to whom, and at what cost."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.seen.showing import rounded
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
STREAMS = "/three_sites/streams/"


def streams(register, count: int = 3):
    return list(model("streams").objects.filter(register=register)[:count])


def listed(register, who, **address):
    table = model("streams").schema
    return [row.stream for row in Listing(register, table, who, asked(table, address)).rows]


@pytest.mark.parametrize("address", ["/nowhere/", "/three_sites/nothing/", "/three_sites/visibility/", "/three_sites/streams/none/"])
def test_what_is_not_there_is_not_found(register, client, address):
    assert client.get(address).status_code == 404


def test_a_row_that_is_not_open_is_not_found_and_not_listed(register, client, person):
    stream = change(streams(register)[0], {"circle": Level.PRIVATE}, SYSTEM, 1)
    where = f"{STREAMS}{stream.stream}/"
    assert client.get(where).status_code == 404
    assert stream.name not in client.get(STREAMS).content.decode()
    facilitator, own = Client(), Client()
    facilitator.force_login(person("facilitator", Role.FACILITATOR))
    own.force_login(person("own", organisation=stream.holder))
    assert facilitator.get(where).status_code == 404
    assert own.get(where).status_code == 200


def test_a_hidden_value_is_told_as_hidden_and_stands_nowhere(register, client, person):
    stream = change(streams(register)[0], {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, 1)
    page = client.get(f"{STREAMS}{stream.stream}/").content.decode()
    sheet = client.get(f"{STREAMS}?columns=name,moisture").content.decode()
    assert "not open to you" in page
    assert "not open to you" in sheet
    for kind in ("csv", "xlsx"):
        file = client.get(f"{STREAMS}?format={kind}")
        content = b"".join(file.streaming_content) if file.streaming else file.content
        text = content.decode() if kind == "csv" else str([list(row) for row in load_workbook(io.BytesIO(content)).active.values])
        assert "47.11" not in text
        assert stream.stream in text
    assert "47.1" not in page + sheet


@pytest.mark.parametrize("question", [{"moisture.min": "40"}, {"moisture.max": "50"}, {"sort": "moisture"}, {"sort": "-moisture"}])
def test_no_filter_and_no_sort_tells_a_hidden_value(register, person, question):
    stream = change(streams(register)[0], {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, 1)
    own = viewer(person("own", organisation=stream.holder))
    assert stream.stream in listed(register, own, **question)
    assert stream.stream not in listed(register, VISITOR, **question)


def test_a_search_does_not_look_into_hidden_texts(register, person):
    stream = change(streams(register)[0], {"name": "Secret sludge", "circles": {"name": 0}}, SYSTEM, 1)
    assert listed(register, viewer(person("own", organisation=stream.holder)), q="secret") == [stream.stream]
    assert listed(register, VISITOR, q="secret") == []


def test_amounts_are_told_only_to_who_may_see_them(register, person):
    stream = streams(register)[0]
    amount = model("quantities").objects.get(
        register=register, table="streams", subject=stream.stream, vintage=register.vintage, period=None
    )
    change(amount, {"circle": Level.PRIVATE}, SYSTEM, 1)
    table = model("streams").schema
    own = viewer(person("own", organisation=stream.holder))
    told = [Listing(register, table, who, asked(table, {})).rows.get(pk=stream.pk).amount for who in (VISITOR, own)]
    assert told == [None, amount.value]


def test_what_a_list_is_asked_wrongly_is_told_and_left_out(register, client):
    table = model("streams").schema
    found = asked(table, {"moisture.min": "wet", "colour": "red", "sort": "smell", "page": "x"})
    assert len(found.faults) == 3
    assert (found.sort, found.page, dict(found.equal)) == ("", 1, {})
    assert "wet" in client.get(f"{STREAMS}?moisture.min=wet").content.decode()


def test_sorted_both_ways_with_the_unknown_last(register):
    up, down = listed(register, VISITOR, sort="moisture"), listed(register, VISITOR, sort="-moisture")
    value = dict(model("streams").objects.filter(register=register).values_list("stream", "moisture"))
    known = [value[key] for key in up if value[key] is not None]
    assert known == sorted(known)
    assert [value[key] for key in down if value[key] is not None] == sorted(known, reverse=True)
    assert all(value[key] is None for key in up[len(known) :])


def test_a_formula_in_a_text_is_not_run_by_a_spreadsheet(register, client):
    stream = change(streams(register)[0], {"note": "=1+1"}, SYSTEM, 1)
    text = b"".join(client.get(f"{STREAMS}?format=csv").streaming_content).decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{STREAMS}?format=xlsx").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert "'=1+1" in text
    assert [cell.data_type for cell in cells] == ["s"], stream


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (STREAMS, 10),
        (f"{STREAMS}?q=slag", 9),
        (f"{STREAMS}?hazardous=no", 10),
        (f"{STREAMS}?moisture.min=5&moisture.max=60", 10),
        (f"{STREAMS}?sort=-moisture", 10),
        (f"{STREAMS}?sort=-amount&amount.min=1", 10),
        ("/three_sites/needs/", 10),
        ("/three_sites/quantities/", 11),
        ("/three_sites/", 5),
        ("/three_sites/-/register/", 4),
    ],
)
def test_a_page_costs_the_same_queries_however_long(register, client, django_assert_max_num_queries, address, queries):
    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


def test_a_list_is_counted_and_turned_no_further_than_its_last_page(register, client, monkeypatch):
    monkeypatch.setattr("sivuvirta.web.registry.lists.listing.MOST", 3)
    monkeypatch.setattr("sivuvirta.web.registry.lists.listing.PAGE", 2)
    page = client.get("/three_sites/quantities/?page=9").content.decode()
    assert "of more than 3" in page
    assert "3–3" in page


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (1234567.0, "1,230,000"), (12.345, "12.3"), (0.01234, "0.0123"), (999.6, "1,000")])
def test_figures_have_three_digits(value, text):
    assert rounded(value) == text


def test_health_is_told_without_an_account(db, client):
    assert client.get("/-/health").json()["status"] == "ok"


def test_a_page_asks_no_other_server_and_runs_nothing_of_its_own(register, client):
    response = client.get(STREAMS)
    policy, page = response["Content-Security-Policy"], response.content.decode()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert all(part.startswith(" src=") for part in page.split("<script")[1:])
    assert "//" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_first_page_tells_each_what_to_do(client, register, person):
    visitor = client.get("/three_sites/").content.decode()
    assert "Log in to list a side stream" in visitor
    assert '<details class="fold"><summary>More of the register' in visitor
    client.force_login(person("facilitator", Role.FACILITATOR))
    assert '<a class="button" href="/three_sites/-/list/streams">List a side stream</a>' in client.get("/three_sites/").content.decode()
    client.force_login(person("member"))
    page = client.get("/three_sites/").content.decode()
    assert "See needs" in page
    assert "/-/list/streams" not in page
