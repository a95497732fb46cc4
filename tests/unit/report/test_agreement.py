"""The section of the report that sets sources side by side."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.report.sections.agreement import agreement, suspicions, verdict


@pytest.fixture(scope="module")
def section():
    return agreement(sv.load("kemi_tornio", "2018"))


def cells(sheet):
    return [[cell.text for cell in row] for row in sheet.rows]


def test_a_region_without_statements_and_balances_has_no_section():
    assert agreement(sv.load("three_sites")) is None


def test_both_sources_of_the_steel_slag_stand_side_by_side(section):
    rows = [row for row in cells(section.sources) if row[0].startswith("Stainless steel slag")]
    assert [row[2].replace("\u202f", " ") for row in rows] == ["400 kt/a", "300 kt/a"]
    assert [row[7] for row in rows] == ["suspect", ""]
    assert rows[0][1].startswith("Teräs, J.")


def test_the_verdict_and_the_suspect_are_said(section):
    assert section.sentences[0].startswith("The figures contradict each other by more than their ranges allow")
    assert "Stainless steel slag" in section.sentences[2]
    assert " against " in section.sentences[2]
    assert "cannot be told apart" in section.sentences[3]


def test_the_registers_figure_stands_beside_the_reconciled_one(section):
    row = next(row for row in cells(section.moved) if row[0].startswith("Chromite tailings"))
    assert row[1] == "not known"  # nobody states it
    assert row[5].replace("\u202f", " ") == "1.15 Mt/a"
    assert row[6] == "computed"


def test_every_balance_is_listed(section):
    assert len(section.balances) == 9
    assert "Concentrator of the Kemi mine" in [row[0] for row in cells(section.balances)]


def test_a_reconciliation_without_a_check_says_so():
    found = sv.reconcile("three_sites")
    words = "Nothing checks anything: no figure can be compared with another. That none contradicts another says nothing."
    assert verdict(found) == words
    assert suspicions(found) == ()


def test_2024_says_how_little_is_tested_and_what_to_measure():
    """374 000 t counted and 80 % of 530 000 t planned: (424 - 374)^2 / (14.6^2 + 104^2) in kt, with 3.9 % of B and 24.6 % of C."""
    found = sv.reconcile(sv.load("kemi_tornio", "2024"))
    sentences = agreement(sv.load("kemi_tornio", "2024")).sentences
    assert found.freedom == 1
    assert found.statistic == pytest.approx(50**2 / ((0.039 * 374) ** 2 + (0.246 * 424) ** 2), rel=0.02)
    assert "44 figures of 45 cannot be tested: each has one source, and no balance checks it." in sentences[1]
    assert "would test its balance: Ferrochrome slag (total); " in sentences[1]


def test_ore_of_kevitsa_that_was_mined_and_not_milled_is_seen_as_computed():
    """33 % of 32.2 Mt mined, 9.85 Mt milled, 0.239 Mt of concentrate: 0.78 Mt in piles, tailings of 9.61 Mt beside the register's 10.39."""
    q = sv.reconcile(sv.load("kemi_tornio", "2024")).quantities.set_index("name")
    assert q.loc["flows/kevitsa_ore_piled", "reconciled"] == pytest.approx(10_630_000 - 9_850_000)
    assert q.loc["streams/kev_tailings", "reconciled"] == pytest.approx(9_850_000 - 239_105)
    assert q.loc["streams/kev_tailings", ["known", "chosen"]].tolist() == ["computed", 10_390_000]
