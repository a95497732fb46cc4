"""Explorations are of one year: who asks over years hears what to ask instead."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.domain.controls import control
from sivuvirta.errors import OptionError

ASKED = {"alternatives": (), "pareto": (), "structures": (), "shock": (), "why": ("slag", "road")}


def told(error: str) -> bool:
    words = " ".join(error.split())
    return "Over years, plan twice" in words and "the difference of both benefits is its price" in words


@pytest.mark.parametrize("name", ASKED)
def test_a_horizon_is_refused_with_what_to_do_instead(name):
    result = CliRunner().invoke(commands, [name, "two_seasons", *ASKED[name], "--horizon", "three_years"])
    assert result.exit_code == 2
    assert f"`{name}` asks about one year." in result.stderr
    assert told(result.stderr)


@pytest.mark.parametrize("name", ASKED)
def test_the_help_says_so_beforehand(name):
    shown = " ".join(CliRunner().invoke(commands, [name, "--help"]).stdout.split())
    assert "Over years, compare two runs of `sivuvirta pathway`" in shown
    assert "--horizon" not in shown


@pytest.fixture(scope="module")
def course():
    return sv.pathway("two_seasons", "one_year")


@pytest.mark.parametrize("verb", [sv.alternatives, sv.pareto, sv.structures, sv.shock, sv.futures, sv.plan])
def test_a_course_is_no_source_of_what_is_asked_of_one_year(verb, course):
    with pytest.raises(OptionError, match=r"not by something of type Pathway[.] A course over years is no source of this") as found:
        verb(course)
    assert told(str(found.value))


def test_an_option_horizon_is_refused_in_words():
    with pytest.raises(OptionError, match="A plan is of one year and has no horizon") as found:
        sv.alternatives("two_seasons", horizon="three_years")
    assert told(str(found.value))


def test_any_other_thing_is_no_region():
    with pytest.raises(OptionError, match="not by something of type int"):
        sv.plan(7)


def test_the_price_over_years_is_the_difference_of_two_courses():
    """Three equal years without interest between them would give three times what one gives; with it less, and never less than once."""
    years = [sv.Period(year=year) for year in (2024, 2025, 2026)]
    held = [control("granulator", built=False)]
    price = {}
    for count in (1, 3):
        free, refused = (sv.pathway("three_sites", years[:count], controls=each).potential.benefit for each in ([], held))
        price[count] = free - refused
    assert price[1] < price[3] <= 3 * price[1]


def test_json_says_the_same():
    result = CliRunner().invoke(commands, ["shock", "two_seasons", "--json", "--horizon", "three_years"])
    assert told(json.loads(result.stdout)["error"]["message"] if result.stdout.startswith("{") else result.stderr)
