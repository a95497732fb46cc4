"""Long lists: problems of one kind are counted, routes that differ look different."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from sivuvirta import regions
from sivuvirta.cli.commands import commands
from sivuvirta.cli.common.problems import shortened
from sivuvirta.errors import Problem


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def _problem(row, column="value", rule="too_large"):
    return Problem(file="data/q.csv", rule=rule, message="It is large.", table="quantities", row=row, column=column, level="warning")


@pytest.fixture
def spoiled(tmp_path):
    """The teaching region with 50 streams at a site that does not exist."""
    folder = Path(shutil.copytree(regions.path("three_sites"), tmp_path / "three_sites"))
    lines = (folder / "streams.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith("ash,"))
    more = [row.replace("ash,", f"ash_{number},", 1).replace(",works,", ",wrks,").replace(",mill,", ",wrks,") for number in range(50)]
    (folder / "streams.csv").write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    return folder


def test_many_problems_of_one_kind_are_counted():
    problems = [*(_problem(row) for row in range(100_000)), *(_problem(row, column="low") for row in range(20))]
    lines = shortened(problems, "--json lists all, or --all").splitlines()
    assert lines[0] == "100020 problems in data/q.csv"
    assert lines[21] == "  ... and 99 980 more of this kind (--json lists all, or --all)"
    assert len(lines) == 1 + 20 + 1 + 20
    assert len(shortened(problems, "", None).splitlines()) == 1 + len(problems)


def test_check_shortens_and_counts_exactly(spoiled):
    body = json.loads(run("check", spoiled, "--json").stdout)
    kinds = Counter((problem["rule"], problem["table"], problem["column"]) for problem in body["problems"] if problem["level"] == "error")
    assert max(kinds.values()) == 50
    short, full = run("check", spoiled), run("check", spoiled, "--all")
    assert short.exit_code == full.exit_code == 1
    assert "... and 30 more of this kind (--json lists all, or --all)" in short.stdout
    assert "more of this kind" not in full.stdout
    assert short.stdout.count("'wrks'") < full.stdout.count("'wrks'")
    assert short.stdout.splitlines()[-1] == full.stdout.splitlines()[-1]
    assert f"{body['errors']} errors" in short.stdout.splitlines()[-1]


def test_other_commands_shorten_too_and_list_all_as_json(spoiled):
    result = run("plan", spoiled)
    assert result.exit_code == 1
    assert "... and 30 more of this kind (--json lists all)" in result.stderr
    assert len(json.loads(run("plan", spoiled, "--json").stdout)["error"]["problems"]) >= 50


def test_routes_through_two_outputs_of_a_plant_can_be_told_apart(monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    rows = json.loads(run("match", "kemi_tornio", "--stream", "ss_slag_fines", "--limit", "100", "--json").stdout)["shown"]
    plants = {(row["need"], row["plant"]) for row in rows if row["plant"]}
    assert len(plants) < sum(row["plant"] is not None for row in rows)  # or there would be nothing to tell apart
    text = run("match", "kemi_tornio", "--stream", "ss_slag_fines", "--limit", "100", "--why").stdout
    joined = " ".join(text.split())
    twice = Counter((row["need_name"], row["plant_name"]) for row in rows)
    for row in rows:
        if row["plant"] and twice[row["need_name"], row["plant_name"]] > 1:
            assert f"through {row['plant_name']}: {row['output']}:" in joined
    assert "aggregate: fines" in " ".join(run("match", "kemi_tornio", "--stream", "ss_slag_fines").stdout.split())


def test_routes_of_several_steps_are_listed_where_they_are_asked_for():
    shown = run("match", "kemi_tornio", "--stream", "sewage_sludge", "--steps", "2", "--json").stdout
    vias = {row["via"] for row in json.loads(shown)["shown"]}
    assert "digestion_jakala > compost_jakala" in vias
    plain = json.loads(run("match", "kemi_tornio", "--stream", "sewage_sludge", "--json").stdout)
    assert not any(">" in (row["via"] or "") for row in plain["shown"])


def test_a_route_of_several_steps_says_how_much_of_the_stream_arrives():
    shown = run("match", "kemi_tornio", "--stream", "sewage_sludge", "--need", "veg_kemi", "--steps", "2").stdout
    assert "Digestion of sludge and" in shown
    assert "% of it)" in shown
    assert "--steps 3" not in shown
    assert "Through several plants: add --steps 3." in run("match", "kemi_tornio").stdout
    assert "--steps 3" not in run("match", "three_sites").stdout


def test_why_of_several_steps_names_the_plants():
    shown = run("match", "kemi_tornio", "--stream", "fecr_dust", "--steps", "2", "--why").stdout
    assert "through Briquetting of dust and scale > Slag furnace for FeCrNi" in " ".join(shown.split())
