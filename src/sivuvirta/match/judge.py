"""Match: judge every way from a stream to a need."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats, Ints, Links
from sivuvirta.domain.matches import NOTHING_PASSED, Cause, Matches, Passed, Routes
from sivuvirta.links.codes import Mask, ints
from sivuvirta.match.blends import Blended, blendable, blended
from sivuvirta.match.classes import taken
from sivuvirta.match.fit import grain, moisture, season, temperature
from sivuvirta.match.gains import gains
from sivuvirta.match.grounds import Grounds, grounds
from sivuvirta.match.hazard import hazard, hazardous
from sivuvirta.match.legal import Law, law
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.passed import answered
from sivuvirta.match.screening import DOES_NOT_HOLD, Entries, decided, screened
from sivuvirta.match.specs import specs
from sivuvirta.match.ways import Ways, ways

WAYS_AT_ONCE = 100_000
"""Ways that are screened at a time, so that a large region needs no large memory."""

ORDER = (Cause.LIMIT, Cause.LEGAL, Cause.HAZARD, Cause.CLASS, Cause.TEMPERATURE, Cause.MOISTURE, Cause.GRAIN, Cause.SEASON)
"""Which check is named where several give the worst verdict."""


def match(links: Links, passed: Passed = NOTHING_PASSED) -> Matches:
    """Who can use whose stream: every route, direct or through one plant, with its verdict, gain, netback and carbon.

    A route's verdict is the worst of its checks: whether the receiver takes such a material, law, hazard, moisture, grain, season,
    temperature, and each limit that holds for it.

    Args:
        links: the arcs of a region.
        passed: tests and decisions that are assumed to turn out well, to see what they would change.

    Returns:
        All routes, those that fail included, and the specifications that blends must meet.
    """
    found, known = ways(links), grounds(links)
    opinions, ceiling = _opinions(links, known, found)
    judged = judgement(links, known, found, passed, opinions)
    money = gains(links, known.families, found, judged.verdict < Verdict.FAIL)
    value, bound = shown(known, judged)
    routes = Routes(
        stream=found.stream,
        need=found.need,
        plant=found.plant,
        arc_in=found.arc_in,
        arc_out=found.arc_out,
        delivered=found.delivered,
        km=found.km,
        verdict=judged.verdict,
        cause=judged.cause,
        limit=_limit_rows(known, judged),
        value=value,
        bound=bound,
        grade=judged.grade,
        gain=money.gain.value,
        gain_low=money.gain.low,
        gain_high=money.gain.high,
        netback=money.netback.value,
        netback_low=money.netback.low,
        netback_high=money.netback.high,
        priced=money.priced,
        carbon=money.carbon.value,
        carbon_low=money.carbon.low,
        carbon_high=money.carbon.high,
        lawful=ceiling / np.where(links.arcs.sent[found.arc_in] > 0, links.arcs.sent[found.arc_in], 1.0),
    )
    return Matches(links, routes, specs(known, found, judged.entries, judged.mix, judged.verdict), passed)


@frozen(eq=False)
class Judgement:
    """Verdicts of ways and what they rest on. Shape (ways,) unless said."""

    verdict: Codes
    cause: Codes
    grade: Codes
    entry: Ints  # entry of the limit that decides, -1 where none does
    opinions: dict[Cause, Opinion]
    entries: Entries  # (entries,)
    mix: Blended  # (entries,)


def judgement(
    links: Links, known: Grounds, found: Ways, passed: Passed = NOTHING_PASSED, opinions: dict[Cause, Opinion] | None = None
) -> Judgement:
    """Judge ways; blends are offered among them, so give all ways of the needs concerned.

    Args:
        links: the arcs.
        known: what ways are judged by.
        found: the ways.
        passed: tests and decisions that are assumed to turn out well.
        opinions: what the checks but the limits say of the ways, if that is at hand.
    """
    entries = _screened(links, known, found, passed)
    opinions = answered(opinions or checked(links, known, found), known, found, passed)
    open_ = blendable(known, entries, hazardous(known.streams, found))
    mix = blended(known, found, entries, open_, _settled(entries, opinions, open_))
    limit = decided(entries, mix.verdict, known, len(found))
    parts = {Cause.LIMIT: Opinion(limit.verdict, limit.grade), **opinions}
    verdict, cause, grade = _worst(parts)
    entry = np.where(cause == Cause.LIMIT, limit.entry, -1)
    return Judgement(verdict, cause, grade, ints(entry), opinions, entries, mix)


_said: WeakKeyDictionary[Links, tuple[dict[Cause, Opinion], Floats]] = WeakKeyDictionary()
"""Opinions on all ways, and the most of each that the law lets in, of regions at hand: no test changes them, and regions
are judged again with many tests passed."""


def _opinions(links: Links, known: Grounds, found: Ways) -> tuple[dict[Cause, Opinion], Floats]:
    """What the checks but the limits say of all ways of a region, and the law's most of each, t/a as sent; asked once."""
    if links not in _said:
        said = law(links, known.streams, known.needs, found)
        _said[links] = checked(links, known, found, said), said.ceiling
    return _said[links]


