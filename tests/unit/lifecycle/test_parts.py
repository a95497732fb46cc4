"""Ranges of contributions by hand: lognormals of known mean and spread, and products of them."""

from __future__ import annotations

import numpy as np
import pytest

from lifecycle_rows import small
from sivuvirta.lifecycle.displaced import log_moments
from sivuvirta.lifecycle.draft import Draft
from sivuvirta.lifecycle.parts import ends, lognormal

RUNS = 20_000


def points(mean, *spreads):
    """5 and 95 % points of a product of lognormals with this mean and these relative standard deviations."""
    sigma = np.sqrt(sum(np.log1p(spread**2) for spread in spreads))
    return [mean * np.exp(side * 1.645 * sigma - sigma**2 / 2) for side in (-1, 1)]


def test_what_each_source_row_adds():
    """100 t more replace 0.5 (sd 0.05) of rock at 10 (sd 2); 10 less are bought of cement at 800 (sd 40); 2000 t km at 0.1 (sd 0.02)."""
    inventory = small()
    place = {key: at for at, key in enumerate(inventory.processes.key)}
    mean, low, high = ends(inventory, "change", RUNS, 1).emitter
    expected = {
        "product:cement": points(-8000, 0.05)[::-1],
        "product:rock": points(-500, 0.1, 0.2)[::-1],
        "haul:truck": points(200, 0.2),
        "outlet:road": [0.0, 0.0],
    }
    for key, span in expected.items():
        assert [low[place[key]], high[place[key]]] == pytest.approx(span, rel=0.02)
    told = [mean[place[key]] for key in expected]
    assert told == pytest.approx([-8000.0, -500.0, 200.0, 0.0], rel=0.02)  # products of independent means


def test_what_each_flow_adds():
    """The flow to the road is hauled and replaces rock: means 200 - 500, spread of a sum; the flow of cement is that of cement alone."""
    inventory = small()
    place = {key: at for at, key in enumerate(inventory.processes.key)}
    mean, low, high = ends(inventory, "change", RUNS, 1).activity
    generator = np.random.default_rng(5)
    mu, sigma = log_moments(np.array([0.1, 0.5, 10.0]), np.array([0.02, 0.05, 2.0]))
    haul, ratio, rock = np.exp(mu + sigma * generator.standard_normal((RUNS, 3))).T
    road = np.percentile(2000 * haul - 100 * ratio * rock, [5, 95])
    assert [low[place["arc:0"]], high[place["arc:0"]]] == pytest.approx(road, rel=0.03)
    assert mean[place["arc:0"]] == pytest.approx(2000 * 0.1 - 100 * 0.5 * 10, rel=0.02)
    assert [low[place["arc:1"]], high[place["arc:1"]]] == pytest.approx(points(-8000, 0.05)[::-1], rel=0.02)


def test_draws_keep_sign_mean_and_spread():
    drawn = lognormal(np.array([-4.0, 9.0]), np.array([1.0, 3.0]), np.random.default_rng(2), RUNS)
    assert (drawn[:, 0] < 0).all()
    assert drawn.mean(axis=0) == pytest.approx([-4.0, 9.0], rel=0.02)
    assert drawn.std(axis=0) == pytest.approx([1.0, 3.0], rel=0.05)


def test_an_inventory_without_ranges_has_its_values_at_both_ends_and_as_mean():
    draft = Draft()
    flow = draft.process("arc:0", "Slag → Road", "t")
    draft.emits(flow, 3.0)
    draft.takes(draft.process("system:change", "change", "a"), flow, 5.0)
    found = ends(draft.inventory("One flow"), "change", 100, 1)
    for view in (found.emitter, found.activity):
        assert view[:, 0].tolist() == [15.0, 15.0, 15.0]
