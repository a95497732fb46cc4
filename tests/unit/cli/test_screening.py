"""`sivuvirta screen` as people use it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["screen", *arguments], prog_name="sivuvirta")


def test_counts_by_verdict_and_the_best_pairs_are_shown():
    result = run("kemi_tornio", "--limit", "3")
    assert result.exit_code == 0, result.output
    assert "blend could help" in result.stdout
    assert "Aggregates, Sea Lapland" in result.stdout
    assert "the best 3 shown" in result.stdout


def test_json_has_the_counts_of_all_pairs_and_those_shown():
    body = json.loads(run("kemi_tornio", "--radius", "50", "--limit", "4", "--json", "--why").stdout)
    assert body["radius_km"] == 50
    assert len(body["shown"]) == 4
    assert sum(number for name, number in body["counts"].items() if name != "blend could help") == body["pairs"]
    assert all(row["why"] and row["km"] <= 50 for row in body["shown"])
    anywhere = json.loads(run("kemi_tornio", "--anywhere", "--json").stdout)
    assert anywhere["radius_km"] is None
    assert anywhere["pairs"] > body["pairs"]


def test_one_stream_and_its_reasons():
    result = run("kemi_tornio", "--anywhere", "--stream", "ss_slag_fines", "--why")
    assert result.exit_code == 0, result.output
    assert "an environmental permit" in " ".join(result.stdout.split())
    assert "(ss_slag_fines)" in result.stdout


def test_what_cannot_be_is_told_with_exit_code_2():
    for arguments, words in ((("--radius", "0"), "above 0 km"), (("--stream", "slug"), "no stream 'slug'")):
        result = run("kemi_tornio", *arguments)
        assert result.exit_code == 2
        assert words in result.output
