"""Trends of networks in words: between vintages, and from today to the plan."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands
from sivuvirta.cli.measure.trends import TOLD, UNSURE, between, told


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_from_today_to_the_plan():
    text = plain(run("metrics", "three_sites", "--trend").stdout)
    assert "network of sites in t: from reference to proven" in text
    assert "from reference to potential" in text
    assert "Links 0 2 +2 A grows" in text
    assert "Exchanged between nodes 0 t/a 9,000 t/a +9,000 t/a A grows" in text
    assert "The same: Nodes, Cyclicity, Nodes on a cycle, Finn cycling index." in text


def test_without_being_asked_one_vintage_has_no_trend():
    assert "from reference to" not in plain(run("metrics", "three_sites").stdout)


def test_two_vintages_are_compared_state_by_state():
    body = json.loads(run("metrics", "kemi_tornio", "--vintage", "2018", "--vintage", "2024", "--json").stdout)
    pairs = {(row["from"], row["to"]) for row in body["changes"]}
    assert {(f"{state} 2018", f"{state} 2024") for state in ("reference", "proven", "potential")} <= pairs
    assert {("reference 2024", "potential 2024"), ("reference 2018", "proven 2018")} <= pairs
    assert len(pairs) == 7
    rows = [row for row in body["changes"] if (row["from"], row["to"]) == ("reference 2018", "reference 2024")]
    words = {row["indicator"]: row["words"] for row in rows}
    assert words["links"] == f"grows{TOLD}"  # 4 links in 2018, 5 in 2024, and no range
    for row in rows:
        if row["low"] is not None and row["low"] < row["high"] and row["difference"]:
            assert (row["words"] == UNSURE) == (row["low"] <= 0 <= row["high"])


def test_what_cannot_be_told_from_today_is_marked_in_the_table_of_networks():
    """Robustness of 0.3615 and 0.3612 have ranges that overlap; what decides is the range of their difference, drawn together."""
    result = run("metrics", "kemi_tornio", "--json")
    changes = [row for row in json.loads(result.stdout)["changes"] if row["to"] == "potential"]
    marked = {row["label"] for row in changes if row["alarm"]}
    assert marked == {
        row["label"] for row in changes if row["low"] is not None and row["low"] < row["high"] and row["low"] <= 0 <= row["high"]
    }
    text = plain(run("metrics", "kemi_tornio").stdout)
    assert ("= today" in text) == bool(marked)
    assert ("no difference can be claimed" in text) == bool(marked)
    assert "Robustness" in marked


def test_figures_are_written_out():
    assert told(363_600.0, "1") == "363,600"
    assert told(0.0000123, "1", sign=True) == "+0.0000123"
    assert told(float("nan"), "t/a") == "unknown"
    assert plain(between(1.0e6, 2.5e6, "t/a")) == "1 to 2.5 Mt/a"
    assert between(1.0, 1.0, "1") == ""


def test_streams_without_an_amount_in_one_vintage_are_named():
    """2018 lists the mines of Kevitsa and Kittilä, and more, without an amount: that they come in 2024 is no growth of the region."""
    text = plain(run("metrics", "kemi_tornio", "--vintage", "2018", "--vintage", "2024").stdout)
    assert "grows, of what is told" in text
    assert "in 2018 is not known; nothing of it is counted there. The comparison is of what is told." in text
    assert "between two vintages: its range includes zero; each vintage is drawn for itself" in text
    assert "drawn together." not in text
    body = json.loads(run("metrics", "kemi_tornio", "--vintage", "2018", "--vintage", "2024", "--json").stdout)
    across = [row for row in body["changes"] if row["apart"]]
    assert across
    assert all(row["unknown"] and row["words"] != "grows" for row in across)
    assert not any(row["unknown"] for row in body["changes"] if not row["apart"])
