"""Sources: a pooling problem as a bilinear program, by the shares of the inputs in what a pool holds (pq)."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.pooling import PoolingProblem
from sivuvirta.lp.entries import Floats, Ints, Term, gather
from sivuvirta.lp.program import Block, Bounds
from sivuvirta.pooling.bilinear import Bilinear, Products
from sivuvirta.pooling.frame import Frame, frame


@frozen(eq=False)
class _Parts:
    """Which inputs can be in which pools and on which arcs out of them."""

    pool: Ints  # of each share
    source: Ints
    share: Ints  # of each part, position of its share
    arc: Ints  # of each part, arc out of the pool


def by_sources(problem: PoolingProblem) -> tuple[Bilinear, Frame]:
    r"""The pq-formulation, for pools that mix and remove nothing; pools may feed pools.

    With :math:`q_{li}` the share of input i in pool l, :math:`y_a` the flow over arc a out of it and :math:`v_{ia}` the part of input i
    in that flow:

    .. math:: v_{ia} = q_{li} \, y_a, \qquad \sum_i q_{li} = 1, \qquad \sum_i v_{ia} = y_a

    What enters of an input leaves, and no more of it than its share of what the pool can hold:

    .. math:: x_{il} + \sum_{b \in \delta^-(l)} v_{ib} = \sum_{a \in \delta^+(l)} v_{ia}, \qquad
              \sum_{a \in \delta^+(l)} v_{ia} \le S_l \, q_{li} \qquad \forall l, i

    What arrives keeps its limits:

    .. math:: \sum_{i} (C_{ik} - U_{jk}) \Bigl( x_{ij} + \sum_{a \to j} v_{ia} \Bigr) \le 0 \qquad \forall j, k

    That the parts add up to the flow, and stay below the share of the size, follows where products are exact, and narrows the
    relaxation.

    Returns:
        The program, and where the arcs of the problem are in it.

    References:
        M. Tawarmalani and N. V. Sahinidis, Convexification and Global Optimization in Continuous and Mixed-Integer Nonlinear
        Programming, Kluwer 2002, in the form of model POOL of the GAMS library (opened); pools that feed pools as the multi-commodity
        flow formulation of M. Alfaki and D. Haugland, from memory.
    """
    at = frame(problem)
    parts = _parts(problem)
    program = at.program
    inputs, rows = np.arange(len(parts.pool)), np.arange(len(parts.arc))
    share = program.block("share", len(parts.pool), bounds=Bounds(upper=1.0))
    most = np.minimum(at.most[parts.arc], np.minimum(problem.nodes.high[parts.source], at.passes[parts.source])[parts.share])
    part = program.block("part", len(parts.arc), bounds=Bounds(upper=most, size=np.maximum(most, 1e-6)))
    pools, number = np.unique(parts.pool, return_inverse=True)
    program.rows("shares", gather(len(pools), Term(number, share.columns, 1.0)), 1.0, 1.0)
    left, line = np.unique(parts.arc, return_inverse=True)
    whole = gather(len(left), Term(line, part.columns, 1.0), Term(np.arange(len(left)), at.flow.columns[left], -1.0))
    program.rows("parts", whole, 0.0, 0.0)
    _balances(problem, at, parts, part)
    size = at.passes[parts.pool]
    bounded = gather(len(inputs), Term(parts.share, part.columns, 1.0), Term(inputs, share.columns, -size))
    program.rows("size", bounded, upper=0.0)
    _limits(problem, at, parts, part)
    made = Products(part.columns[rows], share.columns[parts.share], at.flow.columns[parts.arc])
    return Bilinear(program, made), at


def _parts(problem: PoolingProblem) -> _Parts:
    """Every input that can reach a pool, on every arc out of it."""
    arcs, pools = problem.arcs, problem.of("pool")
    reach = {int(pool): {int(i) for i in arcs.origin[arcs.destination == pool] if problem.nodes.kind[i] == "input"} for pool in pools}
    feeds = [(int(o), int(d)) for o, d in zip(arcs.origin, arcs.destination, strict=True) if int(o) in reach and int(d) in reach]
    for _ in pools:
        for origin, destination in feeds:
            reach[destination] |= reach[origin]
    shares = [(pool, source) for pool in sorted(reach) for source in sorted(reach[pool])]
    parts = [(n, int(a)) for n, (pool, _) in enumerate(shares) for a in np.flatnonzero(arcs.origin == pool)]
    pool, source = (np.array([pair[n] for pair in shares], dtype=np.int32) for n in (0, 1))
    share, arc = (np.array([pair[n] for pair in parts], dtype=np.int32) for n in (0, 1))
    return _Parts(pool, source, share, arc)


def _balances(problem: PoolingProblem, at: Frame, parts: _Parts, part: Block) -> None:
    """What of an input enters a pool leaves it."""
    arcs = problem.arcs
    row = {(int(pool), int(source)): n for n, (pool, source) in enumerate(zip(parts.pool, parts.source, strict=True))}
    enters = [a for a in range(len(arcs.origin)) if (int(arcs.destination[a]), int(arcs.origin[a])) in row]
    into = np.array([row[int(arcs.destination[a]), int(arcs.origin[a])] for a in enters], dtype=np.int32)
    source = parts.source[parts.share]
    comes = [n for n, a in enumerate(parts.arc) if (int(arcs.destination[a]), int(source[n])) in row]
    onward = np.array([row[int(arcs.destination[parts.arc[n]]), int(source[n])] for n in comes], dtype=np.int32)
    entries = gather(
        len(parts.pool),
        Term(into, at.flow.columns[enters], 1.0),
        Term(onward, part.columns[comes], 1.0),
        Term(parts.share, part.columns, -1.0),
    )
    at.program.rows("balance", entries, 0.0, 0.0)


def _limits(problem: PoolingProblem, at: Frame, parts: _Parts, part: Block) -> None:
    """What arrives keeps the limits of where it arrives."""
    arcs, qualities = problem.arcs, problem.qualities
    value = qualities.value
    for side, sign in ((qualities.high, 1.0), (qualities.low, -1.0)):
        for node, quality in np.argwhere(np.isfinite(side)):
            if problem.nodes.kind[node] == "input":
                continue
            off = sign * (value[:, quality] - side[node, quality])
            direct = np.flatnonzero((arcs.destination == node) & (problem.nodes.kind[arcs.origin] == "input"))
            mixed = np.flatnonzero(arcs.destination[parts.arc] == node)
            columns = np.concatenate([at.flow.columns[direct], part.columns[mixed]])
            weights: Floats = np.concatenate([off[arcs.origin[direct]], off[parts.source[parts.share[mixed]]]])
            entries = gather(1, Term(np.zeros(len(columns), dtype=int), columns, weights))
            name = f"limit,{problem.nodes.name[node]},{qualities.name[quality]},{'high' if sign > 0 else 'low'}"
            at.program.rows(name, entries, upper=0.0)
