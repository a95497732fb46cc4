"""What knowing several inputs together is worth, by hand and against the value of one."""

import numpy as np
import pytest
from tests.engine.worlds import matched
from tests.golden.test_golden_families import two_streams

from sivuvirta.domain.ensembles import Input
from sivuvirta.futures.ensemble.statistics import knowing
from sivuvirta.futures.ensemble.together import knowing_groups, knowing_together

A, B = (np.tile(np.array(each, dtype=float), 100) for each in ([-1, -1, 1, 1], [-1, 1, -1, 1]))


def test_two_figures_of_two_values_by_hand():
    """0, 2a or 2b, a and b -1 or 1: one known, 2 in half of the cases, mean 1; both, 2 in three of four, mean 1.5; none, 0."""
    worth = np.column_stack([np.zeros(400), 2 * A, 2 * B])
    assert knowing(A, worth)[0] == pytest.approx(1.0)
    value, error = knowing_together(np.column_stack([A, B]), worth)
    assert value == pytest.approx(1.5)
    assert error < 1e-6


def test_figures_that_matter_only_together_by_hand():
    """0 or 2ab: neither a nor b alone tells anything, both together tell 2 in half of the cases: mean 1."""
    worth = np.column_stack([np.zeros(400), 2 * A * B])
    assert knowing(A, worth)[0] == knowing(B, worth)[0] == 0.0
    assert knowing_together(np.column_stack([A, B]), worth)[0] == pytest.approx(1.0)


def test_a_group_of_one_is_the_input_itself():
    t = np.linspace(-1, 1, 501)
    worth = np.column_stack([t, -t])
    assert knowing_together(t[:, None], worth) == knowing(t, worth)


def test_a_group_without_influence_is_worth_nothing():
    generator = np.random.default_rng(7)
    worth = np.column_stack([np.zeros(600), generator.standard_normal(600)])
    assert knowing_together(generator.random((600, 30)), worth) == (0.0, 0.0)
    assert knowing_together(np.zeros((600, 0)), worth) == (0.0, 0.0)


def test_a_large_group_pays_for_its_choice():
    """The best of 100 figures of noise looks worth something alone; chosen among 100 it is not."""
    generator = np.random.default_rng(0)
    alone, together = [], []
    for _ in range(6):
        theta, worth = generator.random((200, 100)), generator.standard_normal((200, 3))
        alone.append(max(knowing(column, worth)[0] for column in theta.T))
        together.append(knowing_together(theta, worth)[0])
    assert alone.count(0.0) == 0
    assert together.count(0.0) >= 5


def test_an_input_belongs_to_the_holder_of_its_own_kind_of_row():
    """Stream and need are both called slag: the stream's amount is the firm's to tell, what is asked for the other's."""
    tables = two_streams()
    need = tables["needs"][0]["need"]
    tables["organisations"].append({"organisation": "other", "name": "Other", "kind": "company", "source": "invented"})
    for row in tables["streams"]:
        row["organisation"] = "firm"
    for row in (row for rows in tables.values() for row in rows if row.get("need") == need):
        row["need"] = "slag"
    for row in tables["quantities"]:
        row["subject"] = "slag" if row["table"] == "needs" else row["subject"]
    tables["needs"][0]["organisation"] = "other"
    links = matched(tables).links
    inputs = [Input(kind, key, kind, "normal", 1.0, 0.1) for kind, key in (("amount", "slag"), ("content", "slag,Cd"), ("demand", "slag"))]
    found = knowing_groups(inputs, links, np.zeros((2, 3)), (None, np.ones(3, dtype=bool)))
    told = found[found["kind"] == "organisation"].set_index("group")["inputs"]
    assert told.to_dict() == {"firm": 2, "other": 1}


@pytest.mark.parametrize("seed", range(5))
def test_the_error_covers_what_is_known_exactly(seed):
    """0 or the sum of four figures, each even over -1..1, and noise: all four known, the mean of the sum's positive part."""
    generator = np.random.default_rng(seed)
    theta, noise = generator.uniform(-1, 1, (2000, 4)), generator.standard_normal(2000)
    worth = np.column_stack([np.zeros(2000), theta.sum(axis=1) + noise])
    value, error = knowing_together(theta, worth)
    truth = np.maximum(np.random.default_rng(99).uniform(-1, 1, (200_000, 4)).sum(axis=1), 0.0).mean()
    assert abs(value - truth) < 4 * error
    assert 0.005 < error < 0.05


def test_knowing_more_is_never_worth_less():
    generator = np.random.default_rng(11)
    theta = generator.uniform(-1, 1, (800, 5))
    worth = np.column_stack([np.zeros(800), theta @ np.array([1, 0.5, 0.2, 0, 0]) + generator.standard_normal(800)])
    single = max(knowing(column, worth)[0] for column in theta.T)
    assert knowing_together(theta, worth)[0] >= single
