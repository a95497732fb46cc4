"""Explainer: all routes of a region judged once, so that the words for one of them judge nothing anew."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Cause, Matches
from sivuvirta.links.codes import Groups, Rows, groups, ints
from sivuvirta.match.blends import Blended
from sivuvirta.match.grounds import Grounds, grounds
from sivuvirta.match.judge import Judgement, judgement
from sivuvirta.match.legal import Law, law
from sivuvirta.match.limit_texts import Found, Partner
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.other_texts import Subject
from sivuvirta.match.partners import partner
from sivuvirta.match.screening import DOES_NOT_HOLD, Entries
from sivuvirta.match.ways import Ways, ways_of
from sivuvirta.match.words import quoted


@frozen(eq=False)
class Explainer:
    """What the words for routes are made from. Ways stand in the order of the routes."""

    links: Links
    grounds: Grounds
    ways: Ways
    judged: Judgement
    law: Law
    start: Rows  # (ways + 1,) entries of way i are `start[i] : start[i + 1]`
    of_need: Groups  # ways by node of their need

    def subject(self, route: int) -> Subject:
        """One route with what it is judged by."""
        return Subject(self.links, self.grounds, self.ways.take(slice(route, route + 1)))

    def opinion(self, cause: Cause, route: int) -> Opinion:
        """What one check says of a route."""
        return _at(self.judged.opinions[cause], route)

    def legal(self, route: int) -> Law:
        """What the law says of a route."""
        return self.law.take(slice(route, route + 1))

    def limits(self, route: int) -> dict[int, Found]:
        """What was found of every limit that holds for a route, by entry."""
        entries = self.judged.entries
        rows = np.arange(self.start[route], self.start[route + 1])
        plant = int(self.ways.plant[route])
        name = None if plant < 0 else quoted(self.links.nodes.name[self.links.works.node[plant]])
        other = self._partner(route) if self.judged.mix.offered[rows].any() else None
        return {row: self._found(row, name, other) for row in rows[entries.verdict[rows] != DOES_NOT_HOLD].tolist()}

    def _found(self, row: int, plant: str | None, other: Partner | None) -> Found:
        entries, known = self.judged.entries, self.grounds
        limit = known.demanded.limit[entries.pair[row]]
        stream, unknown = self.ways.stream[entries.way[row]], bool(np.isnan(entries.high[row]))
        return Found(
            pair=int(entries.pair[row]),
            low=float(entries.low[row]),
            high=float(entries.high[row]),
            grade=Grade.D if unknown else Grade(int(entries.evidence[row])),
            verdict=Verdict(int(self.judged.mix.verdict[row])),
            offered=bool(self.judged.mix.offered[row]),
            analysis=-1 if unknown else int(known.evidence.analysis[stream, known.demanded.limits.figure[limit]]),
            plant=plant,
            partner=other,
        )

    def _partner(self, route: int) -> Partner | None:
        """With what a route is blended: something that goes to the same need."""
        need = self.ways.need[route]
        rows = self.of_need.member[self.of_need.start[need] : self.of_need.start[need + 1]]
        return partner(self.links, self.ways.take(rows), _narrowed(self.judged, self.start, rows), int(np.searchsorted(rows, route)))


_made: WeakKeyDictionary[Matches, Explainer] = WeakKeyDictionary()
"""Explainers of matches at hand; they go with their matches, to which nothing in them refers."""


def explainer(matches: Matches) -> Explainer:
    """What the words for any route are made from; judged when first asked for."""
    if matches not in _made:
        _made[matches] = _make(matches)
    return _made[matches]


def _make(matches: Matches) -> Explainer:
    links, known = matches.links, grounds(matches.links)
    found = ways_of(matches.routes, links, slice(None))
    judged = judgement(links, known, found, matches.passed)
    start = np.searchsorted(judged.entries.way, np.arange(len(found) + 1)).astype(np.int64)
    legal = law(links, known.streams, known.needs, found)
    return Explainer(links, known, found, judged, legal, start, groups(found.need, len(links.nodes.id)))


def _at(opinion: Opinion, route: int) -> Opinion:
    return Opinion(opinion.verdict[route : route + 1], opinion.grade[route : route + 1])


def _narrowed(judged: Judgement, start: Rows, rows: Rows) -> Judgement:
    """What was judged of some ways, which are then counted from 0."""
    count = start[rows + 1] - start[rows]
    begin = np.cumsum(count) - count
    at = np.repeat(start[rows] - begin, count) + np.arange(count.sum())
    entries, mix = judged.entries, judged.mix
    return Judgement(
        verdict=judged.verdict[rows],
        cause=judged.cause[rows],
        grade=judged.grade[rows],
        entry=ints(np.where(judged.entry[rows] < 0, -1, judged.entry[rows] - start[rows] + begin)),
        opinions={cause: Opinion(found.verdict[rows], found.grade[rows]) for cause, found in judged.opinions.items()},
        entries=Entries(
            way=ints(np.repeat(np.arange(len(rows)), count)),
            pair=entries.pair[at],
            low=entries.low[at],
            high=entries.high[at],
            evidence=entries.evidence[at],
            excess=entries.excess[at],
            verdict=entries.verdict[at],
        ),
        mix=Blended(mix.verdict[at], mix.offered[at], mix.open[at]),
    )
