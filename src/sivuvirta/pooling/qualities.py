"""Qualities: what flows have, reckoned from the flows alone, and whether it keeps the limits."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.pooling import PoolingProblem
from sivuvirta.lp.entries import Floats

_NEAR = 1e-6  # relative: how far off a limit may be


def qualities(problem: PoolingProblem, flow: Floats) -> Floats:
    r"""Qualities of what leaves inputs and pools and of what arrives at outputs, from the flows.

    .. math:: c_{nk} \, T_n = (1 - r_{nk}) \sum_{a \in \delta^-(n)} c_{o(a)k} \, x_a + A_{nk}, \qquad T_n = \sum_{a \in \delta^-(n)} x_a

    One linear system a quality, over the nodes through which something flows; pools may feed one another in circles.

    Args:
        problem: the pooling problem.
        flow: on each arc, shape (arcs,).

    Returns:
        Shape (nodes, qualities); NaN where nothing flows.
    """
    arcs, table = problem.arcs, problem.qualities
    count = len(problem.nodes.name)
    through = np.bincount(arcs.destination, weights=flow, minlength=count)
    mixed = np.flatnonzero((problem.nodes.kind != "input") & (through > 0))
    result = np.where((problem.nodes.kind == "input")[:, None], table.value, np.nan)
    into = np.zeros((count, count))
    np.add.at(into, (arcs.destination, arcs.origin), flow)
    inputs = problem.of("input")
    for k in range(len(table.name)):
        kept = 1.0 - table.removed[mixed, k]
        system = np.diag(through[mixed]) - kept[:, None] * into[np.ix_(mixed, mixed)]
        known = kept * (into[np.ix_(mixed, inputs)] @ table.value[inputs, k]) + table.added[mixed, k]
        result[mixed, k] = np.linalg.solve(system, known)
    return result


def arriving(problem: PoolingProblem, flow: Floats, quality: Floats) -> Floats:
    """Qualities of what arrives at each node, before anything is removed or added; NaN where nothing does. Shape (nodes, qualities)."""
    arcs, count = problem.arcs, len(problem.nodes.name)
    used = flow > 0
    through = np.bincount(arcs.destination, weights=flow, minlength=count)
    brought = np.zeros_like(quality)
    np.add.at(brought, arcs.destination[used], flow[used, None] * quality[arcs.origin[used]])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(through[:, None] > 0, brought / through[:, None], np.nan)


def broken(problem: PoolingProblem, flow: Floats, quality: Floats) -> list[str]:
    """Limits and amounts that flows do not keep, in words."""
    nodes, table = problem.nodes, problem.qualities
    came = arriving(problem, flow, quality)
    wrong = []
    for side, sign, word in ((table.high, 1.0, "above"), (table.low, -1.0, "below")):
        off = sign * (came - side) > _NEAR * np.maximum(1.0, np.abs(side))
        wrong += [f"{table.name[k]} at {nodes.name[n]} is {came[n, k]:.6g}, {word} {side[n, k]:.6g}" for n, k in np.argwhere(off)]
    arcs, count = problem.arcs, len(nodes.name)
    left = np.bincount(arcs.origin, weights=flow, minlength=count)
    came_in = np.bincount(arcs.destination, weights=flow, minlength=count)
    amount = np.where(nodes.kind == "input", left, came_in)
    slack = _NEAR * np.maximum(1.0, np.abs(amount))
    for off, word in ((amount > nodes.high + slack, "more than"), (amount < nodes.low - slack, "less than")):
        wrong += [f"{nodes.name[n]} has {amount[n]:.6g}, {word} it may" for n in np.flatnonzero(off)]
    unbalanced = (nodes.kind == "pool") & (np.abs(left - came_in) > slack)
    return wrong + [f"{nodes.name[n]} takes {came_in[n]:.6g} and gives {left[n]:.6g}" for n in np.flatnonzero(unbalanced)]
