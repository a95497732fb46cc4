"""`sivuvirta suggest` as people use it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["suggest", *arguments])


def test_it_lists_what_it_may_be_and_who_takes_it():
    result = run("slagg från ljusbågsugn", "--donor", "24.10", "--limit", "5")
    assert result.exit_code == 0, result.output
    assert "Carbon steel EAF slag" in result.stdout
    assert "42.11" in result.stdout
    assert "add --why" in result.stdout


def test_why_names_use_and_source():
    assert "source" in run("masuunikuona", "--why").stdout


def test_json_holds_every_table_with_scores_and_reasons():
    body = json.loads(run("lodo de decapado", "--json", "--region", "three_sites").stdout)
    assert {"materials", "contents", "technologies", "uses", "receivers", "divisions", "organisations", "exchanges"} <= set(body)
    assert {"nace4", "nace2", "score", "reason"} <= set(body["receivers"][0])


def test_nothing_known_is_said():
    result = run("qwxz")
    assert result.exit_code == 0
    assert "Nothing is known" in result.stdout


def test_a_wrong_code_is_an_error_of_use():
    assert run("slag", "--low", "ten").exit_code == 2
