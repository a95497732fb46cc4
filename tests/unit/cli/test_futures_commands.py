"""`sivuvirta futures` and `sivuvirta stages`."""

import json

from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*args):
    return CliRunner().invoke(commands, args, prog_name="sivuvirta")


def test_draws_as_json_with_tables_and_resumed(tmp_path):
    args = ("futures", "three_sites", "--draws", "4", "--processes", "1", "--resume", str(tmp_path / "run"), "--json")
    done = run(*args, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    figures = {row["figure"]: row for row in body["networks"]["proven"]["figures"]}
    assert figures["benefit"]["plan"] == figures["benefit"]["p50"] == 357000
    assert len(body["written"]) == 14
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
