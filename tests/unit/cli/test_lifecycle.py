"""`sivuvirta lifecycle`: tables, JSON, exports, and what is said without Brightway."""

from __future__ import annotations

import json
import sys
from zipfile import ZipFile

from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_scores_cases_and_causes():
    result = run("lifecycle", "three_sites", "--runs", 0)
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "both today 530 t CO₂e/a not drawn" in text
    assert "proven change −329 t CO₂e/a not drawn" in text  # no draws, so no range
    assert "Change, if the plan displaces the best, the expected or the worst" in text
    assert "emission factors, and what outlets replace, are drawn, and nothing else" in text
    assert "sivuvirta ranges" in text
    assert "Forest fertiliser of the exercise product −375 t CO₂e/a" in text


def test_json_and_both_exports(tmp_path):
    package, linked = tmp_path / "own.zip", tmp_path / "linked.zip"
    result = run("lifecycle", "three_sites", "--runs", 10, "--export", package, "--openlca", linked, "--network", "proven", "--json")
    body = json.loads(result.stdout)
    assert (body["region"], body["method"], body["unit"], body["runs"]) == (
        "Three sites: an optimum to check by hand",
        "climate",
        "kg CO2e",
        10,
    )
    change = [row for row in body["scores"] if (row["network"], row["system"]) == ("proven", "change")]
    assert round(change[0]["value"]) == -329_000
    assert body["written"] == [str(package), str(linked)]
    assert "datapackage.json" in ZipFile(package).namelist()
    assert "olca-schema.json" in ZipFile(linked).namelist()


def test_contributions_add_up_with_the_rest_in_one_row():
    text = plain(run("lifecycle", "kemi_tornio", "--runs", 100).stdout)
    first, second = (part.split("All together")[0] for part in text.split("Sources ")[1:])
    for part in (first, second):
        assert "others" in part
    assert text.count("All together at least −52.7 kt CO₂e/a −") == 2
    assert "Composite cement CEM II product −23.5 kt CO₂e/a" in first
    assert " D epd_cement_memory" in first
    rows = json.loads(run("lifecycle", "kemi_tornio", "--runs", 100, "--json").stdout)["contributions"]
    shown = [row for row in rows if (row["network"], row["view"]) == ("potential", "emitter")]
    assert f"{len(shown) - 10} others" in first
    assert all(row["low"] <= row["score"] + 1e-6 and row["score"] <= row["high"] + 1e-6 for row in shown)
    assert all(row["source"] for row in shown)


def test_few_draws_tell_no_range_and_say_so():
    told = run("lifecycle", "three_sites", "--runs", 10)
    assert "10 draws tell no 5 and 95 % points" in plain(told.stdout)
    assert "Ask for 100 or more." in plain(told.stdout)
    body = json.loads(run("lifecycle", "kemi_tornio", "--runs", 10, "--seed", 4, "--json").stdout)
    assert (body["seed"], [row["low"] for row in body["scores"]]) == (4, [None] * 6)
    assert all(row["low"] is None for row in body["contributions"])


def test_a_scenario_is_applied_and_named():
    body = json.loads(run("lifecycle", "kemi_tornio", "--runs", 0, "--scenario", "carbon_price_75", "--json").stdout)
    assert body["scenarios"] == ["carbon_price_75"]
    assert "scenario carbon_price_75" in plain(run("lifecycle", "kemi_tornio", "--runs", 0, "--scenario", "carbon_price_75").stdout)


def test_what_is_asked_wrongly(tmp_path):
    assert run("lifecycle", "three_sites", "--method", "acid").exit_code == 2
    suppliers = tmp_path / "suppliers.csv"
    suppliers.write_text("process,supplier,amount\nproduct:rock,1,1\n", encoding="utf-8")
    told = run("lifecycle", "three_sites", "--suppliers", suppliers)
    assert (told.exit_code, "name it with --background" in plain(told.stderr)) == (2, True)
    told = run("lifecycle", "three_sites", "--background", "nobody's", "--suppliers", suppliers)
    assert (told.exit_code, "neither a file nor a Brightway project" in plain(told.stderr)) == (2, True)


def test_without_brightway_the_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("sivuvirta.lifecycle.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "bw2calc", None)
    told = run("lifecycle", "three_sites")
    assert told.exit_code == 1
    assert 'pip install "sivuvirta[lifecycle]"' in plain(told.stderr)


def test_the_verb_stays_a_function_after_its_room_is_loaded():
    sv.lifecycle(sv.plan("three_sites"), runs=0)
    assert callable(sv.lifecycle)
