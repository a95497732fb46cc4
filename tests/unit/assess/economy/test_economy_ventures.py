"""Returns, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sivuvirta.assess.economy.discounting import annuity_value, flows, irr, npv, payback
from sivuvirta.assess.economy.ventures import ventures
from sivuvirta.domain.links import EUR_TERMS
from sivuvirta.domain.table import Table


def test_present_value_rate_and_payback_of_plain_flows():
    assert npv(np.array([-1000.0, 500, 500, 500]), 0.1) == pytest.approx(-1000 + 500 / 1.1 + 500 / 1.21 + 500 / 1.331)
    assert irr(np.array([-100.0, 110.0])) == pytest.approx(0.1)
    assert annuity_value(0.05, 2) == pytest.approx(1 / 1.05 + 1 / 1.05**2)
    assert (payback(1000, 250), np.isnan(payback(1000, -1)), np.isnan(payback(0, 5))) == (4, True, True)


def test_what_wears_out_is_bought_again_and_what_is_left_at_the_end_counts():
    # 60 for 2 years and 90 for 3: the first is bought again in year 2, and is half worn out in year 3
    assert flows([(60.0, 2), (90.0, 3)], 100.0).tolist() == [-150.0, 100.0, 40.0, 130.0]


@pytest.mark.parametrize("flow", [[-100.0, 10.0], [100.0, -10.0], [-100.0, 300.0, -210.0], [0.0, 5.0]])
def test_a_rate_is_told_only_where_there_is_one(flow):
    assert np.isnan(irr(np.array(flow)))


@pytest.fixture
def paying(links, planned, today):
    """The mill sells at 60 EUR/t and lasts 10 years."""
    eur = links.arcs.eur.copy()
    eur[5, EUR_TERMS.index("revenue")] = -60
    tables = dict(links.region.tables)
    tables["technologies"] = Table("technologies", ("technology",), {**tables["technologies"].columns, "lifetime": np.array([10.0])})
    world = evolve(links, arcs=evolve(links.arcs, eur=eur), region=evolve(links.region, tables=tables))
    return evolve(planned, links=world), evolve(today, links=world)


def test_a_plant_its_owner_and_the_region(paying):
    table = ventures(*paying, 0.05).set_index(["kind", "venture"])
    mill = table.loc[("plant", "mill")]
    # 45 x 60 less haulage 135, soda 1000, residue 180, opex and energy 350, upkeep 30
    assert (mill["invested"], mill["yearly"]) == pytest.approx((1000, 1005))
    assert (mill["payback"], mill["years"], mill["rate"]) == pytest.approx((1000 / 1005, 10, 5))
    assert mill["npv"] == pytest.approx(-1000 + 1005 * (1 - 1.05**-10) / 0.05)
    assert mill["npv_low"] < mill["npv"] < mill["npv_high"]
    assert 1005 * (1 - (1 + mill["irr"] / 100) ** -10) / (mill["irr"] / 100) == pytest.approx(1000)
    assert "the price that it pays for what it takes in" in mill["missing"]
    assert table.loc[("organisation", "investor"), "yearly"] == pytest.approx(1005)
    # the region: 245 as saved at 30 EUR/t, 45 x 30 more, and its capital of 100
    assert table.loc[("region", "paper"), "yearly"] == pytest.approx(245 + 1350 + 100)


def test_a_plant_that_earns_nothing_is_never_paid_back(planned, today):
    mill = ventures(planned, today, 0.05).set_index("kind").loc["plant"]
    assert mill["yearly"] == pytest.approx(-345)
    assert np.isnan(mill["payback"])
    assert mill["missing"] == "the life of what is built"


def test_without_a_reference_no_return_is_known(paying):
    table = ventures(paying[0], None, 0.05)
    assert table[["yearly", "payback", "npv", "npv_low", "npv_high", "irr"]].isna().all(axis=None)
    assert (table["missing"].str.startswith("the reference scenario")).all()


def test_an_investment_that_nobody_states_is_not_known(paying):
    planned, today = paying
    free = evolve(planned, operations=evolve(planned.operations, capex=np.zeros(1)))
    mill = ventures(free, today, 0.05).set_index("kind").loc["plant"]
    assert np.isnan(mill["invested"])
    assert np.isnan(mill["npv"])
    assert mill["missing"].startswith("what is invested")
