"""Guessing: headings in four languages, units in them, tables by their sheets."""

from __future__ import annotations

import pytest

from sivuvirta.tables.headings import choice_words, column_headings, folded, table_headings
from sivuvirta.tables.schema import region_tables, schema
from sivuvirta.web.imports.guessing import guess, headings, meaning, parts
from sivuvirta.web.imports.sheets import Sheet

SHEETS = {
    "en": (["Side stream", "Mill", "Material", "Moisture, %", "Amount (kt/a)", "Waste code", "Remarks"], "Side streams"),
    "fi": (["Sivuvirta", "Tehdas", "Materiaali", "Kosteus %", "Määrä [kt/v]", "Jätekoodi", "Huomautus"], "Sivuvirrat"),
    "sv": (["Sidoström", "Bruk", "Material", "Fukthalt (%)", "Mängd, kt/a", "Avfallskod", "Anmärkning"], "Sidoströmmar"),
    "es": (["Corriente", "Planta", "Material", "Humedad %", "Cantidad (kt/a)", "Código LER", "Observaciones"], "Subproductos"),
}
WANTED = (
    "streams.name", "streams.site", "streams.material", "streams.moisture", "quantities.reported_value", "streams.low_code", "streams.note",
)  # fmt: skip


def sheet(*rows, name="Sheet1") -> Sheet:
    return Sheet(name, [list(row) for row in rows], list(range(1, len(rows) + 1)))


@pytest.mark.parametrize("language", list(SHEETS))
@pytest.mark.parametrize("named", [True, False])
def test_a_sheet_of_streams_is_understood_in_each_language(language, named):
    headings, name = SHEETS[language]
    found = guess(sheet(headings, ["a", "b", "c", 1, 2, "", ""], name=name if named else "Sheet1"))
    assert (found.table, found.targets) == ("streams", WANTED)
    assert found.units[3] == "%"
    assert found.units[4] in ("kt/a", "kt/v")


def test_a_laboratory_sheet_is_understood():
    found = guess(
        sheet(["Virran tunnus", "Alkuaine", "Laji", "Pitoisuus (mg/kg)", "Näyte", "Pvm"], ["ash", "Cd", "total", "0,5", "1", "13.5.2024"])
    )
    assert found.table == "analyses"
    columns = ["stream", "component", "kind", "value", "sample", "sampled"]
    assert found.targets == tuple(f"analyses.{name}" for name in columns)
    assert found.units[3] == "mg/kg"


def test_headings_below_a_title_and_units_in_a_row_of_their_own():
    found = guess(
        sheet(["Register of side streams 2024"], [], ["Name", "Site", "Material", "Moisture"], ["", "", "", "%"], ["a", "b", "c", 3])
    )
    assert (found.table, found.head, found.units_row, found.units) == ("streams", 2, True, ("", "", "", "%"))


def test_a_slip_of_the_pen_is_understood_and_nonsense_is_left_out():
    assert meaning("streams", "Moistrue content")[0] == "moisture"
    assert meaning("streams", "Väri")[0] == ""
    assert guess(sheet(["Väri", "Sävy"], ["a", "b"])).table == ""


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Määrä (kt/a)", ("Määrä", "kt/a")),
        ("Price [€/t]", ("Price", "€/t")),
        ("Site (main)", ("Site (main)", "")),
        ("Area a", ("Area a", "")),
    ],
)
def test_units_of_headings(heading, wanted):
    assert parts(heading) == wanted


def test_every_word_stands_for_something_of_the_schema():
    for table in region_tables():
        assert set(column_headings(table).values()) <= set(schema()[table].columns)
        assert all(column_headings(table)[folded(name)] == name for name in schema()[table].columns)
    assert set(table_headings().values()) <= set(schema())
    choices = {choice for table in schema().values() for column in table.columns.values() for choice in column.choices} | {"yes", "no"}
    assert {choice for found in choice_words().values() for choice in found} <= choices


def test_headings_in_two_rows_of_which_some_stand_in_the_upper_one_alone():
    kept = sheet(
        ["Works Ltd, side streams"],
        ["Sivuvirta", "", "Materiaali", "Sijainti", "Määrä", "", "Kosteus (%)"],
        ["Tunnus", "Nimi", "", "", "2024, kt/a", "Kuiva vai märkä", ""],
        ["a1", "Tuhka", "tuhka", "works", "1,2", "märkä", 20],
        ["a2", "", "tuhka", "works", "", "märkä", 20],
    )
    found = guess(kept)
    assert (found.table, found.head) == ("streams", 2)
    columns = [
        "streams.stream",
        "streams.name",
        "streams.material",
        "streams.site",
        "quantities.reported_value",
        "quantities.reported_basis",
    ]
    assert found.targets == (*columns, "streams.moisture")
    assert (found.units[4], found.units[6]) == ("kt/a", "%")
    assert headings(kept, found) == ["Tunnus", "Nimi", "Materiaali", "Sijainti", "2024, kt/a", "Kuiva vai märkä", "Kosteus (%)"]


def test_a_first_row_with_empty_cells_is_no_row_of_headings():
    found = guess(sheet(["Nimi", "Sijainti", "Materiaali", "Kosteus"], ["Tuhka", "", "tuhka", ""], ["Kuona", "works", "kuona", 3]))
    assert (found.head, found.targets) == (0, ("streams.name", "streams.site", "streams.material", "streams.moisture"))
