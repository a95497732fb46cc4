"""What organisations save in each draw: accounts of the economy with the ranges to quote, and one by hand."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv

ENDS = ["low", "mean", "high"]


@pytest.fixture(scope="module")
def plan():
    return sv.plan("kemi_tornio")


def test_accounts_of_organisations_have_the_ranges_to_quote(plan):
    accounts, drawn = sv.economy(plan).of("potential"), sv.ranges(plan).figures
    inside = accounts[accounts["inside"] & (accounts["saving"].abs() > 1)].set_index("party")
    own = drawn[(drawn["network"] == "potential") & (drawn["table"] == "organisations")].set_index("row").loc[inside.index]
    assert len(inside) > 10
    assert own["value"].to_numpy(float) == pytest.approx(inside["saving"].to_numpy(float), rel=1e-9)  # every input at its middle
    assert inside[ENDS].to_numpy(float) == pytest.approx(own[ENDS].to_numpy(float), rel=1e-9, abs=1e-3)
    assert inside["alarm"].tolist() == own["alarm"].tolist()


def test_effects_are_linear_in_prices_and_have_themselves_as_mean(plan):
    effects = sv.economy(plan).effects
    known = effects[effects["low"].notna() & (effects["kind"] != "plants")]  # posts at plants follow the amounts: test_economy_command
    assert len(known)
    assert known["mean"].tolist() == known["net"].tolist()
    assert np.allclose(known["mean"], (known["low"] + known["high"]) / 2, atol=1e-3)


def test_payments_and_accounts_close_in_their_means(plan):
    """What one pays another earns in every draw, so means close as the figures do."""
    found = sv.economy(plan)
    accounts = found.of("potential")
    assert accounts["mean"].sum() == pytest.approx(0.0, abs=1.0)
    paid = found.payments[found.payments["network"] == "potential"]
    assert (paid["low"] <= paid["mean"]).all()
    assert (paid["mean"] <= paid["high"]).all()
    haulage = paid[(paid["payee"] == "haulage")]["mean"].sum()
    assert haulage == pytest.approx(accounts.set_index("party").loc["haulage", "mean"])


def test_a_saving_by_hand():
    """The town buys 6 000 t of rock less at 9 to 15 EUR/t about 12: lognormal ends 9.253 and 15.212, sd 6 / 3.29 and mean 12."""
    tables = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    rock = tables["prices"]["subject"] == "rock"
    tables["prices"] = tables["prices"].assign(
        low=tables["prices"]["low"].where(~rock, 9.0), high=tables["prices"]["high"].where(~rock, 15.0)
    )
    accounts = sv.economy(sv.plan(sv.region("mine", tables))).of("potential").set_index("party")
    town, suppliers = accounts.loc["town"], accounts.loc["suppliers"]
    assert town["saving"] == pytest.approx(199_000)
    assert town[ENDS].tolist() == pytest.approx([199_000 - 6_000 * 2.747, 199_000, 199_000 + 6_000 * 3.212], rel=2e-3)
    ends = [-297_000 - 6_000 * 3.212, -297_000, -297_000 + 6_000 * 2.747]  # what the town pays less, outside earns less
    assert suppliers[ENDS].tolist() == pytest.approx(ends, rel=1e-3)
    assert accounts.loc["mill_ltd", ENDS].tolist() == pytest.approx([186_000] * 3)  # rests on no rock
