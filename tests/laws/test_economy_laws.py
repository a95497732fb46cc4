"""Laws of money and of input-output tables: payments close, x = A x + y, type II is never below type I, net is gross less displaced."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from sivuvirta.assess.economy.cash import cash
from sivuvirta.assess.inputoutput.effects import demand, effects
from sivuvirta.assess.inputoutput.leontief import Solved, coefficients
from sivuvirta.assess.terms import cost
from sivuvirta.domain.economies import INDICATORS
from sivuvirta.domain.inputoutput import InputOutput
from sivuvirta.domain.ledger import NO_REFERENCE

REGIONS = (("three_sites", None), ("kemi_tornio", "2018"), ("kemi_tornio", "2024"))


@cache
def planned(name, vintage):
    return sv.plan(sv.load(name, vintage))


def closes(payments, accounts, ledger):
    size = accounts["planned"].abs().sum()
    inside = accounts["inside"]
    given = payments.groupby("payer")["planned"].sum()
    taken = payments[payments["inside"]].groupby("payee")["planned"].sum()
    assert abs(accounts["planned"].sum()) <= 1e-9 * size
    assert accounts.loc[inside, "planned"].sum() == pytest.approx(cost(ledger), abs=1e-9 * size)
    net = given.sub(taken, fill_value=0.0)
    for party, value in zip(accounts.loc[inside, "party"], accounts.loc[inside, "planned"], strict=True):
        assert net[party] == pytest.approx(value, abs=1e-9 * size)


@pytest.mark.parametrize(("name", "vintage"), REGIONS)
def test_what_one_pays_another_earns_and_the_sum_is_the_objective(name, vintage):
    plan = planned(name, vintage)
    for network in (plan.proven, plan.potential):
        payments, accounts = cash(network.ledger, plan.reference)
        closes(payments, accounts, network.ledger)
        inside = accounts[accounts["inside"]]
        assert inside["planned"].sum() == pytest.approx(network.objective, rel=1e-9)
        assert inside["saving"].sum() == pytest.approx(network.benefit, rel=1e-9, abs=1e-6 * inside["planned"].abs().sum())
        outside = payments.loc[~payments["inside"], "planned"].sum()
        assert outside == pytest.approx(network.objective, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 3), min_size=40, max_size=40))
def test_payments_close_whatever_flows(factors):
    plan = planned("kemi_tornio", "2024")
    ledger = plan.potential.ledger
    changed = evolve(ledger, amount=ledger.amount * np.resize(factors, len(ledger)))
    payments, accounts = cash(changed, plan.reference)
    closes(payments, accounts, changed)
    assert abs(accounts["saving"].sum()) <= 1e-9 * accounts["planned"].abs().sum()


@pytest.mark.parametrize(("name", "vintage"), REGIONS)
def test_without_the_reference_every_saving_return_and_effect_is_unknown(name, vintage):
    plan = planned(name, vintage)
    found = sv.economy(evolve(plan, reference=None))
    assert found.payments[["reference", "change", "low", "high"]].isna().all(axis=None)
    assert found.accounts[["reference", "saving", "low", "high"]].isna().all(axis=None)
    assert found.ventures[["yearly", "payback", "npv", "npv_low", "npv_high", "irr"]].isna().all(axis=None)
    assert found.effects[["gross", "displaced", "net", "low", "high"]].isna().all(axis=None)
    assert found.effects["missing"].eq(NO_REFERENCE).all()
    assert len(found.spending) == len(found.sectors) == 0
    inside = found.accounts["inside"] & (found.accounts["network"] == "potential")
    assert found.accounts.loc[inside, "planned"].sum() == pytest.approx(plan.potential.objective)


@st.composite
def tables(draw):
    """Productive tables of two to six sectors, closed for households."""
    count = draw(st.integers(2, 6))
    number = st.floats(0, 1)
    output = np.array(draw(st.lists(st.floats(1, 100), min_size=count, max_size=count)))
    share = np.array(draw(st.lists(st.lists(number, min_size=count, max_size=count), min_size=count, max_size=count)))
    buys = np.array(draw(st.lists(number, min_size=count, max_size=count)))
    wages = np.array(draw(st.lists(st.floats(0, 0.3), min_size=count, max_size=count)))
    flows = share / max(share.sum(axis=0).max(), 1e-9) * 0.6 * output  # each sector buys at most 60 % of what it makes
    return InputOutput(
        sectors=tuple(f"s{n}" for n in range(count)),
        names=tuple(f"S{n}" for n in range(count)),
        flows=flows,
        output=output,
        accounts={"jobs": output * draw(number), "value_added": output * 0.1, "income": wages * output},
        households=buys / max(buys.sum(), 1e-9) * 50,
        household_income=60.0,
        year=2024,
        geography="",
        grade="C",
        source="",
    )


@settings(max_examples=60, deadline=None)
@given(tables(), st.lists(st.floats(0, 1e6), min_size=6, max_size=6), st.lists(st.floats(0, 1e6), min_size=6, max_size=6))
def test_laws_of_an_input_output_table(table, more, less):
    count = len(table.sectors)
    solved, matrix = Solved.of(table), coefficients(table.flows, table.output)
    y = np.array(more[:count])
    x = solved.open @ y
    assert x == pytest.approx(matrix @ x + y)
    for name in ("jobs", "value_added", "income", "output"):
        found = solved.multipliers(name)
        assert (found.type1 >= found.direct - 1e-12).all()
        assert (found.type2 >= found.type1 - 1e-12).all()
    rows = [
        {"sector": key, "gross": g, "displaced": d, "sd": 0.1 * g, "when": "a year", "grade": "B", "missing": ""}
        for key, g, d in zip(table.sectors, more, less, strict=False)
    ]
    whole, where = effects(solved, demand(pd.DataFrame(rows), table, "a year", 1.0), dict.fromkeys(INDICATORS, 0.2))
    assert (whole["gross"] - whole["displaced"]).to_numpy() == pytest.approx(whole["net"].to_numpy())
    assert (whole["low"] <= whole["net"]).all()
    assert (whole["net"] <= whole["high"]).all()
    by_kind = whole.set_index(["indicator", "kind"])["net"]
    for name in ("jobs", "value_added", "income", "output"):
        size = 1e-9 * (1 + abs(by_kind[name, "type2"]) + abs(by_kind[name, "direct"]))
        assert by_kind[name, "direct"] + by_kind[name, "indirect"] == pytest.approx(by_kind[name, "type1"], abs=size)
        assert by_kind[name, "type1"] + by_kind[name, "induced"] == pytest.approx(by_kind[name, "type2"], abs=size)
        assert where.loc[where["indicator"] == name, "net"].sum() == pytest.approx(by_kind[name, "type2"], rel=1e-6, abs=1e-6)