def checked(links: Links, known: Grounds, found: Ways, said: Law | None = None) -> dict[Cause, Opinion]:
    """What each check but the limits says of each way; what the law says may be at hand."""
    sides = (links, known.streams, known.needs, found)
    return {
        Cause.HAZARD: hazard(*sides),
        Cause.LEGAL: (said or law(*sides)).opinion,
        Cause.CLASS: taken(links, found),
        Cause.TEMPERATURE: temperature(*sides),
        Cause.MOISTURE: moisture(*sides),
        Cause.GRAIN: grain(*sides),
        Cause.SEASON: season(*sides),
    }


def shown(known: Grounds, judged: Judgement) -> tuple[Floats, Floats]:
    """Value and bound of the limit that decides, in the limit's own direction; NaN where none decides."""
    entries, limits = judged.entries, known.demanded.limits
    has = judged.entry >= 0
    value, bound = np.full(len(has), np.nan), np.full(len(has), np.nan)
    row = judged.entry[has]
    limit = known.demanded.limit[entries.pair[row]]
    sign = np.where(known.demanded.figures.minimum[limits.figure[limit]], -1.0, 1.0)
    value[has], bound[has] = sign * entries.high[row], sign * limits.bound[limit]
    return value, bound


def _limit_rows(known: Grounds, judged: Judgement) -> Ints:
    limits = known.demanded.limits
    result = np.full(len(judged.entry), -1, dtype=np.int32)
    has = judged.entry >= 0
    result[has] = limits.row[known.demanded.limit[judged.entries.pair[judged.entry[has]]]]
    return result


def _screened(links: Links, known: Grounds, found: Ways, passed: Passed) -> Entries:
    parts = []
    for begin in range(0, max(1, len(found)), WAYS_AT_ONCE):
        part = screened(links, known, found.take(slice(begin, begin + WAYS_AT_ONCE)), passed)
        parts.append(part if begin == 0 else part.later(begin))
    return parts[0] if len(parts) == 1 else Entries.joined(parts)


def _settled(entries: Entries, opinions: dict[Cause, Opinion], open_: Mask) -> Codes:
    """Verdict of each way from all that no blend can change."""
    result = np.maximum.reduce([opinion.verdict for opinion in opinions.values()])
    fixed = (entries.verdict != DOES_NOT_HOLD) & ~(open_ & (entries.excess > 0))
    np.maximum.at(result, entries.way[fixed], entries.verdict[fixed])
    return np.asarray(result, dtype=np.int8)


def _worst(parts: dict[Cause, Opinion]) -> tuple[Codes, Codes, Codes]:
    """The worst verdict of the checks, the check that gives it, and the grade it rests on; a pass rests on the worst grade of all."""
    verdict = np.maximum.reduce([part.verdict for part in parts.values()])
    cause = np.full(len(verdict), int(Cause.NOTHING), dtype=np.int8)
    grade = np.maximum.reduce([part.grade for part in parts.values()])
    for name in reversed(ORDER):
        decides = (parts[name].verdict == verdict) & (verdict > Verdict.PASS)
        cause[decides] = name
        grade[decides] = parts[name].grade[decides]
    return verdict.astype(np.int8), cause, np.minimum(grade, np.int8(Grade.D)).astype(np.int8)
