"""Lists: columns that people choose, views that they keep, and a change of several rows at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, SavedView, model
from sivuvirta.web.registry.seen.histories import history
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
STREAMS, BULK, VIEWS = "/three_sites/streams/", "/three_sites/streams/-/bulk", "/three_sites/streams/-/views"


@pytest.fixture
def streams(register):
    return list(model("streams").objects.filter(register=register).select_related("holder", "register"))


@pytest.fixture
def facilitator(person) -> Client:
    client = Client()
    client.force_login(person("facilitator", Role.FACILITATOR))
    return client


def chosen(rows) -> list[str]:
    return [f"{row.pk}:{row.version}" for row in rows]


def moistures(register) -> dict[str, float | None]:
    return dict(model("streams").objects.filter(register=register).values_list("stream", "moisture"))


def test_heads_and_forms_speak_the_words_of_people(facilitator, register):
    page = facilitator.get(f"{STREAMS}?columns=name&columns=low_code").content.decode()
    form = facilitator.get(f"{STREAMS}-/add").content.decode()
    assert "List of Waste code" in page
    assert ">low_code<" not in page
    assert "Where it arises" in form
    wrong = facilitator.post(f"{STREAMS}-/add", {"stream": "new", "name": "New", "site": "nowhere", "material": "slag"}).content.decode()
    assert "among the sites of this register" in wrong
    assert "frame" not in wrong


def test_chosen_columns_are_shown_in_their_order(client, register):
    page = client.get(f"{STREAMS}?columns=material&columns=name").content.decode()
    heads = page.split("<thead>")[1].split("</thead>")[0]
    assert heads.index("Material") < heads.index("Name")
    assert "Where it arises" not in heads


def test_a_view_is_kept_shared_and_opened(facilitator, register, streams, person):
    own, colleague, stranger = Client(), Client(), Client()
    maker = person("maker", organisation=streams[0].holder)
    other = Organisations.objects.filter(register=register).exclude(pk=streams[0].holder_id).first()
    own.force_login(maker)
    colleague.force_login(person("colleague", organisation=streams[0].holder))
    stranger.force_login(person("stranger", organisation=other))
    kept = own.post(
        VIEWS, {"name": "Wet ones", "query": "moisture.min=5&sort=-moisture&page=3&evil=1", "organisation": streams[0].holder_id}
    )
    view = SavedView.objects.get()
    assert kept["Location"] == f"{STREAMS}?moisture.min=5&sort=-moisture"
    assert (view.query, view.organisation, view.owner) == ("moisture.min=5&sort=-moisture", streams[0].holder, maker)
    assert "Wet ones" in own.get(STREAMS).content.decode()
    assert "Wet ones" in colleague.get(STREAMS).content.decode()
    assert "Wet ones" not in stranger.get(STREAMS).content.decode()
    assert stranger.post(f"{VIEWS}/{view.pk}/remove").status_code == 404
    colleague.post(f"{VIEWS}/{view.pk}/remove")
    assert SavedView.objects.exists()  # a member of the organisation reads it
    own.post(VIEWS, {"name": "Wet ones", "query": "moisture.min=9", "organisation": other.pk})
    assert own.post(VIEWS, {"name": "Wet ones", "query": "moisture.min=9", "organisation": "9" * 5000}).status_code == 302
    assert [(each.query, each.organisation) for each in SavedView.objects.all()] == [
        ("moisture.min=9", None)
    ]  # shared with their own alone
    own.post(f"{VIEWS}/{view.pk}/remove")
    assert not SavedView.objects.exists()


def test_a_shared_view_tells_nobody_what_they_may_not_see(register, streams, person):
    stream = change(streams[0], {"moisture": 47.11, "circle": Level.MEMBERS, "circles": {"moisture": 0}}, SYSTEM, streams[0].version)
    owner, guest = Client(), Client()
    owner.force_login(person("owner", organisation=stream.holder))
    seat = person("guest", Role.MEMBER)
    guest.force_login(seat)
    owner.post(VIEWS, {"name": "Wet", "query": "moisture.min=40", "organisation": stream.holder_id})
    view = SavedView.objects.get()
    SavedView.objects.filter(pk=view.pk).update(owner=seat)  # whoever opens it: it is asked by their own eyes
    address = f"{STREAMS}?{view.query}"
    assert f"{STREAMS}{stream.stream}/" in owner.get(address).content.decode()
    page = guest.get(address).content.decode()
    assert f"{STREAMS}{stream.stream}/" not in page
    assert "47.1" not in page


def test_a_view_without_a_name_or_one_too_many_is_not_kept(facilitator, register):
    facilitator.post(VIEWS, {"name": " ", "query": "sort=name"})
    assert not SavedView.objects.exists()
    facilitator.post(VIEWS, {"name": "Long", "query": "q=" + "x" * 3000})
    assert not SavedView.objects.exists()


def test_one_column_is_set_for_all_chosen_rows(facilitator, register, streams):
    before = moistures(register)
    asked = facilitator.post(BULK, {"row": chosen(streams[:2])})
    assert asked.status_code == 200
    assert "Change 2 rows" in asked.content.decode()
    facilitator.post(BULK, {"row": chosen(streams[:2]), "column": "moisture", "value": "12,5"})
    now = moistures(register)
    assert [now[each.stream] for each in streams[:2]] == [12.5, 12.5]
    assert {key: now[key] for key in now if key not in {each.stream for each in streams[:2]}} == {
        key: before[key] for key in before if key not in {each.stream for each in streams[:2]}
    }
    assert Entry.objects.filter(action="change").count() == 2


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_kept(facilitator, register, streams):
    before = moistures(register)
    response = facilitator.post(BULK, {"row": chosen(streams), "column": "moisture", "value": "wet"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count('class="problem"') == len(streams) == 2
    assert moistures(register) == before


def test_a_row_that_somebody_else_changed_stops_all(facilitator, register, streams):
    told = chosen(streams[:2])
    change(streams[1], {"name": "Renamed"}, SYSTEM, streams[1].version)
    response = facilitator.post(BULK, {"row": told, "column": "moisture", "value": "33"})
    assert response.status_code == 422
    assert response.content.decode().count("Somebody else changed it") == 1
    assert 33.0 not in moistures(register).values()


def test_rows_of_others_and_hidden_columns_are_not_set(register, streams, person):
    editor, other = Client(), next(each for each in streams if each.holder_id != streams[0].holder_id)
    editor.force_login(person("editor", organisation=streams[0].holder, place=Place.EDITOR))
    editor.post(BULK, {"row": chosen([streams[0], other]), "column": "moisture", "value": "21"})
    now = moistures(register)
    assert (now[streams[0].stream], now[other.stream] == 21.0) == (21.0, False)
    facilitator, hidden = Client(), change(other, {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, other.version)
    facilitator.force_login(person("facilitator", Role.FACILITATOR))
    response = facilitator.post(BULK, {"row": chosen([hidden]), "column": "moisture", "value": "21"})
    assert "not open to you" in response.content.decode()
    assert moistures(register)[other.stream] == 47.11


def test_who_sees_several_rows_is_set_by_a_word(facilitator, register, streams):
    facilitator.post(BULK, {"row": chosen(streams[:2]), "column": "circle", "value": "members"})
    assert {row.circle for row in model("streams").objects.filter(pk__in=[each.pk for each in streams[:2]])} == {Level.MEMBERS}
    assert (
        facilitator.post(
            BULK, {"row": chosen(model("streams").objects.filter(register=register)), "column": "circle", "value": "nobody"}
        ).status_code
        == 422
    )


def test_who_may_set_nothing_is_refused(register, streams, person):
    member = Client()
    member.force_login(person("member", organisation=streams[0].holder))
    assert member.post(BULK, {"row": chosen(streams[:1]), "column": "moisture", "value": "1"}).status_code == 403


def test_a_key_that_others_name_stays(facilitator, register, streams):
    row = streams[0]
    told = {"stream": "another", "name": row.name, "site": row.site, "material": row.material, "version": "1", "circle": "3"}
    response = facilitator.post(f"{STREAMS}-/change/{row.stream}", told)
    assert response.status_code == 422
    assert "named by other rows" in response.content.decode()
    assert model("streams").objects.get(pk=row.pk).stream == row.stream


def test_what_depends_on_a_row_is_told_without_what_is_hidden(facilitator, register, streams):
    amounts = model("quantities").objects.filter(register=register, table="streams", subject=streams[0].stream)
    for amount in amounts:
        change(amount, {"circle": Level.PRIVATE}, SYSTEM, 1)
    page = facilitator.get(f"{STREAMS}-/remove/{streams[0].stream}").content.decode()
    assert "Other rows that are not open to you" in page
    assert ">Quantities</a>" not in page
    refused = facilitator.post(f"{STREAMS}-/remove/{streams[0].stream}")
    assert refused.status_code == 422
    assert f"by {len(amounts)} " not in refused.content.decode()


def test_history_leaves_out_what_is_hidden_now(facilitator, streams):
    stream = change(streams[0], {"moisture": 47.11}, SYSTEM, streams[0].version)
    shown = facilitator.get(f"{STREAMS}{stream.stream}/").content.decode()
    change(stream, {"circles": {"moisture": 0}}, SYSTEM, stream.version)
    hidden = facilitator.get(f"{STREAMS}{stream.stream}/").content.decode()
    assert "47.1" in shown
    assert "47.1" not in hidden


def test_history_tells_figures_with_units_and_choices_in_words(register, streams):
    now = change(streams[0], {"moisture": 12.5, "legal_status": "by_product"}, SYSTEM, streams[0].version)
    change(now, {"moisture": None, "legal_status": "end_of_waste"}, SYSTEM, now.version)
    with override("fi"):
        (newest, before, *_others), _older = history(register, type(now).objects.get(pk=now.pk), SYSTEM)
    assert {(line.before, line.after) for line in newest.lines} == {("12,5\xa0%", ""), ("sivutuote", "ei enää jätettä")}
    assert [line.after for line in before.lines] == ["12,5\xa0%"]


@pytest.mark.parametrize("typed", ["masuuni", "masugn", "escoria", "slag"])
def test_references_are_found_in_four_languages(client, register, typed):
    assert "<option" in client.get(f"/three_sites/streams/-/pick/material?material={typed}").content.decode()


def test_references_tell_no_hidden_name(client, register, streams):
    site = model("sites").objects.get(register=register, site=streams[0].site)
    change(site, {"name": "Secret yard", "circles": {"name": 0}}, SYSTEM, site.version)
    assert "<option" not in client.get("/three_sites/streams/-/pick/site?site=secret").content.decode()
    assert "Secret" not in client.get(f"/three_sites/streams/-/pick/site?site={site.site}").content.decode()
    assert client.get("/three_sites/streams/-/pick/name?name=x").status_code == 404


def test_every_shelf_can_be_reached(client, register):
    page = client.get("/three_sites/-/register/").content.decode()
    tables = ("streams", "needs", "organisations", "sites", "analyses", "plants", "technologies", "products", "exchanges")
    assert all(f'href="/three_sites/{table}/"' in page for table in tables)
    assert 'href="/-/account/"' in page


def test_the_base_map_reaches_no_further_than_what_is_seen(client, register):
    wide = client.get("/three_sites/-/basemap.json").json()["limits"]
    for site in model("sites").objects.filter(register=register):
        change(site, {"circle": Level.PRIVATE}, SYSTEM, site.version)
    hidden = client.get("/three_sites/-/basemap.json").json()["limits"]
    assert wide != hidden
    assert hidden == [19.0, 63.5, 31.0, 70.2]  # all that is stored
