"""Mixes of three and more: who can be in one, on what evidence, and in what share."""

from __future__ import annotations

import numpy as np
import pytest

from match_rows import amount, analysis, heap, limit, matched, need, route, stream
from sivuvirta.domain.grades import Verdict
from sivuvirta.match import checks, why
from sivuvirta.match.mixes import Pool, largest_share, mixable

NAMES = ("corn", "meal", "stone")
LIMITS = [
    limit("low", "Cd", 8, comparator="min", blending=True),
    limit("high", "Cd", 12, blending=True),
    limit("protein", "Cr_total", 220, comparator="min", blending=True),
    limit("fibre", "Ca", 50, blending=True),
]
CONTENT = {"corn": (1, 90, 20), "stone": (380, 0, 0), "meal": (2, 500, 80)}


def _feed(limits=LIMITS, grades=None, **of):
    """Corn, meal and stone into one need; no two of them meet all four limits."""
    grades = grades or {}
    return matched(
        materials=[{"material": "slag", "carrier": "solid", "unit": "t", "name_en": "Slag"}],
        streams=[stream(key, "slag", **of.get(key, {})) for key in NAMES],
        needs=[need("road", use_class="road", hazardous_ok=True)],
        acceptances=[{"need": "road", "material": "slag", "ratio": 1, "grade": "A"}],
        products=[],
        fates=[heap(key) for key in NAMES],
        quantities=[amount("needs", "road", 500), *(amount("streams", key, 100) for key in NAMES)],
        analyses=[
            analysis(key, component, value, grade=grades.get(key, "A"))
            for key, values in CONTENT.items()
            for component, value in zip(("Cd", "Cr_total", "Ca"), values, strict=True)
        ],
        limits=limits,
    )


def _verdicts(matches):
    return [Verdict(int(matches.routes.verdict[route(matches, key, "road")])) for key in NAMES]


def test_three_of_which_no_two_would_do():
    assert _verdicts(_feed()) == [Verdict.BLEND] * 3


def test_every_broken_limit_of_such_a_mix_is_a_specification():
    specs = _feed().specs
    assert len(specs.need) == 4
    assert np.bincount(specs.row).tolist() == [3, 3, 3, 3]


def test_a_limit_that_none_brings_down_lets_nobody_in():
    impossible = [{**row, "value": 600} if row["limit"] == "protein" else row for row in LIMITS]
    assert _verdicts(_feed(impossible)) == [Verdict.FAIL] * 3


def test_a_limit_that_no_blend_may_meet_takes_the_partner_away():
    closed = [{**row, "blending": False} if row["limit"] == "fibre" else row for row in LIMITS]
    assert _verdicts(_feed(closed)) == [Verdict.FAIL] * 3


@pytest.mark.parametrize("key", NAMES)
def test_weak_figures_of_one_make_the_mix_likely(key):
    assert _verdicts(_feed(grades={key: "C"})) == [Verdict.LIKELY] * 3


def test_a_limit_that_was_not_read_makes_the_mix_likely():
    unread = [{**row, "verified": False} if row["limit"] == "fibre" else row for row in LIMITS]
    assert _verdicts(_feed(unread)) == [Verdict.LIKELY] * 3


def test_a_partner_whose_status_is_assumed_makes_the_mix_likely():
    assert _verdicts(_feed(meal={"grade": "D"})) == [Verdict.LIKELY] * 3


def test_a_partner_that_lacks_a_permit_leaves_the_mix_unknown():
    matches = _feed(stone={"legal_status": "waste"})
    assert _verdicts(matches) == [Verdict.UNKNOWN] * 3


def test_a_hazardous_partner_is_none():
    matches = _feed(stone={"hazardous": "yes"})
    assert _verdicts(matches) == [Verdict.FAIL] * 3


def test_partners_that_are_proven_without_it_settle_the_limit_of_a_stream_that_lacks_a_permit():
    """Ash and dust keep each other within both limits with room to spare: slag's limit is met, its permit is what is missing."""
    names = ("slag", "ash", "dust", "lime")
    content = {"slag": (9, 9, 9), "ash": (1, 9, 1), "dust": (1, 1, 9), "lime": (9, 1, 1)}
    matches = matched(
        streams=[stream(key, "slag", legal_status="waste" if key == "slag" else "by_product") for key in names],
        fates=[heap(key) for key in names],
        quantities=[amount("needs", "road", 500), *(amount("streams", key, 100) for key in names)],
        analyses=[
            analysis(key, component, value)
            for key, values in content.items()
            for component, value in zip(("Cd", "Cr_total", "Ca"), values, strict=True)
        ],
        limits=[limit(name, name, 4, blending=True) for name in ("Cd", "Cr_total", "Ca")],
    )
    assert [int(matches.routes.verdict[route(matches, key, "road")]) for key in names[1:]] == [Verdict.BLEND] * 3
    text = why(matches, route(matches, "slag", "road"))
    assert text.startswith("Unknown: it is waste")
    limits = [check for check in checks(matches, route(matches, "slag", "road")) if check.subject == "limit"]
    assert {check.verdict for check in limits} == {Verdict.BLEND}
    assert all("with Ash, Dust and Lime, this may be up to 6.25 % of the dry mix" in check.text for check in limits)


def test_a_mix_of_three_in_words():
    matches = _feed()
    text = why(matches, route(matches, "stone", "road"))
    assert text.startswith("Blend: cadmium is 380 mg/kg")
    assert text.endswith("a blend may meet it: with Corn and Meal, this may be up to 2.82 % of the dry mix.")


def test_the_largest_share_of_a_way_in_a_mix():
    table = np.array([[2.0, 0.0], [-1.0, 1.0], [0.0, -1.0]])
    share = largest_share(table, 0)
    assert share == pytest.approx([0.2, 0.4, 0.4])
    assert (share @ table <= 1e-9).all()


def test_there_is_no_share_where_there_is_no_mix():
    assert len(largest_share(np.array([[1.0], [0.0]]), 0)) == 0


def _pool(table):
    way, pair = np.nonzero(table)
    return Pool(way.astype(np.int32), pair.astype(np.int32), table[way, pair], *table.shape)


def test_room_is_where_a_mix_lies_below_a_limit():
    """Two that only just meet both limits leave no room in either; with two more there is."""
    found = mixable(_pool(np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -2.0], [-1.0, 0.9]])), np.ones(4, dtype=bool), np.array([0, 1]))
    assert found.way.tolist() == [True, True, True, True]
    assert found.room.tolist() == [True, True]
    tight = mixable(_pool(np.array([[1.0, -1.0], [-1.0, 1.0]])), np.ones(2, dtype=bool), np.array([0, 1]))
    assert tight.way.tolist() == [True, True]
    assert tight.room.tolist() == [False, False]


def test_what_only_a_stream_without_hope_would_bring_down_has_no_hope():
    table = np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
    found = mixable(_pool(table), np.ones(3, dtype=bool), np.arange(3))
    assert not found.way.any()
    assert not found.room.any()


def test_a_share_of_a_thousandth_counts():
    found = mixable(_pool(np.array([[1000.0, -1.0], [-1.0, 0.0]])), np.ones(2, dtype=bool), np.zeros(0, dtype=int))
    assert found.way.tolist() == [True, True]
