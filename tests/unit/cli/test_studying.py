"""Studies beside the plan on the command line: what is asked, what is compared unasked, what is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sivuvirta import regions
from sivuvirta.cli.commands import commands
from sivuvirta.cli.common import studying
from sivuvirta.domain.studies import STUDIES


def run(*words):
    return CliRunner().invoke(commands, [str(word) for word in words], prog_name="sivuvirta")


def test_report_shows_what_is_asked(tmp_path):
    out = tmp_path / "r.html"
    result = run("report", "three_sites", "--with", "best, shock", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    body = json.loads(result.stdout)
    assert (body["written"], body["with"]) == (str(out), ["shock", "best"])
    assert {"plan", "shock", "best"} <= set(body["seconds"])
    text = out.read_text(encoding="utf-8")
    assert 'id="shocks-section"' in text
    assert 'id="structures-section"' in text
    assert 'id="front-section"' not in text


@pytest.mark.parametrize(("names", "word"), [("shok", "no 'shok'"), (" ,", "Nothing is named"), ("shock,x,y", "no 'x', 'y'")])
def test_what_there_is_not_is_refused(tmp_path, names, word):
    result = run("report", "three_sites", "--with", names, "--out", tmp_path / "r.html")
    assert result.exit_code == 2
    assert word in result.output
    assert f"Choose from {', '.join(STUDIES)}, all, none." in " ".join(result.output.split())
    assert not (tmp_path / "r.html").exists()


def test_run_compares_the_scenarios_of_the_year_shown_unasked(tmp_path):
    """The closing of a mill and the opening of another one are of 2018; the mine's expansion is of 2024."""
    body = json.loads(run("run", "kemi_tornio", "--vintage", "2018", "--out", tmp_path, "--json").stdout)
    assert body["with"] == ["compare"]
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h3>Veitsiluoto closes: what changes</h3>" in text
    assert "<h3>Kemi mill opens: what changes</h3>" in text
    assert "<h3>Mine expansion: what changes</h3>" not in text


def test_run_leaves_out_what_would_take_long_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(studying, "ENOUGH", 0.0)
    result = run("run", "kemi_tornio", "--out", tmp_path)
    assert result.exit_code == 0
    assert "Not compared, as it would take longer: kiln_restart, mine_expansion" in result.stdout
    assert 'id="scenarios-section"' not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_run_compares_nothing_where_nothing_is_asked(tmp_path):
    body = json.loads(run("run", "kemi_tornio", "--with", "none", "--out", tmp_path, "--json").stdout)
    assert body["with"] == []
    assert "compare" not in body["seconds"]


def test_a_scenario_without_a_plan_stops_no_run(tmp_path):
    """A road that must get more than it can take has no plan: told, and the report is written without it."""
    place = Path(shutil.copytree(regions.path("three_sites"), tmp_path / "three_sites"))
    rows = "scenario,table,key,column,value,reason,source\nbroken,needs,road,minimum,9000000,Too much,invented\n"
    (place / "scenarios.csv").write_text(rows, encoding="utf-8")
    told = run("run", place, "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "The scenarios are not compared:" in told.stdout
    assert (tmp_path / "out" / "report.html").exists()
    assert run("report", place, "--with", "compare", "--out", tmp_path / "r.html").exit_code != 0
