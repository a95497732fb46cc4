"""Draws: strata, means, shapes."""

import numpy as np
import pytest
from scipy.stats import norm

from sivuvirta.domain.ensembles import Input
from sivuvirta.futures.ensemble.draws import deviation, draws

NORMAL = Input("fee", "a", "a", "normal", 1.0, 0.1)
AMOUNT = Input("amount", "s", "s", "lognormal", 200.0, 50.0, 117.75, 282.25)
NEGATIVE = Input("content", "s,c", "s", "lognormal", -200.0, 50.0)
SHARE = Input("content", "s,k", "s", "beta", 0.2, 0.05)
BOUNDS = Input("amount", "b", "b", "bounds", 30.0, 40 / 3.29, 10.0, 50.0)
TRIANGLE = Input("amount", "t", "t", "triangular", 30.0, 40 / 3.29, 10.0, 50.0)
ALL = (NORMAL, AMOUNT, NEGATIVE, SHARE, BOUNDS, TRIANGLE)


def test_each_input_is_drawn_once_in_each_of_as_many_parts_as_there_are_draws():
    values = draws((NORMAL, NORMAL), 50, 3)
    for column in values.T:
        assert sorted(np.floor(norm.cdf(column) * 50).astype(int).tolist()) == list(range(50))


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.family},{one.centre:g}")
def test_the_mean_is_the_middle_and_one_unit_is_a_standard_deviation(one):
    values = draws((one,), 4000, 1)[:, 0]
    assert abs(values.mean()) < 2e-3
    if one.family in {"normal", "lognormal", "beta"}:
        assert values.std() == pytest.approx(1.0, abs=0.01)


def test_figures_stay_where_they_can_be():
    values = {one.family + str(np.sign(one.centre)): one.centre + one.unit * draws((one,), 500, 2)[:, 0] for one in ALL}
    assert values["lognormal1.0"].min() > 0
    assert values["lognormal-1.0"].max() < 0
    for name, low, high in (("beta1.0", 0, 1), ("bounds1.0", 10, 50), ("triangular1.0", 10, 50)):
        assert values[name].min() > low
        assert values[name].max() < high


def test_a_lognormal_by_hand():
    """r = 50/200 = 0.25, s = sqrt(ln(1 + 0.0625)) = 0.246221; at the median exp(-s²/2) = 0.970143: (194.0285 - 200)/50 = -0.119430."""
    assert deviation(AMOUNT, np.array([0.5]))[0] == pytest.approx(-0.119430, abs=1e-6)


def test_a_triangle_by_hand():
    """From 10 over 30 to 50 the median is 30, and a quarter of 1/8 lies below 15: (15 - 30)/(40/3.29) = -1.23375."""
    assert deviation(TRIANGLE, np.array([0.5, 1 / 32])).tolist() == pytest.approx([0.0, -1.23375], abs=1e-9)


def test_no_spread_leaves_everything_at_its_middle():
    assert not draws(ALL, 10, 1, 0.0).any()


def test_half_the_spread_is_half_a_standard_deviation():
    assert draws((AMOUNT,), 4000, 1, 0.5)[:, 0].std() == pytest.approx(0.5, abs=0.01)


def test_equal_seeds_give_equal_draws():
    assert draws(ALL, 20, 5).tobytes() == draws(ALL, 20, 5).tobytes()
    assert draws(ALL, 20, 5).tobytes() != draws(ALL, 20, 6).tobytes()
