"""Splits: a pooling problem as a bilinear program, by the shares in which what a pool holds is sent on; for pools that treat."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.pooling import PoolingProblem
from sivuvirta.errors import OptionError
from sivuvirta.lp.entries import Floats, Ints, Term, gather
from sivuvirta.lp.program import Block, Bounds
from sivuvirta.pooling.bilinear import Bilinear, Products
from sivuvirta.pooling.frame import Frame, frame


def by_splits(problem: PoolingProblem) -> tuple[Bilinear, Frame]:
    r"""The formulation by splits, for pools that remove or add, with recycling.

    With :math:`s_a` the share of what pool l holds that leaves over arc a, :math:`T_l` its throughput, :math:`M_{lk}` the content of
    quality k in it after treatment and :math:`m_{ka}` the content on an arc:

    .. math:: x_a = s_a T_l, \qquad m_{ka} = s_a M_{lk}, \qquad \sum_{a \in \delta^+(l)} s_a = 1

    What enters leaves, less what is removed and with what is added:

    .. math:: T_l = \sum_{a \in \delta^-(l)} x_a = \sum_{a \in \delta^+(l)} x_a, \qquad
              M_{lk} = (1 - r_{lk}) \sum_{a \in \delta^-(l)} m_{ka} + A_{lk} = \sum_{a \in \delta^+(l)} m_{ka}

    What arrives keeps its limits, and nothing is stronger than it can be:

    .. math:: \sum_{a \in \delta^-(n)} m_{ka} \le U_{nk} \sum_{a \in \delta^-(n)} x_a, \qquad m_{ka} \le \overline{c}_{lk} \, x_a

    with :math:`m_{ka} = C_{ik} x_a` on arcs out of inputs. The last narrows the relaxation.

    Returns:
        The program, and where the arcs of the problem are in it.

    Raises:
        OptionError: what a pool adds has no bound on its way round a circle.
    """
    at = frame(problem)
    if not np.isfinite(at.most).all():
        raise OptionError(f"Pooling problem '{problem.name}' recycles: give every pool a largest amount (`high`).")
    arcs, nodes, program = problem.arcs, problem.nodes, at.program
    pools, k = problem.of("pool"), len(problem.qualities.name)
    left = np.flatnonzero(nodes.kind[arcs.origin] == "pool").astype(np.int32)
    strongest = _strongest(problem)
    through = program.block("through", len(pools), bounds=_sized(at.passes[pools]))
    content = program.block("content", len(pools) * k, bounds=_sized((at.passes[:, None] * strongest)[pools].ravel()))
    share = program.block("split", len(left), bounds=Bounds(upper=1.0))
    mass = program.block("mass", len(left) * k, bounds=_sized((at.most[left, None] * strongest[arcs.origin[left]]).ravel()))
    pool = np.full(len(nodes.name), -1, dtype=np.int32)
    pool[pools] = np.arange(len(pools))
    of = pool[arcs.origin[left]]
    _totals(problem, at, (through, share), (left, pool))
    columns = _Content(problem, at, left, mass)
    for quality in range(k):
        _contents(problem, at, columns, (content, through), (pool, quality, strongest))
    every = np.repeat(np.arange(len(left)), k)
    contents = content.columns[(of[:, None] * k + np.arange(k)).ravel()]
    return Bilinear(
        program,
        Products(
            np.concatenate([at.flow.columns[left], mass.columns]),
            np.concatenate([share.columns, share.columns[every]]),
            np.concatenate([through.columns[of], contents]),
        ),
    ), at


class _Content:
    """Content of a quality on arcs, as columns and weights: the flow times what an input has, or a column of its own."""

    def __init__(self, problem: PoolingProblem, at: Frame, left: Ints, mass: Block) -> None:
        self.arcs, self.flow, self.value, self.k = problem.arcs, at.flow.columns, problem.qualities.value, len(problem.qualities.name)
        self.place = np.full(len(at.most), -1, dtype=np.int32)
        self.place[left] = np.arange(len(left))
        self.mass = mass.columns

    def on(self, arcs: Ints, quality: int) -> tuple[Ints, Floats]:
        """Column and weight of each arc."""
        mixed = self.place[arcs] >= 0
        own = self.mass[np.maximum(self.place[arcs], 0) * self.k + quality] if len(self.mass) else self.flow[arcs]
        weight = np.where(mixed, 1.0, np.nan_to_num(self.value[self.arcs.origin[arcs], quality]))
        return np.where(mixed, own, self.flow[arcs]).astype(np.int32), weight


def _sized(most: Floats) -> Bounds:
    return Bounds(upper=most, size=np.maximum(most, 1e-6))


def _totals(problem: PoolingProblem, at: Frame, blocks: tuple[Block, Block], places: tuple[Ints, Ints]) -> None:
    """Throughputs, and shares that make a whole."""
    (through, share), (left, pool), arcs = blocks, places, problem.arcs
    count = through.count
    enters = np.flatnonzero(pool[arcs.destination] >= 0)
    whole = Term(np.arange(count), through.columns, -1.0)
    at.program.rows("enters", gather(count, Term(pool[arcs.destination[enters]], at.flow.columns[enters], 1.0), whole), 0.0, 0.0)
    at.program.rows("leaves", gather(count, Term(pool[arcs.origin[left]], at.flow.columns[left], 1.0), whole), 0.0, 0.0)
    at.program.rows("splits", gather(count, Term(pool[arcs.origin[left]], share.columns, 1.0)), 1.0, 1.0)


def _contents(problem: PoolingProblem, at: Frame, on: _Content, blocks: tuple[Block, Block], where: tuple[Ints, int, Floats]) -> None:
    """Balances and limits of one quality."""
    (content, through), (pool, quality, strongest) = blocks, where
    arcs, nodes, table, k = problem.arcs, problem.nodes, problem.qualities, len(problem.qualities.name)
    pools = np.flatnonzero(pool >= 0)
    count, name = len(pools), table.name[quality]
    held = content.columns[np.arange(count) * k + quality]
    itself = Term(np.arange(count), held, -1.0)
    enters = np.flatnonzero(pool[arcs.destination] >= 0).astype(np.int32)
    column, weight = on.on(enters, quality)
    into = pool[arcs.destination[enters]]
    kept = 1.0 - table.removed[pools, quality]
    added = table.added[pools, quality]
    at.program.rows(f"treated,{name}", gather(count, Term(into, column, weight * kept[into]), itself), -added, -added)
    left = np.flatnonzero(pool[arcs.origin] >= 0).astype(np.int32)
    column, _ = on.on(left, quality)
    at.program.rows(f"sent,{name}", gather(count, Term(pool[arcs.origin[left]], column, 1.0), itself), 0.0, 0.0)
    rows = np.arange(len(left))
    most = strongest[arcs.origin[left], quality]
    at.program.rows(f"strongest,{name}", gather(len(left), Term(rows, column, 1.0), Term(rows, at.flow.columns[left], -most)), upper=0.0)
    most = strongest[pools, quality]
    at.program.rows(
        f"strongest_pool,{name}",
        gather(count, Term(np.arange(count), held, 1.0), Term(np.arange(count), through.columns, -most)),
        upper=0.0,
    )
    for side, sign in ((table.high, 1.0), (table.low, -1.0)):
        for node in np.flatnonzero(np.isfinite(side[:, quality]) & (nodes.kind != "input")):
            arrive = np.flatnonzero(arcs.destination == node).astype(np.int32)
            column, weight = on.on(arrive, quality)
            limit = float(side[node, quality])
            _limit(at, (f"limit,{nodes.name[node]},{name},{'high' if sign > 0 else 'low'}", sign, limit), arrive, (column, weight))


def _limit(at: Frame, what: tuple[str, float, float], arrive: Ints, content: tuple[Ints, Floats]) -> None:
    """Content less limit times flow: one entry a column, so an input's arc has both in one."""
    (name, sign, limit), (column, weight) = what, content
    flow = at.flow.columns[arrive]
    same = column == flow
    row = np.zeros(len(arrive), dtype=int)
    terms = [Term(row, column, sign * np.where(same, weight - limit, weight))]
    terms.append(Term(row[~same], flow[~same], -sign * limit))
    at.program.rows(name, gather(1, *terms), upper=0.0)


def _strongest(problem: PoolingProblem) -> Floats:
    """The most of each quality that what leaves a node can have. Shape (nodes, qualities)."""
    nodes, arcs, table = problem.nodes, problem.arcs, problem.qualities
    strongest = np.where((nodes.kind == "input")[:, None], np.nan_to_num(table.value), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(table.added > 0, table.added / nodes.low[:, None], 0.0)
    for _ in range(len(nodes.name) + 1):
        before = strongest.copy()
        for node in problem.of("pool"):
            origins = arcs.origin[arcs.destination == node]
            came = np.minimum(
                strongest[origins].max(axis=0, initial=0.0), np.where(np.isfinite(table.high[node]), table.high[node], np.inf)
            )
            strongest[node] = came * (1 - table.removed[node]) + gains[node]
    if not np.array_equal(before, strongest) or not np.isfinite(strongest).all():
        raise OptionError(
            f"In pooling problem '{problem.name}' nothing bounds what a pool adds: "
            "give it a least throughput (`low`) and a limit on what it takes."
        )
    return strongest
