"""`sivuvirta reconcile` on a region and on a workbook."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sivuvirta.cli.commands import commands
from sivuvirta.ledger.reconcile.stan import write_stan
from sivuvirta.ledger.reconcile.table import reconcile_table


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


@pytest.fixture
def workbook(tmp_path):
    flows = pd.DataFrame({"flow": ["in", "a", "b"], "from": ["", "P", "P"], "to": ["P", "", ""], "mass flow": [10, 6, 5], "±": [1, 1, 1]})
    return write_stan(reconcile_table(flows), tmp_path / "flows.xlsx")


def test_the_sources_of_2018_are_told_side_by_side():
    result = run("reconcile", "kemi_tornio", "--vintage", "2018")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "digipolis_2018 400 kt/a" in text
    assert "tekija_2019 300 kt/a" in text
    assert "Suspect: Stainless steel slag EAF + AOD (total), 400 kt/a (digipolis_2018)" in text
    assert (
        "Sources contradict each other: Stainless steel slag EAF + AOD (total), 400 kt/a (digipolis_2018) against 300 kt/a (tekija_2019)"
        in text
    )
    assert "5.1 times as wide as their precision says" in text
    assert "The figures contradict each other by more than their ranges allow" in text


def test_json_has_everything_and_nothing_else():
    body = json.loads(run("reconcile", "kemi_tornio", "--vintage", "2018", "--json").stdout)
    assert (body["region"], body["vintage"]) == ("kemi_tornio", "2018")
    assert body["test"]["freedom"] == 7
    assert body["test"]["passed"] is False
    assert {row["name"] for row in body["suspects"]} == {"streams/ss_slag"}
    unknown = [row for row in body["quantities"] if row["known"] == "unknown"]
    assert unknown
    assert all(row["reconciled"] is None for row in unknown)


def test_a_workbook_of_flows(workbook):
    body = json.loads(run("reconcile", "--stan", workbook, "--json").stdout)
    assert body["vintage"] is None
    assert [round(row["reconciled"], 3) for row in body["quantities"]] == [10.333, 5.667, 4.667]
    text = plain(run("reconcile", "--stan", workbook).stdout)
    assert "The figures agree as well as their ranges say: chi-square 0.3, at most 3.8 for 1 independent checks" in text


def test_the_tables_are_written_to_a_workbook(tmp_path, workbook):
    out = tmp_path / "out.xlsx"
    written = run("reconcile", "kemi_tornio", "--vintage", "2018", "--xlsx", out)
    assert written.exit_code == 0
    assert "does not carry: flow: fly ash area; " in plain(written.stdout)
    assert "balance: Slag made with ferrochrome" in plain(written.stdout)
    sheets = ["flows", "processes", "transfer coefficients", "quantities", "statements", "balances", "suspects", "test", "not carried"]
    assert load_workbook(out).sheetnames == sheets
    again = run("reconcile", "--stan", out)
    assert again.exit_code == 0
    assert "The workbook says that it does not carry: " in plain(again.stdout)
    assert "balance: Slag made with ferrochrome" in plain(again.stdout)
    body = json.loads(run("reconcile", "--stan", workbook, "--xlsx", out, "--json").stdout)
    assert body["written"] == str(out)


def test_a_region_or_a_workbook_and_not_both(workbook):
    for arguments in ((), ("three_sites", "--stan", workbook)):
        result = run("reconcile", *arguments)
        assert result.exit_code == 2
        assert "Name a region, or a workbook with --stan, and not both." in result.output


def test_a_region_without_anything_to_compare_says_so():
    assert "Nothing checks anything: no figure can be compared with another." in plain(run("reconcile", "three_sites").stdout)


def test_a_bad_workbook_is_told_in_words(tmp_path):
    path = tmp_path / "bad.xlsx"
    pd.DataFrame({"flow": ["a"], "mass flow": ["lots"]}).to_excel(path, sheet_name="flows", index=False)
    result = run("reconcile", "--stan", path)
    assert result.exit_code == 1
    assert "'lots' is no number" in result.output
