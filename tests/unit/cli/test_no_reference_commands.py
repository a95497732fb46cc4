"""A register without a fate: commands tell that today is not known, and no change of it."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from click.testing import CliRunner

import sivuvirta as sv
from builders import table
from sivuvirta.cli.commands import commands
from sivuvirta.domain.ledger import NO_REFERENCE


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    """The teaching region, of which nobody says where anything goes today."""
    region = sv.load("three_sites")
    folder = tmp_path_factory.mktemp("silent") / "region"
    years = table("periods", [{"horizon": "ahead", "year": 2025}, {"horizon": "ahead", "year": 2026}])
    sv.save(evolve(region, tables={**region.tables, "fates": region.table("fates").take([]), "periods": years}), folder)
    return str(folder)


def run(*arguments):
    result = CliRunner().invoke(commands, list(arguments), prog_name="sivuvirta")
    assert result.exit_code == 0, result.output
    return result.output


def test_the_plan_prints_no_emission_of_today_and_no_part_of_an_unknown_benefit(silent):
    printed = run("plan", silent)
    assert "Emissions of the whole network: today not known; plan" in printed
    rows = [line for line in printed.splitlines() if line.startswith(("Worth", "Emissions avoided", "Net benefit", "Change"))]
    assert not any(" 0 €/a" in line or " 0 t CO₂e/a" in line for line in rows)
    assert NO_REFERENCE in " ".join(printed.split())
    assert json.loads(run("plan", silent, "--json"))["emissions"]["today"] is None


def test_metrics_tell_no_trend_from_what_is_not_known(silent):
    printed = " ".join(run("metrics", silent, "--trend").split())
    assert f"Unknown: {NO_REFERENCE}." in printed
    assert " grows" not in printed
    assert " falls" not in printed
    trend = json.loads(run("metrics", silent, "--trend", "--json"))["trend"]
    assert trend
    assert all(row["difference"] is None for row in trend if row["from"] == "reference")


PLAIN = {
    "futures": ("--draws", "4", "--processes", "1"),
    "stages": ("--draws", "2"),
    "pathway": (),
    "pareto": (),
    "alternatives": (),
    "gaps": (),
    "unknowns": (),
}


@pytest.mark.parametrize("command", PLAIN)
def test_no_command_prints_a_worth_against_what_is_not_known(silent, command):
    printed = " ".join(run(command, silent, *PLAIN[command]).replace("\u202f", " ").split())
    assert f"What it is worth is not known: {NO_REFERENCE}." in printed
    assert "€/a" not in printed
    assert "CO₂e" not in printed


@pytest.mark.parametrize("command", PLAIN)
def test_the_same_command_prints_worths_where_today_is_known(command, known):
    printed = run(command, known, *PLAIN[command])
    assert NO_REFERENCE not in printed
    assert "€" in printed


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The teaching region with a horizon."""
    region = sv.load("three_sites")
    folder = tmp_path_factory.mktemp("known") / "region"
    years = table("periods", [{"horizon": "ahead", "year": 2025}, {"horizon": "ahead", "year": 2026}])
    sv.save(evolve(region, tables={**region.tables, "periods": years}), folder)
    return str(folder)


def test_json_has_null_for_every_worth_and_keeps_flows_and_sizes(silent):
    told = {command: json.loads(run(command, silent, *PLAIN[command], "--json")) for command in PLAIN}
    assert {row["plan"] for row in told["futures"]["networks"]["potential"]["figures"]} == {None}
    assert {row["value"] for row in told["stages"]["totals"]} == {None}
    assert told["stages"]["built"][0]["size"] > 0
    course = told["pathway"]["courses"]["potential"]
    assert course["benefit"] is None
    assert {row["carbon"] for row in course["money"]} == {None}
    assert all(row["value"] is None and row["co2"] is None for row in told["pareto"]["points"])
    assert told["alternatives"]["benefit"] is None
    assert {row["cost"] for row in told["alternatives"]["refusals"]} == {None}
    assert any(row["amount"] > 0 for row in told["alternatives"]["choices"])
    assert told["gaps"]["benefit"] == {"likely": None, "potential": None}
    assert {gap["potential"] for gap in told["gaps"]["gaps"]} == {None}
    assert told["unknowns"]["benefit"] == {"proven": None, "likely": None, "decided": None}
