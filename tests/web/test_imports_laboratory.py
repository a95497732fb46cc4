"""Laboratory sheets: a component in each column becomes a row a result; signs, units, leaching, streams beside."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.laboratory import spread
from sivuvirta.web.imports.models import Does
from sivuvirta.web.imports.sheets import Percent, Sheet
from sivuvirta.web.registry.models import model

HEADINGS = ["Sivuvirta", "Näyte", "Päivä", "Cr (mg/kg)", "Ni, mg/kg", "TOC %", "Luokka", "Lähde"]
ROWS = [
    ["ash", "1", "13/05/2024", "12,5", "<2", "0,4", "A", "invented"],
    ["slag", "1", "03/05/2024", "", "7", "", "A", "invented"],
]


def sheet(*rows, name="Tulokset", lines=None) -> Sheet:
    return Sheet(name, [list(row) for row in rows], lines or list(range(1, len(rows) + 1)))


def results(found: Sheet) -> list[tuple]:
    head = found.rows[0]
    return [tuple(row[head.index(name)] for name in ("row", "component", "kind", "value", "unit")) for row in found.rows[1:]]


def test_each_result_that_is_there_is_a_row_with_the_line_that_it_stood_in():
    (found,) = spread([sheet(["Laboratory"], HEADINGS, *ROWS, lines=[1, 3, 4, 7])])
    assert (found.name, found.table) == ("Tulokset: analyses", "analyses")
    assert results(found) == [
        (4, "Cr_total", "total", "12,5", "mg/kg"),
        (4, "Ni", "total", "<2", "mg/kg"),
        (4, "TOC", "property", "0,4", "%"),
        (7, "Ni", "total", "7", "mg/kg"),
    ]


def test_signs_are_read_as_written_and_leaching_is_told_from_contents():
    """Co is cobalt and CO carbon monoxide; a unit that is not said is asked for, never taken for mg/kg."""
    (found,) = spread([sheet(["Stream", "Co", "CO mg/kg", "Ni leaching (mg/kg)", "nikkeli [mg/kg]"], ["ash", 1, 2, 3, 4])])
    assert results(found) == [
        (2, "Co", "total", 1, "?"),
        (2, "CO", "total", 2, "mg/kg"),
        (2, "Ni", "leaching", 3, "mg/kg"),
        (2, "Ni", "total", 4, "mg/kg"),
    ]


def test_units_of_a_row_below_and_shares_that_are_shown_in_per_cent():
    (found,) = spread([sheet(["Stream", "Cr", "LOI"], ["", "mg/kg", "%"], ["ash", 9.0, Percent(0.051)])])
    assert results(found) == [(3, "Cr_total", "total", 9.0, "mg/kg"), (3, "LOI", "property", 5.1, "%")]


def test_a_sheet_of_streams_stays_and_has_its_results_beside_it():
    own = sheet(["Stream name", "Site", "Material", "Moisture, %", "Cr mg/kg", "Ni mg/kg"], ["Ash 2", "mill", "ash.fly.wood", 1, 2, 3])
    first, second = spread([own])
    assert first is own
    assert second.rows[0][:2] == ["row", "stream"]
    assert second.rows[1][1] == "Ash 2"
    assert [each[1] for each in results(second)] == ["Cr_total", "Ni"]


@pytest.mark.parametrize(
    "rows",
    [
        [["stream", "component", "kind", "value"], ["ash", "Cr_total", "total", "1"]],
        [["stream", "name", "site", "material"], ["ash", "Ash", "mill", "ash.fly.wood"]],
        [["Stream", "Cr mg/kg"], ["ash", "1"]],
    ],
)
def test_other_sheets_stay_as_they_are(rows):
    own = sheet(*rows)
    assert list(spread([own])) == [own]


def test_a_sheet_of_a_laboratory_becomes_analyses(register, person, settings, tmp_path):
    """Dates with strokes are read with the day first, for 13/05 can be nothing else; <2 is a detection limit."""
    settings.MEDIA_ROOT = tmp_path
    text = "\n".join(";".join(row) for row in (HEADINGS, *ROWS))
    who = viewer(person("facilitator", Role.FACILITATOR))
    session = sessions.begin(register, who, SimpleUploadedFile("lab.csv", text.encode()))
    assert (session.found["cards"], session.found["columns"]) == ([], [])
    assert session.found["counts"]["add"] == 4
    sessions.start(session, Does.ACCEPT)
    rows = {(row.stream, row.component): row for row in model("analyses").objects.filter(source="invented", sampled__startswith="2024-05")}
    assert sorted(rows) == [("ash", "Cr_total"), ("ash", "Ni"), ("ash", "TOC"), ("slag", "Ni")]
    chromium, nickel, other = rows["ash", "Cr_total"], rows["ash", "Ni"], rows["slag", "Ni"]
    assert (chromium.value, chromium.unit, chromium.kind, chromium.sampled) == (12.5, "mg/kg", "total", "2024-05-13")
    assert (nickel.value, nickel.below, other.value, other.sampled) == (2.0, True, 7.0, "2024-05-03")
