"""Laws of circularity: bounds, monotony, unknown stays unknown, shares are a whole, no benefit without its reference."""

from __future__ import annotations

from functools import cache
from math import isnan, nan

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
import sivuvirta as sv
from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.intervals import Range, corners, exact, share, weighted
from sivuvirta.assess.circularity.mci import Product, linear_flow_index, mci
from sivuvirta.assess.circularity.streams import CLASSES
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table

fractions = st.floats(0.0, 1.0)
positive = st.floats(0.05, 20.0)


@st.composite
def products(draw):
    """Any product."""
    before, after = (np.array(draw(st.lists(fractions, min_size=count, max_size=count))) for count in (4, 5))
    before, after = (part / part.sum() if part.sum() > 1 else part for part in (before, after))
    return Product(
        recycled=float(before[0]),
        reused=float(before[1]),
        biological=float(before[2]),
        to_recycling=float(after[0]),
        to_reuse=float(after[1]),
        to_compost=float(after[2]),
        to_energy=float(after[3]),
        after_use=draw(fractions),
        feedstock=draw(st.floats(0.01, 1.0)),
        utility=draw(positive),
    )


@st.composite
def uncertain(draw, most=1e6):
    low, value, high = sorted(draw(st.lists(st.floats(0.0, most), min_size=3, max_size=3)))
    return Range(value, low, high)


@given(product=products())
def test_the_indicator_stays_within_0_and_1(product):
    assert 0.0 <= linear_flow_index(product) <= 1.0 + 1e-12
    assert 0.0 <= mci(product) <= 1.0


@given(product=products(), part=fractions)
def test_reused_feedstock_never_makes_it_worse(product, part):
    room = 1.0 - product.recycled - product.reused - product.biological
    assert mci(evolve(product, reused=product.reused + part * max(room, 0.0))) >= mci(product) - 1e-12


@given(product=products(), part=fractions)
def test_recycled_feedstock_never_makes_it_worse_where_recycling_loses_no_more_than_it_saves(product, part):
    """Each share of recycled feedstock saves one of virgin; with an efficiency of at least a half it causes at most as much waste."""
    better = evolve(product, feedstock=max(product.feedstock, 0.5))
    room = 1.0 - better.recycled - better.reused - better.biological
    assert mci(evolve(better, recycled=better.recycled + part * max(room, 0.0))) >= mci(better) - 1e-12


@given(product=products(), longer=st.floats(1.0, 10.0))
def test_longer_use_never_makes_it_worse(product, longer):
    assert mci(evolve(product, utility=product.utility * longer)) >= mci(product) - 1e-12


@given(flows=st.lists(st.tuples(uncertain(), uncertain(1.0)), min_size=1, max_size=6), seed=st.integers(0, 2**32 - 1))
def test_a_mean_share_lies_within_its_ends_and_so_does_every_draw(flows, seed):
    amounts, shares = zip(*flows, strict=True)
    found = weighted(amounts, shares)
    if not found.known:
        assert sum(each.value for each in amounts) == 0
        return
    assert -1e-12 <= found.low <= found.value <= found.high <= 1.0 + 1e-12
    random = np.random.default_rng(seed)
    drawn = [[random.uniform(each.low, each.high) for each in group] for group in (amounts, shares)]
    if sum(drawn[0]) > 0:
        mean = float(np.dot(*drawn) / sum(drawn[0]))
        assert found.low - 1e-9 <= mean <= found.high + 1e-9


@given(flows=st.lists(st.tuples(st.floats(0.1, 1e6), fractions), min_size=1, max_size=6), at=st.integers(0, 5), more=fractions)
def test_a_mean_rises_with_each_share_and_an_unknown_one_makes_it_unknown(flows, at, more):
    amounts, shares = [exact(one) for one, _ in flows], [other for _, other in flows]
    at %= len(flows)
    richer = [max(each, more) if number == at else each for number, each in enumerate(shares)]
    mean = [weighted(amounts, [exact(each) for each in group]).value for group in (shares, richer)]
    assert mean[1] >= mean[0] - 1e-12
    assert isnan(weighted(amounts, [Range(nan, nan, nan) if number == at else exact(each) for number, each in enumerate(shares)]).value)


@given(part=uncertain(), rest=uncertain())
def test_a_share_and_its_rest_are_a_whole(part, rest):
    if part.value + rest.value > 0:
        one, other = share(part, rest), share(rest, part)
        assert one.value + other.value == pytest.approx(1.0)
    if part.low + rest.low > 0:
        assert one.low + other.high == pytest.approx(1.0)


@given(value=st.lists(fractions, min_size=3, max_size=3), other=st.lists(fractions, min_size=3, max_size=3), inside=fractions)
def test_corners_hold_what_lies_between_them(value, other, inside):
    names = ("recycled", "to_recycling", "after_use")
    ranges = {name: Range(max(one, two), min(one, two), max(one, two)) for name, one, two in zip(names, value, other, strict=True)}
    found = corners(lambda **each: mci(Product(**each)), ranges)
    between = {name: each.low + inside * (each.high - each.low) for name, each in ranges.items()}
    assert found.low - 1e-9 <= mci(Product(**between)) <= found.high + 1e-9


WORKS = {"site": "works", "unit": "t/a", "grade": "B", "source": "s", "year": 2024}
LIME = {"entry": "lime", "subject": "works/steel", "role": "input", "of": "lime", "name": "Lime", "grade": "B", "source": "s"}


