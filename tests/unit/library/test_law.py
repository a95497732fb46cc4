"""Limits and rules: what was read in the law is told from what is remembered, and units and mixing are as the schema has them."""

from __future__ import annotations

import pytest

from sivuvirta.library import tables

MARA = {"road_covered", "road_paved", "field_covered", "field_paved", "embankment", "ash_gravel_road", "industrial_building_base"}
NEVER_MIX = {"pH", "grain", "strength_UCS", "hydraulic_conductivity", "EC"}


def rows(table: str) -> list[dict]:
    return list(tables()[table].rows())


SOURCES = {row["source"]: row for row in rows("sources")}
COMPONENTS = {row["component"]: row for row in rows("components")}
LIMITS = {row["limit"]: row for row in rows("limits")}


def from_memory(row: dict) -> bool:
    return "from memory" in SOURCES[row["source"]]["citation"]


@pytest.mark.parametrize("table", ["limits", "rules", "legal_paths"])
def test_nothing_from_memory_is_verified(table):
    remembered = [row for row in rows(table) if from_memory(row)]
    assert remembered
    assert [row for row in remembered if row["verified"]] == []


@pytest.mark.parametrize(("table", "least"), [("limits", 51), ("rules", 51), ("legal_paths", 40)])
def test_nothing_verified_rests_on_a_source_that_was_not_opened(table, least):
    verified = [row for row in rows(table) if row["verified"]]
    assert len(verified) >= least
    assert [row for row in verified if not SOURCES[row["source"]]["opened"] or row["grade"] not in ("A", "B")] == []


@pytest.mark.parametrize("table", [name for name, table in tables().items() if "grade" in table.columns])
def test_what_is_remembered_or_assumed_is_grade_d(table):
    words = ("from memory", "general knowledge", "engineering estimate")
    loose = [row for row in rows(table) if any(word in SOURCES[row["source"]]["citation"] for word in words)]
    better = [row for row in loose if row["grade"] != "D"]
    assert better == []


def test_kind_and_unit_follow_from_the_component():
    kinds = {"leaching": "leaching", "property": "property", "element": "total", "oxide": "total", "ion": "total"}
    for limit in LIMITS.values():
        component = COMPONENTS[limit["component"]]
        assert (limit["kind"], limit["unit"]) == (kinds[component["kind"]], component["unit"])


def test_what_does_not_mix_by_mass_can_not_be_blended():
    for limit in LIMITS.values():
        if limit["kind"] == "leaching" or limit["component"] in NEVER_MIX:
            assert limit["mixing"] == "none"
        assert not (limit["mixing"] == "none" and limit["blending"])


def test_waste_law_is_never_met_by_a_blend():
    of_waste = [limit for limit in LIMITS.values() if limit["applies_to"] == "waste"]
    assert len(of_waste) > 200
    assert [limit for limit in of_waste if limit["blending"]] == []


def test_each_earth_structure_has_its_seventeen_leaching_limits():
    for use in MARA:
        leached = {limit["component"] for limit in LIMITS.values() if limit["use_class"] == use and limit["kind"] == "leaching"}
        assert len(leached) == 17


def test_the_fertiliser_decrees_follow_one_another():
    old, new = LIMITS["mmm24.forest_ash.cu"], LIMITS["mmm964.forest_ash.cu"]
    assert (old["value"], old["valid_to"]) == (700, "2023-12-31")
    assert (new["value"], new["valid_from"]) == (600, "2024-01-01")


def test_rules_on_scope_name_a_class_and_say_in_or_out():
    scope = [rule for rule in rows("rules") if rule["subject"] == "scope" and rule["use_class"] in MARA]
    assert len(scope) == 17 * len(MARA)
    assert all(rule["material"] and rule["holds"] in (True, False) for rule in scope)
    out = {rule["material"] for rule in scope if rule["holds"] is False}
    assert {"slag.ferrochrome", "slag.stainless.aod", "lime.dregs", "mining.tailings"} <= out


