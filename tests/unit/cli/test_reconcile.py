"""`sivuvirta reconcile` on a region and on a workbook."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from openpyxl import load_workbook
from tests.stan_books import plain, run

from sivuvirta.ledger.reconcile.stan import write_stan
from sivuvirta.ledger.reconcile.table import reconcile_table


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
    assert "The figures agree as well as their ranges say: chi-square 0.3, at most 3.8 for 1 independent check" in text


def test_the_tables_are_written_to_a_workbook_that_is_the_same_problem(tmp_path, workbook):
    out = tmp_path / "out.xlsx"
    written = run("reconcile", "kemi_tornio", "--vintage", "2018", "--xlsx", out)
    assert written.exit_code == 0
    assert "STAN has no place for 5 statements, 3 balances: they are in the sheets 'not in STAN, ...'" in plain(written.stdout)
    layout = ["flows", "processes", "transfer coefficients", "relations"]
    beyond = [f"not in STAN, {name}" for name in ("quantities", "statements", "balances", "terms")]
    assert load_workbook(out).sheetnames == [*layout, *beyond, "quantities", "statements", "balances", "suspects", "test"]
    again = run("reconcile", "--stan", out)
    assert again.exit_code == 0
    told = "Stainless steel slag EAF + AOD (total), 400 kt/a (digipolis_2018) against 300 kt/a (tekija_2019); reconciled 338 kt/a"
    assert told in plain(written.stdout)
    assert told in plain(again.stdout)
    sentence = (
        "chi-square 29.6, at most 14.1 for 7 independent checks. 26 measured, not checked, 19 measured, checked, 4 unknown, 2 computed."
    )
    assert sentence in plain(written.stdout)
    assert sentence in plain(again.stdout)
    body = json.loads(run("reconcile", "--stan", workbook, "--xlsx", out, "--json").stdout)
    assert (body["written"], body["not_in_stan"]) == (str(out), {})


def test_one_period_of_a_workbook_is_reconciled(tmp_path):
    rows = [
        {"flow": flow, "from": start, "to": end, "mass flow": amount * size, "±": 1, "unit": "kt/month", "period": year}
        for year, size in ((2018, 1), (2024, 10))
        for flow, start, end, amount in (("in", "", "P", 10), ("a", "P", "", 6), ("b", "P", "", 5))
    ]
    path = tmp_path / "years.xlsx"
    pd.DataFrame(rows).to_excel(path, sheet_name="flows", index=False)
    several = run("reconcile", "--stan", path)
    assert several.exit_code == 1
    assert "There are several periods: 2018, 2024. Choose one: --vintage 2018." in plain(several.output)
    body = json.loads(run("reconcile", "--stan", path, "--vintage", "2024", "--json").stdout)
    assert body["vintage"] == "2024"
    assert [round(row["reconciled"], 3) for row in body["quantities"]] == [103.333, 56.667, 46.667]  # 100, 60, 50: open by 10, a third each
    assert "103 kt/month" in plain(run("reconcile", "--stan", path, "--vintage", "2024").stdout)
    none = run("reconcile", "--stan", path, "--vintage", "2030")
    assert "There is no period '2030'. There are: 2018, 2024." in plain(none.output)


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


def test_sheets_that_a_reconciliation_wrote_are_not_named(workbook):
    assert "not read" not in plain(run("reconcile", "--stan", workbook).stdout)
