"""Frame: what every formulation of a pooling problem has: flows on arcs, amounts and capacities of nodes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.pooling import PoolingProblem
from sivuvirta.lp.entries import Floats, Term, gather
from sivuvirta.lp.program import Block, Bounds, Program


@frozen(eq=False)
class Frame:
    """A program with the flows and what bounds them."""

    program: Program
    flow: Block  # a column an arc
    most: Floats  # on each arc at most, (arcs,)
    passes: Floats  # through each node at most, (nodes,)


def frame(problem: PoolingProblem) -> Frame:
    r"""Flows on arcs, with the amounts of inputs and outputs and the capacities of pools.

    .. math:: L_n \le \sum_{a \in \delta(n)} x_a \le S_n, \qquad 0 \le x_a \le \overline{x}_a

    What leaves counts for inputs, what arrives for pools and outputs. An arc costs its own price, that of the input that it leaves, and
    that of the pool or output at which it arrives.
    """
    nodes, arcs = problem.nodes, problem.arcs
    passes = np.where(_reached(problem), _passes(problem), 0.0)
    most = np.minimum(arcs.high, np.minimum(passes[arcs.origin], passes[arcs.destination]))
    starts = nodes.kind[arcs.origin] == "input"
    cost = arcs.price + np.where(starts, nodes.price[arcs.origin], 0.0) + nodes.price[arcs.destination]
    program = Program(problem.name)
    label = [f"{nodes.name[o]},{nodes.name[d]}" for o, d in zip(arcs.origin, arcs.destination, strict=True)].__getitem__
    flow = program.block("flow", len(most), cost, Bounds(upper=most, size=np.maximum(most, 1e-6)), label)
    counted = np.concatenate([arcs.origin[starts], arcs.destination])
    columns = np.concatenate([flow.columns[starts], flow.columns])
    program.rows("amount", gather(len(passes), Term(counted, columns, 1.0)), nodes.low, passes, nodes.name.tolist().__getitem__)
    return Frame(program, flow, most, passes)


def _reached(problem: PoolingProblem) -> npt.NDArray[np.bool_]:
    """Whether anything can come to a node from an input; a pool that nothing comes to gives nothing. Shape (nodes,)."""
    reached = problem.nodes.kind == "input"
    arcs, before = problem.arcs, -1
    while int(reached.sum()) > before:
        before = int(reached.sum())
        reached[arcs.destination[reached[arcs.origin]]] = True
    return np.asarray(reached)


def _passes(problem: PoolingProblem) -> Floats:
    """What can pass each node: its own capacity, or all that there is."""
    nodes = problem.nodes
    every = float(nodes.high[problem.of("input")].sum())
    outputs = float(nodes.high[problem.of("output")].sum())
    return np.minimum(nodes.high, min(every, outputs) if not _recycles(problem) else np.inf)


def _recycles(problem: PoolingProblem) -> bool:
    """Whether what leaves a pool can come back to it."""
    arcs, count = problem.arcs, len(problem.nodes.name)
    step = np.zeros((count, count), dtype=bool)
    step[arcs.origin, arcs.destination] = True
    reach = step.copy()
    for middle in range(count):
        reach |= np.outer(reach[:, middle], reach[middle])
    return bool(np.diag(reach).any())
