"""What is entered for an organisation by who looks after the region: marked, told, confirmed or taken out by the organisation."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sivuvirta.web.accounts.invitations import Offer, invite, token
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, Line, write
from sivuvirta.web.registry.writes.changing import ConflictError, OpenedError, RefusedError, add, change
from sivuvirta.web.registry.writes.confirming import confirm, entered

SYSTEM = system("test")
STREAM = {"name": "Dust", "site": "mill", "material": "slag.ferrochrome.air_cooled"}
SAID = "not confirmed by the organisation"


@pytest.fixture
def mill(register):
    return Organisations.objects.get(register=register, organisation="mill_ltd")


@pytest.fixture
def facilitator(person):
    return person("facilitator", Role.FACILITATOR)


@pytest.fixture
def dust(register, facilitator):
    return add(register, "streams", {"stream": "dust", **STREAM}, viewer(facilitator), Level.PUBLIC)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_a_facilitator_enters_for_an_organisation_is_marked_on_the_row_in_lists_and_in_the_log(register, mill, dust, client):
    assert (dust.holder, dust.unconfirmed) == (mill, True)
    assert SAID in client.get("/three_sites/streams/dust/").content.decode()
    assert client.get("/three_sites/streams/").content.decode().count("not confirmed</small>") == 1
    assert Entry.objects.get(action="add", key="dust").after["unconfirmed"] is True


@pytest.mark.parametrize("who", ["editor", "system"])
def test_what_the_organisation_or_the_platform_itself_enters_is_not(register, mill, person, who):
    by = SYSTEM if who == "system" else viewer(person("editor", organisation=mill, place=Place.EDITOR))
    row = add(register, "streams", {"stream": "dust", **STREAM}, by)
    assert not row.unconfirmed
    assert "unconfirmed" not in Entry.objects.get(action="add", key="dust").after


def test_a_row_of_nobody_is_nobody_s_to_confirm(register, facilitator):
    row = add(register, "components", {"component": "xyz", "kind": "element", "unit": "mg/kg", "name_en": "X"}, viewer(facilitator))
    assert (row.holder, row.unconfirmed) == (None, False)


def test_a_change_by_a_facilitator_marks_a_row_and_a_change_by_its_own_people_confirms_it(register, mill, facilitator, person):
    row = model("streams").objects.get(register=register, stream="ash")
    assert row.holder == mill
    row = change(row, {"name": "Other"}, viewer(facilitator), row.version)
    assert row.unconfirmed
    assert Entry.objects.filter(action="change", key="ash").first().after == {"name": "Other", "unconfirmed": True}
    row = change(row, {"name": "Ours"}, viewer(person("editor", organisation=mill, place=Place.EDITOR)), row.version)
    assert not row.unconfirmed
    assert Entry.objects.filter(action="change", key="ash").first().after == {"name": "Ours", "unconfirmed": False}


def test_many_rows_at_once_are_marked_as_single_ones_are(register, mill, facilitator, person):
    ash = model("streams").objects.get(register=register, stream="ash")
    lines = [
        Line(ADD, "streams", "dust", 0, {}, {"stream": "dust", **STREAM}),
        Line(CHANGE, "streams", "ash", ash.version, {"name": ash.name}, {"name": "Other"}),
    ]
    write(register, lines, viewer(facilitator))
    rows = model("streams").objects.filter(register=register, unconfirmed=True)
    assert sorted(rows.values_list("stream", flat=True)) == ["ash", "dust"]
    assert [each.after["unconfirmed"] for each in Entry.objects.filter(action__in=("add", "change"))] == [True, True]
    own = viewer(person("editor", organisation=mill, place=Place.EDITOR))
    write(register, [Line(CHANGE, "streams", "dust", 1, {"name": "Dust"}, {"name": "Ours"})], own)
    assert list(rows.values_list("stream", flat=True)) == ["ash"]


def test_the_first_admin_is_led_to_what_was_entered_and_confirms_or_takes_it_out(register, mill, facilitator, dust, person):
    spare = add(register, "streams", {"stream": "spare", **STREAM}, viewer(facilitator))
    made = invite(facilitator, Offer("first@example.org", organisation=mill, place=Place.ADMIN), lambda found: found)
    admin = person("first")
    inside = browser(admin)
    led = inside.post(f"/-/invitation/{token(made)}")
    assert led["Location"] == "/three_sites/-/entered/"
    page = inside.get(led["Location"]).content.decode()
    assert page.count('name="row"') == 2
    inside.post(led["Location"], {"row": f"streams:{dust.pk}:1", "confirm": ""})
    inside.post(led["Location"], {"row": f"streams:{spare.pk}:1", "out": ""})
    assert list(model("streams").objects.filter(stream__in=("dust", "spare")).values_list("stream", "unconfirmed")) == [("dust", False)]
    assert SAID not in Client().get("/three_sites/streams/dust/").content.decode()
    assert Entry.objects.get(action="confirm").who == "first@example.org"
    assert "confirmed" in inside.get("/three_sites/streams/dust/").content.decode()


def test_nobody_confirms_for_others_and_nothing_that_changed_unseen(register, mill, facilitator, dust, person):
    with pytest.raises(RefusedError):
        confirm(dust, viewer(facilitator), 1)
    other = Organisations.objects.get(register=register, organisation="works_ltd")
    stranger = person("stranger", organisation=other, place=Place.ADMIN)
    browser(stranger).post("/three_sites/-/entered/", {"row": f"streams:{dust.pk}:1", "confirm": ""})
    assert list(entered(register, viewer(stranger), 9)) == []
    assert model("streams").objects.get(pk=dust.pk).unconfirmed
    change(dust, {"name": "Later"}, viewer(facilitator), 1)
    with pytest.raises(ConflictError):
        confirm(dust, viewer(person("own", organisation=mill, place=Place.ADMIN)), 1)


def test_of_an_organisation_with_an_admin_a_facilitator_reads_and_opens_nothing_that_is_private(register, mill, facilitator, person):
    own = viewer(person("own", organisation=mill, place=Place.ADMIN))
    hidden = add(register, "streams", {"stream": "dust", **STREAM}, own, Level.PRIVATE)
    half = add(register, "streams", {"stream": "half", **STREAM, "moisture": 47.11, "circles": {"moisture": 0}}, own, Level.PUBLIC)
    by = viewer(facilitator)
    rows = model("streams").objects
    assert not rows.filter(pk=hidden.pk).restrict(by).exists()
    assert "moisture" not in rows.get(pk=half.pk).shown_to(by)
    with pytest.raises(RefusedError):
        change(hidden, {"name": "x"}, by, 1)
    with pytest.raises(OpenedError):
        change(half, {"circles": {}}, by, 1)
    assert not rows.filter(pk=hidden.pk).restrict(VISITOR).exists()


def test_what_belongs_to_a_row_is_confirmed_and_taken_out_with_it(register, mill, facilitator, dust, person):
    by, inside = viewer(facilitator), browser(person("own", organisation=mill, place=Place.EDITOR))
    spare = add(register, "streams", {"stream": "spare", **STREAM}, by, Level.PUBLIC)
    for row in (dust, spare):
        told = {"table": "streams", "subject": row.stream, "vintage": register.vintage, "value": 5.0, "grade": "C"}
        add(register, "quantities", told, by, Level.PUBLIC)
    page = inside.get("/three_sites/-/entered/").content.decode()
    first, second = re.findall(r'name="row" value="(streams:\d+:\d+ quantities:\d+:\d+)"', page)
    assert inside.post("/three_sites/-/entered/", {"row": first, "confirm": ""}, follow=True).content.decode().count('name="row"') == 1
    assert "2 rows are taken out" in inside.post("/three_sites/-/entered/", {"row": second, "out": ""}, follow=True).content.decode()
    assert not model("quantities").objects.filter(register=register, subject="spare").exists()
    assert list(model("quantities").objects.filter(register=register, subject="dust").values_list("unconfirmed", flat=True)) == [False]


def test_what_waits_is_told_where_its_people_begin(register, mill, dust, person):
    inside = browser(person("own", organisation=mill, place=Place.EDITOR))
    stranger = browser(
        person("stranger", organisation=Organisations.objects.get(register=register, organisation="works_ltd"), place=Place.ADMIN)
    )
    told = '<span class="waiting">1</span>'
    assert told in inside.get("/three_sites/").content.decode()
    assert "to put back" in inside.get("/three_sites/-/register/").content.decode()
    assert told not in stranger.get("/three_sites/").content.decode()
    assert told not in Client().get("/three_sites/").content.decode()
    assert "/-/entered/" not in Client().get("/three_sites/-/register/").content.decode()
