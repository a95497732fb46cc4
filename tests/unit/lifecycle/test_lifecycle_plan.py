"""The life cycle of a plan: equal to the assessment's carbon, unknown without a reference, with cases, ranges and causes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from tests.graded import SHARES, written

import sivuvirta as sv
from sivuvirta.assess.spread import carbon_sd
from sivuvirta.assess.terms import emissions
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import WORK_CO2_TERMS
from sivuvirta.errors import OptionError
from sivuvirta.lifecycle.brightway import bw2calc
from sivuvirta.lifecycle.packages import PROCESS, write_package

NETWORKS = ("proven", "potential")


@pytest.fixture(scope="module", params=[("three_sites", None), ("kemi_tornio", "2018"), ("kemi_tornio", "2024")], ids=str)
def pair(request):
    name, vintage = request.param
    plan = sv.plan(sv.load(name, vintage) if vintage else sv.load(name))
    return plan, sv.lifecycle(plan, runs=400)


@pytest.fixture(scope="module")
def three():
    return sv.plan("three_sites")


def of(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def test_the_change_equals_the_carbon_of_the_assessment(pair):
    plan, found = pair
    assessment = sv.assess(plan)
    for network in NETWORKS:
        assert found.change(network) == pytest.approx(getattr(assessment, network).emissions, rel=1e-9, abs=1e-6)


def test_brightway_computes_the_same_from_the_exported_package(pair, tmp_path):
    plan, found = pair
    assessment = sv.assess(plan)
    for network in NETWORKS:
        path = write_package(found.inventories[network], tmp_path / f"{network}.zip")
        lca = bw2calc.LCA({PROCESS + found.inventories[network].system("change"): 1}, data_objs=[path])
        lca.lci()
        lca.lcia()
        assert lca.score == pytest.approx(getattr(assessment, network).emissions, rel=1e-9, abs=1e-6)


def test_both_ledgers_equal_the_emissions_of_the_assessment(pair):
    plan, found = pair
    for network in NETWORKS:
        for system, ledger in (("planned", getattr(plan, network).ledger), ("reference", plan.reference)):
            value = of(found.scores, network=network, system=system)["value"].iloc[0]
            assert value == pytest.approx(emissions(ledger), rel=1e-9)


def test_what_counts_as_0_is_said_as_the_assessment_says_it(pair):
    plan, found = pair
    headline = sv.assess(plan).potential.headline.set_index("figure")
    assert of(found.scores, network="potential", system="change")["unknown"].iloc[0] == headline.loc["carbon", "unknown"]


def test_contributions_add_up_in_both_views(pair):
    _, found = pair
    for network in NETWORKS:
        change = found.change(network)
        for view in ("emitter", "activity"):
            assert of(found.contributions, network=network, view=view)["score"].sum() == pytest.approx(change, rel=1e-9, abs=1e-3)
        assert of(found.flows, network=network)["score"].sum() == pytest.approx(change, rel=1e-9, abs=1e-6)


def test_cases_are_in_order_and_expected_is_the_score(pair):
    _, found = pair
    for network in NETWORKS:
        change = of(found.cases, network=network).set_index("case")["change"]
        assert change["expected"] == pytest.approx(found.change(network), rel=1e-12, abs=1e-6)
        assert change["best"] <= change["expected"] <= change["worst"]


def test_draws_keep_the_mean_and_stay_within_the_cautious_range(pair):
    """Means of lognormals are the values, so the mean of the draws is the score within 4 standard errors; the assessment adds the sources
    of a term as fully correlated, so its standard deviation is the larger, once the ranges of grades are in its tables too. A technology's
    own emission has no columns for a range: its grade's is added here."""
    plan, found = pair
    full = sv.plan(written(plan.links.region))
    for network in NETWORKS:
        row = of(found.scores, network=network, system="change").iloc[0]
        ledger, works = getattr(full, network).ledger, plan.links.works
        graded = np.array([SHARES[_grade(plan, name)] for name in works.technology])
        more = (ledger.operations.activity - full.reference.operations.activity) * works.co2[:, WORK_CO2_TERMS.index("process")] * graded
        assert row["sd"] <= np.linalg.norm([*carbon_sd(ledger, full.reference), *more]) * 1.1 + 1e-6
        assert row["low"] <= row["high"]
        ends = found.scores.set_index(["network", "system"]).loc[(network, "change")]
        assert ends["low"] <= row["value"] + 1e-6
        assert ends["high"] >= row["value"] - 1e-6


