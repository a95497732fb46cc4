"""Matching in the blind: what is told of pairs, to whom, and how often it may be asked."""

from __future__ import annotations

import pytest
from django.test import Client

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.matching import asking
from sivuvirta.web.matching.asking import NotAskedError
from sivuvirta.web.matching.candidates import candidates
from sivuvirta.web.matching.models import Question
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.writes.changing import RefusedError, add, change

SYSTEM = system("test")


@pytest.fixture
def ash(register):
    return model("streams").objects.get(register=register, stream="ash")


@pytest.fixture
def road(register):
    return model("needs").objects.get(register=register, need="road")


@pytest.fixture
def town(register, person):
    """A person of the town, whose the needs are."""
    return person("town", organisation=Organisations.objects.get(register=register, organisation="town"), place=Place.ADMIN)


def hide(register, table: str, **where) -> None:
    for row in model(table).objects.filter(register=register, **where):
        change(row, {"circle": Level.PRIVATE}, SYSTEM, row.version)


def unlist(row) -> None:
    change(row, {"circle": Level.PRIVATE, "anonymous": int(Level.MEMBERS)}, SYSTEM, row.version)
    row.refresh_from_db()


def found(own, who):
    return {each.key: each for each in candidates(own, who)}


def test_who_can_use_a_stream_is_told_from_what_is_seen(register, ash, road):
    told = found(ash, VISITOR)
    assert told["road"].answer["verdict"] == "fail"  # 16 mg/kg of cadmium against the town's 8
    assert "Exceeded: 2–5 times the limit." in " ".join(text for _, text in told["road"].reasons)
    assert not told["road"].may_ask


def test_a_hidden_figure_is_judged_by_its_band_and_only_when_asked(register, ash, road, town):
    hide(register, "analyses", stream="ash")
    who = viewer(town)
    before = found(road, who)["ash"]
    assert before.answer["verdict"] == "unknown"
    assert (before.may_ask, before.left, before.closed) == (True, 20, True)
    asking.ask(road, ash, who)
    after = found(road, who)["ash"]
    part = next(part for part in after.answer["parts"] if part["subject"] == "limit")
    assert after.answer["verdict"] == "fail"
    assert part["value"] is None
    assert part["over"] is None
    assert part["band"][0] < 16 <= part["band"][1]
    assert after.left == 19
    assert "16" not in "".join(text for _, text in after.reasons).replace(str(part["band"]), "")


def test_a_stream_that_takes_no_part_is_not_asked_about(register, ash, road, town):
    hide(register, "analyses", stream="ash")
    change(ash, {"matched": False}, SYSTEM, ash.version)
    ash.refresh_from_db()
    assert not found(road, viewer(town))["ash"].may_ask
    with pytest.raises(NotAskedError):
        asking.ask(road, ash, viewer(town))


@pytest.mark.parametrize("role", ["visitor", Role.MEMBER, Role.EXPERT])
def test_nobody_asks_for_a_need_that_is_not_theirs(register, ash, road, person, role):
    who = VISITOR if role == "visitor" else viewer(person("somebody", role))
    with pytest.raises(NotAskedError):
        asking.ask(road, ash, who)
    assert not Question.objects.exists()


def test_the_same_question_is_answered_as_before_and_twenty_others_a_month(register, ash, road, town, monkeypatch):
    hide(register, "analyses", stream="ash")
    who = viewer(town)
    monkeypatch.setattr(asking, "judged", lambda *_: {("ash", "road"): {"verdict": "unknown", "parts": []}})
    assert asking.ask(road, ash, who).pk == asking.ask(road, ash, who).pk
    for step in range(1, 20):
        road = change(road, {"moisture_max": float(step)}, SYSTEM, road.version)
        asking.ask(road, ash, who)
    assert asking.left(asking.asker(road, who), ash) == 0
    road = change(road, {"moisture_max": 50.0}, SYSTEM, road.version)
    with pytest.raises(NotAskedError, match="used up"):
        asking.ask(road, ash, who)
    road = change(road, {"moisture_max": 3.0}, SYSTEM, road.version)
    assert asking.ask(road, ash, who).answer["verdict"] == "unknown"  # asked before
    monkeypatch.setattr(asking, "_month", lambda: "2099-01")
    road = change(road, {"moisture_max": 60.0}, SYSTEM, road.version)
    assert asking.ask(road, ash, who).month == "2099-01"
    assert Question.objects.count() == 21


