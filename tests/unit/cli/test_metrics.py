"""`sivuvirta metrics` on the screen and as JSON."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_today_and_the_plan_stand_beside_each_other():
    result = run("metrics", "three_sites")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "network of sites in t" in text
    assert "Links 0 2 2 A" in text
    assert "Town 2 0 0 0" in text
    assert "proven: 3,000 t/a stay with the node that they come from" in text


def test_what_is_not_known_is_told():
    text = plain(run("metrics", "three_sites", "--level", "organisation", "--unit", "EUR").stdout)
    assert "Links 0 4 4" in text
    assert "Exchanged between nodes 0 €/a at least 98 k€/a" in text
    assert "Robustness 0.3615 0.3574 (known part)" in text
    assert "proven: Amounts are of the known part alone: a price, fee or rate is not known in 2 of 7 flows, which carry 26 %" in text


def test_json_of_two_vintages_has_all_networks_and_their_trend():
    body = json.loads(run("metrics", "kemi_tornio", "--vintage", "2018", "--vintage", "2024", "--json").stdout)
    assert (body["region"], body["level"], body["unit"]) == ("kemi_tornio", "site", "t")
    assert next(iter(body["networks"])) == "reference 2018"
    assert len(body["networks"]) == 6
    row = next(row for row in body["trend"] if row["to"] == "potential 2024" and row["indicator"] == "links")
    assert row["difference"] == row["after"] - row["before"] > 0


def test_a_unit_that_does_not_exist_ends_in_words():
    result = run("metrics", "three_sites", "--unit", "kg")
    assert result.exit_code == 2
    assert "A network has no unit 'kg'" in result.stderr