def _grade(plan, technology):
    table = plan.links.region.table("technologies")
    return table["grade"][table.index[technology]]


def test_a_figure_without_a_range_is_drawn_as_with_that_of_its_grade():
    """Grade D without a range: s = 0.4621 of the figure, 5 and 95 % points 0.76 of it either side; written out, the draws are the same."""
    plan = sv.plan(sv.load("kemi_tornio"))
    found, other = sv.lifecycle(plan), sv.lifecycle(sv.plan(written(plan.links.region)))
    columns = ["value", "mean", "low", "high", "sd"]
    assert found.scores[columns].to_numpy() == pytest.approx(other.scores[columns].to_numpy(), rel=1e-6, abs=1.0, nan_ok=True)
    heat = of(found.contributions, network="potential", process="product:process_heat", view="emitter").iloc[0]
    assert heat["grade"] == "C"
    sigma = np.sqrt(np.log(1 + 0.2463**2))  # of a lognormal with a standard deviation of 24.63 % of its mean
    low, high = (heat["score"] * np.exp(-(sigma**2) / 2 + side * 1.645 * sigma) for side in (-1, 1))
    assert (heat["low"], heat["high"]) == pytest.approx((low, high), rel=0.06)  # 0.64 and 1.44 of the score


def test_the_reference_is_one_and_the_same_for_both_networks(pair):
    _, found = pair
    today = of(found.scores, system="reference").set_index("network")[["value", "low", "high", "sd"]]
    assert today.loc["proven", "value"] == pytest.approx(today.loc["potential", "value"], rel=1e-12)
    assert today.loc["proven", ["low", "high", "sd"]].tolist() == today.loc["potential", ["low", "high", "sd"]].tolist()
    assert found.notes == ()


def test_a_case_that_moves_the_reference_of_each_network_says_so():
    plan = sv.plan("kemi_tornio")
    found = sv.lifecycle(plan, displaced="best", runs=0)
    today = of(found.scores, system="reference")["value"]
    assert today.iloc[0] != pytest.approx(today.iloc[1], rel=1e-3)
    assert "a reference score of its own here" in found.notes[0]
    assert "best end" in found.notes[0]


def test_fewer_than_a_hundred_draws_have_a_spread_and_no_tail(three):
    plan = sv.plan(sv.load("kemi_tornio", "2018"))
    few, enough = (of(sv.lifecycle(plan, runs=runs).scores, network="potential", system="change").iloc[0] for runs in (99, 100))
    assert np.isnan([few["low"], few["high"]]).all()
    assert few["sd"] > 0
    assert enough["low"] < enough["value"] < enough["high"]
    assert "99 draws tell no 5 and 95 % points" in sv.lifecycle(three, runs=99).notes[0]


def test_each_contribution_has_a_range_a_grade_and_its_sources(pair):
    plan, found = pair
    parts = found.contributions
    assert (parts["low"] <= parts["high"]).all()
    inside = (parts["low"] <= parts["score"] + 1e-6) & (parts["score"] - 1e-6 <= parts["high"])
    assert inside.mean() > 0.95  # the mean of a skewed figure may lie beyond its 95 % point
    known = {*plan.links.region.table("sources")["source"].tolist()}
    assert {name for text in parts["source"] for name in text.split("; ")} <= known
    assert set(parts["grade"]) <= {"A", "B", "C", "D"}


def test_the_same_seed_draws_the_same(three):
    region = sv.load("kemi_tornio", "2018")
    plan = sv.plan(region)
    first, again, other = (sv.lifecycle(plan, runs=20, seed=seed).scores["sd"] for seed in (7, 7, 8))
    assert first.equals(again)
    assert not first.equals(other)


