"""The section of the report that sets sources side by side."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.report.agreement import agreement, suspicions, verdict


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
    assert verdict(found) == "Nothing checks anything: no figure can be compared with another."
    assert suspicions(found) == ()
