"""Siting: the guided answer and its bound against another solver, from the same exported file, on three generated regions."""

from __future__ import annotations

import pytest
from bench.siting_region import radius_km, write_siting
from tests.engine.scip_model import read
from tests.engine.worlds import library

from sivuvirta.links import build
from sivuvirta.lp.files import write_mps
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.match import match
from sivuvirta.plan.program.families import program
from sivuvirta.tables import load


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_solver_finds_nothing_below_the_bound_and_nothing_better_than_the_gap_allows(seed, tmp_path):
    """SCIP, from the MPS file, to its own optimum: it lies between our bound and our answer, and its own bound is no higher than ours."""
    region = load(write_siting(tmp_path / "region", 20, seed), library())
    lp = program(match(build(region, radius_km(20)))).lp
    ours = Model(lp).solve(SolveOptions(method="guided", gap=1e-4))
    best, bound = read(write_mps(lp, tmp_path / "siting.mps"))
    slack = 1e-6 * abs(ours.objective)
    assert ours.method == "guided"
    assert ours.bound - slack <= best <= ours.objective + slack
    assert bound <= ours.objective + slack
