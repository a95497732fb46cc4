"""Pooling problems of the literature to the last printed digit, by both engines."""

from __future__ import annotations

import numpy as np
import pyscipopt
import pytest

from sivuvirta import cases
from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.errors import UnknownNameError
from sivuvirta.lp.text import lp_text
from sivuvirta.pooling.envelopes import relaxed
from sivuvirta.pooling.refine import Refinement
from sivuvirta.pooling.solve import solve
from sivuvirta.pooling.sources import by_sources
from sivuvirta.pooling.tables import problem

_GAP = 1e-8
_SMALL = ("haverly_1", "haverly_2", "haverly_3", "foulds_2", "foulds_3", "foulds_4", "foulds_5", "ben_tal_4", "ben_tal_5")


def published(name):
    tables, said = cases.pooling(name)
    return problem(name, said["unit"], tables), said


def test_there_are_fourteen_and_each_names_what_was_opened():
    assert len(cases.poolings()) >= 14
    for name in cases.poolings():
        _, said = cases.pooling(name)
        for part in ("title", "unit", "citation", "page", "url", "opened", "quote", "value", "tolerance"):
            assert said[part], (name, part)
    with pytest.raises(UnknownNameError, match="There are: adhya_1"):
        cases.pooling("nothing")


@pytest.mark.parametrize("name", cases.poolings())
def test_scip_finds_what_is_printed_and_proves_it(name):
    what, said = published(name)
    answer = solve(what, PoolingOptions(method="scip", gap=_GAP))
    assert answer.objective == pytest.approx(said["value"], abs=said["tolerance"])
    assert said["value"] - said["tolerance"] - 1e-8 * abs(said["value"]) <= answer.bound <= answer.objective
    assert answer.status == "optimal"


@pytest.mark.parametrize("name", _SMALL)
def test_envelopes_find_what_is_printed_and_prove_it(name):
    what, said = published(name)
    answer = solve(what, PoolingOptions(method="mccormick", gap=1e-7))
    assert answer.objective == pytest.approx(said["value"], abs=said["tolerance"])
    assert answer.bound == pytest.approx(said["value"], rel=1e-6)
    assert answer.status == "optimal"


@pytest.mark.parametrize("name", ["adhya_1", "adhya_2", "adhya_3", "adhya_4", "rt_2"])
def test_envelopes_bound_the_larger_ones_from_below_and_reach_one_percent(name):
    what, said = published(name)
    answer = solve(what, PoolingOptions(method="mccormick", gap=1e-2))
    assert answer.status == "optimal"
    assert answer.bound <= said["value"] + said["tolerance"]
    assert said["value"] - said["tolerance"] <= answer.objective <= said["value"] * (1 - 1e-2)


def test_haverly_1_by_hand():
    """C alone has quality 2 and is sold at 15 as y with 1.5: half C, half B. 100 of B and 100 of C cost 2600 and earn 3000."""
    answer = solve(published("haverly_1")[0], PoolingOptions(method="mccormick"))
    flows = {(row.origin, row.destination): row.amount for row in answer.flows().itertuples()}
    assert flows == pytest.approx({("c2", "o1"): 100.0, ("o1", "p2"): 100.0, ("c3", "p2"): 100.0})
    assert answer.objective == pytest.approx(100 * 16 + 100 * 10 - 200 * 15)
    told = answer.compositions().set_index("node")["value"]
    assert told["o1"] == pytest.approx(1.0)
    assert told["p2"] == pytest.approx(1.5)
    assert np.isnan(told["p1"])


@pytest.mark.parametrize("method", ["scip", "mccormick"])
def test_a_wastewater_network_treats_as_little_as_is_printed(method):
    """Removal, units in line, and a limit on what a unit takes; the quote says 130.7025443."""
    what, said = published("wastewater_02")
    answer = solve(what, PoolingOptions(method=method, gap=1e-7))
    assert answer.objective == pytest.approx(said["value"], abs=said["tolerance"])
    assert answer.bound == pytest.approx(said["value"], rel=1e-6)
    told = answer.compositions().set_index("node")["value"]
    assert told["river"] == pytest.approx(10.0)


@pytest.mark.parametrize("name", ["haverly_1", "ben_tal_4", "adhya_4"])
def test_another_solver_finds_the_bound_on_the_exported_relaxation(name, tmp_path):
    """The envelopes are written as an LP file and solved by SCIP; its optimum is the bound that HiGHS gave."""
    what, said = published(name)
    at, _ = by_sources(what)
    state = Refinement(at, PoolingOptions(gap=1e-6))
    for _ in range(3):
        result = state.lower()
        program = relaxed(state.at, state.points)
        state.cut(result.x[: at.program.shape[1]])
    file = tmp_path / "relaxation.lp"
    file.write_text(lp_text(program), encoding="utf-8")
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(file))
    scip.optimize()
    assert scip.getObjVal() == pytest.approx(result.objective, rel=1e-5)
    assert result.bound <= said["value"] + said["tolerance"]
