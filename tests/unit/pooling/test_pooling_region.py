"""Pooled plans of regions: Haverly's problem as a register, and what mixing takes from a plan in batches."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.pooling_worlds import region_of

import sivuvirta as sv
from sivuvirta import cases
from sivuvirta.errors import OptionError
from sivuvirta.plan.solve import solve as in_batches
from sivuvirta.pooling.tables import problem


@pytest.fixture(scope="module")
def haverly():
    return sv.match(region_of(cases.pooling("haverly_1")[0]))


@pytest.mark.parametrize("method", ["scip", "mccormick"])
@pytest.mark.parametrize(("name", "value"), [("haverly_1", -400), ("haverly_2", -600), ("haverly_3", -750), ("ben_tal_4", -450)])
def test_a_published_problem_as_a_region_has_its_printed_answer(name, value, method):
    found = sv.pool(region_of(cases.pooling(name)[0]), method=method, gap=1e-6)
    assert found.plan.proven.objective == pytest.approx(value, abs=1e-3)
    assert found.plan.proven.bound == pytest.approx(value, rel=1e-5)
    assert found.plan.proven.status == "optimal"


def test_a_plan_in_batches_sells_what_one_mix_cannot_be(haverly):
    """In batches: 100 of B for y with 100 of C earn 400, and A with C for x beside it: 50 A, 50 C earn 900 - 300 - 500 = 100."""
    found = sv.pool(haverly)
    assert found.batches.proven.objective == pytest.approx(-500)
    assert found.plan.proven.objective == pytest.approx(-400, abs=1e-3)
    assert found.cost_of_mixing == pytest.approx(100, abs=1e-3)
    assert "100 less than in batches" in repr(found)


def test_compositions_and_limits_are_told(haverly):
    found = sv.pool(haverly, method="mccormick")
    proven = found.compositions[found.compositions["network"] == "proven"]
    assert proven[["plant", "output", "input"]].to_numpy().tolist() == [["o1", "mix", "c2"]]
    assert proven["share"].tolist() == pytest.approx([1.0])
    limits = found.limits[found.limits["network"] == "proven"].set_index("need")
    assert limits.loc["p2", "bound"] == pytest.approx(15_000)
    assert limits.loc["p2", "value"] == pytest.approx(15_000)  # half B with 1 %, half C with 2 %


def test_the_option_of_a_plan_gives_the_same_network(haverly):
    plan = sv.plan(haverly, pooling="exact", gap=1e-6)
    flows = plan.proven.ledger.to_frame().set_index(["origin", "destination"])["amount"]
    assert plan.proven.objective == pytest.approx(-400, abs=1e-3)
    assert flows["plant:o1", "need:p2"] == pytest.approx(100)


def test_a_plant_that_does_not_mix_keeps_batches():
    found = sv.pool(region_of(cases.pooling("haverly_1")[0], mixes="no"))
    assert found.plan.proven.objective == pytest.approx(-500)
    assert found.compositions.empty


def test_the_bundled_plan_is_one_mix_an_output_already():
    """Nothing changes: each mix of the plan goes to one need."""
    found = sv.pool("kemi_tornio")
    assert found.plan.potential.objective == found.batches.potential.objective
    assert found.cost_of_mixing == 0
    assert found.plan.potential.benefit == pytest.approx(23_693_117, abs=1)


def test_what_cannot_be_asked_is_refused(haverly):
    with pytest.raises(OptionError, match="one objective"):
        sv.plan(haverly, pooling="exact", then=["co2"])
    with pytest.raises(OptionError, match="batches, exact"):
        sv.plan(haverly, pooling="some")
    with pytest.raises(OptionError, match="auto, scip, mccormick"):
        sv.pool(haverly, method="magic")
    with pytest.raises(OptionError, match=r"sv\.pool"):
        in_batches(haverly, None, sv.PlanOptions(pooling="exact"))


def two_waters():
    """Two waters, a plant that mixes them and removes half of the salt, two users with limits; clean water may go straight."""
    nodes = [
        ("a", "input", 40, 1.0),
        ("b", "input", 60, 0.0),
        ("plant", "pool", 100, None),
        ("boiler", "output", 30, -5.0),
        ("wash", "output", 50, -3.0),
    ]
    qualities = [
        ("a", 1.0, None, None),
        ("b", 4.0, None, None),
        ("plant", None, 0.5, None),
        ("boiler", None, None, 1.0),
        ("wash", None, None, 2.0),
    ]
    arcs = [("a", "plant"), ("b", "plant"), ("a", "wash"), ("plant", "boiler"), ("plant", "wash")]
    return {
        "nodes": pd.DataFrame(nodes, columns=["node", "kind", "high", "price"]),
        "qualities": pd.DataFrame(qualities, columns=["node", "value", "removed", "high"]).assign(quality="salt"),
        "arcs": pd.DataFrame(arcs, columns=["origin", "destination"]),
    }


@pytest.mark.parametrize("method", ["scip", "mccormick"])
def test_reuse_of_water_with_treatment_as_a_region_and_as_a_network_agree(method):
    """By the plan's rows and by splits: the boiler asks for a mix of 2 before treatment, two of A for one of B.

    40 of A and 20 of B make 60: 30 at 5, 30 at 3, less 1 for each of A.
    """
    network = sv.pool(problem("waters", "EUR", two_waters()), method=method, gap=1e-4)
    found = sv.pool(region_of(two_waters()), method=method, gap=1e-4)
    assert network.objective == pytest.approx(-(30 * 5 + 30 * 3 - 40), rel=2e-4)
    assert found.plan.proven.objective == pytest.approx(network.objective, rel=2e-4)
    assert found.plan.proven.status == "optimal"
    assert found.batches.proven.objective <= found.plan.proven.objective + 1e-6
    value = found.limits[found.limits["network"] == "proven"].set_index("need")["value"]
    assert value["boiler"] <= 10_000 * (1 + 1e-6)
