"""Payments and accounts of the region on paper (see conftest), done by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve

from sivuvirta.assess.economy.cash import _grade, cash
from sivuvirta.assess.terms import cost
from sivuvirta.units.ranges import HALF_WIDTH as Z


@pytest.fixture(scope="module")
def told(planned, today):
    return cash(planned, today)


def account(accounts, party):
    return accounts[accounts["party"] == party].iloc[0]


def test_each_member_pays_and_earns_what_is_its_own(told):
    accounts = told[1]
    # works: haulage 40 x 4, handling 40 x 2, fee 10 x 5, gas 50 x -20, the town pays 40 x 3; today fee 100 x 5, gas 50 x -20
    works = account(accounts, "works")
    assert (works["planned"], works["reference"], works["saving"]) == pytest.approx((160 + 80 + 50 - 1000 - 120, 500 - 1000, 330))
    # town: gravel 20 x 12 and 120 to the works; today gravel 60 x 12
    assert account(accounts, "town")["saving"] == pytest.approx(720 - (240 + 120))
    # investor: haulage 135, sales -1350, fee 80, tax 100, soda 1000, opex 300, energy 50, capital 100, upkeep 30
    assert account(accounts, "investor")["planned"] == pytest.approx(445)
    assert account(accounts, "mine")["saving"] == 0


def test_each_one_outside_is_told_with_what_it_is_paid(told):
    accounts = told[1][~told[1]["inside"]]
    found = dict(zip(accounts["party"], accounts["planned"], strict=True))
    assert found == pytest.approx(
        {
            "haulage": -(160 + 80 + 135),
            "outlets": -(50 + 80),
            "state": -(1000 + 100),
            "customers": 1000 + 1350,
            "suppliers": -(240 + 1000),
            "consumables": -300,
            "energy": -50,
            "lenders": -100,
            "maintenance": -30,
        }
    )


def test_what_one_pays_another_earns_and_the_region_pays_its_cost(told, planned, today):
    payments, accounts = told
    assert accounts["planned"].sum() == pytest.approx(0, abs=1e-9)
    inside = accounts[accounts["inside"]]
    assert inside["planned"].sum() == pytest.approx(cost(planned)) == pytest.approx(975)
    assert inside["saving"].sum() == pytest.approx(cost(today) - cost(planned)) == pytest.approx(245)
    assert payments.loc[~payments["inside"], "planned"].sum() == pytest.approx(975)


def test_payments_have_a_payer_a_payee_a_term_and_a_range(told):
    payments = told[0].set_index(["payer", "payee", "term"])
    assert payments.loc[("town", "works", "payment"), "planned"] == 120
    fee = payments.loc[("works", "outlets", "fee")]
    assert (fee["change"], fee["high"] - fee["change"]) == pytest.approx((50 - 500, Z * 90 * 0.5))
    assert payments.loc[("investor", "lenders", "capital"), "high"] == pytest.approx(100 + Z * 0.2 * 100)


def test_a_member_that_runs_an_outlet_takes_the_fee_and_passes_it_on(planned, today, links):
    owner = links.nodes.organisation.copy()
    owner[6] = "town"  # the heap
    theirs = evolve(links, nodes=evolve(links.nodes, organisation=owner))
    payments, accounts = cash(evolve(planned, links=theirs), evolve(today, links=theirs))
    rows = payments.set_index(["payer", "payee", "term"])
    assert rows.loc[("works", "town", "fee"), "planned"] == 50
    assert rows.loc[("town", "outlets", "passed on"), "planned"] == 50
    town = account(accounts, "town")
    assert town["saving"] == pytest.approx(360)  # as without the heap
    # gravel 40 x 1 alone: the fee's spread comes in and goes out again
    assert town["high"] - town["saving"] == pytest.approx(Z * 40)
    assert accounts.loc[accounts["inside"], "planned"].sum() == pytest.approx(975)


def test_without_a_reference_payments_stand_and_no_saving_is_known(planned):
    payments, accounts = cash(planned, None)
    assert payments[["reference", "change", "low", "high"]].isna().all(axis=None)
    assert accounts[["reference", "saving", "low", "high"]].isna().all(axis=None)
    assert accounts.loc[accounts["inside"], "planned"].sum() == pytest.approx(975)


def test_what_is_not_known_and_counts_as_nothing_is_named(planned, today, links):
    unknown = np.zeros(len(links.arcs), dtype=bool)
    unknown[6] = True  # the sludge's fee
    blind = evolve(links, arcs=evolve(links.arcs, unknown_eur=unknown))
    accounts = cash(evolve(planned, links=blind), evolve(today, links=blind))[1]
    investor = account(accounts, "investor")
    assert investor["grade"] == "D"
    assert investor["unknown"] == "Not known and counted as 0: part of Sludge."
    assert account(accounts, "works")["unknown"] == ""


def test_an_account_rests_on_nothing_better_than_what_is_not_known_in_its_change():
    """Of two rows of grade A one is partly unknown: D where it changes, A where it stays."""
    rows = pd.DataFrame({"unknown": [True, False], "reference": [5.0, 1.0], "planned": [9.0, 2.0], "grade": np.zeros(2, dtype=np.int8)})
    assert _grade(rows) == "D"
    assert _grade(rows.assign(planned=[5.0, 2.0])) == "A"
