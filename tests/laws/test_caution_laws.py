"""Laws of caution: from the middles of all ranges to all bounds at once, never better with more of it, and kept by the plan's own flows."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from tests.engine.worlds import matched, planned
from tests.ensemble_worlds import EXACT, ranged

SEEDS = st.integers(0, 10_000)
SLACK = 1e-6


def of(matches, **options):
    return planned(matches, evolve(EXACT, **options)).potential


def shares(matches, flow):
    """What each limit has with all streams in the middle, and what each stream brings more at its bound."""
    specs = matches.specs
    told = []
    for row in range(len(specs.need)):
        inside = np.flatnonzero(specs.row == row)
        x, stream = flow[specs.route[inside]], matches.routes.stream[specs.route[inside]]
        more = (specs.coefficient - specs.middle)[inside] * x
        told.append((specs.middle[inside] @ x, np.array([more[stream == one].sum() for one in np.unique(stream)]), np.abs(x).sum()))
    return told


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_nobody_at_the_bound_is_the_middle_and_everybody_is_today(seed):
    matches = matched(ranged(seed))
    middle = evolve(matches, specs=evolve(matches.specs, coefficient=matches.specs.middle))
    nominal, box = of(middle).objective, of(matches).objective
    assert of(matches, robust=0).objective == pytest.approx(nominal, rel=SLACK)
    assert of(matches, chance=0.5).objective == pytest.approx(nominal, rel=SLACK)
    assert of(matches, robust=np.inf).objective == pytest.approx(box, rel=SLACK)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_more_caution_is_never_better(seed):
    matches = matched(ranged(seed))
    robust = [of(matches, robust=gamma).objective for gamma in (0, 0.5, 1, 1.7, 2, 4, np.inf)]
    chance = [of(matches, chance=p).objective for p in (0.5, 0.7, 0.9, 0.95)]
    scale = SLACK * max(1.0, *np.abs(robust))
    assert (np.diff(robust) >= -scale).all()
    assert (np.diff(chance) >= -scale).all()
    assert chance[3] <= robust[-1] + scale


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(1, 3), st.sampled_from([0.6, 0.9, 0.95]))
def test_flows_keep_what_was_asked_for(seed, gamma, p):
    matches = matched(ranged(seed))
    for middle, more, through in shares(matches, of(matches, robust=gamma).route_flow):
        assert middle + np.sort(more)[::-1][:gamma].sum() <= SLACK * max(1.0, through)
    for middle, more, through in shares(matches, of(matches, chance=p).route_flow):
        assert middle + norm.ppf(p) / norm.ppf(0.95) * np.sqrt((more**2).sum()) <= SLACK * max(1.0, through)
