"""Meters: what each missing fact would bring, by the eyes of who looks."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.test import Client

import sivuvirta as sv
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.models import State
from sivuvirta.web.jobs.running import run
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.measured import Measure, Measuring
from sivuvirta.web.registry.meters.meters import measures, meter
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.changing import change
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
STREAMS = "/three_sites/streams/"


@pytest.fixture
def streams(register):
    return list(model("streams").objects.filter(register=register).select_related("holder", "register"))


def work() -> list[Measuring]:
    jobs = list(Measuring.objects.filter(state=State.WAITING).order_by("pk"))
    for job in jobs:
        run(Measuring, job.pk, lambda hold: nullcontext())
    return [Measuring.objects.get(pk=job.pk) for job in jobs]


def page_of(register, who):
    table = model("streams").schema
    return list(Listing(register, table, who, asked(table, {})).page().object_list)


def metered(register, key, who):
    rows = [row for row in page_of(register, who) if row.stream == key]
    return meter(rows[0], who, measures(register, rows, who))


def test_streams_are_measured_in_the_background(client, register, streams):
    keys = [each.stream for each in streams]
    assert client.post(f"{STREAMS}-/measure", {"row": keys}).status_code == 204
    assert client.post(f"{STREAMS}-/measure", {"row": keys}).status_code == 204
    assert Measuring.objects.count() == 1  # one at once for each circle of people
    (job,) = work()
    assert (job.state, job.error, set(job.keys)) == (State.DONE, "", set(keys))
    assert {(each.key, each.scope) for each in Measure.objects.all()} == {(key, "level 3") for key in keys}
    client.post(f"{STREAMS}-/measure", {"row": keys})
    assert Measuring.objects.count() == 1  # nothing changed since


def test_what_is_missing_decides_needs_and_is_told(db, client):
    register = store(sv.load("kemi_tornio"), "test")
    client.post("/kemi_tornio/streams/-/measure", {"row": [row.stream for row in page_of(register, VISITOR)]})
    (job,) = work()
    assert job.error == ""
    found = [each for each in Measure.objects.all() if each.found]
    best = found[0].found[0]
    assert best["waits"] >= max(best["alone"], 1)
    assert [(one["alone"], one["waits"]) for one in found[0].found] == sorted(
        ((one["alone"], one["waits"]) for one in found[0].found), reverse=True
    )
    page = client.get(f"/kemi_tornio/streams/{found[0].key}/").content.decode()
    assert "What more would bring" in page
    assert best["name"] in page
    assert best["name"] in client.get("/kemi_tornio/streams/").content.decode()


def test_what_the_circle_does_not_see_is_not_counted(register, streams, person):
    for need in model("needs").objects.filter(register=register):
        change(need, {"circle": Level.PRIVATE}, SYSTEM, need.version)
    client = Client()
    client.post(f"{STREAMS}-/measure", {"row": [streams[0].stream]})
    (job,) = work()
    assert job.error == ""
    assert (job.state, Measure.objects.get().found) == (State.DONE, [])
    assert metered(register, streams[0].stream, VISITOR).missing == ()


def test_own_people_look_at_their_stream_whole_and_others_do_not(register, streams, person):
    stream = change(streams[0], {"circle": Level.PRIVATE}, SYSTEM, streams[0].version)
    own, facilitator = Client(), Client()
    user = person("own", organisation=stream.holder, place=Place.EDITOR)
    own.force_login(user)
    facilitator.force_login(person("facilitator", Role.FACILITATOR))
    facilitator.post(f"{STREAMS}-/measure", {"row": [stream.stream]})
    assert not Measuring.objects.exists()  # they do not see it
    own.post(f"{STREAMS}-/measure", {"row": [stream.stream]})
    (job,) = work()
    assert (job.scope, job.state) == (f"own {stream.holder_id}", State.DONE)
    assert metered(register, stream.stream, viewer(user)).measured
    assert client_sees_no_meter(stream)


def client_sees_no_meter(stream) -> bool:
    return Client().get(f"{STREAMS}-/meter/{stream.stream}").status_code == 404


def test_a_fact_that_becomes_known_fills_the_meter(register, streams):
    stream = change(streams[0], {"low_code": None, "grain_max": None}, SYSTEM, streams[0].version)
    before = metered(register, stream.stream, VISITOR)
    change(stream, {"low_code": "10 02 01"}, SYSTEM, stream.version)
    after = metered(register, stream.stream, VISITOR)
    assert "List of Waste code" in before.unknown
    assert (after.known, after.all) == (before.known + 1, before.all)


def test_a_hidden_cell_counts_by_whether_it_says_anything_alone(register, streams):
    stream = change(streams[0], {"hazardous": "unknown", "circles": {"hazardous": 0}}, SYSTEM, streams[0].version)
    hidden = metered(register, stream.stream, VISITOR)
    change(stream, {"hazardous": "yes"}, SYSTEM, stream.version)
    assert metered(register, stream.stream, VISITOR).known == hidden.known


def test_a_register_with_problems_fails_in_words_and_is_not_asked_again(client, register, streams):
    site = model("sites").objects.get(register=register, site=streams[0].site)
    model("sites").objects.filter(pk=site.pk).update(lat=900.0)
    client.post(f"{STREAMS}-/measure", {"row": [streams[0].stream]})
    (job,) = work()
    assert job.state == State.FAILED
    assert job.error
    client.post(f"{STREAMS}-/measure", {"row": [streams[0].stream]})
    assert Measuring.objects.count() == 1


def test_a_list_with_meters_costs_the_same_queries_however_long(client, register, streams, django_assert_max_num_queries):
    client.post(f"{STREAMS}-/measure", {"row": [each.stream for each in streams]})
    work()
    with django_assert_max_num_queries(10):
        assert "facts that the engine asks for" in client.get(STREAMS).content.decode()


def test_a_need_has_a_meter_without_the_engine(client, register):
    assert "facts that the engine asks for" in client.get("/three_sites/needs/").content.decode()
    assert client.post("/three_sites/needs/-/measure", {"row": ["x"]}).status_code == 204
    assert client.post("/three_sites/sites/-/measure", {"row": ["x"]}).status_code == 404
