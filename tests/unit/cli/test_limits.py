"""Limits given by option: amounts as people write them, today's level, and what could be reached instead."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.assess.terms import emissions
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return text.replace("\u202f", " ").replace("\u2212", "-")


def test_the_summary_shows_the_emissions_that_the_limit_is_about():
    plan = sv.plan("three_sites")
    body = json.loads(run("plan", "three_sites", "--json").stdout)
    assert body["emissions"]["unit"] == "t CO2e/a"
    assert body["emissions"]["today"] == pytest.approx(emissions(plan.reference) / 1000)
    assert body["emissions"]["proven"] == pytest.approx(emissions(plan.proven.ledger) / 1000)
    assert body["emissions"]["proven"] - body["emissions"]["today"] == pytest.approx(plan.proven.carbon / 1000)
    printed = plain(run("plan", "three_sites", "--co2-limit", "250").stdout)
    assert "Emissions of the whole network: today 530 t CO₂e/a; plan 201 t CO₂e/a proven" in printed
    assert "limit 250 t CO₂e/a" in printed


def test_the_help_says_what_the_limit_is_of_and_that_there_is_none():
    text = " ".join(run("plan", "--help").stdout.split())
    assert "not the change from today" in text
    assert text.count("Without it: no limit.") == 3


@pytest.mark.parametrize(
    ("option", "written", "read"),
    [
        ("--budget", "10,5", 10.5),
        ("--budget", "10 000 000", 1e7),
        ("--budget", "1e7", 1e7),
        ("--budget", "1.234,5", 1234.5),
        ("--co2-limit", "-5,5", -5.5),
        ("--co2-limit", "\u22125.5", -5.5),
    ],
)
def test_amounts_are_read_as_people_write_them(option, written, read):
    parameters = {name: each for each in commands.get_command(click.Context(commands), "plan").params for name in each.opts}
    assert parameters[option].type.convert(written, None, None) == read


@pytest.mark.parametrize(
    ("arguments", "repair"),
    [
        (("--budget", "1,234"), "Write 1.234 or 1234."),
        (("--budget", "5 M€"), "such as 10000000"),
        (("--budget", "<5"), "such as 10000000"),
        (("--budget", "1e999"), "such as 10000000"),
        (("--budget", "-1"), "Write 0 or more."),
        (("--budget", "10", "000", "000"), "Write 10000000, or '10 000 000' in quotes."),
        (("--co2-limit", "-1", "500", "--budget", "5"), "Write -1500, or '-1 500' in quotes."),
    ],
)
def test_what_is_no_amount_says_what_to_write(arguments, repair):
    result = run("plan", "three_sites", *arguments)
    assert result.exit_code == 2
    assert repair in result.stderr


def test_a_limit_that_cannot_be_kept_says_what_could_be():
    result = run("plan", "kemi_tornio", "--co2-limit", "-100 000 000")
    assert result.exit_code == 1
    lines = plain(result.stderr).replace("\n    ", " ").splitlines()  # what goes on of a line stands deeper
    assert lines[1] == "  1. emissions may be at most -100,000,000 t CO2e/a"
    assert len([line for line in lines if line.startswith("  ")]) == 9
    assert "more (--json lists all)" in lines[9]
    assert "least that can be reached" in lines[10]
    assert "you asked for -100,000,000 t CO₂e/a" in " ".join(lines[10:])


def test_what_could_be_reached_can_be_asked_for_and_no_less():
    error = json.loads(run("plan", "three_sites", "--co2-limit", "-100000", "--json").stdout)["error"]
    reached = error["reachable"][0]
    assert (reached["option"], reached["asked"], reached["least"]) == ("--co2-limit", -100_000, True)
    assert run("plan", "three_sites", "--co2-limit", reached["proven"] + 1e-3).exit_code == 0
    assert run("plan", "three_sites", "--co2-limit", reached["proven"] - 1).exit_code == 1


def test_a_disposal_limit_is_told_apart_from_the_others():
    error = json.loads(run("plan", "kemi_tornio", "--disposal-limit", "0", "--co2-limit", "1e12", "--json").stdout)["error"]
    assert error["kind"] == "InfeasibleError"
    assert [one["option"] for one in error["reachable"]] == ["--disposal-limit"]
    assert error["reachable"][0]["potential"] <= error["reachable"][0]["proven"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "three_sites", "--objective", "money"),
        ("plan",),
        ("plan", "three_sites", "--nothing"),
        ("plan", "three_sites", "--budget", "much"),
        ("nothing",),
        ("match", "three_sites", "--stream", "nothing"),
    ],
)
def test_json_is_json_whatever_is_wrong(arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["kind"]
    assert error["message"]
    assert result.stderr == ""


def test_json_after_two_dashes_is_no_option():
    result = run("check", "three_sites", "--", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage" in result.stderr


def test_a_limit_that_only_the_potential_network_keeps_is_planned_when_asked():
    """Waste rock and tailings leave their heaps only by routes that still need a test."""
    ended = run("plan", "kemi_tornio", "--disposal-limit", "33000000")
    assert ended.exit_code == 1
    assert "--potential-only" in ended.stderr
    found = run("plan", "kemi_tornio", "--disposal-limit", "33000000", "--potential-only")
    assert found.exit_code == 0
    assert "proven not planned: today is shown" in found.stdout


@pytest.mark.parametrize("option", ["--virgin-limit", "--traffic-limit"])
def test_the_least_of_purchases_and_traffic_can_be_asked_for_and_no_less(option):
    """Needs that have to get something are bought for or driven to, so that nothing at all is too little."""
    error = json.loads(run("plan", "kemi_tornio", option, "0", "--potential-only", "--json").stdout)["error"]
    reached = error["reachable"][0]
    assert (reached["option"], reached["asked"], reached["least"], reached["proven"]) == (option, 0, True, None)
    assert run("plan", "kemi_tornio", option, reached["potential"] * 1.001, "--potential-only").exit_code == 0
    assert run("plan", "kemi_tornio", option, reached["potential"] * 0.99, "--potential-only").exit_code == 1


def test_the_most_posts_can_be_asked_for_and_no_more():
    result = run("plan", "kemi_tornio", "--jobs-least", "100000", "--potential-only")
    assert "--jobs-least: most that can be reached" in result.stderr
    error = json.loads(run("plan", "kemi_tornio", "--jobs-least", "100000", "--potential-only", "--json").stdout)["error"]
    most = error["reachable"][0]["potential"]
    assert 0 < most < 100_000
    assert run("plan", "kemi_tornio", "--jobs-least", most * 0.999, "--potential-only").exit_code == 0


def test_a_budget_beside_a_forced_build_is_told_the_least_that_it_takes():
    words = ("plan", "kemi_tornio", "--build", "cover_mix_kevitsa", "--potential-only")
    error = json.loads(run(*words, "--budget", "0", "--json").stdout)["error"]
    least = error["reachable"][0]["potential"]
    assert least < 1_000_000  # the best plan without a budget spends 14 million
    assert run(*words, "--budget", least + 1).exit_code == 0
    assert run(*words, "--budget", least - 100).exit_code == 1
