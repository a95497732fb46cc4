"""Disclosure: asked for, given for a purpose and a time or refused, seen for as long, logged; the gate alone honours it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.models import Membership, Place, Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.disclosure import asking
from sivuvirta.web.disclosure.asking import Asked, NotGivenError
from sivuvirta.web.disclosure.models import Disclosure, State
from sivuvirta.web.disclosure.waiting import _found
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.writes.changing import change
from sivuvirta.web.registry.writes.snapshots import snapshot

SYSTEM = system("test")


def soon(days: int = 30) -> date:
    return timezone.now().date() + timedelta(days=days)


@pytest.fixture
def ash(register):
    stream = model("streams").objects.get(register=register, stream="ash")
    for row in model("analyses").objects.filter(register=register, stream="ash"):
        change(row, {"circle": Level.PRIVATE}, SYSTEM, row.version)
    return change(stream, {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, stream.version)


@pytest.fixture
def admin(ash, person):
    return person("admin", organisation=ash.holder, place=Place.ADMIN)


@pytest.fixture
def asker(register, person):
    return person("asker", organisation=Organisations.objects.get(register=register, organisation="town"), place=Place.MEMBER)


def request(ash, asker, scopes=("row", "analyses"), **how) -> Disclosure:
    return asking.ask(ash, Asked(scopes, how.pop("purpose", "to plan a road"), how.pop("until", soon()), **how), viewer(asker))


def moisture(ash, user):
    return model("streams").objects.restrict(viewer(user)).get(pk=ash.pk).shown_to(viewer(user)).get("moisture")


def analyses(register, user) -> int:
    return model("analyses").objects.filter(register=register, stream="ash").restrict(viewer(user)).count()


def test_what_is_given_is_seen_until_its_last_day(register, ash, admin, asker, monkeypatch):
    made = request(ash, asker)
    assert (moisture(ash, asker), analyses(register, asker)) == (None, 0)
    asking.give(made, soon(10), viewer(admin))
    assert (moisture(ash, asker), analyses(register, asker)) == (47.11, 1)
    made.refresh_from_db()
    assert made.until == soon(10)
    Disclosure.objects.update(until=soon(-1))
    assert (moisture(ash, asker), analyses(register, asker)) == (None, 0)
    made.refresh_from_db()
    assert made.expired


def test_what_is_given_can_be_filtered_and_exported_and_nobody_else_sees_it(register, ash, admin, asker, person):
    asking.give(request(ash, asker), soon(), viewer(admin))
    table = model("streams").schema
    found = {
        name: [row.stream for row in Listing(register, table, who, asked(table, {"moisture.min": "40"})).rows]
        for name, who in (("asker", viewer(asker)), ("visitor", VISITOR), ("facilitator", viewer(person("f", Role.FACILITATOR))))
    }
    assert found == {"asker": ["ash"], "visitor": [], "facilitator": []}
    client = Client()
    client.force_login(asker)
    assert "47.11" in b"".join(client.get("/three_sites/streams/?format=csv").streaming_content).decode()
    assert snapshot(register, Level.MEMBERS).frames["streams"].set_index("stream")["moisture"].isna()["ash"]


def test_it_is_revoked_at_any_time(register, ash, admin, asker):
    made = request(ash, asker)
    asking.give(made, soon(), viewer(admin))
    asking.revoke(made, "the deal is off", viewer(admin))
    assert (moisture(ash, asker), analyses(register, asker)) == (None, 0)
    with pytest.raises(NotGivenError, match="meanwhile"):
        asking.revoke(made, "again", viewer(admin))


def test_every_step_stands_in_the_log(ash, admin, asker):
    made = request(ash, asker)
    asking.give(made, soon(), viewer(admin))
    asking.revoke(made, "over", viewer(admin))
    other = request(ash, asker)
    asking.refuse(other, "a secret", viewer(admin))
    steps = [(entry.action, entry.who) for entry in Entry.objects.filter(table="streams", key="ash").order_by("pk")][1:]
    assert steps == [
        ("ask disclosure", asker.email),
        ("disclose", admin.email),
        ("revoke disclosure", admin.email),
        ("ask disclosure", asker.email),
        ("refuse disclosure", admin.email),
    ]


def test_an_amount_is_given_alone(register, ash, admin, asker):
    amount = model("quantities").objects.get(register=register, table="streams", subject="ash")
    change(amount, {"circle": Level.PRIVATE}, SYSTEM, amount.version)
    asking.give(request(ash, asker, scopes=("amounts",)), soon(), viewer(admin))
    assert model("quantities").objects.filter(pk=amount.pk).restrict(viewer(asker)).exists()
    assert (moisture(ash, asker), analyses(register, asker)) == (None, 0)


def test_one_column_is_given_alone(register, ash, admin, asker):
    change(ash, {"circles": {"moisture": 0, "note": 0}, "note": "secret"}, SYSTEM, ash.version)
    asking.give(request(ash, asker, scopes=(), column="moisture"), soon(), viewer(admin))
    told = model("streams").objects.get(pk=ash.pk).shown_to(viewer(asker))
    assert told["moisture"] == 47.11
    assert "note" not in told
    assert analyses(register, asker) == 0


def test_to_an_organisation_all_its_people_see_it_and_who_leaves_does_not(register, ash, admin, asker, person):
    town = Organisations.objects.get(register=register, organisation="town")
    colleague = person("colleague", organisation=town)
    made = request(ash, asker, organisation=town.pk)
    asking.give(made, soon(), viewer(admin))
    assert [moisture(ash, each) for each in (asker, colleague)] == [47.11, 47.11]
    Membership.objects.filter(user=asker).delete()
    assert [moisture(ash, each) for each in (asker, colleague)] == [None, 47.11]


def test_what_another_organisation_holds_now_is_given_no_more(register, ash, admin, asker):
    asking.give(request(ash, asker), soon(), viewer(admin))
    change(ash, {"organisation": "works_ltd"}, SYSTEM, ash.version)
    assert moisture(ash, asker) is None


def test_what_is_added_later_is_not_given(register, ash, admin, asker):
    asking.give(request(ash, asker), soon(), viewer(admin))
    row = model("analyses").objects.get(register=register, stream="ash")
    row.pk, row.sample = None, "2"
    row.save()
    assert analyses(register, asker) == 1


def test_only_an_admin_of_the_holder_decides(ash, asker, person):
    made = request(ash, asker)
    others = [
        person("member", organisation=ash.holder),
        person("editor", organisation=ash.holder, place=Place.EDITOR),
        person("root", Role.ADMINISTRATOR),
        person("f", Role.FACILITATOR),
        asker,
    ]
    for user in others:
        with pytest.raises(NotGivenError, match="Only an admin"):
            asking.give(made, soon(), viewer(user))
    assert Disclosure.objects.get().state == State.ASKED


@pytest.mark.parametrize("until", [-1, 731])
def test_it_is_asked_and_given_for_a_time_that_can_be_looked_over(ash, admin, asker, until):
    with pytest.raises(NotGivenError, match="last day"):
        request(ash, asker, until=soon(until))
    made = request(ash, asker, until=soon(5))
    with pytest.raises(NotGivenError, match="as long as was asked"):
        asking.give(made, soon(6), viewer(admin))


def test_what_cannot_be_asked(ash, admin, asker):
    with pytest.raises(NotGivenError, match="what for"):
        request(ash, asker, purpose=" ")
    with pytest.raises(NotGivenError, match="an organisation of yours"):
        request(ash, asker, organisation=ash.holder_id)
    with pytest.raises(NotGivenError, match="your own organisation's"):
        request(ash, admin)
    request(ash, asker)
    with pytest.raises(NotGivenError, match="already"):
        request(ash, asker)
    with pytest.raises(NotGivenError, match="Say why"):
        asking.refuse(Disclosure.objects.get(), "", viewer(admin))


def test_an_anonymous_stream_is_asked_for_by_its_pseudonym_and_named_when_given(register, ash, admin, asker):
    ash = change(ash, {"circle": Level.PRIVATE, "anonymous": int(Level.MEMBERS)}, SYSTEM, ash.version)
    client, name = Client(), pseudonym(ash, viewer(asker))
    client.force_login(asker)
    where = f"/three_sites/-/disclosures/ask/streams/{MARK}{name}"
    assert "Fly ash" not in client.get(where).content.decode()
    sent = client.post(where, {"scopes": ["row"], "purpose": "to plan", "until": soon().isoformat(), "organisation": ""}, follow=True)
    page = sent.content.decode()
    assert name in page
    assert not any(secret in page for secret in ("Fly ash", "Mill", "/ash"))
    made = Disclosure.objects.get()
    client.force_login(admin)
    client.post(f"/three_sites/-/disclosures/{made.pk}/", {"give": "", "until": soon().isoformat()})
    client.force_login(asker)
    assert "Fly ash" in client.get("/three_sites/-/disclosures/").content.decode()
    assert client.get("/three_sites/streams/ash/").status_code == 200


def test_a_request_is_found_by_its_two_sides_alone(ash, admin, asker, person):
    made = request(ash, asker)
    client = Client()
    for name, role in (("m", Role.MEMBER), ("f", Role.FACILITATOR), ("r", Role.ADMINISTRATOR)):
        client.force_login(person(name, role))
        assert client.post(f"/three_sites/-/disclosures/{made.pk}/", {"give": ""}).status_code == 404
        assert "to plan a road" not in client.get("/three_sites/-/disclosures/").content.decode()
    client.force_login(admin)
    assert "to plan a road" in client.get("/three_sites/-/disclosures/").content.decode()
    assert client.post(f"/three_sites/-/disclosures/{made.pk}/", {}).status_code == 404


def test_who_looked_at_a_confidential_analysis_is_told_to_its_owner(register, ash, admin, asker):
    asking.give(request(ash, asker), soon(), viewer(admin))
    key = model("analyses").objects.get(register=register, stream="ash").row_key
    client = Client()
    client.force_login(asker)
    for address in (f"/three_sites/analyses/{key}/", "/three_sites/analyses/", "/three_sites/analyses/?format=xlsx"):
        assert client.get(address).status_code == 200
    client.force_login(admin)
    client.get(f"/three_sites/analyses/{key}/")
    assert [(entry.who, entry.key) for entry in Entry.objects.filter(action="see")] == [(asker.email, key)]  # once a day
    assert f"{asker.email}: {key}" in client.get("/three_sites/-/disclosures/").content.decode()


def test_an_open_analysis_is_looked_at_unnoted(register, asker):
    client = Client()
    client.force_login(asker)
    assert client.get("/three_sites/analyses/").status_code == 200
    assert not Entry.objects.filter(action="see").exists()


def test_the_holder_says_who_sees_a_row_and_how(register, ash, admin, person):
    client = Client()
    client.force_login(admin)
    sent = {"circle": "0", "anonymous": "2", "matched": "on", "version": str(ash.version)}
    assert client.post("/three_sites/-/share/streams/ash", sent).status_code == 302
    ash.refresh_from_db()
    assert (ash.circle, ash.anonymous, ash.matched) == (Level.PRIVATE, Level.MEMBERS, True)
    assert client.post("/three_sites/-/share/streams/ash", sent).status_code == 422  # an old version
    for user in (person("f", Role.FACILITATOR), person("member", organisation=ash.holder)):
        client.force_login(user)
        assert client.get("/three_sites/-/share/streams/ash").status_code == 404


def test_an_amount_is_shown_as_a_band(register, ash, asker, client):
    amount = model("quantities").objects.get(register=register, table="streams", subject="ash")
    change(amount, {"value": 3210.0, "circle": Level.PRIVATE, "bands": {"value": int(Level.MEMBERS)}}, SYSTEM, amount.version)
    where = "/three_sites/streams/ash/"
    assert "2,000 to 5,000" not in client.get(where).content.decode()
    client.force_login(asker)
    page = client.get(where).content.decode()
    assert "2,000 to 5,000" in page
    assert "3,210" not in page
    table = model("streams").schema
    found = Listing(register, table, viewer(asker), asked(table, {"amount.min": "1"})).rows
    assert "ash" not in [row.stream for row in found]
    assert not model("quantities").objects.filter(pk=amount.pk).restrict(viewer(asker)).exists()


def test_history_tells_no_facilitator_what_is_closed_to_them(register, ash, person):
    change(ash, {"moisture": 48.22}, SYSTEM, ash.version)
    client = Client()
    client.force_login(person("f", Role.FACILITATOR))
    page = client.get("/three_sites/streams/ash/").content.decode()
    assert "History" in page
    assert not any(secret in page for secret in ("47.11", "48.22"))


def test_the_pages_cost_the_same_queries(register, ash, admin, asker, django_assert_max_num_queries):
    request(ash, asker)
    client = Client()
    client.force_login(admin)
    with django_assert_max_num_queries(20):
        assert client.get("/three_sites/-/disclosures/").status_code == 200


def test_who_can_answer_is_told_in_the_menu_and_by_a_letter(ash, admin, asker, mailoutbox, django_assert_num_queries):
    admin.language = "fi"
    admin.save()
    client = Client()
    client.force_login(asker)
    told = {"scopes": ["row"], "purpose": "to plan a road", "until": soon().isoformat(), "for": ""}
    assert client.post("/three_sites/-/disclosures/ask/streams/ash", told).status_code == 302
    [letter] = mailoutbox
    assert letter.to == [admin.email]
    assert "/three_sites/-/disclosures/" in letter.body
    assert letter.subject == "Tietopyyntö odottaa vastaustasi"
    assert not any(text in letter.body + letter.subject for text in ("47", str(ash), "ash", asker.email, "road"))
    leader = Client()
    leader.force_login(admin)
    page = leader.get("/three_sites/").content.decode()
    assert '<a href="/three_sites/-/disclosures/">Pyynnöt <span class="waiting">1</span></a>' in page
    assert 'class="waiting"' not in client.get("/three_sites/").content.decode()
    with django_assert_num_queries(1):
        assert [each["count"] for each in _found(admin.pk)] == [1]
    asking.give(Disclosure.objects.get(), soon(), viewer(admin))
    assert 'class="waiting"' not in leader.get("/three_sites/").content.decode()


def test_what_is_asked_for_is_told_in_words(ash, admin, asker):
    request(ash, asker)
    client = Client()
    for user in (admin, asker):
        client.force_login(user)
        assert " · all that the row says" in client.get("/three_sites/-/disclosures/").content.decode()