def _inflow(bought, lime, told=True):
    """Recycled content of inflows of two purchases (tonnes and content), with lime (tonnes, None: nobody tells; content), or without."""
    contents = {f"metal{number}": content for number, (_, content) in enumerate(bought)} | ({"lime": lime[1]} if lime and told else {})
    rows = [{"level": "region", "quantity": "recycled_content", "role": "input", "unit": "%", "grade": "B", "source": "s"}] * len(contents)
    shares = [
        {**row, "entry": of, "of": of, "value": 100 * share, "low": 100 * share, "high": 100 * share}
        for row, (of, share) in zip(rows, contents.items(), strict=True)
    ]
    buys = [
        {**WORKS, "kind": "purchase", "product": f"metal{number}", "value": tonnes, "low": 0.9 * tonnes, "high": 1.1 * tonnes}
        for number, (tonnes, _) in enumerate(bought)
    ]
    amount = {} if not lime or lime[0] is None else {"value": lime[0], "low": lime[0], "high": lime[0], "unit": "t/a"}
    region = builders.region(activities=buys, circularity=shares, footprints=[{**LIME, **amount}] if lime else [])
    return COMPUTED["iso_inflow_recycled"](Asked(Book(region), "site", "works"))


@settings(max_examples=60, deadline=None)
@given(
    bought=st.lists(st.tuples(st.floats(1.0, 1e5), fractions), min_size=2, max_size=2),
    content=fractions,
    tonnes=st.floats(0.0, 1e6),
)
def test_an_input_whose_amount_nobody_tells_never_sharpens_and_bounds_what_any_amount_gives(bought, content, tonnes):
    without, blank, known = (_inflow(bought, lime) for lime in (None, (None, content), (tonnes, content)))
    assert without.range.known
    if blank.range.known:
        assert blank.bound in ("at least", "at most")
        assert blank.range.value == pytest.approx(without.range.value)
        open_end, shut, was = (
            (blank.range.low, blank.range.high, without.range.high)
            if blank.bound == "at most"
            else (blank.range.high, blank.range.low, without.range.low)
        )
        assert isnan(open_end)
        assert shut == was
        beyond = known.range.value - blank.range.value
        assert beyond <= 1e-9 if blank.bound == "at most" else beyond >= -1e-9
    else:
        assert blank.missing == ("amount of Lime",)


@settings(max_examples=20, deadline=None)
@given(bought=st.lists(st.tuples(st.floats(1.0, 1e5), fractions), min_size=2, max_size=2), tonnes=st.floats(0.1, 1e6) | st.none())
def test_an_input_whose_content_nobody_tells_makes_the_inflow_unknown(bought, tonnes):
    found = _inflow(bought, (tonnes, 0.0), told=False)
    assert isnan(found.range.value)
    assert "recycled content of lime" in found.missing


@cache
def plan(name):
    return sv.plan(name)


@pytest.mark.parametrize("name", ["three_sites", "kemi_tornio"])
def test_the_shares_of_the_hierarchy_are_a_whole_in_every_state_and_of_every_subject(name):
    found = sv.indicators(plan(name), only=[f"hierarchy_{each}" for each in CLASSES], draws=0).to_frame()
    sums = found.groupby(["level", "subject", "state"])["value"].sum()
    assert len(sums) >= 3
    assert sums.to_numpy() == pytest.approx(np.full(len(sums), 100.0))
    assert found["value"].between(0.0, 100.0).all()


@settings(max_examples=15, deadline=None)
@given(keep=st.lists(st.booleans(), min_size=14, max_size=14))
def test_what_is_deleted_makes_figures_unknown_and_never_zero(keep):
    region = sv.load("kemi_tornio")
    told = region.tables["circularity"]
    of_steel = np.flatnonzero(told["level"] == "product")[: len(keep)]
    mask = np.ones(len(told), dtype=bool)
    mask[of_steel[~np.array(keep)[: len(of_steel)]]] = False
    whole, part = (sv.indicators(each, "product", draws=0) for each in (region, _with(region, circularity=told.take(mask))))
    before = {each.indicator: each for each in whole.items}
    for each in part.items:
        if each.known:
            assert each.value == pytest.approx(before[each.indicator].value)
        else:
            assert each.missing


def _with(region: Region, **tables: Table) -> Region:
    return evolve(region, tables={**region.tables, **tables})


def test_without_a_reference_every_benefit_is_unknown_none_zero_or_gross():
    region = sv.load("three_sites")
    fates = region.tables["fates"]
    bare = sv.indicators(
        sv.plan(_with(region, fates=fates.take(np.zeros(len(fates), dtype=bool)))), only=["diverted", "critical_saved"], draws=0
    )
    told = sv.indicators(plan("three_sites"), only=["diverted"], draws=0)
    assert {each.state for each in told.items} == {"proven", "potential"}
    assert all(each.known for each in told.items)
    assert max(each.value for each in told.items) > 0
    moving = [each for each in bare.items if each.indicator == "diverted" and each.state == "potential"]
    assert [each.known for each in moving] == [False]
    assert {each.missing for each in moving} == {(NO_REFERENCE,)}
    assert not any(each.known and each.value > 0 for each in bare.items)


def test_without_a_plan_there_is_no_benefit_to_tell():
    found = sv.indicators("kemi_tornio", "region", ["diverted", "diverted_extractive", "critical_saved"], draws=0)
    assert [each.known for each in found.items] == [False, False, False]
    assert all("sv.plan" in each.missing[0] for each in found.items)
