"""Elements in side streams of which only some were analysed: bounds by hand, and no stream without an analysis counts as one without it."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

import builders
import sivuvirta as sv
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.contained import element
from sivuvirta.assess.circularity.elements import Element
from sivuvirta.assess.circularity.ledgers import State
from sivuvirta.assess.circularity.streams import CLASSES, Fates
from sivuvirta.domain.indicators import Indicator, Indicators

NICKEL = Element("Ni", "Nickel", "critical_and_strategic", "any", "list")
COMPONENTS = [{"component": "Ni", "kind": "element"}]


def fates(**tonnes):
    """Streams with their t/a by class, each known exactly."""
    names = tuple(tonnes)
    amount = np.zeros((len(names), len(CLASSES)))
    for row, by in enumerate(tonnes.values()):
        for name, value in by.items():
            amount[row, CLASSES.index(name)] = value
    none, one = (None,) * len(names), np.ones(len(names))
    titles = tuple(name.title() for name in names)
    return Fates(
        names,
        titles,
        np.zeros(len(names), dtype=bool),
        none,
        none,
        amount,
        one,
        one,
        ("B",) * len(names),
        ("s",) * len(names),
        0 * one,
        0 * one,
        none,
    )


def book(**contents):
    """Nickel in mg/kg by stream, exactly."""
    rows = [
        {"stream": name, "component": "Ni", "kind": "total", "value": value, "low": value, "high": value, "unit": "mg/kg", "grade": "B"}
        for name, value in contents.items()
    ]
    streams = [{"stream": name, "name": name.title()} for name in contents]
    return Book(builders.region(components=COMPONENTS, streams=streams, analyses=[{**row, "source": "s"} for row in rows]))


def test_what_was_not_analysed_makes_it_at_least_what_was():
    """1 000 t of slag at 2 000 mg/kg are 2 t of nickel; 300 t of ash and 100 t of dust go the same way."""
    now = fates(slag={"disposal": 600, "stock": 400}, ash={"disposal": 300}, dust={"stock": 100}, sand={"recycling": 50})
    found = element(book(slag=2000), State("today", now, None), "critical_lost", NICKEL)
    assert (found.bound, found.range.value, found.range.low) == ("at least", pytest.approx(2.0), pytest.approx(2.0))
    assert isnan(found.range.high)
    assert found.missing == ("400 of 1,400 t/a dry that go this way have no analysis of nickel: Ash (300 t/a), Dust (100 t/a)",)


def test_what_was_analysed_whole_is_no_bound():
    found = element(book(slag=2000), State("today", fates(slag={"disposal": 1000}), None), "critical_lost", NICKEL)
    assert (found.bound, found.missing, found.range.high) == ("", (), pytest.approx(2.0))


def test_where_nothing_was_analysed_it_is_unknown_and_never_nothing():
    found = element(book(), State("today", fates(ash={"recycling": 300}), None), "critical_recycled", NICKEL)
    assert isnan(found.range.value)
    assert found.missing == ("none of 300 t/a dry that go this way was analysed for it: Ash (300 t/a)",)
    assert element(book(), State("today", fates(ash={"recycling": 300}), None), "critical_lost", NICKEL).range.value == 0.0


@pytest.mark.parametrize(("ash", "bound", "value"), [(100, "at least", 1.0), (500, "at most", 1.0)])
def test_what_a_plan_keeps_is_bounded_on_the_side_of_what_was_not_analysed(ash, bound, value):
    """500 t of slag at 2 000 mg/kg are kept, 1 t; of 300 t of ash 200 are kept, or 200 more are lost."""
    before = fates(slag={"disposal": 1000}, ash={"disposal": 300})
    after = fates(slag={"disposal": 500, "recycling": 500}, ash={"disposal": ash})
    found = element(book(slag=2000), State("proven", after, before), "critical_saved", NICKEL)
    assert (found.bound, found.range.value) == (bound, pytest.approx(value))
    assert isnan(found.range.high if bound == "at least" else found.range.low)


def test_unknown_gains_and_losses_together_are_no_bound():
    before = fates(slag={"disposal": 1000}, ash={"disposal": 300}, dust={"disposal": 50})
    after = fates(slag={"recycling": 1000}, ash={"recycling": 300}, dust={"disposal": 90})
    assert isnan(element(book(slag=2000), State("proven", after, before), "critical_saved", NICKEL).range.value)


def test_many_streams_are_named_from_the_largest_and_the_rest_counted():
    now = fates(slag={"disposal": 10}, **{f"s{size}": {"disposal": size} for size in range(1, 9)})
    (text,) = element(book(slag=2000), State("today", now, None), "critical_lost", NICKEL).missing
    assert text.startswith("36 of 46 t/a")
    assert text.endswith("S3 (3 t/a) and 2 more")


def test_a_bound_is_told_in_words_wherever_it_is_shown():
    nan = float("nan")
    of = ("r", "critical_lost", "Lost", "list", "region", "Ni", "today", "t/a")
    one = Indicator(*of, 2.0, 1.5, nan, "B", "f", missing=("some",), bound="at least")
    assert (one.words, one.span) == ("at least 2 t/a", "1.5 or more")
    assert "at least 2 t/a (1.5 or more) [B]" in one.card()
    many = Indicators((one,))
    assert many.to_frame()["bound"].tolist() == ["at least"]
    assert many.side_by_side()["r_bound"].tolist() == ["at least"]


def test_of_an_element_that_nobody_analysed_the_region_says_so():
    found = sv.indicators("kemi_tornio", "region", ["critical_lost", "critical_recycled"])
    bounds = {each.subject: each.bound for each in found.items if each.indicator == "critical_lost"}
    assert bounds["Cr_total"] == "at least"
    unknown = [each for each in found.items if not each.known]
    assert unknown
    assert all("was analysed for it" in each.missing[0] for each in unknown)
