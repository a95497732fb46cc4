"""Payback and internal rate with their ranges, by hand; present values of plants add up to their sum."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.assess.economy.chances import chances
from sivuvirta.assess.economy.discounting import flows, irr

ONE = [(100.0, 10.0)]


def test_what_is_sure_has_no_range():
    """100 EUR at 20 a year: 5 years; over ten years 15.1 % (the annuity of 20 is worth 100 at 15.098 %)."""
    found = chances(ONE, 20.0, (0.0, 0.0), discounted=True)
    assert (found.payback_low, found.payback_mean, found.payback_high) == pytest.approx((5.0, 5.0, 5.0))
    assert (found.irr_low, found.irr_mean, found.irr_high) == pytest.approx((15.0984,) * 3, abs=1e-3)
    assert found.never == 0.0


def test_earnings_alone():
    """20 +- 1.645 x 2 a year: 16.71 to 23.29, so 100/23.29 = 4.294 to 100/16.71 = 5.984 years; rates of these two are the ends."""
    found = chances(ONE, 20.0, (2.0, 0.0), discounted=True)
    assert (found.yearly_low, found.yearly_high) == pytest.approx((16.71, 23.29), abs=1e-3)
    assert (found.payback_low, found.payback_high) == pytest.approx((4.294, 5.984), rel=2e-3)
    ends = [100 * irr(flows(ONE, yearly)) for yearly in (16.71, 23.29)]
    assert (found.irr_low, found.irr_high) == pytest.approx(ends, rel=1e-2)
    assert found.payback_mean == pytest.approx(5.0 * (1 + 0.1**2), rel=2e-3)  # mean of 1/x about x: (1 + variance) to second order


def test_investment_alone_moves_payback_in_proportion():
    """Lognormal with mean 1 and deviation 0.2: ends exp(+-1.645 s - s^2/2), s^2 = ln 1.04, of 5 years: 3.54 to 6.79."""
    s = np.sqrt(np.log(1.04))
    low, high = 5 * np.exp(-1.645 * s - s**2 / 2), 5 * np.exp(1.645 * s - s**2 / 2)
    found = chances(ONE, 20.0, (0.0, 20.0), discounted=True)
    assert (found.payback_low, found.payback_high) == pytest.approx((low, high), rel=5e-3)
    assert found.payback_mean == pytest.approx(5.0, rel=2e-3)


def test_a_case_that_never_pays_back_leaves_no_mean_and_no_upper_end():
    """10 +- 10 a year: below 0 in Phi(-1) = 15.9 % of the cases."""
    found = chances(ONE, 10.0, (10.0, 0.0), discounted=True)
    assert found.never == pytest.approx(0.159, abs=0.01)
    assert found.payback_low == pytest.approx(100 / (10 + 16.45), rel=5e-3)
    assert np.isnan([found.payback_high, found.payback_mean, found.irr_low, found.irr_mean]).all()


def test_without_lives_there_is_no_rate():
    found = chances([(100.0, float("nan"))], 20.0, (2.0, 5.0), discounted=False)
    assert np.isnan([found.irr_low, found.irr_mean, found.irr_high]).all()
    assert found.payback_mean > 5.0


@pytest.fixture(scope="module")
def returns():
    table = sv.economy(sv.plan("kemi_tornio")).ventures
    return table[table["network"] == "potential"]


def test_present_values_add_up_to_their_sum(returns):
    plants, total = returns[returns["kind"] == "plant"], returns[returns["kind"] == "sum"].iloc[0]
    for name in ("invested", "yearly", "npv", "npv_low", "npv_high", "yearly_low", "yearly_high"):
        assert total[name] == pytest.approx(plants[name].sum(), rel=1e-12)
    assert len(plants) > 1
    assert total["invested"] == pytest.approx(returns.loc[returns["kind"] == "region", "invested"].iloc[0])


def test_every_figure_lies_within_its_range(returns):
    for name in ("payback", "irr", "yearly", "npv"):
        known = returns[returns[[name, f"{name}_low", f"{name}_high"]].notna().all(axis=1)]
        assert len(known)
        assert ((known[f"{name}_low"] <= known[name]) & (known[name] <= known[f"{name}_high"])).all()
