"""The invented rows of the demo: what a visitor, a member, a facilitator and their holder see of them."""

from __future__ import annotations

import pytest
from django.test import Client

import sivuvirta as sv
from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.demonstration import invent
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.packages import store
from sivuvirta.web.registry.writes.snapshots import snapshot

STREAMS = {"demo_ash_facilitators", "demo_ash_bands", "demo_ash_nameless"}


@pytest.fixture
def demo(register, person):
    people = {"holder": person("holder"), "needing": person("needing"), "facilitator": person("facilitator", Role.FACILITATOR)}
    invent(register, people["holder"].email, people["needing"].email)
    invent(register, people["holder"].email, people["needing"].email)  # a second start adds nothing
    return people


def page(user, address: str) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(address)
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def test_each_sees_what_their_circle_may(register, demo):
    seen = {
        name: set(model("streams").objects.restrict(viewer(user)).filter(stream__startswith="demo").values_list("stream", flat=True))
        for name, user in demo.items()
    }
    assert seen == {"holder": STREAMS, "needing": {"demo_ash_bands"}, "facilitator": STREAMS - {"demo_ash_nameless"}}
    assert page(None, "/three_sites/streams/demo_ash_bands/") == "404"
    assert "20 to 50" in page(demo["needing"], "/three_sites/streams/demo_ash_bands/")  # 27 % in the grid of 1, 2, 5
    assert "2,000 to 5,000" in page(demo["needing"], "/three_sites/streams/demo_ash_bands/")  # 3 400 t/a
    assert "3,400" in page(demo["holder"], "/three_sites/streams/demo_ash_bands/")
    nameless = page(demo["needing"], "/three_sites/-/listings/")
    assert "5,000 to 10,000" in nameless  # 7 100 t/a
    assert "demo_ash_nameless" not in nameless
    assert "7,100" not in nameless


def test_who_looks_for_something_asks_in_the_blind(register, demo):
    feeds = page(demo["needing"], "/three_sites/-/feeds/demo_need")
    assert "Fly ash with figures as bands (invented)" in feeds
    assert "listed without its name" in feeds
    assert "Ask, figures stay hidden" in feeds
    assert "demo_ash_nameless" not in feeds
    assert "demo_ash_facilitators" not in feeds


def test_every_row_says_that_it_is_invented(register, demo):
    names = [*model("streams").objects.filter(stream__startswith="demo").values_list("name", flat=True)]
    names += model("organisations").objects.filter(organisation__startswith="demo").values_list("name", flat=True)
    assert len(names) == 5
    assert all("invented" in name for name in names)


@pytest.mark.parametrize("name", ["three_sites", "kemi_tornio"])
def test_what_everybody_sees_is_the_region_and_the_source_that_says_so(db, person, name):
    register = store(sv.load(name), "test")
    before = snapshot(register, Level.PUBLIC).frames
    invent(register, person("holder").email, person("needing").email)
    after = snapshot(register, Level.PUBLIC).frames
    assert {table: len(frame) for table, frame in after.items()} == {
        table: len(frame) + (table == "sources") for table, frame in before.items()
    }
