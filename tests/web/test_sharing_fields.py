"""Who sees single fields: chosen on the page of a row and for several rows at once, told as a band, kept, logged and taken along."""

from __future__ import annotations

import csv
import io
from zipfile import ZipFile

import pytest
from django.test import Client

import sivuvirta as sv
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import VISITOR, Viewer, system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.lists.packing import exported
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.changing import change
from sivuvirta.web.registry.writes.fields import AS_THE_ROW, NOBODY, bandable, choosable, chosen, follows
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
MEMBERS = Viewer("somebody", floor=Level.MEMBERS)
WHERE = "/three_sites/-/share/streams/ash"


@pytest.fixture
def ash(register):
    stream = model("streams").objects.get(register=register, stream="ash")
    return change(stream, {"moisture": 27.5, "moisture_low": 21.5, "moisture_high": 33.5, "note": "a secret"}, SYSTEM, stream.version)


@pytest.fixture
def editor(ash, person):
    return person("editor", organisation=ash.holder, place=Place.EDITOR)


@pytest.fixture
def logged(editor):
    client = Client()
    client.force_login(editor)
    return client


def sent(row, **told) -> dict[str, str]:
    return {"circle": str(int(row.circle)), "matched": "on", "version": str(row.version), **{k: str(v) for k, v in told.items()}}


def now(row):
    return type(row).objects.get(pk=row.pk)


def test_a_field_is_closed_and_told_as_a_band(ash, logged, client, person):
    assert ash.circle == Level.PUBLIC
    kept = logged.post(WHERE, sent(ash, seen_moisture=1, band_moisture=2, seen_note=0))
    assert kept.status_code == 302
    row = now(ash)
    assert row.circles == {"moisture": 1, "moisture_low": 1, "moisture_high": 1, "note": 0}  # the range is closed with its figure
    assert row.bands == {"moisture": 2}
    told = row.shown_to(MEMBERS)
    assert not {"moisture", "moisture_low", "moisture_high", "note"} & told.keys()
    client.force_login(person("m"))
    page = client.get("/three_sites/streams/ash/").content.decode()
    assert "20 to 50" in page
    assert not any(secret in page for secret in ("27.5", "21.5", "33.5", "a secret"))
    visitor = Client().get("/three_sites/streams/ash/").content.decode()
    assert "20 to 50" not in visitor


def test_what_is_not_sent_stays_and_as_the_row_opens_again(ash, logged):
    row = change(ash, {"circles": {"moisture": 0, "note": 1}, "bands": {"moisture": 2}}, SYSTEM, ash.version)
    assert logged.post(WHERE, sent(row)).status_code == 302
    assert (now(row).circles, now(row).bands) == ({"moisture": 0, "note": 1, "moisture_low": 0, "moisture_high": 0}, {"moisture": 2})
    row = now(row)
    opened = {f"seen_{name}": AS_THE_ROW for name in ("moisture", "moisture_low", "moisture_high")}
    assert logged.post(WHERE, sent(row, **opened, band_moisture=NOBODY)).status_code == 302
    assert (now(row).circles, now(row).bands) == ({"note": 1}, {})


def test_a_field_may_be_opened_to_more_than_the_row(ash, logged):
    logged.post(WHERE, sent(ash, circle=0, seen_material=2))
    row = now(ash)
    assert (row.circle, row.circles, row.widest) == (Level.PRIVATE, {"material": 2}, 2)
    assert row.shown_to(MEMBERS) == {"material": ash.material}
    assert not model("streams").objects.filter(pk=row.pk).restrict(VISITOR).exists()


def test_a_field_is_looked_at_before_it_is_kept(ash, logged):
    asked = sent(ash, seen_moisture=0, band_moisture=2, preview=2)
    page = logged.post(WHERE, asked)
    assert page.status_code == 200
    told = page.context["shown"]
    cell = next(each for each in told.known if each.column.name == "moisture")
    assert (cell.own.text, cell.theirs.text, told.level) == ("27.5", "20 to 50", 2)
    assert now(ash).circles == {}  # nothing was kept
    others = logged.post(WHERE, {**asked, "preview": "3"}).context["shown"]
    assert next(each for each in others.known if each.column.name == "moisture").theirs.hidden
    assert not logged.post(WHERE, sent(ash, circle=1, preview=2)).context["shown"].there


def test_the_second_of_two_people_is_told_and_shown_what_stands_now(ash, logged):
    change(ash, {"circles": {"note": 0}}, SYSTEM, ash.version)
    page = logged.post(WHERE, sent(ash, seen_moisture=0))
    assert page.status_code == 422
    assert now(ash).circles == {"note": 0}
    assert page.context["form"]["seen_note"].value() == 0
    assert page.context["version"] == ash.version + 1


def test_it_stands_in_the_log_and_in_the_history_of_who_may_see_the_field(ash, logged, person):
    logged.post(WHERE, sent(ash, seen_moisture=1, seen_note=0, band_moisture=2))
    entry = Entry.objects.filter(table="streams", key="ash", action="change").first()
    assert entry.before["circles"] == {}
    assert entry.after["circles"]["note"] == 0
    assert entry.after["bands"] == {"moisture": 2}
    page = logged.get("/three_sites/streams/ash/").content.decode()
    assert "Moisture is seen by: facilitators and authorities" in page
    assert "The band of Moisture is told to: members" in page
    assert "Remarks is seen by: our organisation" in page
    facilitator = Client()
    facilitator.force_login(person("f", Role.FACILITATOR))
    assert "Remarks is seen by" not in facilitator.get("/three_sites/streams/ash/").content.decode()


