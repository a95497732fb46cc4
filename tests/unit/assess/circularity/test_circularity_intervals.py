"""Ranges by interval, with the arithmetic beside them."""

from __future__ import annotations

from math import inf, isnan

import pytest

from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, corners, exact, quotient, share, total, weighted


def ends(found):
    return (found.value, found.low, found.high)


def test_a_share_is_least_with_the_least_part_and_the_largest_rest():
    # 30 / (30 + 70) = 0.3; 20 / (20 + 80) = 0.2; 40 / (40 + 60) = 0.4
    assert ends(share(Range(30, 20, 40), Range(70, 60, 80))) == pytest.approx((0.3, 0.2, 0.4))


def test_the_mean_of_two_flows_is_largest_with_the_richer_one_large():
    # 60 x 0.9 + 40 x 0.1 = 58 of 100; largest (80 x 0.9 + 20 x 0.1) / 100 = 0.74; least (40 x 0.9 + 60 x 0.1) / 100 = 0.42
    found = weighted([Range(60, 40, 80), Range(40, 20, 60)], [exact(0.9), exact(0.1)])
    assert ends(found) == pytest.approx((0.58, 0.42, 0.74))


def test_equal_shares_have_no_range_whatever_the_amounts():
    assert ends(weighted([Range(60, 0, 80), Range(40, 20, 600)], [exact(0.5), exact(0.5)])) == pytest.approx((0.5, 0.5, 0.5))


def test_a_quotient_by_what_may_be_0_has_no_upper_end_but_its_limit():
    assert ends(quotient(Range(2, 1, 3), Range(4, 0, 6))) == pytest.approx((0.5, 1 / 6, inf))
    assert ends(quotient(Range(2, 1, 3), Range(4, 2, 6), 1.0)) == pytest.approx((0.5, 1 / 6, 1.0))
    assert not quotient(exact(1), exact(0)).known


def test_corners_try_every_end_and_leave_out_what_is_refused():
    def difference(one, other):
        if one < other:
            raise ValueError
        return one - other

    # 5 - 3 = 2; of (4, 6) x (2, 5): 4 - 2, 6 - 2, 6 - 5; 4 - 5 is refused
    assert ends(corners(difference, {"one": Range(5, 4, 6), "other": Range(3, 2, 5)})) == (2, 1, 4)


def test_what_is_unknown_stays_unknown():
    for found in (
        share(UNKNOWN, exact(1)),
        total([exact(1), UNKNOWN]),
        weighted([exact(1), exact(2)], [exact(0.5), UNKNOWN]),
        weighted([UNKNOWN], [exact(1)]),
        weighted([], []),
        quotient(exact(1), UNKNOWN),
        corners(lambda one: one, {"one": UNKNOWN}),
    ):
        assert isnan(found.value)
