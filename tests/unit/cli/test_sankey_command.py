"""`sivuvirta sankey`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(each) for each in arguments])


def test_a_component_is_drawn_and_told(tmp_path):
    file = tmp_path / "cd.svg"
    result = run("sankey", "three_sites", "--of", "Cd", "--out", file)
    assert result.exit_code == 0, result.output
    assert "plan, with potential, cadmium" in result.stdout
    assert "not taken for nothing" in " ".join(result.stdout.split())
    assert file.read_text(encoding="utf-8").startswith("<svg")


def test_json_has_every_flow():
    body = json.loads(run("sankey", "three_sites", "--of", "EUR", "--state", "today", "--json").stdout)
    assert sum(link["value"] for link in body["links"]) == 662_000
    assert body["of"] == "EUR"


def test_what_is_not_there_is_told():
    result = run("sankey", "three_sites", "--of", "Ni")
    assert result.exit_code == 2
    assert "Nothing is measured in 'Ni' here" in result.output
