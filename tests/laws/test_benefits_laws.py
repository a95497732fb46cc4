"""Laws of benefit sheets: exchanges add up to the ledgers' difference, and a difference turns its sign."""

from __future__ import annotations

from functools import cache

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from sivuvirta.assess.benefits.shares import shares
from sivuvirta.assess.benefits.sums import Book
from sivuvirta.assess.figures import figures
from sivuvirta.futures.measured.parting import parted
from sivuvirta.futures.measured.quoting import quoted


@cache
def plan(name):
    return sv.plan(name)


@cache
def states(name):
    found = plan(name)
    return (
        (found.proven.ledger, found.reference),
        (found.potential.ledger, found.reference),
        (found.potential.ledger, found.proven.ledger),
    )


PAIRS = [(name, number) for name in ("three_sites", "kemi_tornio") for number in range(3)]


def parts(book):
    """Known part of each indicator, by exchange and then of what belongs to none; and of the whole."""
    rows = np.arange(len(book.shares) + 1)
    each = [{figure["indicator"]: figure["known_part"] for figure in book.figures(rows[[row]])} for row in rows]
    return each, {figure["indicator"]: figure for figure in book.figures(rows)}


@pytest.mark.parametrize(("name", "number"), PAIRS)
def test_exchanges_add_up_to_what_the_assessment_says(name, number):
    planned, reference = states(name)[number]
    book, measured = Book.of(planned, reference), figures(planned, reference)
    each, whole = parts(book)
    for indicator, figure in whole.items():
        total = sum(one[indicator] for one in each)
        size = sum(abs(one[indicator]) for one in each)
        assert abs(total - figure["known_part"]) <= 1e-9 * max(size, 1.0)
    told = measured.diverted[measured.diverted["unit"] == "t/a"]
    products = measured.products[measured.products["unit"] == "t/a"]
    expected = {
        "benefit": measured.benefit,
        "co2": -measured.emissions / 1000,
        "diverted": told.loc[~told["extractive"], "diverted"].sum(),
        "extractive": told.loc[told["extractive"], "diverted"].sum(),
        "virgin": products["saved"].sum(),
        "investment": planned.invested - reference.invested,
    }
    for indicator, value in expected.items():
        assert whole[indicator]["known_part"] == pytest.approx(value, rel=1e-7, abs=1e-3)
    assert whole["cost"]["known_part"] + whole["sales"]["known_part"] == pytest.approx(whole["benefit"]["known_part"], rel=1e-9)


@pytest.mark.parametrize(("name", "number"), PAIRS[:2] + PAIRS[3:5])
def test_a_plan_that_closes_leaves_nothing_that_belongs_to_no_exchange(name, number):
    planned, reference = states(name)[number]
    found = shares(planned, reference)
    rest = found.arcs[[len(found)]].toarray().ravel()
    assert np.abs(rest).max() <= 1e-6 * max(np.abs(found.moves).max(), 1.0)
    running = planned.operations.activity > 0
    assert np.allclose(found.plants[[len(found)]].toarray().ravel()[running], 0.0, atol=1e-9)


@pytest.mark.parametrize(("name", "number"), PAIRS)
def test_exchanges_add_up_to_what_ranges_quotes_draw_by_draw(name, number):
    planned, reference = states(name)[number]
    book = Book.of(planned, reference)
    drawn = parted({"planned": book})["planned"]
    whole = quoted(planned.links, {"planned": planned}, reference).draws
    size = np.abs(whole["planned", "benefit"]).max()
    assert np.allclose(drawn["benefit"].sum(axis=1), whole["planned", "benefit"], rtol=1e-9, atol=1e-9 * size)
    assert np.allclose(drawn["cost"] + drawn["sales"], drawn["benefit"], rtol=1e-9, atol=1e-9 * size)
    emitted = whole["planned", "carbon"]
    assert np.allclose(drawn["co2"].sum(axis=1), -emitted, rtol=1e-9, atol=1e-9 * np.abs(emitted).max())


@pytest.mark.parametrize(("name", "number"), PAIRS)
def test_the_draw_in_the_middle_is_the_sheet_of_every_exchange(name, number):
    planned, reference = states(name)[number]
    book = Book.of(planned, reference)
    drawn = parted({"planned": book}, lambda over: [np.zeros((1, len(over.found)))])["planned"]
    told = [(row, each) for row in range(len(book.shares) + 1) for each in book.figures(np.array([row]))]
    known = [(row, each) for row, each in told if not np.isnan(each["known_part"])]
    assert known
    for row, each in known:
        size = np.abs(drawn[each["indicator"]]).max()
        assert drawn[each["indicator"]][0, row] == pytest.approx(each["known_part"], rel=1e-9, abs=1e-9 * size + 1e-9)


def ledger(seed):
    """Any amounts on any arcs, and plants at any activity."""
    random = np.random.default_rng(seed)
    base = plan("kemi_tornio").reference
    links = base.links
    arc = np.sort(random.choice(len(links.arcs), size=int(random.integers(1, 200)), replace=False)).astype(np.int32)
    codes = random.integers(0, 4, len(arc)).astype(np.int8)
    done = attrs.evolve(base.operations, activity=random.uniform(0, 1e4, len(links.works)) * (random.random(len(links.works)) < 0.3))
    return attrs.evolve(base, arc=arc, amount=10.0 ** random.uniform(-3, 7, len(arc)), grade=codes, evidence=codes, operations=done)


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=25, deadline=None)
@given(first=seeds, second=seeds)
def test_parts_of_any_two_ledgers_sum_to_their_difference(first, second):
    found = shares(ledger(first), ledger(second))
    held = np.asarray(found.arcs.sum(axis=0)).ravel()
    assert np.abs(held - found.moves).max() <= 1e-9 * np.abs(found.moves).max()
    assert np.allclose(np.asarray(found.plants.sum(axis=0)).ravel(), 1.0)
    own = found.plants[: len(found)].toarray()
    assert own.min(initial=0.0) >= 0.0
    assert own.sum(axis=0).max(initial=0.0) <= 1 + 1e-9


@settings(max_examples=15, deadline=None)
@given(first=seeds, second=seeds)
def test_money_and_emissions_of_any_two_ledgers_turn_their_sign(first, second):
    one, other = ledger(first), ledger(second)
    there, back = (parts(Book.of(*pair))[1] for pair in ((one, other), (other, one)))
    for indicator in ("benefit", "co2", "diverted", "virgin", "jobs"):
        value = there[indicator]["known_part"]
        if np.isnan(value) or np.isnan(back[indicator]["known_part"]):
            continue
        size = abs(figures(one, other).money[["reference", "planned"]].abs().to_numpy().sum()) + abs(value)
        assert abs(value + back[indicator]["known_part"]) <= 1e-9 * max(size, 1.0)


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0, 1), factors=st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_shares_and_years_are_linear(share, factors):
    found = sv.benefits(plan("three_sites"), attribution={"*": share}, persistence=factors)
    table = found.exchanges[found.exchanges["exchange"] != ""]
    known = table[table["value"].notna()]
    assert np.allclose(known["attributed"], share * known["value"])
    years = found.years[(found.years["indicator"] == "benefit") & (found.years["programme"] == "all exchanges")]
    assert years.groupby("state")["value"].sum().tolist() == pytest.approx([357_000 * sum(factors)] * 2)
