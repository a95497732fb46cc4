"""Laws of pooling on random small problems: two engines agree, bounds are below answers, limits hold on the true compositions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.pooling.qualities import arriving, broken, qualities
from sivuvirta.pooling.solve import solve
from sivuvirta.pooling.tables import problem

_GAP = 1e-5


@st.composite
def problems(draw):
    """Two to four inputs, one or two pools, in line or beside one another, two outputs, one or two qualities; pools may remove a part."""
    inputs, pools = draw(st.integers(2, 4)), draw(st.integers(1, 2))
    kinds, removes = draw(st.integers(1, 2)), draw(st.booleans())
    number = st.integers(1, 9)
    nodes, qualities_, arcs = [], [], []
    for n in range(inputs):
        nodes.append({"node": f"i{n}", "kind": "input", "high": 10.0 * draw(number), "price": float(draw(number))})
        qualities_ += [{"node": f"i{n}", "quality": f"k{k}", "value": float(draw(number))} for k in range(kinds)]
        arcs += [{"origin": f"i{n}", "destination": f"o{draw(st.integers(0, 1))}"}] if draw(st.booleans()) else []
        arcs.append({"origin": f"i{n}", "destination": f"p{draw(st.integers(0, pools - 1))}"})
    for n in range(pools):
        nodes.append({"node": f"p{n}", "kind": "pool", "high": 60.0})
        arcs += [{"origin": f"p{n}", "destination": f"o{m}"} for m in range(2)]
        if removes:
            qualities_.append({"node": f"p{n}", "quality": "k0", "removed": draw(st.sampled_from([0.0, 0.3, 0.9]))})
    if pools == 2 and draw(st.booleans()):
        arcs.append({"origin": "p0", "destination": "p1"})
    for n in range(2):
        nodes.append({"node": f"o{n}", "kind": "output", "high": 10.0 * draw(number), "price": -float(draw(number) + 3)})
        qualities_ += [{"node": f"o{n}", "quality": f"k{k}", "high": draw(number) + 0.5} for k in range(kinds)]
    tables = {name: pd.DataFrame(rows) for name, rows in (("nodes", nodes), ("qualities", qualities_), ("arcs", arcs))}
    return problem("random", "EUR", tables)


@settings(max_examples=25, deadline=None)
@given(problems())
def test_two_engines_agree_and_limits_hold_on_the_true_compositions(what):
    answers = [solve(what, PoolingOptions(method=method, gap=_GAP, time_limit=20)) for method in ("scip", "mccormick")]
    for answer in answers:
        assert answer.found
        assert answer.bound <= answer.objective
        assert not broken(what, answer.flow, qualities(what, answer.flow))
        came = arriving(what, answer.flow, answer.quality)
        high = what.qualities.high
        assert (~(came > high * (1 + 1e-6)) | np.isnan(high)).all()
    scip, envelopes = answers
    slack = 1e-6 + _GAP * max(abs(scip.objective), abs(envelopes.objective))
    assert scip.bound <= envelopes.objective + slack
    assert envelopes.bound <= scip.objective + slack
    if scip.status == envelopes.status == "optimal":
        assert scip.objective == pytest.approx(envelopes.objective, abs=slack + 1e-9, rel=2 * _GAP)


@pytest.mark.parametrize("method", ["scip", "mccormick"])
def test_a_pool_that_nothing_comes_to_gives_nothing(method):
    """One input of 10 at 1 each, two outputs of 10 that pay 4: only the pool p0 has an inflow, so 10 are sold for 4 - 1."""
    nodes = [{"node": "i0", "kind": "input", "high": 10.0, "price": 1.0}, {"node": "p0", "kind": "pool"}, {"node": "p1", "kind": "pool"}]
    nodes += [{"node": name, "kind": "output", "high": 10.0, "price": -4.0} for name in ("o0", "o1")]
    arcs = [{"origin": "i0", "destination": "p0"}]
    arcs += [{"origin": pool, "destination": output} for pool in ("p0", "p1") for output in ("o0", "o1")]
    qualities_ = [{"node": "i0", "quality": "k0", "value": 1.0}, {"node": "o0", "quality": "k0", "high": 1.5}]
    tables = {name: pd.DataFrame(rows) for name, rows in (("nodes", nodes), ("qualities", qualities_), ("arcs", arcs))}
    answer = solve(problem("dry", "EUR", tables), PoolingOptions(method=method))
    assert answer.objective == pytest.approx(-30)
    assert answer.flow[3:] == pytest.approx([0.0, 0.0])