def test_without_a_reference_every_benefit_is_unknown(three):
    found = sv.lifecycle(evolve(three, reference=None), runs=10)
    change = of(found.scores, system="change")
    assert change[["value", "low", "high", "sd"]].isna().all(axis=None)
    assert change["unknown"].str.contains(NO_REFERENCE, regex=False).all()
    assert np.isnan(found.change())
    assert found.cases["change"].isna().all()
    assert len(found.contributions) == 0
    assert len(found.flows) == 0
    assert "unknown" in repr(found)
    assert of(found.scores, system="reference")["value"].isna().all()
    assert of(found.scores, system="planned")["value"].notna().all()  # what the network emits is known; no benefit is read from it


def test_without_what_is_displaced_every_score_is_unknown(three):
    found = sv.lifecycle(three, displaced=None, runs=0)
    assert found.scores["value"].isna().all()
    assert found.scores["unknown"].str.contains("not stated").all()
    assert found.cases["change"].isna().all()


def test_options_that_cannot_be(three):
    with pytest.raises(OptionError, match="best, expected, worst"):
        sv.lifecycle(three, displaced="likely")
    with pytest.raises(OptionError, match="2 or more"):
        sv.lifecycle(three, runs=1)
    with pytest.raises(OptionError, match="seed"):
        sv.lifecycle(three, sed=3)
    with pytest.raises(OptionError, match="needs a background"):
        sv.lifecycle(three, "acidification")


def test_the_range_to_quote_stands_beside_the_change_and_decides_the_alarm():
    """`sv.ranges` in kg: one range and one alarm a figure; of other methods, cases and networks of today nothing is quoted."""
    plan = sv.plan("kemi_tornio")
    scores = sv.lifecycle(plan).scores
    change = of(scores, network="potential", system="change").iloc[0]
    told = sv.ranges(plan).headline("potential").set_index("row").loc["carbon"]
    quoted = [change[f"quoted_{end}"] / 1000 for end in ("mean", "low", "high")]
    assert quoted == pytest.approx([told["mean"], told["low"], told["high"]], rel=1e-9)
    assert change["alarm"] == told["alarm"]
    assert scores[scores["system"] != "change"]["quoted_low"].isna().all()
    best = of(sv.lifecycle(plan, displaced="best", runs=100).scores, network="potential", system="change").iloc[0]
    assert np.isnan(best["quoted_low"])


def test_the_frame_and_the_page(three):
    found = sv.lifecycle(three, runs=0)
    assert isinstance(found.to_frame(), pd.DataFrame)
    assert found.scores["low"].isna().all()
    assert "<table" in found._repr_html_()
    assert repr(found).startswith("<LifeCycle Three sites")
    assert set(found.inventories) == {"proven", "potential"}


def test_three_sites_by_hand(three):
    """Fertiliser 375 t and rock 30 t CO2e are no longer bought; the granulator emits 30 t; hauls emit 46 t: -375 - 30 + 30 + 46 = -329."""
    found = sv.lifecycle(three, runs=0)
    emitter = of(found.contributions, network="proven", view="emitter").set_index("process")["score"]
    assert emitter["product:fertiliser"] == pytest.approx(-375_000)
    assert emitter["product:rock"] == pytest.approx(-30_000)
    assert emitter["plant:granulator"] == pytest.approx(30_000)
    assert emitter[emitter.index.str.startswith("arc:")].sum() == pytest.approx(46_000)


@pytest.mark.parametrize(("high", "alarm"), [(500.0, False), (3000.0, True)])
def test_a_saving_whose_range_includes_zero_is_an_alarm(high, alarm):
    """Fertiliser at 0 to 3 000 kg/t about 500: s = 1.21, median 240; 750 t at its 5 % of 33 kg are 25 t, 46 t are emitted more."""
    tables = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    mine = tables["factors"]["subject"] == "fertiliser"
    low = 500.0 if high == 500.0 else 0.0
    tables["factors"] = tables["factors"].assign(
        low=tables["factors"]["low"].where(~mine, low), high=tables["factors"]["high"].where(~mine, high)
    )
    found = sv.lifecycle(sv.plan(sv.region("mine", tables)), runs=4000)
    change = of(found.scores, network="potential", system="change").iloc[0]
    assert change["value"] == pytest.approx(-329_000)  # 375 - 30 - 18 + 4 - 2 t
    assert bool(change["alarm"]) is alarm
    assert not of(found.scores, system="planned")["alarm"].any()
    if alarm:
        assert change["high"] == pytest.approx(-329_000 + 750 * (500 - 32.8), rel=0.1)
