"""Workbooks as people keep them: titles, groups of headings, units in cells, sums at the end; and words in the reader's language."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.sheets import read

SLAG = "slag.ferrochrome.air_cooled"


@pytest.fixture
def facilitator(register, person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return person("facilitator", Role.FACILITATOR)


@pytest.fixture
def sent(register, facilitator):
    def send(*rows, merged=""):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        if merged:
            book.active.merge_cells(merged)
        into = io.BytesIO()
        book.save(into)
        return sessions.begin(register, viewer(facilitator), SimpleUploadedFile("messy.xlsx", into.getvalue()))

    return send


def added(session, table):
    """New rows of a table, as they would be written."""
    lines = (json.loads(text) for text in (session.difference / "add.jsonl").read_text(encoding="utf-8").splitlines())
    return [after for name, _key, _version, _before, after in lines if name == table]


def test_a_finnish_list_with_a_title_units_in_cells_and_a_sum(sent):
    session = sent(
        ["Tornion tehdas – sivuvirtaluettelo 2024"],
        [],
        ["Sivuvirta", None, "Materiaali", "Määrä [t/v]", "Kosteus (%)", "Näyttöluokka", "Lähde", "Tehdas"],
        ["Kuona A", None, SLAG, "12 500,5", "8,5 %", "B", "invented", "works"],
        ["Kuona B", None, SLAG, "1\u00a0200", "12 %", "B", "invented", "works"],
        ["Yhteensä", None, None, "13 700,5"],
        merged="A1:F1",
    )
    assert (session.found["errors"], session.found["ready"]) == (0, True)
    assert [(row["name"], row["moisture"], row["grade"]) for row in added(session, "streams")] == [
        ("Kuona A", 8.5, "B"),
        ("Kuona B", 12, "B"),
    ]
    assert [(row["reported_value"], row["reported_unit"]) for row in added(session, "quantities")] == [(12500.5, "t/v"), (1200, "t/v")]
    (left_out,) = [each for each in session.found["warnings"] if each["message"].startswith("'Yhteensä'")]
    assert left_out["line"] == 6


def test_headings_in_two_rows_of_which_the_upper_names_groups(sent):
    session = sent(
        ["Sivuvirta", None, "Määrä", None, "Laatu", None, "Muuta", None],
        ["Nimi", "Materiaali", "2024, t/a", "Perusta", "Kosteus", "Näyttö", "Tehdas", "Lähde"],
        ["Kuona C", SLAG, 100, "kuiva", "5,5", "B", "works", "invented"],
    )
    assert session.found["errors"] == 0
    (row,) = added(session, "quantities")
    assert (row["value"], row["grade"]) == (100, "B")


def test_units_that_differ_from_cell_to_cell_go_with_their_figures(sent):
    session = sent(
        ["Name", "Site", "Material", "Amount", "Moisture", "Grade", "Source"],
        ["Slag A", "works", SLAG, "1 200 t", "10 %", "B", "invented"],
        ["Slag B", "works", SLAG, "2,3 kt", "about 12 %", "B", "invented"],
    )
    (card,) = session.found["cards"]
    assert (card["letter"], card["line"], card["text"]) == ("E", 3, "about 12 %")
    sessions.correct(session, [{"sheet": "Sheet", "line": 3, "column": 4, "now": "12"}])
    assert session.found["errors"] == 0
    assert [(row["reported_value"], row["reported_unit"]) for row in added(session, "quantities")] == [(1200, "t"), (2.3, "kt")]
    assert [row["moisture"] for row in added(session, "streams")] == [10, 12]


@pytest.mark.parametrize(
    ("headings", "amount", "reported"),
    [
        (["Restflöde", "Anläggning", "Material", "Mängd (ton/år)", "Fukthalt, %", "Farligt avfall", "Grad", "Källa"], "1 250,5", 1250.5),
        (["Corriente", "Planta", "Material", "Cantidad [t/año]", "Humedad (%)", "Peligroso", "Grado", "Fuente"], "1.250,5", 1250.5),
    ],
)
def test_swedish_and_spanish_lists(sent, headings, amount, reported):
    session = sent(headings, ["Slagg", "works", SLAG, amount, "8,5", "no" if "Planta" in headings else "nej", "B", "invented"])
    assert session.found["errors"] == 0
    assert (added(session, "quantities")[0]["reported_value"], added(session, "streams")[0]["hazardous"]) == (reported, "no")


def test_a_total_of_its_own_name_is_a_row_where_it_says_more_than_figures(sent):
    session = sent(["Name", "Site", "Material", "Grade", "Source"], ["Total", "works", SLAG, "B", "invented"])
    assert [row["name"] for row in added(session, "streams")] == ["Total"]


def test_what_a_mill_reads_is_in_its_language_and_names_no_raw_column(sent, facilitator, register):
    facilitator.language = "fi"
    facilitator.save(update_fields=["language"])
    session = sent(
        ["Sivuvirta", "Tehdas", "Materiaali", "Kosteus, %"], ["Kuona", "works", "kuonaa", "130"], ["Tuhka", "works", SLAG, "noin 5 %"]
    )
    client = Client()
    client.force_login(facilitator)
    page = client.get(f"/three_sites/-/imports/{session.pk}/").content.decode()
    assert "Arvoa ”kuonaa” ei ole kohdassa" in page
    assert "”noin 5 %” ei ole luku." in page
    assert "130 % on suurempi kuin 99.9." in page
    assert "Anna enintään 99.9." in page
    assert '<option value="streams.moisture" title="moisture:' in page
    assert ">Kosteus [%]</option>" in page
    assert '<option value="streams" title="streams" selected>Virrat<' in page
    for sentence in ("is no number", "is above", "Give 100", "is neither", "is not in"):
        assert sentence not in page


def test_a_workbook_tells_how_far_its_reading_is(tmp_path):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Second")):
        for number in range(2500):
            sheet.append(["text", number])
    book.save(tmp_path / "rows.xlsx")
    told = []
    read("xlsx", tmp_path / "rows.xlsx", "rows.xlsx", lambda share, _text, **_: told.append(round(share, 3)))
    assert told == [0.03, 0.06, 0.105, 0.135]


def test_what_a_bad_cell_may_be_meant_to_say_stands_in_its_field(facilitator, sent):
    session = sent(["Nimi", "Sijainti", "Materiaali", "Kosteus %"], ["Tuhka", "wroks", SLAG, "noin 12,5"], ["Kuona", "works", SLAG, "wet"])
    client = Client()
    client.force_login(facilitator)
    page = client.get(f"/three_sites/-/imports/{session.pk}/").content.decode()
    offered = re.findall(r'name="was" value="([^"]*)">\s*<label[^>]*>[^<]*</label><input[^>]* name="now" value="([^"]*)"', page)
    assert set(offered) == {("wroks", "works"), ("noin 12,5", "12,5"), ("wet", "wet")}


def test_a_column_that_a_sheet_lacks_is_told_once_and_at_no_cell(facilitator, sent):
    session = sent(["Virta", "Aine", "Tulos", "Yksikkö"], ["ash", "As", "3", "mg/kg"], ["ash", "Cd", "1", "mg/kg"])
    assert session.maps["Sheet"]["table"] == "analyses"
    lacking = {each["column"]: each["count"] for each in session.found["columns"]}
    assert lacking["kind"] == 2
    assert not any(card["name"] == "kind" for card in session.found["cards"])
