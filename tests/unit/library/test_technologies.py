"""Technologies: each recipe is complete, closes, and names only what exists."""

from __future__ import annotations

import pytest

from sivuvirta.library import tables

PRACTICAL = {
    "dust_binder", "topsoil_cover", "growth_layer", "gld_sealing", "geopolymer_cover", "pickling_sludge_hydromet", "briquetting",
}  # fmt: skip


def rows(table: str, technology: str | None = None) -> list[dict]:
    return [row for row in tables()[table].rows() if technology in (None, row.get("technology"))]


TECHNOLOGIES = [row["technology"] for row in rows("technologies")]
MATERIALS = {row["material"]: row for row in rows("materials")}
PRODUCTS = {row["product"]: row for row in rows("products")}


def covers(above: str | None, material: str) -> bool:
    return above is None or material == above or material.startswith(above + ".")


def outputs_of(technology: str, slot: str, material: str) -> list[dict]:
    """Rows that hold for a material of a slot: of each output the one that names it most closely."""
    fitting = [row for row in rows("recipe_outputs", technology) if row["slot"] == slot and covers(row["material"], material)]
    closest = {
        name: max(len(row["material"] or "") for row in fitting if row["output"] == name) for name in {row["output"] for row in fitting}
    }
    return [row for row in fitting if len(row["material"] or "") == closest[row["output"]]]


def test_the_practical_uses_and_the_pickling_route_are_there():
    assert set(TECHNOLOGIES) >= PRACTICAL


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_mass_closes_for_every_input(technology):
    inputs = rows("recipe_inputs", technology)
    assert inputs
    for row in inputs:
        found = outputs_of(technology, row["slot"], row["material"])
        assert abs(sum(out["yield"] for out in found) - 1) <= 1e-9, row
        assert all(0 <= out["yield"] <= 1 for out in found)
        for out in found:
            low, high = out["yield_low"], out["yield_high"]
            assert low is None or low <= out["yield"] <= high


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_mass_becomes_mass_and_energy_becomes_energy(technology):
    for row in rows("recipe_inputs", technology):
        units = {MATERIALS[out["makes"]]["unit"] for out in outputs_of(technology, row["slot"], row["material"])}
        assert units == {MATERIALS[row["material"]]["unit"]}


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_an_output_is_of_one_class_and_kind(technology):
    made: dict[str, set] = {}
    for row in rows("recipe_outputs", technology):
        made.setdefault(row["output"], set()).add((row["makes"], row["kind"]))
    assert [name for name, of in made.items() if len(of) != 1] == []
    assert any(kind in ("product", "residue") for of in made.values() for _, kind in of)


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_slots_say_how_much_and_what_is_bought(technology):
    inputs = rows("recipe_inputs", technology)
    assert any(row["kind"] == "feed" for row in inputs)
    for slot in {row["slot"] for row in inputs}:
        same = [row for row in inputs if row["slot"] == slot]
        assert len({(row["kind"], row["amount_low"], row["amount_high"], row["product"]) for row in same}) == 1
        assert same[0]["amount_low"] <= same[0]["amount_high"]
        assert (same[0]["product"] is None) == (same[0]["kind"] == "feed")
        if same[0]["product"]:
            bought = PRODUCTS[same[0]["product"]]
            assert bought["unit"] == MATERIALS[same[0]["material"]]["unit"]


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_a_recovery_is_of_an_output_and_no_more_than_all_is_recovered(technology):
    made = {row["output"] for row in rows("recipe_outputs", technology)}
    total: dict[tuple, float] = {}
    for row in rows("recoveries", technology):
        assert row["output"] in made
        assert (row["low"] if row["low"] is not None else 0) <= row["value"] <= (row["high"] if row["high"] is not None else 100)
        total[row["component"], row["material"]] = total.get((row["component"], row["material"]), 0.0) + row["value"]
    assert [key for key, value in total.items() if value > 100] == []


def test_recovery_is_claimed_only_with_an_opened_source_and_a_figure():
    opened = {row["source"] for row in rows("sources") if row["opened"]}
    claimed = [row for row in rows("technologies") if row["recovery"]]
    assert claimed
    for row in claimed:
        assert row["source"] in opened
        assert rows("recoveries", row["technology"])


def test_what_is_left_open_is_grade_d():
    unaccounted = [row for row in rows("recipe_outputs") if row["kind"] == "unaccounted"]
    assert unaccounted
    assert {row["grade"] for row in unaccounted} == {"D"}


def test_every_technology_has_its_economy():
    for row in rows("technologies"):
        for column in ("reference_capacity", "capex", "capex_year", "scale", "fixed_opex", "lifetime", "readiness", "legal_gate"):
            assert row[column] is not None, (row["technology"], column)
        assert row["capex_low"] <= row["capex"] <= row["capex_high"]


def test_energy_is_not_counted_twice():
    columns = {"electricity": "electricity", "process_heat": "heat", "process_water": "water"}
    for row in rows("recipe_inputs"):
        if row["product"] in columns:
            technology = tables()["technologies"].index[row["technology"]]
            assert float(tables()["technologies"][columns[row["product"]]][technology]) == 0


def test_methanol_carries_no_more_energy_than_went_in():
    made = [row for row in rows("recipe_outputs", "co_gas_methanol") if row["output"] == "methanol"]
    assert {row["slot"] for row in made} == {"gas", "electricity"}
    assert all(0.5 < row["yield"] < 0.7 for row in made)
