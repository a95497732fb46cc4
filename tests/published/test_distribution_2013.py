"""Williams, Distribution 1: two factories, four depots, six customers, some ways straight, least cost 198 500."""

import pytest

import sivuvirta as sv
from sivuvirta import cases

ANSWER = cases.answer("distribution_2013")
PLAN = sv.plan("distribution_2013")
PRINTED = {
    ("factory_liverpool", "customer_1"): 50_000,
    ("factory_liverpool", "customer_6"): 20_000,
    ("factory_brighton", "depot_birmingham"): 50_000,
    ("factory_brighton", "depot_london"): 55_000,
    ("factory_brighton", "depot_exeter"): 40_000,
    ("depot_birmingham", "customer_2"): 10_000,
    ("depot_birmingham", "customer_4"): 35_000,
    ("depot_birmingham", "customer_5"): 5_000,
    ("depot_london", "customer_5"): 55_000,
    ("depot_exeter", "customer_3"): 40_000,
}


def test_least_cost_of_the_distribution():
    assert ANSWER["value"] == 198_500
    assert PLAN.proven.status == "optimal"
    assert PLAN.cost == pytest.approx(ANSWER["value"], abs=1e-6 * ANSWER["value"])


def test_the_printed_flows_are_found():
    frame = PLAN.ledger.to_frame()
    sent = frame[frame["kind"].isin(["direct", "feed", "deliver"])]
    ends = [tuple(end.rpartition(":")[2] for end in pair) for pair in zip(sent["origin"], sent["destination"], strict=True)]
    assert dict(zip(ends, sent["amount"], strict=True)) == pytest.approx(PRINTED)


def test_birmingham_and_exeter_are_full_and_more_of_them_would_be_worth_something():
    worth = {marginal.label: marginal.value for marginal in PLAN.proven.marginals if marginal.constraint == "capacity"}
    full = {label: value for label, value in worth.items() if "birmingham" in label or "exeter" in label}
    assert len(full) == 2
    assert min(full.values()) > 0
