"""What builds for all scenarios cost at most, and what no builds can better, by hand."""

import numpy as np
import pytest

from sivuvirta.futures.ensemble.stages import proven

TODAY = np.array([100.0, 100, 100])
ALONE = np.array([30.0, 70, 60])  # best of each scenario for itself: 70, 30 and 40 better than today
COST = np.array([40.0, 70, 90])  # of builds for all: 60, 30 and 10 better, 10, 0 and 30 are regretted

MEASURES = {
    "expected": (-100 / 3, -140 / 3),  # (60 + 30 + 10)/3 and (70 + 30 + 40)/3 better
    "tail": (-10.0, -30.0),  # of the worst third
    "regret": (30.0, 0.0),
}


@pytest.mark.parametrize("aim", MEASURES)
def test_no_builds_do_better_than_what_is_best_for_each_scenario_alone(aim):
    """The program of all scenarios has proven nothing: the bound is that of the scenarios alone, where nothing is regretted."""
    objective, bound = proven(aim, 1 / 3, (TODAY, ALONE, COST), -np.inf)
    assert (objective, bound) == pytest.approx(MEASURES[aim])


@pytest.mark.parametrize("aim", MEASURES)
def test_the_better_of_two_bounds_counts(aim):
    objective, alone = MEASURES[aim]
    between = (objective + alone) / 2
    assert proven(aim, 1 / 3, (TODAY, ALONE, COST), between)[1] == pytest.approx(between)
    assert proven(aim, 1 / 3, (TODAY, ALONE, COST), alone - 1)[1] == pytest.approx(alone)


@pytest.mark.parametrize("aim", MEASURES)
def test_no_bound_is_above_what_was_found(aim):
    """What rounding puts above it is no bound."""
    objective, _ = MEASURES[aim]
    assert proven(aim, 1 / 3, (TODAY, ALONE, COST), objective + 1e-6) == (pytest.approx(objective), pytest.approx(objective, abs=1e-9))


def test_what_today_costs_is_not_regretted():
    """A regret is counted against the best of the scenario, whatever today costs; a mean and a tail against today."""
    dearer = TODAY + np.array([0.0, 600.0, 0.0])
    assert proven("regret", 1 / 3, (dearer, ALONE, COST), -np.inf) == pytest.approx(MEASURES["regret"])
    assert proven("expected", 1 / 3, (dearer, ALONE, COST), -np.inf) == pytest.approx((-700 / 3, -740 / 3))
