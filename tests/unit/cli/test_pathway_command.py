"""`sivuvirta pathway`: on the screen, as JSON, as CSV, and what cannot be done."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.design.pathway import _solved
from sivuvirta.lp.watch import Watch


def run(*arguments):
    return CliRunner().invoke(commands, [*map(str, arguments)])


def test_the_screen_says_what_each_year_brings():
    result = run("pathway", "two_seasons", "--horizon", "three_years")
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.stdout.splitlines()[2:5]] == ["2024", "2025", "2026"]
    assert "Benefit over the horizon, discounted to 2024: 151\u202fk€ proven" in result.stdout
    assert "6 periods; proven optimal" in result.stdout


def test_json_and_tables_have_all_of_it(tmp_path):
    result = run("pathway", "two_seasons", "--horizon", "one_year", "--out", tmp_path / "course", "--json")
    body = json.loads(result.stdout)
    assert body["periods"] == ["2024.winter", "2024.summer"]
    assert body["courses"]["proven"]["benefit"] == pytest.approx(52_675)
    assert {row["figure"] for row in body["totals"]} >= {"benefit", "carbon", "investment", "benefit, discounted"}
    stocks = pd.read_csv(tmp_path / "course" / "stocks.csv")
    assert stocks["level"].tolist() == pytest.approx([250, 0])
    names = {f"{name}{end}.csv" for name in ("flows", "money", "builds", "stocks", "marginals") for end in ("", "_proven")}
    assert {path.name for path in (tmp_path / "course").glob("*.csv")} == names | {"totals.csv"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("two_seasons",), 2, "It has: one_year, three_years; name one."),
        (("two_seasons", "--horizon", "decade"), 2, "'two_seasons' has no horizon 'decade'. It has: one_year, three_years."),
        (("three_sites",), 2, "It has none; add rows to its table 'periods'."),
        (("two_seasons", "--horizon", "one_year", "--co2-limit", "3"), 1, "emissions may be at most 3 t CO2e over the whole horizon"),
    ],
)
def test_what_cannot_be_planned_is_said(arguments, code, told):
    result = run("pathway", *arguments)
    assert told in result.stderr
    assert (result.exit_code, "Traceback" in result.output) == (code, False)


def test_what_is_held_is_asked_for_as_in_a_plan():
    result = run("pathway", "two_seasons", "--horizon", "three_years", "--bound", "2025: ash > road = ..500", "--potential-only", "--json")
    assert result.exit_code == 0, result.output
    body = json.loads(result.stdout)
    free = json.loads(run("pathway", "two_seasons", "--horizon", "three_years", "--json").stdout)
    assert body["courses"]["potential"]["benefit"] < free["courses"]["potential"]["benefit"] - 1000
    assert body["courses"]["proven"]["status"] == "not planned"


def test_a_course_that_is_not_planned_has_no_gap_on_the_screen():
    result = run("pathway", "two_seasons", "--horizon", "one_year", "--potential-only")
    assert "2 periods; proven not planned, potential optimal (gap" in result.stdout


def test_a_limit_of_emissions_that_cannot_be_kept_is_told_with_what_can():
    # 825 t hauled at 4 kg and 75 t of rock at 5 kg: 3.675 t, rounded up.
    result = run("pathway", "two_seasons", "--horizon", "one_year", "--co2-limit", "3")
    assert "3.68\u202ft CO₂e on proven evidence" in result.stderr
    assert run("pathway", "two_seasons", "--horizon", "one_year", "--co2-limit", "3.68").exit_code == 0
    body = json.loads(run("pathway", "two_seasons", "--horizon", "one_year", "--co2-limit", "3", "--json").stdout)
    assert "--co2-limit" in json.dumps(body)


def test_a_course_without_a_bound_says_so():
    found = sv.pathway("kemi_tornio", [sv.Period(year=2024)], evidence="potential", watch=Watch(stop=lambda: True), gap=1e-7)
    assert ("stopped before any bound was proven" in _solved(found.potential)) == (found.potential.gap == float("inf"))
    assert "inf%" not in _solved(found.potential)


def test_a_scenario_holds_in_every_year(tmp_path):
    """Without slag nothing of it flows in any period."""
    rows = tmp_path / "none.csv"
    rows.write_text(f"scenario,table,key,column,value\nnone,quantities,{_first_amount()},value,0\n", encoding="utf-8")
    plain = json.loads(run("pathway", "two_seasons", "--horizon", "one_year", "--json").stdout)
    body = json.loads(run("pathway", "two_seasons", "--horizon", "one_year", "--scenario", rows, "--json").stdout)
    assert (plain["scenarios"], body["scenarios"]) == ([], ["none"])
    assert body["courses"]["proven"]["benefit"] < plain["courses"]["proven"]["benefit"]


def _first_amount():
    """Key of the first amount of a stream in the region."""
    row = next(row for row in sv.load("two_seasons").table("quantities").rows() if row["table"] == "streams")
    return "/".join(str(row[name] or "") for name in ("table", "subject", "vintage", "period"))
