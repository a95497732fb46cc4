"""`sivuvirta ranges` on the screen, as JSON and as files."""

from __future__ import annotations

import json
import sys

import attrs
import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_figures_have_mean_and_range_and_alarms_stand_under_them():
    result = run("ranges", "kemi_tornio", "--draws", 100)
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "100 draws of " in text
    assert "Figure Network Stated Mean 5 % 95 %" in text
    assert (
        "Change of emissions (potential). Of the known part, change at least, saving at most: not known is an emission of Ash granulation"
        in text
    )
    assert "These are the ranges to quote" in text
    assert "Posts at plants, gross potential 13.7 posts" in text
    assert "Posts at plants are gross; apart from them suppliers and whoever is paid have -31.1 jobs net" in text
    assert "Over-claim: Saved by Forest owners, many (potential) cannot be claimed" in text


def test_what_to_measure_next_is_a_ranked_table_in_words():
    text = plain(run("ranges", "kemi_tornio", "--draws", 20, "--sobol", "--points", 32).stdout)
    assert "potential network, range of carbon" in text
    assert "Measure next Carries ± alone" in text
    assert "Measure the amount of Stainless slag fines 0/1 mm after concentration: it carries" in text


def test_json_has_every_table(tmp_path):
    out = tmp_path / "tables"
    body = json.loads(run("ranges", "three_sites", "--draws", 20, "--json", "--out", out).stdout)
    assert (body["region"], body["draws"], body["seed"]) == ("three_sites", 20, 1)
    assert {row["table"] for row in body["figures"]} >= {"headline", "money", "organisations", "products"}
    assert len(pd.read_csv(out / "figures.csv")) == len(body["figures"])


def test_what_counts_as_0_is_said_as_the_assessment_says_it():
    plan = sv.plan("kemi_tornio")
    told = sv.ranges(plan, draws=2).headline("potential").set_index("row")["missing"]
    said = sv.assess(plan).potential.headline.set_index("figure")["unknown"]
    assert told.to_dict() == said.to_dict()
    assert told["carbon"].startswith("Of the known part, change at least")
    blind = sv.ranges(attrs.evolve(plan, reference=None), draws=2).figures
    assert set(blind.loc[blind["table"] != "circularity", "missing"]) == {""}  # elements have bounds there, which count nothing as 0


def test_points_that_are_no_power_of_two_end_in_words():
    result = run("ranges", "three_sites", "--sobol", "--points", 100)
    assert result.exit_code == 2
    assert "a power of two from 16 on" in result.stderr


def test_without_the_extra_the_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    result = run("ranges", "kemi_tornio", "--draws", 2, "--sobol")
    assert result.exit_code == 1
    assert 'pip install "sivuvirta[sobol]"' in result.stderr


@pytest.mark.parametrize("name", ["figures", "measure", "beyond", "sources"])
def test_each_table_is_a_file(tmp_path, name):
    out = tmp_path / "tables"
    assert run("ranges", "three_sites", "--draws", 5, "--out", out).exit_code == 0
    assert (out / f"{name}.csv").exists()
