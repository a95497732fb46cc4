"""`sivuvirta futures` and `sivuvirta stages`."""

import json

from attrs import evolve
from click.testing import CliRunner

from sivuvirta import verbs
from sivuvirta.cli.commands import commands
from sivuvirta.cli.design.stages import how_good


def run(*args):
    return CliRunner().invoke(commands, args, prog_name="sivuvirta")


def test_draws_as_json_with_tables_and_resumed(tmp_path):
    args = ("futures", "three_sites", "--draws", "4", "--processes", "1", "--resume", str(tmp_path / "run"), "--json")
    done = run(*args, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    figures = {row["figure"]: row for row in body["networks"]["proven"]["figures"]}
    assert figures["benefit"]["plan"] == figures["benefit"]["p50"] == 357000
    assert len(body["written"]) == 16
    assert (tmp_path / "out" / "inputs_potential.csv").exists()
    assert json.loads(run(*args).stdout)["networks"] == body["networks"]
    other = run("futures", "three_sites", "--draws", "5", "--processes", "1", "--resume", str(tmp_path / "run"))
    assert other.exit_code == 2
    assert "holds results of another ensemble" in other.output


def test_draws_on_the_screen():
    done = run("futures", "three_sites", "--draws", "3", "--processes", "1", "--builds", "free")
    assert done.exit_code == 0, done.output
    assert "3 draws" in done.output
    assert "Structures, held in every draw" in done.output
    assert "Knowing everything before building" in done.output


def test_stages_on_the_screen_and_as_json():
    done = run("stages", "three_sites", "--draws", "2")
    assert done.exit_code == 0, done.output
    assert "Mean benefit" in done.output
    body = json.loads(run("stages", "three_sites", "--draws", "2", "--json").stdout)
    assert {row["figure"]: row["value"] for row in body["totals"]}["expected"] == 357000
    assert "Granulator at the mill  3,000" in done.output
    assert "Proven to be the best" in done.output
    assert "All scenarios bring the same" in done.output


def test_builds_that_are_not_proven_best_are_told_with_what_none_can_better():
    """The aim is kept as a cost: a mean benefit of 100 is -100, and the bound -120; a regret is a cost as it is."""
    found = evolve(verbs.two_stage("three_sites", 2), objective=-100_000.0, bound=-120_000.0, gap=0.2)
    assert how_good(found) == "Mean benefit is 100\u202fk€/a; it is proven that no builds do better than 120\u202fk€/a"
    sorry = evolve(found, aim="regret", objective=50_000.0, bound=40_000.0)
    assert how_good(sorry) == "Largest regret is 50\u202fk€/a; it is proven that no builds do better than 40\u202fk€/a"


def test_a_region_without_ranges_says_so():
    done = run("futures", "three_sites", "--draws", "3", "--processes", "1")
    assert "This region has no ranges" in done.output
    assert "What the benefit hangs on" not in done.output


def test_few_draws_with_fixed_builds_promise_nothing():
    done = run("futures", "kemi_tornio", "--draws", "6", "--processes", "1")
    assert done.exit_code == 0, done.output
    assert "Worth knowing, at most" not in done.output
    assert "needs --builds free" in done.output
    assert "6 draws cannot tell a correlation below" in done.output
    assert "Proven network: links that not every draw has" in done.output
    assert "The proven network brings more on average than the plan" in done.output
    assert "stream:" not in done.output
    assert "Gas boilers of Tornion Voima" in done.output


def test_what_was_kept_is_said_in_draws(tmp_path):
    args = ("futures", "three_sites", "--draws", "4", "--processes", "1", "--resume", str(tmp_path / "run"))
    run(*args)
    assert "4 of 4 draws were in" in run(*args).output


def test_a_stop_says_what_is_kept(tmp_path, monkeypatch):
    def stopped(*_, tell, **__):
        tell("10 of 50 draws (draws)")
        raise KeyboardInterrupt

    monkeypatch.setattr("sivuvirta.cli.design.futures.verbs.futures", stopped, raising=False)
    done = run("futures", "three_sites", "--resume", str(tmp_path / "run"))
    assert "Stopped after 10 of 50 draws (draws), kept in" in " ".join(done.output.split())
    assert done.exit_code != 0
