"""`sivuvirta footprint` on the screen and as JSON."""

from __future__ import annotations

import json
import re

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["footprint", *arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.split())


def test_allocations_parts_and_others_are_told():
    result = run("kemi_tornio", "stainless_steel", "--method", "mass")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "Allocation today system expansion" in text
    assert "By mass, today: what it is made of" in text
    assert "Direct emissions, Tornio Stainless Steel Works" in text
    assert "times this one by economic [C, worldstainless_2023]" in text
    assert "It is of Mean of the route in the world, by worldstainless, 2023, counts: Scopes 1 to 3" in text
    assert "It is of Some competitors of Outokumpu that it does not name, 2020" in text
    assert "not comparable (Neither the competitors nor the bounds of their figures are said" in text
    assert "Left out: Haulage of what is bought to the gate" in text
    assert "for 2024 stand production of 2020, amounts of 2014 to 2024, factors of 20" in text
    assert re.search(r"Electricity bought 2 .* 2022 D tornio_power_2022 factor 2024 estimate_engineering", text)
    assert "Representativeness in time (ISO 14067)" in text


def test_the_plan_stands_beside_today():
    text = plain(run("kemi_tornio", "stainless_steel", "--plan").stdout)
    assert "Allocation today proven potential" in text
    assert "What the plan changes by system expansion: at least −37.5 kg CO₂e/t, a saving of at most 37.5 kg CO₂e/t." in text
    assert "By system expansion. Of the known part, at least: not known of it: emissions of" in text
    assert "What the plan changes by economic: −" in text
    assert "What the plan changes by mass: +" in text
    assert "Which method answers what: system expansion tells what the plan changes in emissions" in text
    assert "The methods differ in sign" in text


def test_today_alone_needs_no_word_on_what_changes():
    assert "Which method answers what" not in run("kemi_tornio", "stainless_steel").stdout


def test_a_declared_footprint_stands_for_a_computed_one_and_says_so():
    result = run("kemi_tornio", "ferrochrome", "--plan")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "system expansion 1,850 (mean 1,849, 1,700 to 1,999) [D]" in text
    assert "economic 1,850 (mean 1,849, 1,700 to 1,999) [D]" in text
    assert "not known of it: what the plan changes in a footprint that is declared as a whole, which can only add" in text
    assert "Not computed here but declared as a whole" in text
    assert "One figure would" not in text
    assert "not comparable (The declared figure is derived from this mean: their ratio says the statement again)" in text


def test_the_one_figure_that_would_make_a_footprint_known_is_named():
    text = plain(run("kemi_tornio", "pulp", "--site", "metsa_fibre_kemi").stdout)
    assert "One figure would make it known: the declared footprint of Chemical pulp at the gate of Kemi bioproduct mill, kgCO₂e/t, " in text
    assert "as a row of role 'declared' in table footprints" in text


def test_json_has_every_part():
    body = json.loads(run("kemi_tornio", "quicklime", "--json").stdout)
    assert (body["site"], body["product"], body["unit"]) == ("sma_roytta", "lime.quick", "kg CO2e/t")
    assert {each["bound"] for each in body["results"]} == {"at least"}
    assert body["contributions"]["today"]["mass"][1]["missing"].startswith("what enters")


def test_a_product_that_several_make_asks_for_a_site():
    result = run("kemi_tornio", "pulp")
    assert result.exit_code != 0
    assert "made by several sites: metsa_fibre_kemi, veitsiluoto" in plain(result.stderr)
    assert run("kemi_tornio", "pulp", "--site", "veitsiluoto").exit_code == 0


def test_small_parts_are_one_row_and_all_add_up():
    text = plain(run("kemi_tornio", "stainless_steel").stdout)
    assert re.search(r"\d+ others? −?[\d.]+", text)
    total = re.search(r"All together ([\d,]+)", text).group(1)
    assert f"economic {total} (" in text  # the footprint itself
    assert not re.search(r"\de[+-]\d", text)
