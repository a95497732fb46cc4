"""Draws: strata, means, shapes."""

import numpy as np
import pytest
from scipy.stats import norm

from sivuvirta.domain.draws import deviation, draws
from sivuvirta.domain.ensembles import Input

NORMAL = Input("fee", "a", "a", "normal", 1.0, 0.1)
AMOUNT = Input("amount", "s", "s", "lognormal", 200.0, 50.0, 117.75, 282.25)
COST = Input("fee", "f", "f", "lognormal", 1.0, 0.25)
SKEWED = Input("amount", "k", "k", "lognormal", 10.0, 22 / 3.29, 8.0, 30.0)
NEGATIVE = Input("content", "s,c", "s", "lognormal", -200.0, 50.0)
SHARE = Input("content", "s,k", "s", "beta", 0.2, 0.05)
BOUNDS = Input("amount", "b", "b", "bounds", 30.0, 40 / 3.29, 10.0, 50.0)
TRIANGLE = Input("amount", "t", "t", "triangular", 30.0, 40 / 3.29, 10.0, 50.0)
ALL = (NORMAL, AMOUNT, COST, NEGATIVE, SHARE, BOUNDS, TRIANGLE)


def test_each_input_is_drawn_once_in_each_of_as_many_parts_as_there_are_draws():
    values = draws((NORMAL, NORMAL), 50, 3)
    for column in values.T:
        assert sorted(np.floor(norm.cdf(column) * 50).astype(int).tolist()) == list(range(50))


@pytest.mark.parametrize("one", [one for one in ALL if one is not AMOUNT], ids=lambda one: f"{one.family},{one.centre:g}")
def test_the_mean_is_the_middle_and_one_unit_is_a_standard_deviation(one):
    values = draws((one,), 4000, 1)[:, 0]
    assert abs(values.mean()) < 2e-3
    if one.family in {"normal", "lognormal", "beta"}:
        assert values.std() == pytest.approx(1.0, abs=0.01)


def test_figures_stay_where_they_can_be():
    values = {one.family + str(np.sign(one.centre)): one.centre + one.unit * draws((one,), 500, 2)[:, 0] for one in ALL if one is not COST}
    assert values["lognormal1.0"].min() > 0
    assert values["lognormal-1.0"].max() < 0
    for name, low, high in (("beta1.0", 0, 1), ("bounds1.0", 10, 50), ("triangular1.0", 10, 50)):
        assert values[name].min() > low
        assert values[name].max() < high


def test_a_lognormal_by_hand():
    """r = 0.25, s = sqrt(ln(1 + 0.0625)) = 0.246221; at the median exp(-s²/2) = 0.970143: (0.970143 - 1)/0.25 = -0.119430."""
    assert deviation(COST, np.array([0.5]))[0] == pytest.approx(-0.119430, abs=1e-5)


def figure(one, u, spread=1.0):
    return (one.centre + one.unit * deviation(one, np.array(u), spread)).tolist()


def test_a_lognormal_has_the_ends_of_its_range_where_they_were_stated():
    """Below 10 the width is ln(10/8)/1.644854 = 0.135661, above ln(30/10)/1.644854 = 0.667909; quartiles lie 0.674490 of it away."""
    assert figure(SKEWED, [0.05, 0.5, 0.95]) == pytest.approx([8.0, 10.0, 30.0])
    assert figure(SKEWED, [0.25, 0.75]) == pytest.approx([10 * np.exp(-0.0915024), 10 * np.exp(0.450498)], rel=1e-5)
    assert figure(AMOUNT, [0.05, 0.5, 0.95]) == pytest.approx([117.75, 200.0, 282.25])


def test_one_draw_of_twenty_lies_below_the_stated_end_and_one_above():
    drawn = SKEWED.centre + SKEWED.unit * draws((SKEWED,), 1000, 3)[:, 0]
    assert [(drawn < 8).mean(), (drawn > 30).mean()] == pytest.approx([0.05, 0.05], abs=0.001)


def test_half_the_spread_of_a_range_is_half_of_it_in_logarithms():
    """sqrt(8 · 10) and sqrt(10 · 30)."""
    assert figure(SKEWED, [0.05, 0.5, 0.95], 0.5) == pytest.approx([np.sqrt(80), 10.0, np.sqrt(300)])


def test_a_negative_range_is_the_mirror_of_a_positive_one():
    mirrored = Input("content", "n", "n", "lognormal", -10.0, 22 / 3.29, -30.0, -8.0)
    assert figure(mirrored, [0.05, 0.5, 0.95]) == pytest.approx([-30.0, -10.0, -8.0])


def test_a_range_from_nothing_is_uniform_below_its_middle():
    """From 0 at 5 % to 10 at 50 %: 5 lies halfway, at 27.5 %, and what would be below 0 is 0."""
    nothing = Input("amount", "z", "z", "lognormal", 10.0, 30 / 3.29, 0.0, 30.0)
    assert figure(nothing, [0.01, 0.05, 0.275, 0.5, 0.95]) == pytest.approx([0.0, 0.0, 5.0, 10.0, 30.0], abs=1e-9)


def test_a_triangle_by_hand():
    """From 10 over 30 to 50 the median is 30, and a quarter of 1/8 lies below 15: (15 - 30)/(40/3.29) = -1.23375."""
    assert deviation(TRIANGLE, np.array([0.5, 1 / 32])).tolist() == pytest.approx([0.0, -1.23375], abs=1e-9)


def test_no_spread_leaves_everything_at_its_middle():
    assert not draws(ALL, 10, 1, 0.0).any()


def test_half_the_spread_is_half_a_standard_deviation():
    assert draws((COST,), 4000, 1, 0.5)[:, 0].std() == pytest.approx(0.5, abs=0.01)


def test_equal_seeds_give_equal_draws():
    assert draws(ALL, 20, 5).tobytes() == draws(ALL, 20, 5).tobytes()
    assert draws(ALL, 20, 5).tobytes() != draws(ALL, 20, 6).tobytes()
