"""The head quotes the ranges of all inputs drawn together; a life cycle's own range is the same with all but factors held."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc, triang
from tests.graded import written

import sivuvirta as sv
from sivuvirta.domain.draws import deviation, deviations, latin
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.ranges import FEWEST
from sivuvirta.futures.measured import quoting
from sivuvirta.futures.measured.headline import headline
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.quoting import quoted

ENDS = ["mean", "low", "high"]
COVERED = ("co2 purchase", "co2 transport", "co2 outlet", "replaced")
"""Kinds of input that a life cycle draws."""


@pytest.fixture(scope="module")
def plan():
    return sv.plan("kemi_tornio")


def test_the_head_is_that_of_ranges(plan):
    head, drawn = sv.assess(plan), sv.ranges(plan)
    assert (head.headline["draws"] == drawn.done).all()
    for network, column in (("proven", "proven"), ("potential", "total")):
        told = drawn.headline(network).set_index("row").loc[head.headline["figure"]]
        assert head.headline[[f"{column}_{end}" for end in ENDS]].to_numpy() == pytest.approx(
            told[ENDS].to_numpy(float), rel=1e-9, abs=1e-9
        )
        own = getattr(head, network).headline
        assert own[ENDS].to_numpy() == pytest.approx(told[ENDS].to_numpy(float), rel=1e-9, abs=1e-9)
        assert own["alarm"].tolist() == told["alarm"].tolist()


def test_what_is_added_is_the_difference_draw_by_draw(plan):
    """Where nothing is planned on proven evidence, what is added is the whole change; what is used today adds nothing."""
    head = sv.assess(plan).headline.set_index("figure")
    for figure in ("benefit", "carbon"):
        assert (
            head.loc[figure, [f"potential_{end}" for end in ENDS]].tolist() == head.loc[figure, [f"total_{end}" for end in ENDS]].tolist()
        )
    assert head.loc["used_today", [f"potential_{end}" for end in ENDS]].tolist() == [0.0, 0.0, 0.0]


def test_of_a_very_large_network_fewer_draws_are_made_and_said(plan, monkeypatch):
    monkeypatch.setattr(quoting, "_WORK", 1)
    found = quoted(plan.links, {"potential": plan.potential.ledger}, plan.compared)
    assert found.count == FEWEST
    assert len(found.draws["potential", "carbon"]) == FEWEST


def test_without_a_reference_no_change_has_a_range(plan):
    found = quoted(plan.links, {"potential": plan.potential.ledger}, None)
    assert np.isnan(found.of("carbon", "potential")).all()
    assert np.isfinite(found.of("could_be_used", "potential")).all()


@pytest.mark.parametrize("vintage", ["2024", "2018"])
def test_a_life_cycle_ranges_over_factors_and_what_outlets_replace_alone(vintage):
    """Drawing only these inputs, the ranges to quote are those of the life cycle, to a tenth of its width (two samples of draws).

    What states no range has that of its grade.
    """
    plan = sv.plan(written(sv.load("kemi_tornio").at(vintage)))
    over = networks(plan.links, {"potential": plan.potential.ledger}, plan.compared, lambda setting: (headline(setting),))
    inputs = over.found.inputs
    delta = deviations(inputs, latin(2000, len(inputs), np.random.default_rng(1)))
    delta[:, [one.kind not in COVERED for one in inputs]] = 0.0
    carbon = [row.key for _, row in over.rows].index("carbon")
    values = np.concatenate([over.figures(delta[at : at + 125])[0]["potential"][:, carbon] for at in range(0, 2000, 125)])
    low, high = np.quantile(values, (0.05, 0.95))
    scores = sv.lifecycle(plan).scores.set_index(["network", "system"]).loc[("potential", "change")]
    width = (scores["high"] - scores["low"]) / 1000
    assert low == pytest.approx(scores["low"] / 1000, abs=0.1 * width)
    assert high == pytest.approx(scores["high"] / 1000, abs=0.1 * width)
    assert values.mean() == pytest.approx(scores["value"] / 1000, abs=0.1 * width)


def test_the_hypercube_is_that_of_scipy():
    ours, theirs = (np.random.default_rng(5) for _ in range(2))
    assert np.array_equal(latin(40, 7, ours), qmc.LatinHypercube(d=7, rng=theirs).random(40))


@pytest.mark.parametrize("centre", [1.0, 5.0, 7.0])
def test_a_triangle_is_that_of_scipy(centre):
    u = np.linspace(0.01, 0.99, 33)
    one = Input("amount", "x", "x", "triangular", centre, 2.0, 1.0, 7.0)
    assert deviation(one, u) == pytest.approx((triang.ppf(u, (centre - 1) / 6, 1, 6) - centre) / 2)
