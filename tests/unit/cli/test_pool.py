"""`sivuvirta pool`: a published problem, a region, and what is refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["pool", *arguments])


def test_a_published_problem_as_json():
    result = run("haverly_1", "--method", "mccormick", "--gap", "1e-6", "--json")
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    assert body["objective"] == pytest.approx(-400)
    assert body["status"] == "optimal"
    assert {(row["origin"], row["destination"]): row["amount"] for row in body["flows"]}["c3", "p2"] == pytest.approx(100)


def test_a_published_problem_on_the_screen():
    result = run("haverly_1", "--method", "mccormick")
    assert result.exit_code == 0
    assert "haverly_1: optimal, -400, bound -400" in result.stdout
    assert "nan" not in result.stdout


def test_a_region_says_what_mixes_consist_of_and_what_batches_would_bring():
    result = run("kemi_tornio")
    assert result.exit_code == 0
    assert "in batches" in result.stdout
    assert "Lignosulphonate solution" in result.stdout
    body = json.loads(run("kemi_tornio", "--json").stdout)
    assert body["networks"]["potential"]["objective"] == body["networks"]["potential"]["in_batches"]["objective"]


def test_amounts_and_limits_have_units_and_names():
    result = run("three_sites")
    assert "Limits on what needs get" in result.stdout
    row = next(line for line in result.stdout.splitlines() if "road_cd" in line)
    assert row.split()[-2:] == ["mg/kg", "proven"]
    assert "Base layer of a road" in row


def test_what_is_not_there_is_refused():
    assert run("nowhere").exit_code != 0
    assert run("haverly_1", "--method", "magic").exit_code != 0
