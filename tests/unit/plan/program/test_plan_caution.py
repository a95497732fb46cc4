"""Caution worked out by hand: two ashes of 4 to 16 mg Cd per kg beside 100 t of slag without any, into a road that takes 8.

At its bound of 16 a tonne of ash is (16 - 8)/8 = 1 over the limit, in the middle of its range (10 - 8)/8 = 0.25; its share is 0.75.
A tonne of slag is 1 under it. With T tonnes of ash, half from each, and 100 t of slag the limit is

    all at their bounds      1 T <= 100                              T = 100
    Gamma = 1.5              (0.25 + 0.375 + 0.5 * 0.375) T <= 100   T = 123.0769
    p = 0.95                 (0.25 + 0.75 / sqrt 2) T <= 100         T = 128.1509
    Gamma = 1                (0.25 + 0.375) T <= 100                 T = 160
    Gamma = 0.5              (0.25 + 0.1875) T <= 100                T = 228.5714
    Gamma = 0, p = 0.5       0.25 T <= 100                           T = 400
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import matched, planned
from tests.golden.test_golden_families import doubtful

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.plan.program.candidates import candidates
from sivuvirta.plan.program.caution import FACETS, guards


def ash(tables=None, **options):
    """Tonnes of ash that the road takes."""
    plan = planned(matched(tables or doubtful()), PlanOptions(**options))
    ids, routes = plan.links.nodes.id, plan.matches.routes
    return float(plan.potential.route_flow[ids[routes.stream] != "slag"].sum())


@pytest.mark.parametrize(
    ("options", "tonnes"),
    [
        ({}, 100.0),
        ({"robust": np.inf}, 100.0),
        ({"robust": 2}, 100.0),
        ({"robust": 1.5}, 123.07692),
        ({"chance": 0.95}, 128.150890),
        ({"robust": 1}, 160.0),
        ({"robust": 0.5}, 228.57143),
        ({"robust": 0}, 400.0),
        ({"chance": 0.5}, 400.0),
    ],
)
def test_tonnes_of_ash_by_hand(options, tonnes):
    assert ash(**options) == pytest.approx(tonnes, rel=1e-6)


def test_one_doubtful_stream_alone_is_judged_at_its_bound_with_95_percent():
    tables = doubtful()
    tables["analyses"] = [
        row if row["stream"] != "old_ash" else row | {"value": 10, "low": None, "high": None} for row in tables["analyses"]
    ]
    assert ash(tables, chance=0.95) == pytest.approx(ash(tables), rel=1e-9)


def test_a_plan_is_robust_or_keeps_a_probability_not_both():
    with pytest.raises(OptionError, match="give one of them"):
        PlanOptions(robust=1, chance=0.9)
    with pytest.raises(OptionError, match="leave out `robust` and `chance`"):
        PlanOptions(chance=0.9, pooling="exact")
    with pytest.raises(OptionError, match=r"at least 0.5 and at most 0.95"):
        PlanOptions(chance=0.4)
    with pytest.raises(OptionError, match=r"chance.*0\.95"):
        PlanOptions(chance=0.99)


def test_a_limit_needs_no_columns_where_bounds_or_middles_do():
    found = candidates(matched(doubtful()))
    sizes = {name: len(guards(found, PlanOptions(**{of: value})).size) for name, of, value in WANTED}
    assert sizes == {"none": 0, "all": 0, "middle": 0, "one": 3, "chance": 1}
    assert len(guards(found, PlanOptions(chance=0.9)).row_row) == FACETS


WANTED = (("none", "budget", None), ("all", "robust", 2), ("middle", "robust", 0), ("one", "robust", 1), ("chance", "chance", 0.9))
