"""The library as a whole: every table reads, every key is one, every reference leads somewhere, every figure has a source."""

from __future__ import annotations

from collections import Counter

import pytest

from sivuvirta.library import FOLDER, catalogue, grades, tables
from sivuvirta.tables import library_problems

LANGUAGES = ("en", "fi", "sv", "es")


def rows(table: str) -> list[dict]:
    return list(tables()[table].rows())


def by_key(table: str) -> dict[str, dict]:
    return {row[tables()[table].key[0]]: row for row in rows(table)}


def test_the_checks_of_tables_find_nothing():
    assert [str(problem) for problem in library_problems(FOLDER)] == []


def test_it_is_read_once():
    assert tables() is tables()


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("materials", 400),
        ("components", 199),
        ("low_codes", 842),
        ("nace_codes", 1047),
        ("limits", 450),
        ("technologies", 29),
        ("products", 43),
    ],
)
def test_no_table_came_half(table, least):
    assert len(tables()[table]) >= least


def test_every_table_of_the_library_has_rows():
    scenario_only = {name for name, table in tables().items() if not len(table)}
    assert scenario_only == set()


@pytest.mark.parametrize("table", [name for name, table in tables().items() if "source" in table.columns and name != "sources"])
def test_every_row_has_a_source(table):
    assert [row for row in rows(table) if not row["source"]] == []


def test_no_source_lies_unused():
    every = [table for name, table in [*tables().items(), *catalogue().items()] if name != "sources"]
    used = {source for table in every if "source" in table.columns for source in table["source"].tolist()}
    used |= {source for sources in catalogue()["practices"]["more_sources"].tolist() for source in sources or ()}
    used |= {row["lead_source"] for row in rows("legal_paths")}
    assert used == set(by_key("sources"))


def test_a_source_that_was_not_opened_quotes_nothing():
    assert [row["source"] for row in rows("sources") if row["quote"] and not row["opened"]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_materials_share_a_name(language):
    names = Counter(row[f"name_{language}"] for row in rows("materials"))
    assert [name for name, count in names.items() if name is None or count > 1] == []


def test_a_class_stands_under_its_parent():
    known = by_key("materials")
    for material, row in known.items():
        assert row["parent"] == (material.rpartition(".")[0] or None)
        assert row["parent"] is None or row["parent"] in known


def test_carrier_and_unit_agree():
    units = {
        "solid": {"t"},
        "liquid": {"t"},
        "gas": {"t", "m3", "MWh"},
        "fuel": {"MWh"},
        "heat": {"MWh"},
        "electricity": {"MWh"},
        "water": {"m3"},
    }
    assert [row["material"] for row in rows("materials") if row["unit"] not in units[row["carrier"]]] == []


def test_a_hazardous_code_is_told_from_its_mirror():
    codes = by_key("low_codes")
    assert codes["11 01 09"]["hazardous"] is True
    assert codes["11 01 10"]["hazardous"] is False


def test_classes_join_to_the_list_of_waste():
    codes = set(by_key("low_codes"))
    joined = {code for row in rows("materials") for code in row["low_codes"] or ()}
    assert joined <= codes
    assert len(joined) > 250


def test_chromium_is_told_apart():
    components = by_key("components")
    assert components["Cr2O3"]["oxide_of"] == "Cr_total"
    assert components["CrO3"]["oxide_of"] == "Cr_VI"
    assert components["Cr_VI"]["oxide_of"] is None
    assert {components[name]["unit"] for name in ("Cr_total", "Cr2O3", "Cr_VI", "leach_Cr")} == {"mg/kg"}


def test_grades_count_every_graded_row():
    counts = grades()
    every = {**tables(), **catalogue()}
    assert all(sum(count.values()) == len(every[name]) for name, count in counts.items())
    assert sum(count["A"] for count in counts.values()) == 0, "nothing in the library is a laboratory's measurement"
