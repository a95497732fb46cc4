"""Mixes: which ways to a need can be part of a mix of any number of them that meets all its limits, by one linear program."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.links.codes import Mask, Rows
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program

MOST = 1e6
"""How many parts of one stream may go to one part of another: a share below a millionth is none."""

PRESENT = 1e-3
"""Parts from which a way is in the mix; far above what a solver leaves over, far below the 1 that an answer has."""

SIMPLEX = SolveOptions(method="simplex")
"""Measured: with 166,000 and 363,000 nonzeros three and seven times faster than interior point, for blocks are small and few rows bind."""

STAGES = (Verdict.BLEND, Verdict.LIKELY, Verdict.UNKNOWN)
"""Evidence that partners may rest on, the best first."""


@frozen(eq=False)
class Question:
    """What is asked of mixes. Shape (entries,) for limits of ways, (ways,) for ways."""

    way: Ints  # (entries,) entries that a blend may meet
    pair: Ints  # (entries,) a limit of a need
    excess: Floats  # (entries,) u over L, relative to L; a figure that is not known must meet its limit by itself: 0
    need: Ints  # (ways,)
    settled: Codes  # (ways,) verdict from all that no blend can change
    floor: Codes  # (ways,) best verdict that the figures of the way allow a mix with it
    reached: Codes  # (ways,) verdict that a simpler search found; fail where it found none


def mixed(asked: Question) -> Codes:
    """Best verdict that some mix with a way in it allows, shape (ways,); fail where none meets all limits.

    Partners are let in by their evidence, proven ones first: a mix is `blend` where all in it is proven, `likely` where all in it is
    likely or better, else `unknown`. Where a way is weaker than its partners, and these alone can stay below each limit that it breaks,
    some of it may go in: then the limit is met on the evidence of the partners, whatever the way itself lacks.

    Args:
        asked: the ways and their limits.
    """
    best = asked.reached.copy()
    bar = np.maximum(asked.settled, asked.floor)
    before = np.zeros(len(best), dtype=bool)
    breaking = asked.excess > 0
    for stage in STAGES:
        member = bar <= stage
        wants = (best > stage) & (asked.floor <= stage) & (asked.settled < Verdict.FAIL)
        wants &= (asked.floor == stage) | np.isin(asked.need, asked.need[member & ~before])  # the same partners: the same answer
        before = member
        if not wants.any():
            continue
        guest = breaking & (wants & ~member)[asked.way]
        pool = _pool(asked, member & np.isin(asked.need, asked.need[wants]))
        found = mixable(pool, wants & member, np.unique(asked.pair[guest]))
        short = np.zeros(len(best), dtype=bool)
        short[asked.way[guest & ~found.room[asked.pair]]] = True
        best[found.way | (wants & ~member & ~short)] = stage
    return best


@frozen(eq=False)
class Pool:
    """What may be mixed: how far each way lies over each limit. Shape (entries,)."""

    way: Ints
    pair: Ints
    excess: Floats
    ways: int  # how many there are
    pairs: int

    def only(self, kept: Mask) -> Pool:
        """The entries of a mask, shape (entries,)."""
        return Pool(self.way[kept], self.pair[kept], self.excess[kept], self.ways, self.pairs)


@frozen(eq=False)
class Mixable:
    """What can be mixed."""

    way: Mask  # (ways,) is in some mix that meets all limits
    room: Mask  # (pairs,) some such mix lies below this limit


def _pool(asked: Question, member: Mask) -> Pool:
    pairs = int(asked.pair.max(initial=-1)) + 1
    return Pool(asked.way, asked.pair, asked.excess, len(asked.need), pairs).only(member[asked.way] & (asked.excess != 0))


def mixable(pool: Pool, wants: Mask, roomy: Rows) -> Mixable:
    r"""Ways that are in some mix which meets all limits, and limits that some mix meets with room to spare.

    With x the dry parts of each way, all limits are met where

    .. math:: \sum_i a_{ik} x_i \le 0 \quad \forall k, \qquad x \ge 0, \qquad a_{ik} = (u_i - L_k) / |L_k|    (M)

    Such x form a cone C: sums and multiples of mixes are mixes. One linear program answers for all ways W and limits K asked of:

    .. math:: \max \sum_{i \in W} t_i + \sum_{k \in K} r_k \quad : \quad x_i = t_i + s_i, \quad \sum_i a_{ik} x_i + r_k \le 0,
              \quad 0 \le t, r \le 1, \quad s \ge 0

    Its answer has t_i = 1 exactly for the ways with x_i > 0 somewhere in C, and 0 for the others. For t_i > 0 means x_i > 0 with x in C.
    And if x^i in C has a part of each way i that can have one, their sum is in C, has all these parts, and times a number that is large
    enough has all of them above 1: all t_i = 1 at once, more than which the objective cannot have. Likewise r_k. Needs share no way and
    no limit, so that those of a whole region are blocks of one program. s is bounded by `MOST`, so that the set of answers is too.

    Args:
        pool: what may be mixed.
        wants: W, shape (ways,); those that are not in the pool are in no mix.
        roomy: K, positions of pairs.
    """
    nothing = Mixable(np.zeros(pool.ways, dtype=bool), np.zeros(pool.pairs, dtype=bool))
    pool = _hopeful(pool)
    way, column = np.unique(pool.way, return_inverse=True)
    pair, row = np.unique(pool.pair, return_inverse=True)
    wanted, spared = np.flatnonzero(wants[way]), np.flatnonzero(np.isin(pair, roomy))
    if not len(wanted) + len(spared):
        return nothing
    program = Program("mixes")
    parts = program.block("parts", len(way), bounds=Bounds(upper=MOST))  # s
    part = program.block("part", len(wanted), -1.0, Bounds(upper=1.0))  # t
    room = program.block("room", len(spared), -1.0, Bounds(upper=1.0))  # r
    place = np.full(len(way), -1)
    place[wanted] = part.columns
    also = np.flatnonzero(place[column] >= 0)
    terms = (
        Term(row, parts.columns[column], pool.excess),
        Term(row[also], place[column[also]], pool.excess[also]),
        Term(spared, room.columns, 1.0),
    )
    program.rows("limit", gather(len(pair), *terms), upper=0.0)
    x = Model(program).solve(SIMPLEX).x
    nothing.way[way[wanted[part.of(x) > PRESENT]]] = True
    nothing.room[pair[spared[room.of(x) > PRESENT]]] = True
    return nothing


def _hopeful(pool: Pool) -> Pool:
    """Leaves out ways that break a limit which nothing else brings down, again and again: they are in no mix."""
    while True:
        lowered = np.zeros(pool.pairs, dtype=bool)
        lowered[pool.pair[pool.excess < 0]] = True
        gone = np.zeros(pool.ways, dtype=bool)
        gone[pool.way[(pool.excess > 0) & ~lowered[pool.pair]]] = True
        if not gone.any():
            return pool
        pool = pool.only(~gone[pool.way])


def largest_share(table: Floats, at: int) -> Floats:
    r"""The mix that holds the most of one way and meets all limits: dry share of each way, shape (ways,); empty where there is none.

    .. math:: \theta = \max x_i \quad : \quad \sum_j a_{jk} x_j \le 0 \quad \forall k, \quad \sum_j x_j = 1, \quad x \ge 0    (M)

    >>> largest_share(np.array([[1.0, -1.0], [-1.0, 0.5], [0.0, -2.0]]), 0).round(3).tolist()
    [0.5, 0.5, 0.0]

    Args:
        table: a, excess of each way over each limit, relative to it, shape (ways, limits).
        at: i, the way.
    """
    way, limit = np.nonzero(table)
    program = Program("largest share")
    share = program.block("share", len(table), cost=np.where(np.arange(len(table)) == at, -1.0, 0.0))
    program.rows("limit", gather(table.shape[1], Term(limit, share.columns[way], table[way, limit])), upper=0.0)
    program.rows("whole", gather(1, Term(np.zeros(len(table), dtype=int), share.columns, 1.0)), lower=1.0, upper=1.0)
    x = Model(program).solve(SIMPLEX).x
    return x if len(x) and x[at] > 1.0 / MOST else np.zeros(0)
