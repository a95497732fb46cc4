"""Tails, ranks and the value of knowing, by hand."""

import numpy as np
import pytest

from sivuvirta.futures.ensemble.statistics import knowing, noise, perfect, rank_correlation, rank_regression, value_at_risk


def test_value_at_risk_by_hand():
    """Of ten benefits the worst two tenths are 1 and 2: the edge is 2, the mean 1.5."""
    values = np.array([10.0, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    assert value_at_risk(values, 0.2) == (2.0, 1.5)


def test_a_tail_that_cuts_a_draw_counts_a_part_of_it():
    """15 % of ten draws: one and a half; (1 + 0.5 · 2)/1.5 = 4/3."""
    edge, mean = value_at_risk(np.arange(1.0, 11.0), 0.15)
    assert edge == 2.0
    assert mean == pytest.approx(4 / 3)


def test_a_draw_without_a_network_is_worse_than_all():
    assert value_at_risk(np.array([np.nan, 1.0, 2.0, 3.0]), 0.5) == (1.0, -np.inf)


def test_rank_correlation_by_hand():
    """Ranks 1 2 3 4 against 2 1 4 3: 1 - 6 · 4/(4 · 15) = 0.6."""
    inputs = np.array([[1.0, 5.0], [10.0, 5.0], [100.0, 5.0], [1000.0, 5.0]])
    assert rank_correlation(inputs, np.array([2.0, 1.0, 4.0, 3.0])).tolist() == pytest.approx([0.6, 0.0])


def test_rank_regression_tells_two_inputs_apart():
    generator = np.random.default_rng(1)
    inputs = generator.random((500, 2))
    found = rank_regression(inputs, 3 * inputs[:, 0] - inputs[:, 1])
    assert found[0] == pytest.approx(3 / np.sqrt(10), abs=0.03)
    assert found[1] == pytest.approx(-1 / np.sqrt(10), abs=0.03)
    assert np.isnan(rank_regression(inputs[:3], inputs[:3, 0])).all()


def test_knowing_an_input_by_hand():
    """One decision is worth t, the other -t, t even over -1..1: known, |t| of mean 1/2; else 0."""
    t = np.linspace(-1, 1, 2001)
    value, error = knowing(t, np.column_stack([t, -t]))
    assert value == pytest.approx(0.5, abs=1e-3)
    assert error < 1e-6


def test_knowing_an_input_without_influence_is_worth_nothing():
    generator = np.random.default_rng(2)
    worth = np.column_stack([generator.random(500), generator.random(500)])
    assert knowing(np.random.default_rng(3).random(500), worth) == (0.0, 0.0)
    assert knowing(np.zeros(500), worth) == (0.0, 0.0)


def test_perfect_information_by_hand():
    """The best decision earns 2, 2; known beforehand 3, 5: worth 2 on average, with a standard error of sqrt(2)/sqrt(2)."""
    assert perfect(np.array([3.0, 5.0]), np.array([[2.0, 0.0], [2.0, 3.0]])) == (2.0, 1.0)


def test_noise_of_one_input_is_the_critical_correlation_of_the_tables():
    """One input and 10 draws, two-sided 5 %: t of 8 degrees is 2.306, r = 2.306 / sqrt(8 + 2.306^2) = 0.632."""
    assert noise(10, 1) == pytest.approx(0.632, abs=5e-4)
    assert noise(10, 1) < noise(10, 282) < 1
    assert noise(1000, 282) < noise(50, 282)
    assert noise(2, 1) == noise(100, 0) == 1.0


def test_perfect_information_where_the_first_decision_is_not_the_best():
    """Means 0.5 and 2.5: the second is chosen, and misses 2 and 0 of the 4 and 3 that were possible: 1 ± sqrt(2)/sqrt(2)."""
    value, error = perfect(np.array([4.0, 3.0]), np.array([[1.0, 2.0], [0.0, 3.0]]))
    assert (value, error) == pytest.approx((1.0, 1.0))


def test_knowing_an_input_where_another_than_the_first_decision_is_the_best_on_average():
    """0, 2t + 1/2 and -3, t even over -1..1: known, max(2t + 1/2, 0) of mean [t² + t/2]/2 from -1/4 to 1 = 25/32; else 1/2: 9/32."""
    t = np.linspace(-1, 1, 4001)
    value, error = knowing(t, np.column_stack([np.zeros_like(t), 2 * t + 0.5, np.full_like(t, -3.0)]))
    assert value == pytest.approx(9 / 32, abs=1e-3)
    assert error < 1e-6


def test_what_decisions_share_makes_the_value_of_knowing_no_less_sure():
    """Two decisions are worth t + e and -t + e: e is noise, but their difference 2t is not, so mean |t| = 1/2 is known without error."""
    generator = np.random.default_rng(4)
    t, noise = np.linspace(-1, 1, 1001), generator.standard_normal(1001)
    value, error = knowing(t, np.column_stack([np.full_like(t, -100.0), noise + t, noise - t]))
    assert value == pytest.approx(0.5, abs=0.02)
    assert error < 1e-6
