"""Solve: a pooling problem, by SCIP or by piecewise envelopes, with an answer that is checked."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from attrs import evolve

from sivuvirta.domain.pooling import PoolingAnswer, PoolingOptions, PoolingProblem
from sivuvirta.errors import SolverError
from sivuvirta.lp.gaps import gap_of
from sivuvirta.pooling.bilinear import Bilinear
from sivuvirta.pooling.found import Found
from sivuvirta.pooling.local import improved, polished
from sivuvirta.pooling.qualities import broken, qualities
from sivuvirta.pooling.refine import by_envelopes
from sivuvirta.pooling.scip import by_scip
from sivuvirta.pooling.sources import by_sources
from sivuvirta.pooling.splits import by_splits

_TINY = 1e-9  # of the largest flow: a solver's zero


def solve(problem: PoolingProblem, options: PoolingOptions | None = None) -> PoolingAnswer:
    """Finds the cheapest flows of a pooling problem, with a bound that no flows can be below.

    Args:
        problem: inputs, pools, outputs.
        options: method, gap, time; a watcher is told of every better answer and bound.

    Returns:
        Flows, the qualities that they lead to, objective, bound and gap. Limits were checked on the qualities reckoned from the flows.

    Raises:
        MissingExtraError: SCIP is asked for and not installed.
        SolverError: a limit is not kept by the flows found, which is an error of the solver.
    """
    options = options or PoolingOptions()
    at, frame = (by_splits if treats(problem) else by_sources)(problem)
    found, method = bilinear(at, options)
    if found.w is None:
        none = np.full(problem.qualities.value.shape, np.nan)
        return PoolingAnswer(problem, found.status, np.inf, found.bound, np.inf, found.seconds, method, np.zeros(len(frame.most)), none)
    flow = frame.flow.of(found.w)
    flow = np.where(flow > _TINY * max(1.0, float(flow.max(initial=0.0))), flow, 0.0)
    objective = float(at.arrays().cost @ found.w)
    bound = min(found.bound, objective)
    quality = qualities(problem, flow)
    wrong = broken(problem, flow, quality)
    if wrong:
        raise SolverError(f"The flows found for '{problem.name}' do not keep: {'; '.join(wrong)}.")
    return PoolingAnswer(problem, found.status, objective, bound, gap_of(objective, bound), found.seconds, method, flow, quality)


def bilinear(at: Bilinear, options: PoolingOptions) -> tuple[Found, str]:
    """Solves a bilinear program; its answer has exact products.

    Returns:
        What was found, and the method that found it.
    """
    method = options.method
    if method == "auto":
        method = "scip" if find_spec("pyscipopt") else "mccormick"
    found = (by_scip if method == "scip" else by_envelopes)(at, options)
    return (_exact(at, found, options) if method == "scip" else found), method


def treats(problem: PoolingProblem) -> bool:
    """Whether some pool removes or adds something."""
    return bool(problem.qualities.removed.any() or problem.qualities.added.any())


def _exact(at: Bilinear, found: Found, options: PoolingOptions) -> Found:
    """The answer with its shares held and the flows solved for anew, so that products are exact and not within a tolerance."""
    if found.w is None:
        return found
    held = polished(at, found.w, options.time_limit)
    if held is None:
        raise SolverError(f"SCIP's answer of '{at.program.name}' does not hold when its shares are fixed.")
    better = improved(at, held, options.time_limit)
    objective = float(at.arrays().cost @ better)
    status = "optimal" if gap_of(objective, found.bound, at.offset) <= max(options.gap, 1e-6) else "feasible"
    return evolve(found, w=better, status=status)
