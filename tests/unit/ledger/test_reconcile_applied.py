"""A region with its reconciled amounts: what changes, what stays, and that the line goes on from it."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.errors import OptionError
from sivuvirta.ledger.reconcile.applied import applied


@pytest.fixture(scope="module")
def register():
    return sv.load("kemi_tornio", "2018")


@pytest.fixture(scope="module")
def found(register):
    return sv.reconcile(register)


@pytest.fixture(scope="module")
def region(register, found):
    return applied(register, found)


def amount(region, stream, column="value"):
    rows = {
        row["subject"]: row for row in region.table("quantities").rows() if row["vintage"] == region.vintage and row["table"] == "streams"
    }
    return rows[stream][column]


def test_checked_and_computed_amounts_are_the_reconciled_ones(region, found):
    told = found.quantities.set_index("name")
    for stream in ("fecr_slag", "ss_slag", "kemi_tailings", "veits_fly_ash"):
        assert amount(region, stream) == pytest.approx(told.loc[f"streams/{stream}", "reconciled"])
        assert amount(region, stream, "low") == pytest.approx(told.loc[f"streams/{stream}", "low"])
    assert amount(region, "kemi_tailings", "grade") == "D"
    assert "the register has 400000" in amount(region, "ss_slag", "note")


def test_what_nothing_checks_stays(region, register):
    assert amount(region, "refractory") == amount(register, "refractory") == 20_000


def test_parts_keep_their_share_of_the_parent(region):
    """60 and 40 % of the ferrochrome slag."""
    assert amount(region, "fecr_slag_gran") == pytest.approx(0.6 * amount(region, "fecr_slag"))
    assert amount(region, "fecr_slag_gran") + amount(region, "fecr_slag_air") == pytest.approx(amount(region, "fecr_slag"))


def test_other_vintages_and_the_register_itself_stay(region, register):
    assert amount(register, "ss_slag") == 400_000
    assert amount(region.at("2024"), "ss_slag") == 300_000


def test_the_line_goes_on_from_it(region):
    links = sv.links(region)
    node = next(row for row in range(len(links.nodes.id)) if links.nodes.label(row) == "stream:kemi_tailings")
    (value,) = links.supply.value[links.supply.node == node]
    assert value == pytest.approx(amount(region, "kemi_tailings"))


def test_a_reconciliation_of_another_vintage_is_refused(register, found):
    with pytest.raises(OptionError, match=r"of kemi_tornio, 2018, not of kemi_tornio, 2024"):
        applied(register.at("2024"), found)