@pytest.mark.parametrize("told", [{"seen_moisture": 7}, {"seen_moisture": "x"}, {"band_moisture": 0}, {"circle": 9}])
def test_a_level_that_is_none_is_refused(ash, logged, told):
    assert logged.post(WHERE, sent(ash, **told)).status_code == 422
    assert now(ash).version == ash.version


def test_key_and_ranges_and_places_have_no_band(register):
    streams, sites, amounts = (model(name).schema for name in ("streams", "sites", "quantities"))
    assert "stream" not in [column.name for column in choosable(streams)]
    assert {each.name for each in streams.columns.values() if bandable(streams, each)} == {
        *("moisture", "temperature", "grain_min", "grain_max", "gate_price"),
    }
    assert {each.name for each in sites.columns.values() if bandable(sites, each)} == {"access_km", "capacity"}
    assert follows(amounts) == {"low": "value", "high": "value", "reported_value": "value"}
    assert [each.name for each in amounts.columns.values() if bandable(amounts, each)] == ["value"]


def test_a_range_is_never_shown_to_more_than_its_figure(register):
    amount = model("quantities").objects.filter(register=register, table="streams").first()
    found = chosen(amount, 2, {"value": 0, "low": 3}, {})
    assert found["circles"] == {"value": 0, "low": 0, "high": 0, "reported_value": 0}
    assert chosen(amount, 2, {"low": 0}, {})["circles"] == {"low": 0}  # less than the figure is well


def test_amounts_and_analyses_are_led_to(ash, logged):
    page = logged.get(WHERE)
    named = {part.schema.name for part, _called in page.context["parts"]}
    assert named == {"quantities", "analyses"}
    where = next(part for part, _called in page.context["parts"] if part.schema.name == "analyses")
    assert f"/-/share/analyses/{where.row_key}" in page.content.decode()
    assert logged.post(f"/three_sites/-/share/analyses/{where.row_key}", sent(where, circle=0, band_value=2)).status_code == 302
    assert (now(where).circle, now(where).bands) == (Level.PRIVATE, {"value": 2})


def bulk(client, rows, **told):
    return client.post("/three_sites/streams/-/bulk", {"row": [f"{each.pk}:{each.version}" for each in rows], "column": "fields", **told})


@pytest.fixture
def two(ash, register):
    other = model("streams").objects.create(
        register=register, stream="ash_two", site=ash.site, material=ash.material, circle=3, holder=ash.holder
    )
    return [ash, other]


def test_fields_of_several_rows_are_set_at_once(two, logged):
    assert b'name="field" value="moisture"' in bulk(logged, two).content
    assert bulk(logged, two, field=["moisture", "note"], seen="1", band="2").status_code == 302
    for row in map(now, two):
        assert row.circles == {"moisture": 1, "moisture_low": 1, "moisture_high": 1, "note": 1}
        assert row.bands == {"moisture": 2}  # a note is no figure
    assert bulk(logged, list(map(now, two)), field="note", seen="-1").status_code == 302
    assert [now(row).circles for row in two] == [{"moisture": 1, "moisture_low": 1, "moisture_high": 1}] * 2


def test_all_or_none_of_several_rows_are_set(two, logged, person):
    change(two[1], {"note": "newer"}, SYSTEM, two[1].version)
    assert bulk(logged, two, field="note", seen="0").status_code == 422  # the second was changed after it was chosen
    assert [now(row).circles for row in two] == [{}, {}]
    row = change(two[0], {"circles": {"note": 0}}, SYSTEM, two[0].version)
    facilitator = Client()
    facilitator.force_login(person("f", Role.FACILITATOR))
    page = bulk(facilitator, [row], field="note", seen="3")
    assert page.status_code == 422
    assert "This column of it is not open to you." in page.content.decode()


def test_nobody_opens_fields_of_an_organisation_with_an_admin(two, person):
    person("admin", organisation=two[0].holder, place=Place.ADMIN)
    closed = change(two[0], {"circles": {"note": 1}}, SYSTEM, two[0].version)
    facilitator = Client()
    facilitator.force_login(person("f", Role.FACILITATOR))
    assert bulk(facilitator, [closed], field="note", seen="3").status_code == 422
    assert now(closed).circles == {"note": 1}


def test_it_comes_back_with_its_package(register, ash, logged, tmp_path):
    logged.post(WHERE, sent(ash, seen_moisture=1, band_moisture=2, seen_note=0))
    exported(register, SYSTEM, tmp_path / "three_sites.zip")
    read = sv.load(tmp_path / "three_sites.zip")
    register.slug = "before"
    register.save()
    back = model("streams").objects.get(register=store(read, "test"), stream="ash")
    assert (back.circles, back.bands) == (now(ash).circles, {"moisture": 2})


def test_who_takes_the_register_gets_the_levels_of_their_own_fields_alone(register, ash, logged):
    logged.post(WHERE, sent(ash, seen_moisture=1, seen_note=0))
    own = _taken(logged)
    about = {"table": "streams", "key": "ash", "column": "note", "level": "private"}
    assert {**about, "band": "", "anonymous": "", "matched": "", "unconfirmed": ""} in own
    assert _taken(Client()) == []


def _taken(client) -> list[dict[str, str]]:
    with ZipFile(io.BytesIO(client.get("/three_sites/-/take").content)) as box:
        if "visibility.csv" not in box.namelist():
            return []
        return list(csv.DictReader(box.read("visibility.csv").decode().splitlines()))


def test_the_page_costs_the_same_queries(ash, logged, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        assert logged.get(WHERE).status_code == 200
