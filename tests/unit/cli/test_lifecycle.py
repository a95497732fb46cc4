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
    assert "proven change −329 t CO₂e/a unknown unknown" in text  # no draws, so no range
    assert "Change, by what is displaced" in text
    assert "factors and ratios are drawn, flows stay as planned" in text
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
