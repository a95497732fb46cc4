"""Payback and internal rate in each draw, by hand; present values of plants add up to their sum."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.assess.economy.chances import Cases, rates
from sivuvirta.assess.economy.discounting import flows, irr, npv

YEARLY = np.linspace(16.0, 24.0, 101)  # EUR a year; 5 and 95 % points 16.4 and 23.6, mean 20


def cases(yearly, invested=100.0, life=10.0):
    return Cases(np.broadcast_to(invested, yearly.shape)[:, None].astype(float), (life,), yearly, 0.05)


def test_figures_of_draws_by_hand():
    """100 EUR: 100 / 23.6 to 100 / 16.4 years; ten years at 5 % are worth 7.7217 a year."""
    found = cases(YEARLY).figures(discounted=True)
    assert [found["yearly"][end] for end in ("mean", "low", "high")] == pytest.approx([20.0, 16.4, 23.6])
    assert [found["payback"][end] for end in ("low", "high")] == pytest.approx([100 / 23.6, 100 / 16.4], rel=1e-3)
    assert found["payback"]["mean"] == pytest.approx((100 / YEARLY).mean())
    assert [found["npv"][end] for end in ("mean", "low", "high")] == pytest.approx([7.7217 * x - 100 for x in (20, 16.4, 23.6)], abs=1e-2)
    ends = [100 * irr(flows([(100.0, 10.0)], yearly)) for yearly in (16.4, 23.6)]
    assert [found["irr"][end] for end in ("low", "high")] == pytest.approx(ends, rel=1e-6)


def test_rates_of_all_draws_are_those_of_each():
    own = [(100.0, 10.0), (30.0, 4.0)]  # the second is made again in years 4 and 8
    each = [flows(own, yearly) for yearly in (35.0, 40.0, 900.0)]
    assert rates(np.array(each)).tolist() == pytest.approx([irr(flow) for flow in each], rel=1e-9)
    both = Cases(np.array([[100.0, 30.0]] * 2), (10.0, 4.0), np.array([35.0, 40.0]), 0.05)
    assert both.npv.tolist() == pytest.approx([npv(flow, 0.05) for flow in each[:2]])


def test_a_case_that_never_pays_back_leaves_no_mean_and_no_upper_end():
    """-4 to 36 a year: below 0 in 10 of 101 draws, so more than 5 % never pay back, and the fastest 5 % earn 34.4."""
    found = cases(np.linspace(-4.0, 36.0, 101))
    assert found.never == pytest.approx(11 / 101)  # 10 below 0, and one at it
    told = found.figures(discounted=True)
    assert told["payback"]["low"] == pytest.approx(100 / 34, rel=2e-2)
    assert np.isnan([told["payback"]["high"], told["payback"]["mean"], told["irr"]["low"], told["irr"]["mean"]]).all()
    assert told["irr"]["high"] == pytest.approx(100 * irr(flows([(100.0, 10.0)], 34.0)), rel=2e-2)


def test_signs_that_change_twice_leave_no_rate():
    assert np.isnan(rates(np.array([[-100.0, 300.0, -190.0]]))).all()
    assert rates(np.array([[-100.0, 10.0, 20.0]])).tolist() == [-np.inf]


def test_without_a_life_there_is_a_payback_alone():
    found = cases(YEARLY, life=float("nan")).figures(discounted=False)
    assert set(found) == {"invested", "yearly", "payback"}


@pytest.fixture(scope="module")
def returns():
    table = sv.economy(sv.plan("kemi_tornio")).ventures
    return table[table["network"] == "potential"]


def test_present_values_add_up_to_their_sum(returns):
    plants, total = returns[returns["kind"] == "plant"], returns[returns["kind"] == "sum"].iloc[0]
    for name in ("invested", "yearly", "npv", "npv_mean", "yearly_mean"):
        assert total[name] == pytest.approx(plants[name].sum(), rel=1e-9)
    assert total["npv_low"] > plants["npv_low"].sum()  # not all are at their worse end at once
    assert total["npv_high"] < plants["npv_high"].sum()
    assert len(plants) > 1
    assert total["invested"] == pytest.approx(returns.loc[returns["kind"] == "region", "invested"].iloc[0])


def test_every_figure_lies_within_its_range(returns):
    for name in ("payback", "irr", "yearly", "npv"):
        known = returns[returns[[name, f"{name}_low", f"{name}_high"]].notna().all(axis=1)]
        assert len(known)
        assert ((known[f"{name}_low"] <= known[name]) & (known[name] <= known[f"{name}_high"])).all()


def test_a_present_value_whose_range_includes_zero_is_an_alarm(returns):
    alarms = returns[returns["alarm"]]
    assert (alarms["npv_low"] * alarms["npv_high"] < 0).all()
    assert (alarms["npv"] > 0).all()
    assert len(alarms)


def test_the_return_of_the_region_is_of_the_draws_that_ranges_quotes(returns):
    """What the region saves a year after capital, drawn, is the worth of the plan: mean and ends of `ranges` less the annuity."""
    plan = sv.plan("kemi_tornio")
    drawn = sv.ranges(plan).headline("potential").set_index("row").loc["benefit"]
    capital = sv.economy(plan).accounts.query("network == 'potential' and party == 'lenders'").iloc[0]
    region = returns[returns["kind"] == "region"].iloc[0]
    assert region["yearly"] == pytest.approx(drawn["value"] + capital["saving"])
    assert region["yearly_mean"] == pytest.approx(drawn["mean"] + capital["mean"], rel=1e-9)
