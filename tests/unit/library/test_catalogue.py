"""The catalogue: what industries give off and take. Every key leads somewhere, and nothing is better than its source."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta.library import CATALOGUE, catalogue, tables
from sivuvirta.tables import library_problems

MEMORY = ("general_knowledge", "estimate_engineering")
GRADED = [name for name, table in catalogue().items() if "grade" in table.columns]


def rows(table: str) -> list[dict]:
    return list(catalogue()[table].rows())


def by_key(table: str) -> dict[str, dict]:
    return {row[catalogue()[table].key[0]]: row for row in rows(table)}


def test_the_checks_of_tables_find_nothing():
    assert [str(problem) for problem in library_problems(CATALOGUE, tables())] == []


def test_no_region_carries_it():
    assert set(catalogue()) & set(tables()) == set()
    assert catalogue() is catalogue()


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("typologies", 403),
        ("typology_contents", 1100),
        ("uses", 779),
        ("practices", 123),
        ("precedents", 120),
        ("tests", 20),
        ("glossary", 308),
    ],
)
def test_no_table_came_half(table, least):
    assert len(catalogue()[table]) >= least


@pytest.mark.parametrize("table", GRADED)
def test_what_was_not_opened_is_from_memory_and_no_better_than_d(table):
    opened = dict(zip(tables()["sources"]["source"].tolist(), tables()["sources"]["opened"].tolist(), strict=True))
    remembered = [row for row in rows(table) if row["source"] in MEMORY or not opened[row["source"]]]
    assert [row for row in remembered if row["grade"] != "D" and row["source"] not in ("stoichiometry", "mass_balance")] == []
    assert [row for row in rows(table) if row["grade"] == "A"] == []


def test_an_amount_is_in_the_unit_of_its_class():
    units = dict(zip(tables()["materials"]["material"].tolist(), tables()["materials"]["unit"].tolist(), strict=True))
    assert [row["typology"] for row in rows("typologies") if row["unit"] != units[row["material"]]] == []
    assert [row["typology"] for row in rows("typologies") if (row["basis"] is not None) != (row["unit"] == "t")] == []


def test_stainless_steel_and_ferrochrome_have_narrow_ranges():
    """An estimate from capacity is of use only where its ends lie within a factor of 2.5."""
    wanted = {"Stainless steel", "Ferroalloys"}
    measured = (
        "slag.ferrochrome",
        "slag.stainless",
        "metres.dust",
        "metres.scale",
        "metres.sludge",
        "acid",
        "gas.co",
        "heat",
        "refractory",
    )
    found = [row for row in rows("typologies") if row["industry"] in wanted and row["material"].startswith(measured) and row["high"]]
    assert len(found) >= 11
    assert [row["typology"] for row in found if row["high"] > 2.5 * row["low"] * (1 + 1e-9)] == []


def test_every_stream_that_is_no_total_has_a_use():
    used = {name for row in rows("uses") for name in row["typologies"] or ()}
    assert {row["typology"] for row in rows("typologies") if not row["total"]} - used == set()


def test_receivers_are_named_once():
    assert [row["use"] for row in rows("uses") if len(set(row["receiver_nace"])) < len(row["receiver_nace"])] == []


def test_one_activity_has_one_unit():
    units: dict[str, set[str]] = {}
    for row in rows("typologies"):
        units.setdefault(row["activity"], set()).add(row["activity_unit"])
    assert {activity: found for activity, found in units.items() if len(found) > 1} == {}


def test_a_known_amount_is_in_order():
    """Slag of an electric furnace: 115 kg per t of liquid steel, read as 0.115 t per t."""
    row = by_key("typologies")["electric_arc_furnace_slag_carbon_steel"]
    assert (row["unit"], row["activity_unit"], row["material"]) == ("t", "t", "slag.steel.eaf")
    assert row["low"] <= row["value"] <= row["high"]
    assert 0.05 <= row["value"] <= 0.25


def test_every_class_with_contents_is_dry_and_closed():
    """Oxides of a class at their typical values are not more than the whole, 1 000 000 mg/kg; 5 % for what is stated twice."""
    sums: dict[tuple, float] = {}
    oxides = set(tables()["components"]["component"][tables()["components"]["kind"] == "oxide"].tolist()) - {"CaO_free"}
    for row in rows("typology_contents"):
        if row["component"] in oxides and row["kind"] == "total":
            key = row["material"], row["typology"]
            sums[key] = sums.get(key, 0.0) + row["value"]
    assert {key: total for key, total in sums.items() if total > 1.05e6} == {}
    assert len({row["material"] for row in rows("typology_contents")}) >= 40


def test_contents_are_never_better_than_c():
    assert {row["grade"] for row in rows("typology_contents")} <= {"C", "D"}


def test_uses_name_the_class_of_their_typologies():
    typologies = by_key("typologies")
    wrong = [row["use"] for row in rows("uses") for name in row["typologies"] or () if typologies[name]["material"] != row["material"]]
    assert wrong == []


def test_industries_are_classes_of_four_digits():
    codes = [row["nace"] for row in rows("typologies")] + [code for row in rows("uses") for code in row["receiver_nace"]]
    assert [code for code in codes if len(code) != 5] == []


def test_a_precedent_that_ended_says_why():
    ended = [row for row in rows("precedents") if row["status"] in ("ended", "failed", "refused")]
    assert len(ended) >= 10
    assert [row["precedent"] for row in ended if not row["reason"]] == []


def test_the_states_of_precedents_are_those_of_their_practice_or_say_more():
    practices = by_key("practices")
    assert [row["precedent"] for row in rows("precedents") if row["practice"] not in practices] == []
    assert {row["status"] for row in rows("precedents")} >= {"operating", "ended", "failed", "planned", "pilot"}


def test_words_stand_in_four_languages():
    assert [row["term"] for row in rows("glossary") if not all(row[language] for language in ("en", "fi", "sv", "es"))] == []
    assert [
        row["typology"] for row in rows("typologies") if not all(row[f"name_{language}"] for language in ("en", "fi", "sv", "es"))
    ] == []


def test_a_test_names_its_price_and_time_as_ranges():
    for row in rows("tests"):
        assert 0 < row["price_low"] <= row["price"] <= row["price_high"]
        assert 0 < row["lead_low"] <= row["lead"] <= row["lead_high"]


def test_leaching_tests_measure_what_the_limits_ask():
    batch = set(by_key("tests")["leaching_batch"]["components"])
    limits = tables()["limits"]
    asked = set(limits["component"][np.array([name.startswith("mara.") for name in limits["limit"].tolist()])].tolist())
    assert {component for component in asked if component.startswith("leach_")} <= batch