def test_an_anonymous_stream_is_shown_by_pseudonym_and_only_that(register, ash, road, town, person):
    hide(register, "analyses", stream="ash")
    hide(register, "quantities", subject="ash")
    unlist(ash)
    client = Client()
    client.force_login(town)
    name = pseudonym(ash, viewer(town))
    pages = [client.get(f"/three_sites/-/{page}").content.decode() for page in ("feeds/road", "listings/")]
    assert all(name in page for page in pages)
    assert not any(secret in page for page in pages for secret in ("Fly ash<", "mill", "Mill", "/ash"))
    answer = client.post("/three_sites/-/match", {"need": "road", "stream": f"{MARK}{name}"}, follow=True).content.decode()
    assert "in the band" in answer
    assert "mill" not in answer
    assert answer.count("km at most") == 1  # of the slag, which is named; a distance would tell where the ash is
    other = person("other", organisation=Organisations.objects.get(register=register, organisation="works_ltd"))
    assert pseudonym(ash, viewer(other)) != name
    assert pseudonym(ash, viewer(town)) == name


def test_a_pseudonym_of_another_circle_leads_nowhere(register, ash, town, person):
    unlist(ash)
    other = person("other", organisation=Organisations.objects.get(register=register, organisation="works_ltd"))
    client = Client()
    client.force_login(town)
    for name in (pseudonym(ash, viewer(other)), pseudonym(ash, VISITOR), "stream-aaaa-bbbb-cccc"):
        assert client.get(f"/three_sites/-/disclosures/ask/streams/{MARK}{name}").status_code == 404
        assert client.post("/three_sites/-/match", {"need": "road", "stream": f"{MARK}{name}"}).status_code == 404
    assert client.get("/three_sites/streams/ash/").status_code == 404


def test_the_owner_sees_each_question(register, ash, road, town, person):
    hide(register, "analyses", stream="ash")
    client = Client()
    client.force_login(town)
    client.post("/three_sites/-/match", {"need": "road", "stream": "ash"})
    client.force_login(person("owner", organisation=ash.holder))
    page = client.get("/three_sites/-/questions/").content.decode()
    assert "Town" in page
    assert "Fly ash" in page
    client.force_login(person("stranger"))
    assert "Fly ash" not in client.get("/three_sites/-/questions/").content.decode()


def test_an_unreviewed_limit_gives_no_verdict_on_what_is_hidden(register, ash, road, town):
    hide(register, "analyses", stream="ash")
    limit = model("limits").objects.get(register=register, limit="road_cd")
    change(limit, {"verified": False}, SYSTEM, limit.version)
    told = asking.ask(road, ash, viewer(town)).answer
    assert [part for part in told["parts"] if part["subject"] == "limit"] == []


def test_a_limit_of_ones_own_making_is_none(register, town):
    values = {"limit": "mine", "regulation": "x", "need": "road", "component": "Cd", "kind": "total", "comparator": "max", "value": 3.0}
    with pytest.raises(RefusedError):
        add(register, "limits", values, viewer(town))


@pytest.mark.parametrize("page", ["uses/ash", "feeds/road"])
def test_a_page_costs_the_same_queries_however_many_candidates(register, client, django_assert_max_num_queries, page):
    client.get(f"/three_sites/-/{page}")
    with django_assert_max_num_queries(45):
        assert client.get(f"/three_sites/-/{page}").status_code == 200
