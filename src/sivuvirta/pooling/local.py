"""Local: answers of a bilinear program, good but without proof, from points that need not be answers."""

from __future__ import annotations

import numpy as np

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Program
from sivuvirta.pooling.bilinear import Bilinear, held, linearised

_FIRST_STEP, _LAST_STEP = 0.5, 1e-6  # of a share's range
_SHRINK = 0.25
_NEAR = (1e-6, 1e-5, 1e-4, 1e-3)  # of a share's range, in turn
_LED, _CALMER = 8, 0.6  # steps from a point that is no answer, and how much shorter each is
_ROUNDS = 60
_BETTER = 1e-9  # of the objective: less is rounding


def settled(at: Bilinear, shares: Floats, time_limit: float) -> Floats | None:
    """The best answer with given shares, None where there is none."""
    arrays = at.arrays()
    columns = at.products.shares
    return _solved(held(at, np.clip(shares, arrays.lower[columns], arrays.upper[columns])), time_limit, at.program.shape[1])


def shares_of(at: Bilinear, w: Floats) -> Floats:
    """The shares that the products of a point have, which need not be those that its columns have."""
    made, place = at.products, np.searchsorted(at.products.shares, at.products.share)
    made_of, flows = (np.bincount(place, weights=w[column], minlength=len(made.shares)) for column in (made.product, made.flow))
    return np.where(flows > 0, made_of / np.where(flows > 0, flows, 1.0), w[made.shares])


def polished(at: Bilinear, w: Floats, time_limit: float) -> Floats | None:
    """An answer beside a point whose products are off by a solver's tolerance: that with its shares, or that after a Newton step or two.

    Returns:
        None where no answer is near.
    """
    found = settled(at, w[at.products.shares], time_limit)
    for step in _NEAR:
        if found is not None:
            return found
        proposed = _solved(linearised(at, w, step), time_limit, at.program.shape[1])
        if proposed is not None:
            found, w = settled(at, proposed[at.products.shares], time_limit), proposed
    return found


def led(at: Bilinear, w: Floats, time_limit: float) -> list[Floats]:
    """Answers on the way of the linearised program from a point that need not be one: flows that are 0 in answers are not in the point.

    Returns:
        At most one answer a step, in no order.
    """
    answers, step = [], _FIRST_STEP
    for _ in range(_LED):
        proposed = _solved(linearised(at, w, step), time_limit, at.program.shape[1])
        if proposed is None:
            break
        found = settled(at, proposed[at.products.shares], time_limit)
        if found is not None:
            answers.append(found)
        w, step = proposed, step * _CALMER
    return answers


def improved(at: Bilinear, w: Floats, time_limit: float) -> Floats:
    """Follows the linearised program from an answer to better ones, with steps that shrink where it leads nowhere.

    Every point on the way is an answer: the shares that the linearised program proposes are held, and the flows solved for anew.

    Args:
        at: the bilinear program.
        w: an answer.
        time_limit: seconds for one linear program.

    Returns:
        An answer that is no worse.
    """
    cost, step = at.arrays().cost, _FIRST_STEP
    for _ in range(_ROUNDS):
        if step < _LAST_STEP:
            break
        proposed = _solved(linearised(at, w, step), time_limit, len(w))
        found = None if proposed is None else settled(at, proposed[at.products.shares], time_limit)
        if found is not None and cost @ found < cost @ w - _BETTER * (1 + abs(cost @ w)):
            w = found
        else:
            step *= _SHRINK
    return w


def _solved(program: Program, time_limit: float, count: int) -> Floats | None:
    """First columns of the answer of a linear program."""
    try:
        result = Model(program).solve(SolveOptions(time_limit=max(time_limit, 0.1), threads=1, gap=1e-9))
    except SolverError:
        return None
    return result.x[:count] if result.found else None
