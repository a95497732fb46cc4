"""Screening: every limit that holds for every way, judged by what is known of the stream alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, fields, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats, Ints, Links
from sivuvirta.domain.matches import NOTHING_PASSED, Passed
from sivuvirta.links.codes import Mask, Rows, ints
from sivuvirta.match.applicable import ANY_STATUS, Limits, status_codes
from sivuvirta.match.contents import contents, made_anew
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.handed import limits_at
from sivuvirta.match.passed import held
from sivuvirta.match.verdicts import alone, excess
from sivuvirta.match.ways import Ways

DOES_NOT_HOLD = -1
"""Verdict of a limit that does not hold for the status of what reaches the need."""


@frozen(eq=False)
class Entries:
    """Limits of ways, way after way, each as an upper limit. Shape (entries,)."""

    way: Ints  # position in the ways screened
    pair: Ints  # position in grounds.demanded.limit: a limit of a need
    low: Floats  # l of what reaches the need; NaN where unknown
    high: Floats  # u
    evidence: Codes  # grade of the figure
    excess: Floats  # (u - L)/|L|, NaN where unknown
    verdict: Codes  # of the stream alone; DOES_NOT_HOLD where the limit is none of its

    def __len__(self) -> int:
        return len(self.way)

    def later(self, ways: int) -> Entries:
        """The same entries of ways that stand `ways` further down."""
        return evolve(self, way=self.way + np.int32(ways))

    @classmethod
    def joined(cls, parts: Sequence[Entries]) -> Entries:
        """Entries one after another."""
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))


def screened(links: Links, grounds: Grounds, ways: Ways, passed: Passed = NOTHING_PASSED) -> Entries:
    r"""Each way against each limit of its need, and of the class as which a plant hands over what it makes.

    What reaches the need directly is the stream. What a plant makes of it is judged on this input alone, so that no detour dilutes:

    .. math:: \rho u / \eta \le L    (P6, total content)

    Leaching and other properties of what a plant makes are not those of its input: they are unknown until the technology declares them.
    Yet a plant that merely mixes cannot lift the ban on diluting: where an input fails a leaching limit that no blend may meet, so does
    the mix.

    A status that a technology claims for what it makes lifts no limit that a blend may not meet (see `_holds`).

    Args:
        links: the arcs.
        grounds: what ways are judged by.
        ways: the ways, shape (ways,).
        passed: figures that count as measured and within their limits.
    """
    way, pair = limits_at(grounds.demanded.start, grounds.handed, grounds.need_row[ways.need], ways.arc_out)
    limits = grounds.demanded.limits
    limit = grounds.demanded.limit[pair]
    stream = ways.stream[way]
    figure, bound = limits.figure[limit], limits.bound[limit]
    known = grounds.evidence
    low, high, evidence = known.low[stream, figure], known.high[stream, figure], known.grade[stream, figure]
    if (ways.plant >= 0).any():
        failing = _undilutable(links, grounds, ways, (way, limit)) & (alone(low, high, bound, evidence, verified=False) == Verdict.FAIL)
        own = (low[failing], high[failing], evidence[failing])
        low, high, evidence = contents(links, grounds, ways, (way, limit), (low, high, evidence))
        evidence[failing] = own[2]  # a share that is badly known does not excuse an input that is known to fail
        mixed = np.isnan(high[failing])
        low[failing], high[failing] = np.where(mixed, own[0], low[failing]), np.where(mixed, own[1], high[failing])
    if passed.figures:
        low, high, evidence = held(links, grounds, ways, (way, limit), (low, high, evidence), passed)
    verdict = alone(low, high, bound, evidence, limits.verified[limit])
    verdict[~_holds(links, grounds, ways, (way, limit))] = DOES_NOT_HOLD
    return Entries(ints(way), ints(pair), low, high, evidence, excess(high, bound), verdict)


def _holds(links: Links, grounds: Grounds, ways: Ways, at: tuple[Any, Any]) -> Mask:
    """Whether a limit is meant for the legal status of what reaches the need, or still for that of what went into the plant.

    A limit that a blend may not meet stays with the input, whatever status the technology claims for what it makes: only a plant that
    destroys or separates something may leave it behind. A mere mix stays under all limits of its input; what is only stored is the input.
    """
    way, limit = at
    limits = grounds.demanded.limits
    meant = limits.status[limit]
    own = grounds.streams.status_code[ways.stream]
    if len(links.works) == 0:
        return np.asarray((meant == ANY_STATUS) | (meant == own[way]), dtype=bool)
    made = status_codes(links.works.outputs.status)[np.maximum(ways.output, 0)]
    reaching = np.where(made_anew(links, ways), made, own)
    kept = _through(ways, ~links.works.recovery)[way] & (_through(ways, links.works.mixes)[way] | ~limits.blending[limit])
    return np.asarray((meant == ANY_STATUS) | (meant == reaching[way]) | (kept & (meant == own[way])), dtype=bool)


def _undilutable(links: Links, grounds: Grounds, ways: Ways, at: tuple[Any, Any]) -> Mask:
    """Limits that no blend may meet, and that a plant cannot help an input to meet: of total content, and of leaching where it mixes."""
    way, limit = at
    limits, works = grounds.demanded.limits, links.works
    bound = limits.total[limit] | (limits.leaching[limit] & _through(ways, works.mixes)[way])
    return np.asarray(_through(ways, ~works.recovery)[way] & bound & ~limits.blending[limit], dtype=bool)


def _through(ways: Ways, plants: Mask) -> Mask:
    """Ways that go through one of some plants."""
    return np.asarray((ways.plant >= 0) & np.append(plants, [False])[ways.plant], dtype=bool)


@frozen(eq=False)
class Decision:
    """The entry that decides each way. Shape (ways,)."""

    entry: Ints  # -1 where no limit holds
    verdict: Codes  # pass where no limit holds
    grade: Codes  # of figure and limit


def decided(entries: Entries, verdict: Codes, grounds: Grounds, count: int) -> Decision:
    """The limit that decides each way: of the worst verdict the largest excess; a verified limit before one that is not.

    Args:
        entries: limits of ways, way after way.
        verdict: verdict of each entry, blends counted in, shape (entries,).
        grounds: what ways are judged by.
        count: how many ways there are.
    """
    entry = np.full(count, -1, dtype=np.int32)
    found = np.full(count, int(Verdict.PASS), dtype=np.int8)
    grade = np.full(count, int(Grade.A), dtype=np.int8)
    if len(entries):
        limits, limit = grounds.demanded.limits, grounds.demanded.limit[entries.pair]
        share = entries.excess / (1.0 + np.abs(entries.excess))  # -1..1, in the order of the excess
        share = np.where(np.isnan(share), _first_test(limits, limit), share)
        sure = (verdict == Verdict.FAIL) & limits.verified[limit]
        weight = verdict + 0.5 * sure + 0.249 * (share + 1.0)  # each part weighs less than one step of the part before
        first = np.flatnonzero(np.diff(entries.way, prepend=-1))
        best = np.maximum.reduceat(weight, first)
        winner = np.flatnonzero(weight == np.repeat(best, np.diff(first, append=len(entries))))
        way = entries.way[winner]
        entry[way[::-1]] = winner[::-1]
        has = entry >= 0
        chosen = entry[has]
        held = verdict[chosen] >= Verdict.PASS
        found[has] = np.maximum(verdict[chosen], np.int8(Verdict.PASS))
        grade[has] = np.where(held, np.maximum(_shown(entries, chosen), limits.grade[limit[chosen]]), np.int8(Grade.A))
        entry[np.flatnonzero(has)[~held]] = -1
    return Decision(entry, found, grade)


def _first_test(limits: Limits, limit: Rows) -> Floats:
    """Which of several missing figures is asked for first: leaching, whose one test answers most, then total content."""
    return -1.0 + 0.02 * limits.leaching[limit] + 0.01 * limits.total[limit]


def _shown(entries: Entries, rows: Any) -> Codes:
    return np.where(np.isnan(entries.high[rows]), np.int8(Grade.D), entries.evidence[rows]).astype(np.int8)
