"""What does not reach the year shown is told: scenarios of another vintage, law of a day before any."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError


def run(*words):
    return CliRunner().invoke(commands, [*words], prog_name="sivuvirta")


TOLD = "rows speak of 2018, and 2024 is shown"


def test_check_warns_of_a_scenario_of_another_vintage():
    body = json.loads(run("check", "kemi_tornio", "--scenario", "veitsiluoto_closes", "--json").stdout)
    told = [problem["message"] for problem in body["problems"] if problem["rule"] == "other_vintage"]
    assert len(told) == 1
    assert TOLD in told[0]
    assert TOLD in run("check", "kemi_tornio", "--scenario", "veitsiluoto_closes").stdout


def test_a_scenario_of_the_vintage_shown_gives_no_warning():
    region = sv.load("kemi_tornio")
    assert not [each for each in sv.scenario(region, "mine_expansion").warnings if each.rule == "other_vintage"]
    assert not [each for each in sv.scenario(region.at("2018"), "veitsiluoto_closes").warnings if each.rule == "other_vintage"]


@pytest.mark.parametrize("order", [("veitsiluoto_closes", "mine_expansion"), ("mine_expansion", "veitsiluoto_closes")])
def test_the_warning_stays_in_a_combination(order):
    region = sv.load("kemi_tornio").under(order[0]).under(order[1])
    assert len([each for each in region.warnings if each.rule == "other_vintage"]) == 1


def test_plan_and_compare_warn():
    assert TOLD in run("plan", "kemi_tornio", "--scenario", "veitsiluoto_closes").stdout
    assert TOLD in run("compare", "kemi_tornio", "--scenario", "veitsiluoto_closes+mine_expansion").stdout


def test_law_of_a_day_before_any_is_told():
    printed = run("plan", "three_sites", "--on", "1900-01-01").stdout
    assert "The law of 1900-01-01 is asked for" in printed
    assert "no limit begins before 1986-06-12" in printed
    body = json.loads(run("plan", "three_sites", "--on", "1900-01-01", "--json").stdout)
    assert "1900-01-01" in body["warnings"][0]
    assert json.loads(run("plan", "three_sites", "--on", "2024-01-01", "--json").stdout)["warnings"] == []


def test_a_region_without_scenarios_is_told_so():
    done = run("compare", "three_sites", "--all")
    assert done.exit_code == 2
    assert "'three_sites' has no scenarios" in done.stderr


def test_one_route_is_one_route():
    assert "\n1 route judged;" in run("plan", "two_seasons").stdout
    assert "\n3 routes judged;" in run("plan", "three_sites").stdout


def test_carbon_counts_once():
    done = run("plan", "three_sites", "--weight", "co2=0.08", "--carbon-price", "80")
    assert done.exit_code == 2
    assert "counted twice" in done.stderr
    assert PlanOptions(weights={"co2": 0.08}).carbon_price == 0
    with pytest.raises(OptionError, match="counted twice"):
        sv.plan("three_sites", carbon_price=80, weights={"co2": 0.08})


@pytest.mark.parametrize("words", [("plan", "three_sites"), ("pathway", "kemi_tornio"), ("pool", "three_sites")])
def test_a_gap_is_a_part(words):
    done = run(*words, "--gap", "5")
    assert done.exit_code == 2
    assert "at most 1" in done.stderr
