"""`sivuvirta search` and `sivuvirta alerts`: what people and programs see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sivuvirta import regions
from sivuvirta.cli.commands import commands
from sivuvirta.search import read


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(regions.path("three_sites"), tmp_path / "older"))


def test_what_is_found_is_a_table_with_its_counts():
    shown = run("search", "three_sites", "slag", "--kind", "streams", "--kind", "needs", "--why")
    assert shown.exit_code == 0
    assert "'slag': in " in shown.stdout
    assert shown.stdout.splitlines()[-1].startswith(("1 row", "2 rows"))


def test_a_slip_of_the_pen_is_told():
    shown = run("search", "kemi_tornio", "ferokromikuona", "--kind", "streams")
    assert "'ferokromikuona' was read as 'ferrokromikuona'." in shown.stdout


def test_nothing_found_is_no_error_and_says_how_to_widen():
    shown = run("search", "three_sites", "xyzzyq")
    assert shown.exit_code == 0
    assert "Try fewer or other words" in shown.stdout
    narrow = run("search", "three_sites", "slag", "--kind", "streams", "--at-least", "1e9")
    assert (narrow.exit_code, "Leave out or widen: kinds, at_least" in narrow.stdout) == (0, True)


def test_json_holds_all_of_it_and_nothing_else():
    body = json.loads(run("search", "three_sites", "slag", "--verdicts", "--limit", "1", "--json").stdout)
    assert (body["region"], len(body["hits"])) == ("three_sites", 1)
    assert sum(body["facets"]["verdict"].values()) == body["total"] >= 1
    assert "not asked" not in body["facets"]["verdict"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--kind", "strems"], "strems"),
        (["--verdict", "good"], "good"),
        (["--since", "tomorrow"], "no date"),
        (["--within", "10"], "from somewhere"),
        (["--of", "nowhere"], "'nowhere' is no site"),
        (["--material", "sla"], "There is no material 'sla'"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(options, message):
    shown = run("search", "three_sites", "slag", *options)
    assert shown.exit_code == 2
    assert message in shown.output


def test_a_saved_query_tells_what_is_new_against_an_older_version(tmp_path, copy):
    file = tmp_path / "ash.json"
    saved = run("search", "three_sites", "", "--kind", "streams", "--save", file)
    assert (saved.exit_code, read(file).kinds) == (0, ("streams",))
    assert f"Saved: {file}" in saved.stdout
    quantities = copy / "quantities.csv"
    quantities.write_text(quantities.read_text(encoding="utf-8").replace("10000", "9000"), encoding="utf-8")
    body = json.loads(run("alerts", file, "three_sites", "--against", copy, "--json").stdout)
    (change,) = body["changes"]
    assert (change["event"], change["what"]) == ("changed", ["quantity: 9 000 t/a -> 10 000 t/a"])
    shown = run("alerts", file, "three_sites", "--against", copy)
    assert "quantity: 9 000 t/a" in " ".join(shown.stdout.split())
    assert shown.stdout.splitlines()[-1] == "1 change."


def test_nothing_new_is_no_error(tmp_path):
    file = tmp_path / "q.json"
    run("search", "three_sites", "slag", "--save", file)
    shown = run("alerts", file, "three_sites", "--since", "2026-10-01")
    assert (shown.exit_code, "Nothing is new" in shown.stdout) == (0, True)
    assert run("alerts", file, "three_sites").exit_code == 2
    assert run("alerts", tmp_path / "none.json", "three_sites", "--since", "2026").exit_code == 2
