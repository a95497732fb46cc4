"""`sivuvirta benefits` on the screen, as JSON, as sheets that print, and as a table."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["benefits", *map(str, arguments)], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_every_exchange_has_a_row_and_all_have_their_sum():
    result = run("three_sites")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "Fly ash to Granulator at the mill 3,000 t/a 0 t/a 327 t CO₂e/a 750 t/a unknown A" in text
    assert "Fly ash to Granulator at the mill 219 k€/a 0 €/a unknown 1 post A" in text
    assert (
        "Investment, unknown of Fly ash to Granulator at the mill: the investment behind a stated yearly cost (Granulator at the mill)."
        in text
    )
    assert "Water, unknown of all: the register holds no water." in text
    assert "All 3 together 5,000 t/a 0 t/a 329 t CO₂e/a 6,750 t/a" in text
    assert "All 3 together 357 k€/a" in text
    assert "gross of attribution" in text


def test_one_exchange_and_programmes_have_their_whole_sheet():
    text = plain(run("three_sites", "--exchange", "stream:slag>need:road").stdout)
    assert "Sales between organisations 8,000 €/a" in text
    assert "Measured against: Heap at the works: 4,000 t/a" in text
    text = plain(run("three_sites", "--programme", "--attribution", "*=0.6, found the buyers", "--persistence", "1,0.8,0.5").stdout)
    assert "Worth to the region 357 k€/a A 214 k€/a" in text  # 0.6 of it
    assert "Worth to the region 357 k€ 178 k€ 821 k€ 493 k€" in text  # 357 x 2.3, and 0.6 of it


def test_the_programme_of_the_teaching_region_is_told_year_by_year_beside_what_parties_claim():
    text = plain(run("three_sites", "--programme", "--state", "proven").stdout)
    assert "Year by year, Exercise programme (invented) First Year 5 Cumulated" in text
    assert "Worth to the region 267 k€ 110 k€ 1.1 M€ 559 k€" in text  # by hand in tests/unit/assess/benefits
    assert "Exercise programme (invented) claims 395 t CO₂e/a of “CO2e saved”: above the computed range" in text


def test_json_has_all_tables_and_a_saved_plan_says_the_same(tmp_path):
    sv.save(sv.plan("three_sites"), tmp_path / "plan")
    first, second = (json.loads(run(source, "--json").stdout) for source in ("three_sites", tmp_path / "plan"))
    assert set(first) == {"region", "vintage", "exchanges", "programmes", "years", "claims"}
    assert first["exchanges"] == second["exchanges"]
    row = next(row for row in first["programmes"] if row["indicator"] == "water")
    assert row["value"] is None


def test_sheets_are_written_to_print_and_as_a_table(tmp_path):
    result = run("three_sites", "--out", tmp_path / "sheets.html", "--persistence", "nisp_lifetime")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "sheets.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count('<section class="exchange">') == 6  # three exchanges, proven and potential
    assert "break-before: page" in page
    assert "Year 5" in page
    assert "only a party can claim it" in page
    run("three_sites", "--programme", "--out", tmp_path / "sums.csv")
    assert set(pd.read_csv(tmp_path / "sums.csv")["programme"]) == {"all exchanges", "exercise"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--attribution", "slag"), "'slag' is no attribution"),
        (("--attribution", "*=much"), "is no attribution"),
        (("--persistence", "for_ever"), "no scheme of persistence 'for_ever'"),
        (("--exchange", "slag"), "no sheet of 'slag'"),
    ],
)
def test_what_cannot_be_is_told(arguments, message):
    result = run("three_sites", *arguments)
    assert result.exit_code == 2
    assert message in plain(result.stderr)
