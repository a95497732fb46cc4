"""A register without a fate: commands tell that today is not known, and no change of it."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.domain.ledger import NO_REFERENCE


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    """The teaching region, of which nobody says where anything goes today."""
    region = sv.load("three_sites")
    folder = tmp_path_factory.mktemp("silent") / "region"
    sv.save(evolve(region, tables={**region.tables, "fates": region.table("fates").take([])}), folder)
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
