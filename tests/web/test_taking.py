"""The register taken along: whole by a command, and by anybody as far as they see it."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pandas as pd
import pytest
from django.test import Client
from openpyxl import load_workbook

import sivuvirta as sv
from sivuvirta.errors import OptionError, ReadError
from sivuvirta.web import serving
from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.lists import packing, taking
from sivuvirta.web.registry.models import MODELS, Register, model
from sivuvirta.web.registry.writes.changing import change
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
TAKE = "/three_sites/-/take"
SAID = ("circle", "circles", "bands", "anonymous", "matched")


def row(register, key: str, table: str = "streams"):
    return model(table).objects.get(register=register, row_key=key)


def told(register, key: str, table: str = "streams", **values):
    found = row(register, key, table)
    return change(found, values, SYSTEM, found.version)


def taken(client) -> dict[str, list[dict[str, str]]]:
    """Tables of the package that somebody takes."""
    response = client.get(TAKE)
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name.removesuffix(".csv"): archive.read(name).decode() for name in archive.namelist() if name.endswith(".csv")}
        about = json.loads(archive.read("datapackage.json"))
    assert {each["name"] for each in about["resources"]} == set(texts)
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


def as_person(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["three_sites", "two_seasons", "kemi_tornio"])
@pytest.mark.parametrize("ending", ["", ".zip", ".xlsx"])
def test_what_is_exported_is_loaded_cell_for_cell(db, tmp_path, name, ending):
    region = sv.load(name)
    register = store(region, "test")
    counts = serving.export(name, tmp_path / f"out{ending}")
    back = sv.load(tmp_path / f"out{ending}")
    assert (back.name, back.title, back.vintage) == (region.name, region.title, region.vintage)
    filled = {table.name: len(table) for table in region.tables.values() if len(table)}
    assert counts == filled
    for table in filled:
        pd.testing.assert_frame_equal(region.tables[table].to_frame(), back.tables[table].to_frame())
    assert Entry.objects.get(register=register.slug, action="take").after == counts


def test_the_plan_of_what_is_exported_is_that_of_the_region(register, region, tmp_path):
    serving.export("three_sites", tmp_path / "out.zip")
    figures = [(plan.proven.benefit, plan.potential.benefit) for plan in (sv.plan(region), sv.plan(tmp_path / "out.zip"))]
    assert figures[0] == figures[1]


@pytest.mark.parametrize("ending", ["", ".zip", ".xlsx"])
def test_who_sees_what_is_exported_too(register, tmp_path, ending):
    told(register, "slag", circle=Level.PRIVATE, circles={"name": 2}, bands={"moisture": 2}, anonymous=2, matched=False, name="=1+1")
    serving.export("three_sites", tmp_path / f"out{ending}")
    Register.objects.filter(pk=register.pk).update(slug="before")
    back = store(sv.load(tmp_path / f"out{ending}"), "test")
    assert row(back, "slag").name == "=1+1"  # as it is: this file is for programs, and a workbook has types
    for named in MODELS.values():
        said = [
            {each.row_key: [getattr(each, part) for part in SAID] for each in named.objects.filter(register=one)}
            for one in (register, back)
        ]
        assert said[0] == said[1]


def test_nothing_is_overwritten_and_what_is_not_there_is_told(register, tmp_path):
    (tmp_path / "kept.zip").write_text("mine")
    for name, place, word in (
        ("three_sites", "kept.zip", "is there already"),
        ("nowhere", "out", "There are: three_sites"),
        ("three_sites", "out.ods", "not exported as .ods"),
        ("three_sites", "none/out.zip", "cannot be written"),
    ):
        with pytest.raises(OptionError, match=word):
            serving.export(name, tmp_path / place)
    assert [place.name for place in tmp_path.iterdir()] == ["kept.zip"]
    assert (tmp_path / "kept.zip").read_text() == "mine"


def test_a_text_that_no_spreadsheet_holds_is_told_not_cut(register, tmp_path):
    told(register, "slag", note="x" * 40_000)
    with pytest.raises(OptionError, match=r"40000 signs .* a folder or a \.zip"):
        serving.export("three_sites", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_visitor_takes_what_they_see(register, client, person):
    told(register, "slag", circle=Level.PRIVATE, name="Hush", anonymous=Level.PUBLIC)
    told(register, "ash", circles={"moisture": 0}, bands={"moisture": 3}, moisture=47.11)
    holder = row(register, "slag").holder
    own = {each["stream"]: each for each in taken(as_person(person("own", organisation=holder)))["streams"]}
    assert own["slag"]["name"] == "Hush"
    for who in (client, as_person(person("member")), as_person(person("facilitator", Role.FACILITATOR))):
        found = taken(who)
        streams = {each["stream"]: each for each in found["streams"]}
        assert "slag" not in streams
        assert streams["ash"]["moisture"] == ""
        assert streams["ash"]["name"]
        assert "visibility" not in found
        assert "Hush" not in str(found)
        assert "47.11" not in str(found)


def test_who_sees_what_is_told_of_one_s_own_rows_alone(register, person):
    told(register, "slag", circle=Level.MEMBERS)
    told(register, "ash", circle=Level.MEMBERS)
    holder = row(register, "slag").holder
    assert row(register, "ash").holder != holder
    found = taken(as_person(person("own", organisation=holder)))
    assert {each["key"] for each in found["visibility"] if each["table"] == "streams"} == {"slag"}


def test_no_spreadsheet_runs_what_somebody_takes(register, client):
    told(register, "slag", name='=HYPERLINK("http://x")')
    streams = {each["stream"]: each for each in taken(client)["streams"]}
    assert streams["slag"]["name"] == '\'=HYPERLINK("http://x")'


def test_a_workbook_has_no_formula(register, tmp_path):
    told(register, "slag", name="=1+1")
    serving.export("three_sites", tmp_path / "out.xlsx")
    cells = [each for line in load_workbook(tmp_path / "out.xlsx")["streams"].iter_rows() for each in line]
    assert {each.data_type for each in cells if each.value == "=1+1"} == {"s"}


def test_the_log_tells_who_took_how_much_and_who_saw_a_confidential_analysis(register, client, person):
    analysis = model("analyses").objects.filter(register=register, value__isnull=False).first()
    change(analysis, {"circle": Level.FACILITATORS}, SYSTEM, analysis.version)
    streams = len(taken(as_person(person("facilitator", Role.FACILITATOR)))["streams"])
    entry = Entry.objects.get(action="take")
    assert (entry.who, entry.register, entry.after["streams"]) == ("facilitator@example.org", "three_sites", streams)
    assert list(Entry.objects.filter(action="see").values_list("key", flat=True)) == [analysis.row_key]
    taken(client)
    assert list(Entry.objects.filter(action="take").order_by("pk").values_list("who", flat=True)) == ["facilitator@example.org", "visitor"]


def test_it_is_written_in_parts_with_as_many_questions(register, client, monkeypatch, django_assert_max_num_queries):
    whole = taken(client)
    monkeypatch.setattr(packing, "_CHUNK", 1)
    monkeypatch.setattr(taking, "_KEPT", 1)  # bytes: the file goes to the disk
    assert taken(client) == whole
    monkeypatch.undo()
    with django_assert_max_num_queries(2 * len(MODELS) + 6):
        client.get(TAKE)


def test_who_takes_it_too_often_waits(register, client, monkeypatch):
    monkeypatch.setattr(taking, "MOST", 0)
    refused = client.get(TAKE, REMOTE_ADDR="10.7.7.7")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert not Entry.objects.filter(action="take").exists()


def test_the_page_of_the_register_leads_there(register, client):
    assert f'href="{TAKE}"' in client.get("/three_sites/-/register/").content.decode()


@pytest.mark.parametrize("content", ["none", "two folders", "broken"])
def test_an_archive_that_holds_no_register_is_refused_in_words(tmp_path, content):
    place = tmp_path / "some.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name in {"none": ["a.txt"], "two folders": ["a/streams.csv", "b/sites.csv"], "broken": ["a.txt"]}[content]:
            archive.writestr(name, "x")
    if content == "broken":
        place.write_bytes(b"PK")
    with pytest.raises(ReadError, match={"none": "no table", "two folders": "several folders", "broken": "broken"}[content]):
        sv.load(place)


def test_names_of_an_archive_lead_nowhere(region, tmp_path):
    region.save(tmp_path / "package")
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for file in (tmp_path / "package").iterdir():
            archive.write(file, f"../../{file.name}")
    before = sorted(tmp_path.rglob("*"))
    assert sv.load(tmp_path / "some.zip").vintage == region.vintage
    assert sorted(tmp_path.rglob("*")) == before
