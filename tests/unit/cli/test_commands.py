"""The command line as people use it: output, JSON, exit codes, words instead of tracebacks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sivuvirta import regions
from sivuvirta._version import __version__
from sivuvirta.cli import commands as module
from sivuvirta.cli.catalogue import COMMANDS
from sivuvirta.cli.commands import commands
from sivuvirta.cli.reference import page

ROOT = Path(__file__).parents[3]


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


@pytest.fixture
def copy(tmp_path):
    """A copy of the teaching region to spoil."""
    return Path(shutil.copytree(regions.path("three_sites"), tmp_path / "three_sites"))


def test_the_whole_line_writes_a_report_and_says_where(tmp_path):
    result = run("run", "three_sites", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "report.html").stat().st_size > 500_000
    assert "report.html" in result.stdout
    assert "357 k€/a" in result.stdout.replace("\u202f", " ")
    ledger = (tmp_path / "out" / "ledger.csv").read_text(encoding="utf-8")
    assert "need:road" in ledger


def test_run_goes_to_build_by_region_and_vintage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    body = json.loads(run("run", "three_sites", "--json").stdout)
    assert Path(body["report"]) == Path("build/three_sites-2024/report.html")
    assert Path(body["report"]).exists()
    assert set(body["seconds"]) == {"check", "match", "plan", "assess", "all"}


def test_check_of_good_data_is_zero():
    result = run("check", "three_sites")
    assert result.exit_code == 0
    assert "no errors" in result.stdout


def test_check_lists_every_problem_and_is_one(copy):
    streams = copy / "streams.csv"
    streams.write_text(streams.read_text().replace(",works,", ",wrks,"), encoding="utf-8")
    quantities = copy / "quantities.csv"
    quantities.write_text(quantities.read_text().replace("10000", "-10000"), encoding="utf-8")
    result = run("check", copy)
    assert result.exit_code == 1
    assert "'wrks' is not in" in result.stdout
    assert "-10000" in result.stdout
    body = json.loads(run("check", copy, "--json").stdout)
    assert body["errors"] == 2
    assert {problem["column"] for problem in body["problems"]} >= {"site", "value"}


def test_other_commands_on_bad_data_list_every_problem_too(copy):
    streams = copy / "streams.csv"
    streams.write_text(streams.read_text().replace(",works,", ",wrks,"), encoding="utf-8")
    result = run("plan", copy)
    assert result.exit_code == 1
    assert "wrks" in result.stderr
    body = json.loads(run("plan", copy, "--json").stdout)
    assert body["error"]["kind"] == "CheckError"
    assert body["error"]["problems"][0]["value"] == "wrks"


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("check", "three_site"), "Did you mean 'three_sites'?"),
        (("match", "three_sites", "--stream", "slg"), "Did you mean 'slag'?"),
        (("match", "three_sites", "--need", "forst"), "Did you mean 'forest'?"),
        (("plan", "three_sites", "--vintage", "2023"), "2024"),
        (("check", "no/such/folder"), "no/such/folder"),
        (("plan", "three_sites", "--objective", "money"), "'value'"),
    ],
)
def test_a_name_that_does_not_exist_says_what_does(arguments, meant):
    result = run(*arguments)
    assert result.exit_code == 2
    assert meant in result.stderr
    assert "Traceback" not in result.output


def test_match_lists_routes_best_first():
    body = json.loads(run("match", "three_sites", "--json").stdout)
    assert body["routes"] == 3
    assert [row["stream"] for row in body["shown"]].count("ash") == 2
    limited = json.loads(run("match", "three_sites", "--stream", "ash", "--limit", "1", "--json").stdout)
    assert (limited["routes"], len(limited["shown"])) == (2, 1)


def test_match_says_why():
    result = run("match", "three_sites", "--stream", "ash", "--need", "road", "--why")
    assert "8 mg/kg" in result.stdout
    body = json.loads(run("match", "three_sites", "--need", "road", "--why", "--json").stdout)
    assert all(row["why"] and row["checks"] for row in body["shown"])
    assert {check["verdict"] for row in body["shown"] for check in row["checks"]} <= {"pass", "blend", "likely", "unknown", "fail"}


def test_match_tells_the_legal_path_of_a_day():
    arguments = ("match", "kemi_tornio", "--stream", "tovo_fly_ash", "--need", "road_stabil", "--why")
    result = run(*arguments, "--on", "2026-06-01")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "Legal path on 2026-06-01: · Notification by VNa 843/2017 (MARA), sections 2 to 5" in text
    assert "(Lupa- ja valvontavirasto (permit and supervision agency)), 1 to 2 months; nobody has signed it off." in text
    assert "The software screens; a person decides." in text
    body = json.loads(run(*arguments, "--on", "2017-06-30", "--json").stdout)
    assert (body["law_of"], body["note"]) == ("2017-06-30", "The software screens; a person decides.")
    legal = body["shown"][0]["legal"]
    assert (legal["path"], legal["verdict"], legal["lawful_max"], legal["steps"][0]["grade"]) == ("fi.mara591.fly_ash", "likely", None, "D")


def test_plan_and_report_take_the_law_of_a_day(tmp_path):
    body = json.loads(run("plan", "three_sites", "--on", "2020-06", "--json").stdout)
    assert body["law_of"] == "2020-06-30"
    assert run("report", "three_sites", "--out", tmp_path / "page.html", "--on", "2020-06-01").exit_code == 0
    assert "<dt>Law of</dt><dd>2020-06-01</dd>" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("screen",), ("unknowns",), ("gaps",), ("search", "slag", "--verdicts")], ids=" ".join)
def test_finding_takes_the_law_of_a_day(arguments):
    command, *more = arguments
    body = json.loads(run(command, "three_sites", *more, "--on", "2020-06", "--json").stdout)
    assert body["law_of"] == "2020-06-30"


@pytest.mark.parametrize("command", ["match", "screen", "unknowns", "gaps", "search"])
def test_a_day_that_is_none_is_refused_in_words(command):
    result = run(command, "three_sites", "--on", "soon")
    assert result.exit_code == 2
    assert "'soon' is no date. Write a day as 2024-05-13, a month as 2024-05, a year as 2024." in result.stderr


def test_plan_as_json_is_complete_and_alone_on_stdout(tmp_path):
    result = run("plan", "three_sites", "--out", tmp_path, "--json")
    body = json.loads(result.stdout)
    assert body["networks"]["proven"]["benefit"] == pytest.approx(357_000)
    assert sum(row["amount"] for row in body["networks"]["proven"]["ledger"] if row["origin"] == "stream:ash") == pytest.approx(6_000)
    assert all(Path(path).exists() for path in body["written"])


def test_a_budget_holds():
    bound = json.loads(run("plan", "three_sites", "--objective", "co2", "--budget", "0", "--json").stdout)
    assert bound["objective"] == "co2"
    result = run("plan", "three_sites", "--budget", "-1")
    assert result.exit_code == 2


def test_an_infeasible_question_names_what_conflicts(tmp_path):
    result = run("plan", "three_sites", "--co2-limit", "-100000")
    assert result.exit_code == 1
    assert "cannot" in result.stderr
    assert "Traceback" not in result.output
    body = json.loads(run("plan", "three_sites", "--co2-limit", "-100000", "--json").stdout)
    assert body["error"]["kind"] == "InfeasibleError"
    assert body["error"]["conflicts"]


def test_report_writes_one_file(tmp_path):
    result = run("report", "three_sites", "--out", tmp_path / "deep" / "r.html")
    assert result.exit_code == 0
    assert (tmp_path / "deep" / "r.html").exists()
    assert run("report", "three_sites").exit_code == 2  # --out is needed


@pytest.mark.parametrize("name", ["copy.xlsx", "copy.parquet", "copy"])
def test_convert_and_check_again(tmp_path, name):
    assert run("convert", "three_sites", tmp_path / name).exit_code == 0
    assert run("check", tmp_path / name).exit_code == 0


def test_new_writes_a_template_and_never_over_a_file(tmp_path):
    path = tmp_path / "mill.xlsx"
    assert run("new", path).exit_code == 0
    assert path.exists()
    assert run("new", path).exit_code == 2
    assert run("new", path, "--force").exit_code == 0


def test_regions_lists_what_is_bundled():
    body = json.loads(run("regions", "--json").stdout)
    assert {"three_sites", "kemi_tornio"} <= {row["region"] for row in body}
    assert "three_sites" in run("regions").stdout


def test_version_and_module():
    assert __version__ in run("--version").stdout
    done = subprocess.run([sys.executable, "-m", "sivuvirta", "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout


def test_narrow_terminals_and_no_colour():
    done = subprocess.run(
        [sys.executable, "-m", "sivuvirta", "regions"],
        capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "60"},
    )  # fmt: skip
    assert "\x1b[" not in done.stdout


def test_ctrl_c_ends_without_a_traceback(monkeypatch):
    def stopped(*_):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("sivuvirta.verbs.match", stopped)
    result = run("match", "three_sites")
    assert result.exit_code == module.STOPPED == 128 + signal.SIGINT
    assert "Stopped" in result.stderr
    assert "Traceback" not in result.output


def test_the_reference_page_is_in_step_with_the_commands():
    assert (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8") == page(commands)


def test_the_list_of_commands_says_the_first_sentence_of_each():
    context = click.Context(commands)
    for name, (_, told) in COMMANDS.items():
        command = commands.get_command(context, name)
        assert command.name == name
        assert told == command.get_short_help_str(1000)
    assert commands.list_commands(context) == list(COMMANDS)


def test_help_loads_no_command_and_an_unknown_one_is_told():
    code = "from sivuvirta.cli import main\ntry: main()\nexcept SystemExit: pass\nimport sys; print(*sys.modules, sep=chr(10))"
    told = subprocess.run([sys.executable, "-c", code, "--help"], check=True, capture_output=True, text=True).stdout
    assert "suggest " in told
    assert not {"numpy", "pandas", "rich", "sivuvirta.cli.find.suggest", "sivuvirta.cli.find.match"} & set(told.splitlines())
    result = run("mach")
    assert result.exit_code == 2
    assert "No such command 'mach'" in result.stderr


def test_a_scenario_by_name_or_file_is_applied_and_told(copy, tmp_path):
    file = tmp_path / "no_slag.csv"
    file.write_text("table,key,column,value\nquantities,streams/slag/2024/,value,*0.5\n", encoding="utf-8")
    body = json.loads(run("plan", copy, "--scenario", file, "--json").stdout)
    assert body["scenarios"] == ["no_slag"]
    assert "under no_slag" in run("match", copy, "--scenario", file).stdout
    told = json.loads(run("check", copy, "--scenario", file, "--json").stdout)
    assert (told["scenarios"], told["errors"]) == ([str(file)], 0)


def test_problems_of_a_scenario_are_listed_by_check(copy, tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_text("table,key,column,value\nquantities,streams/slag/2024/,value,-1\nstreams,slg,name,x\n", encoding="utf-8")
    result = run("check", copy, "--scenario", file)
    assert result.exit_code == 1
    assert "2 problems in wrong.csv" in result.stdout
    unknown = run("plan", copy, "--scenario", "boom")
    assert unknown.exit_code == 2
    assert "no scenario 'boom'" in unknown.stderr


def test_a_report_shows_the_course_over_a_horizon(tmp_path):
    result = run("report", "two_seasons", "--out", tmp_path / "page.html", "--horizon", "three_years", "--json")
    assert json.loads(result.stdout)["with"] == ["pathway"]
    assert "What is a limit worth?" in (tmp_path / "page.html").read_text(encoding="utf-8")
    wrong = run("report", "two_seasons", "--out", tmp_path / "other.html", "--horizon", "never")
    assert wrong.exit_code == 2
    assert "has no horizon 'never'" in wrong.stderr
