"""`sivuvirta pareto`, `alternatives`, `structures` and `why`: words, files, JSON."""

from __future__ import annotations

import json
import signal

import pandas as pd
import pytest
from click.testing import CliRunner

from sivuvirta import verbs
from sivuvirta.cli.commands import commands
from sivuvirta.cli.design.exploring import sure


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def test_a_front_is_printed_and_written(tmp_path):
    found = run("pareto", "three_sites", "--of", "value,co2", "--points", 3, "--out", tmp_path / "front")
    assert found.exit_code == 0
    assert "best of value" in found.stdout
    assert "0 to 1: more: 'Slag' to 'Base layer of a road'" in found.stdout
    assert len(pd.read_csv(tmp_path / "front" / "front.csv")) == 3
    assert (tmp_path / "front" / "front.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_front_as_json():
    body = json.loads(run("pareto", "three_sites", "--points", 2, "--json").stdout)
    assert [round(point["value"]) for point in body["points"]] == [357_000, 291_000]
    assert body["units"] == {"value": "EUR", "co2": "kg CO2e"}
    assert body["objective"] == "value"


def test_alternatives_are_printed_and_written(tmp_path):
    found = run("alternatives", "three_sites", "--slack", 2, "--out", tmp_path / "near")
    assert found.exit_code == 0
    for part in (
        "must-have",
        "The price of a refusal",
        "Works Ltd",
        "candidates without owner",
        "2 % of 357",
        "`sivuvirta shock` tells",
        "the potential network",
    ):
        assert part in found.stdout
    assert len(pd.read_csv(tmp_path / "near" / "choices.csv")) == 5


def test_alternatives_as_json():
    body = json.loads(run("alternatives", "three_sites", "--json").stdout)
    assert body["allowed"] == pytest.approx(0.02 * 357_000)
    assert {choice["role"] for choice in body["choices"]} == {"must-have"}
    assert body["refusals"][0]["key"] == "town"
    assert "before anything is built" in body["note"]


def test_structures_are_printed_and_told_to_be_all():
    found = run("structures", "three_sites", "-n", 4)
    assert found.exit_code == 0
    assert "without granulator" in found.stdout
    assert "there are no others" in found.stdout
    body = json.loads(run("structures", "three_sites", "--json").stdout)
    assert body["complete"]
    assert [round(row["loss"]) for row in body["structures"]] == [0, 219_000]


def test_why_in_words_and_as_json():
    found = run("why", "three_sites", "slag", "road")
    assert found.exit_code == 0
    assert "It brings 138,000" in found.stdout
    body = json.loads(run("why", "three_sites", "slag", "road", "--json").stdout)
    assert body["state"] == "used"
    assert sum(row["change"] for row in body["terms"]) == pytest.approx(138_000)


def test_options_of_a_plan_hold_here_too():
    body = json.loads(run("structures", "three_sites", "--no-build", "granulator", "--json").stdout)
    assert [row["built"] for row in body["structures"]] == [""]


def test_what_is_not_there_ends_with_a_sentence():
    found = run("why", "three_sites", "slag", "castle")
    assert found.exit_code == 2
    assert "castle" in found.stderr
    assert run("pareto", "three_sites", "--of", "value,fame").exit_code == 2


def test_the_first_ctrl_c_keeps_the_alternatives_found_so_far(monkeypatch):
    """A real SIGINT while the plan is solved without the second link in use."""
    ask = verbs.alternatives

    def interrupted(source, slack, networks, evidence, tell, stop, **changes):
        def hear(text):
            if text.startswith("step 2 of 5, 2 of"):
                signal.raise_signal(signal.SIGINT)

        return ask(source, slack, networks, evidence, hear, stop, **changes)

    monkeypatch.setattr(verbs, "alternatives", interrupted)
    found = run("alternatives", "three_sites")
    assert found.exit_code == 0
    assert "Stopping with what was found so far; Ctrl-C again leaves at once." in found.stderr
    assert "Stopped before all was asked: 4 links and plants and" in found.stdout
    assert "138" in found.stdout
    body = json.loads(run("alternatives", "three_sites", "--json").stdout)
    assert body["stopped"]
    assert [(each["origin"], each["without"]) for each in body["choices"]] == [("slag", pytest.approx(138_000))]
    assert [each["key"] for each in body["refusals"]] == ["works_ltd", "works"]  # all that is theirs is that link


def test_investment_is_what_is_spent():
    """Kemi-Tornio invests; the table of the front has no sum below zero, and the JSON keeps gains, of which more is better."""
    found = run("pareto", "kemi_tornio", "--of", "value,investment", "--points", 2)
    table = found.stdout.partition("0 to 1")[0]
    assert "Investment (less is better)" in " ".join(table.split())
    assert "M€" in table
    assert "\N{MINUS SIGN}" not in table
    assert "none can be better" in found.stdout


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (0.0, "none can be better"),
        (1.6e-16, "none can be better"),
        (1.3e-7, "none can be better by more than 0.000013 % of the gain"),
        (0.02, "none can be better by more than 2 % of the gain"),
        (float("nan"), "how much better another may be is not known"),
    ],
)
def test_gaps_are_words(gap, told):
    assert sure(gap) == told