def test_every_use_class_of_a_scope_rule_has_limits():
    limited = {limit["use_class"] for limit in LIMITS.values()}
    scoped = {rule["use_class"] for rule in rows("rules") if rule["subject"] == "scope" and rule["holds"] is True}
    assert scoped <= limited


def test_ferrochrome_slag_is_a_by_product_by_a_ruling():
    ruling = [rule for rule in rows("rules") if rule["subject"] == "status"]
    assert [(rule["material"], rule["holds"], rule["verified"]) for rule in ruling] == [("slag.ferrochrome", True, True)]


def test_dregs_are_taxed_from_2027():
    tax = {rule["rule"]: rule for rule in rows("rules") if rule["subject"] == "tax" and rule["material"] == "lime.dregs"}
    assert {(rule["holds"], rule["valid_from"], rule["valid_to"]) for rule in tax.values()} == {
        (False, "2011-01-01", "2026-12-31"),
        (True, "2027-01-01", None),
    }


PATHS = {row["path"]: row for row in rows("legal_paths")}


def test_every_legal_path_says_who_decides_and_how_long_it_takes():
    assert len(PATHS) >= 40
    wanting = [
        path for path, row in PATHS.items() if not (row["authority"] and row["applicant"] and row["lead_grade"] and row["lead_source"])
    ]
    assert wanting == []
    assert [path for path, row in PATHS.items() if not row["lead_low"] <= row["lead_high"]] == []


def test_a_lead_time_without_a_source_that_was_opened_is_grade_d():
    assert [path for path, row in PATHS.items() if row["lead_grade"] != "D" and not SOURCES[row["lead_source"]]["opened"]] == []


def test_nobody_has_signed_a_path_off_who_is_not_named():
    assert [path for path, row in PATHS.items() if (row["signed_off_by"] is None) != (row["signed_off_on"] is None)] == []


@pytest.mark.parametrize(
    ("old", "last", "new", "first"),
    [
        ("fi.mara591.fly_ash", "2017-12-31", "fi.mara.fly_ash.2018", "2018-01-01"),
        ("fi.mara.fly_ash.2018", "2025-12-31", "fi.mara.fly_ash.2026", "2026-01-01"),
        ("eu.shipment.consent.2007", "2026-05-20", "eu.shipment.consent.2026", "2026-05-21"),
        ("fi.fertiliser.old", "2023-10-10", "fi.fertiliser.forest_ash.fly", "2023-10-11"),
        ("fi.permit.state.2014", "2025-12-31", "fi.permit.state.2026", "2026-01-01"),
    ],
)
def test_one_law_follows_another(old, last, new, first):
    assert (PATHS[old]["valid_to"], PATHS[new]["valid_from"]) == (last, first)


def test_mara_names_codes_and_closes_its_zones():
    mara = [row for row in PATHS.values() if row["regulation"] == "VNa 843/2017 (MARA)"]
    assert len(mara) == 22
    assert {row["excluded_zones"] for row in mara} == {("groundwater", "housing", "protection", "food_cultivation", "inland_flood")}
    assert {use for row in mara for use in row["use_classes"]} == MARA
    assert not any("10 08 09" in row["low_codes"] or "03 03 02" in row["low_codes"] for row in mara)  # ferrochrome slag, dregs


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("mara.road_covered.leach_cr", 2),
        ("mara.field_covered.leach_cr", 0.5),
        ("mara.ash_gravel_road.leach_sulfate", 6500),
        ("mara.embankment.benzene", 0.06),
        ("mara.industrial_building_base.mineral_oil_c10_c40", 300),
    ],
)
def test_limits_of_mara_are_those_of_annex_2(limit, value):
    row = LIMITS[limit]
    assert (row["value"], row["verified"], row["grade"], row["source"]) == (value, True, "B", "mara_843_2017_text")


def test_ash_is_listed_for_roads_but_not_for_embankments():
    rules = {rule["rule"]: rule["holds"] for rule in rows("rules")}
    assert rules["mara.road_covered.scope.coal_peat_wood_fly_ash"] is True
    assert rules["mara.embankment.scope.coal_peat_wood_fly_ash"] is False
    assert rules["mara.embankment.scope.crushed_brick"] is True
