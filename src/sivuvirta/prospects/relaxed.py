"""Relaxed programs: solved without whole numbers for their duals, or known not to be solved."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Ints
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import SolverError
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.plan.program.objective import first_objective
from sivuvirta.plan.program.setting import Setting


def relaxed(at: Setting, shut: Ints, options: PlanOptions) -> Result | None:
    """A plan's program without whole numbers and without some columns; None where it is not solved.

    Args:
        at: the program.
        shut: columns that stay 0.
        options: of the plan.
    """
    model = Model(at.lp)
    if len(shut):
        model.bound(shut, 0.0, 0.0)
    if len(model.integers):
        model.relax_integers()
    model.minimise(first_objective(at.coefficients, options))
    return solved(model, options)


def solved(model: Model, options: PlanOptions) -> Result | None:
    """The optimum of a program without whole numbers, None where time ran out, it has none, or its duals are not known.

    Only an optimum bounds anything: the duals of an answer on the way may lie.

    Args:
        model: the program.
        options: of the plan.
    """
    try:
        result = model.solve(SolveOptions(method=options.method, time_limit=options.time_limit))
    except SolverError:
        return None
    known = result.status == "optimal" and np.isfinite(result.duals).all() and np.isfinite(result.reduced).all()
    return result if known else None
