"""What is not there is said in words or left out: no command prints how a program writes it."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from sivuvirta.cli.commands import commands

BLANKS = re.compile(r"\b(nan|NaN|None|NaT)\b")
MANY = ("--limit", "1000")


def run(*arguments):
    return CliRunner().invoke(commands, list(arguments), prog_name="sivuvirta")


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            pytest.param((*words, *more), id=" ".join(words))
            for region in ("kemi_tornio", "three_sites")
            for *words, more in (
                ("match", region, MANY),
                ("match", region, "--why", "--steps", "3", ("--limit", "150")),
                ("plan", region, ()),
                ("screen", region, MANY),
                ("screen", region, "--why", "--anywhere", ("--limit", "40")),
                ("search", region, "", MANY),
                ("search", region, "slag", "--verdicts", "--why", ()),
                ("reconcile", region, ()),
            )
        ),
        ("unknowns", "three_sites"),
        ("gaps", "three_sites"),
        ("suggest", "green liquor dregs"),
        ("suggest", "slag", "--region", "kemi_tornio"),
        ("prefill", "--nace", "24.10", "--capacity", "1.4Mt"),
        ("prefill", "--nace", "17.11", "--capacity", "600kt"),
    ],
    ids=" ".join,
)
def test_no_command_prints_what_a_program_calls_nothing(arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert BLANKS.findall(result.stdout) == []


def test_only_a_route_through_a_plant_says_through():
    direct = " ".join(run("match", "three_sites", "--stream", "ash", "--need", "road", "--why").stdout.split())
    assert "Fly ash (ash) to" in direct
    assert ", through" not in direct.split("gain")[0]
    assert "(100 % of it)" not in run("match", "three_sites", "--limit", "1000").stdout


def test_why_is_not_offered_where_it_was_asked_for():
    assert "add --why" in run("match", "three_sites").stdout
    assert "add --why" not in run("match", "three_sites", "--why").stdout
