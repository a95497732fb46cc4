"""Laws of the algebra of ledgers: counting conserves, the sum of the parts is the whole, a difference turns its sign."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from sivuvirta.ledger.algebra import attained, cells, compared, split, summed
from sivuvirta.ledger.dimensions import DIMENSIONS


@cache
def links():
    return sv.plan("kemi_tornio").reference.links


def ledger(seed):
    """Any amounts on any arcs, from grains to megatonnes."""
    random = np.random.default_rng(seed)
    first = sv_reference()
    arc = np.sort(random.choice(len(links().arcs), size=int(random.integers(1, 200)), replace=False)).astype(np.int32)
    codes = random.integers(0, 4, len(arc)).astype(np.int8)
    return evolve(first, arc=arc, amount=10.0 ** random.uniform(-3, 7, len(arc)), verdict=codes, grade=codes, evidence=codes)


@cache
def sv_reference():
    return sv.plan("kemi_tornio").reference


seeds = st.integers(0, 2**32 - 1)
dimensions = st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=3, unique=True)


def by_unit(ledger):
    units = ledger.links.units[ledger.arc]
    return {f"{unit}/a": float(ledger.amount[units == unit].sum()) for unit in set(units)}


@settings(max_examples=40, deadline=None)
@given(seed=seeds, by=dimensions, level=st.integers(0, 3), digits=st.integers(0, 4))
def test_counting_conserves_every_unit_and_every_flow(seed, by, level, digits):
    one = ledger(seed)
    found = cells(one, by, material_level=level, nace_digits=digits)
    assert found.groupby("unit")["amount"].sum().to_dict() == pytest.approx(by_unit(one), rel=1e-12)
    assert found["flows"].sum() == len(one)
    assert sorted(arc for arcs in found["arcs"] for arc in arcs) == one.arc.tolist()


@settings(max_examples=30, deadline=None)
@given(seed=seeds, by=dimensions)
def test_the_arcs_of_a_cell_add_up_to_it(seed, by):
    one = ledger(seed)
    per_arc = one.per_arc()
    for row in cells(one, by).itertuples():
        assert sum(per_arc[arc] for arc in row.arcs) == pytest.approx(row.amount, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, by=dimensions)
def test_a_coarser_count_is_the_sum_of_a_finer_one(seed, by):
    one = ledger(seed)
    fine = cells(one, (*by, "kind") if "kind" not in by else by)
    coarse = cells(one, by).set_index([*by, "unit"])["amount"]
    assert fine.groupby([*by, "unit"])["amount"].sum().to_dict() == pytest.approx(coarse.to_dict(), rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(first=seeds, second=seeds, by=dimensions)
def test_a_difference_turns_its_sign(first, second, by):
    one, two = ledger(first), ledger(second)
    there, back = compared(one, two, by), compared(two, one, by)
    assert there["difference"].tolist() == (-back["difference"]).tolist()
    assert np.array_equal(there["low"], -back["high"], equal_nan=True)
    assert (there["low"].isna() | (there["low"] <= there["difference"] + 1e-9)).all()
    assert there["arcs_first"].tolist() == back["arcs_second"].tolist()
    assert np.array_equal(there["high"], -back["low"], equal_nan=True)
    itself = compared(one, one, by)
    assert not itself[["difference", "low", "high"]].to_numpy().any()  # 0, from 0 to 0
    assert set(itself["unknown"]) == {""}
    assert (there["unknown"] != "")[there["low"].isna()].all()  # a blank has a reason


@settings(max_examples=20, deadline=None)
@given(first=seeds, second=seeds, third=seeds)
def test_differences_chain(first, second, third):
    one, two, three = ledger(first), ledger(second), ledger(third)
    keys = ["origin.site", "unit"]

    def step(left, right):
        return compared(left, right, "origin.site").set_index(keys)["difference"]

    whole, parts = step(one, three), step(one, two).add(step(two, three), fill_value=0.0)
    size = one.amount.sum() + two.amount.sum() + three.amount.sum()
    assert (parts.sub(whole, fill_value=0.0).abs() <= 1e-12 * size).all()


@settings(max_examples=30, deadline=None)
@given(first=seeds, second=seeds, weight=st.floats(0.01, 20.0))
def test_a_sum_counts_as_the_sum_of_its_parts(first, second, weight):
    one, two = ledger(first), ledger(second)
    whole = summed([one, two], [1.0, weight])
    assert whole.per_arc() == pytest.approx(one.per_arc() + weight * two.per_arc(), rel=1e-12)
    assert (whole.grade >= 0).all()
    again = summed([two, one], [weight, 1.0])
    assert again.per_arc() == pytest.approx(whole.per_arc(), rel=1e-12)
    assert (again.grade == whole.grade).all()


@settings(max_examples=30, deadline=None)
@given(seed=seeds, share=st.floats(0.0, 1.0))
def test_a_split_conserves(seed, share):
    found = cells(ledger(seed), ("origin.site", "material"))
    value = found["origin.site"].iloc[0]
    parts = split(found, "origin.site", value, {"one": share, "two": 1.0 - share})
    assert parts["amount"].sum() == pytest.approx(found["amount"].sum(), rel=1e-12)
    apart = parts[parts["origin.site"].isin(["one", "two"])].groupby("material")["amount"].sum()
    assert apart.to_dict() == pytest.approx(found[found["origin.site"] == value].groupby("material")["amount"].sum().to_dict(), rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_a_plan_that_was_kept_is_kept_everywhere(seed):
    one = ledger(seed)
    found = attained(one, one)
    assert set(found["state"]) == {"as planned"}
    assert found["share"].to_numpy() == pytest.approx(1.0)
