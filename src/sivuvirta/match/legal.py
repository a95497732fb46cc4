"""Law: may this stream be used so, by its legal status, by rules and legal paths, across the border, under the receiver's permit."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, fields, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, Floats, Ints, Links
from sivuvirta.links.codes import ints
from sivuvirta.match.legal_answers import Answer, Ground, across, into_plant, use
from sivuvirta.match.legal_book import Book
from sivuvirta.match.legal_cases import Answered, Sides, asked, at_needs, at_plants, delivered, entering, held, listings
from sivuvirta.match.legal_permits import Permits, codes_of, outside, permits
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.subjects import Needs, Streams
from sivuvirta.match.ways import Ways

__all__ = ["Ground", "Law", "law"]


@frozen(eq=False)
class Law:
    """What the law says of each way. Shape (routes,)."""

    opinion: Opinion
    ground: Codes  # Ground
    rule: Ints  # row of table `rules`, -1 where none decides
    path: Ints  # row of table `legal_paths` that is the way, -1 where none is known
    lead_low: Floats  # months until it may begin, all steps at the same time; NaN where one is not known
    lead_high: Floats  # one step after another
    most: Floats  # t/a as sent that the path and the receiver's permit let in, inf where not limited
    ceiling: Floats  # t/a as sent that leave the stream beyond which no path is open with as little doubt, inf where not limited
    permit: Ints  # row of table `permits` of the receiver that was looked at, -1 where none
    parts: tuple[Answered, ...]  # answers on the use, the border to the need, the border to the plant, the plant's permit

    def answers(self, route: int) -> tuple[Answer, ...]:
        """Answers on the use, the border to the need, the border to the plant, the plant's permit."""
        return tuple(part.answers[part.which[route]] for part in self.parts)

    def take(self, rows: Any) -> Law:
        """The law of some ways."""
        columns = {each.name: getattr(self, each.name)[rows] for each in fields(Law) if each.name not in ("opinion", "parts")}
        parts = tuple(Answered(part.answers, part.which[rows]) for part in self.parts)
        return evolve(self, opinion=Opinion(self.opinion.verdict[rows], self.opinion.grade[rows]), parts=parts, **columns)


def law(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Law:
    """What the law of the region's day says of each way.

    A product, by-product or former waste may be used; an assumed status is `likely`. Waste, and what has no status, needs a rule or a
    legal path that is open to it there: without a decision `pass`, or `likely` where it was not read in the law; where an authority
    decides it is `unknown`, and the path says which. A border asks for a shipment path, except of a product. What a plant makes has
    the status that its technology gives; what it only stores keeps its own. A permit that lists codes lets in those codes only, as far as
    waste goes: waste whose code is not stated is `unknown`.

    Args:
        links: the arcs; the region's day says whose law is applied.
        streams: streams by node.
        needs: needs by node.
        ways: the ways, shape (ways,).
    """
    book, found, codes = Book.of(links.region), permits(links), codes_of(links, streams)
    came, gone = entering(links, streams, ways), delivered(links, streams, ways)
    at_site = held(links, found, codes, ways)
    own, made = listings(links, streams, ways)
    need, plant = at_needs(links, needs, ways), at_plants(links, streams, ways)
    parts: tuple[Answered, ...] = (
        asked(book, links.materials, evolve(gone, held=at_site >= 0), need, made, use),
        asked(book, links.materials, gone, need, made, across),
    )
    if (ways.plant >= 0).any():
        new = _new(links, came, ways)
        parts += (asked(book, links.materials, came, plant, own, across), asked(book, links.materials, new, plant, own, into_plant))
    waste = (streams.status_code[ways.stream] == 0) & ~came.beyond
    row = ints(np.where(ways.plant >= 0, found.of_plant[ways.plant], at_site))
    ceiling = np.full(len(ways), np.inf)
    for part, per_unit in zip(parts, (ways.delivered, ways.delivered, np.ones(len(ways)), np.ones(len(ways))), strict=False):
        with np.errstate(divide="ignore"):
            ceiling = np.minimum(ceiling, part.column(lambda answer: answer.ceiling, float) / np.where(ways.plant < 0, 1.0, per_unit))
    return _permitted(_worst(parts, ceiling), found, row, (outside(found, codes, ways, waste), came.grade))


def _new(links: Links, came: Sides, ways: Ways) -> Sides:
    """What comes, where it goes to a plant that is still to be built: others have their permits."""
    candidate = np.append(links.works.candidate, [False])[ways.plant]
    return evolve(came, beyond=came.beyond | ~candidate)


def _worst(parts: tuple[Answered, ...], ceiling: Floats) -> Law:
    """The worst of the answers, the border's before the use's; lead times together and one after another."""
    verdict, grade, ground, rule, path, low, high, most = _columns(parts[0])
    used = path  # one decision on the use and on the plant counts once
    for part in parts[1:]:
        other = _columns(part)
        worse = (other[0] > verdict) | ((other[0] == verdict) & (other[2] == Ground.BORDER) & (other[0] > Verdict.PASS))
        verdict, grade, ground = (np.where(worse, its, ours) for its, ours in zip(other[:3], (verdict, grade, ground), strict=True))
        rule = np.where(worse, other[3], rule)
        path = np.where(worse & (other[4] >= 0), other[4], path)
        again = np.where((other[4] >= 0) & (other[4] == used), 0.0, other[6])
        low, high, most = np.maximum(low, other[5]), high + again, np.minimum(most, other[7])
    opinion = Opinion(verdict.astype(np.int8), grade.astype(np.int8))
    none = np.full(len(verdict), -1, dtype=np.int32)
    return Law(opinion, ground.astype(np.int8), ints(rule), ints(path), low, high, most, ceiling, none, parts)


def _columns(part: Answered) -> tuple[Any, ...]:
    return (
        part.column(lambda answer: answer.verdict, np.int8),
        part.column(lambda answer: answer.grade, np.int8),
        part.column(lambda answer: answer.ground, np.int8),
        part.column(lambda answer: answer.rule, np.int32),
        part.column(lambda answer: answer.path, np.int32),
        part.column(lambda answer: answer.lead[0], float),
        part.column(lambda answer: answer.lead[1], float),
        part.column(lambda answer: answer.most, float),
    )


def _permitted(found: Law, known: Permits, row: Ints, closed: tuple[Any, Codes]) -> Law:
    """The law with the receivers' permits: what they do not list waits for a change, and they let in so much a year."""
    outside_it, grades = closed
    verdict, grade = found.opinion.verdict.copy(), found.opinion.grade.copy()
    ground, rule = found.ground.copy(), found.rule.copy()
    verdict[outside_it], grade[outside_it] = Verdict.UNKNOWN, grades[outside_it]
    ground[outside_it], rule[outside_it] = Ground.PERMIT, -1
    most = np.minimum(found.most, known.capacity[row])
    return evolve(found, opinion=Opinion(verdict, grade), ground=ground, rule=rule, permit=row, most=most)
