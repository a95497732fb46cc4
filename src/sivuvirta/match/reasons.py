"""Reasons: every check of a route, and in a few sentences why its verdict is what it is."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Cause, Check, Matches
from sivuvirta.match.grounds import Grounds, grounds
from sivuvirta.match.judge import ORDER, Judgement, judgement
from sivuvirta.match.legal import law
from sivuvirta.match.limit_texts import Found, limit_check
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.other_texts import Subject, law_check, other_check
from sivuvirta.match.partners import partner
from sivuvirta.match.recipe_texts import recipe_check
from sivuvirta.match.screening import DOES_NOT_HOLD
from sivuvirta.match.ways import Ways, ways_of
from sivuvirta.match.words import clause, listed, quoted, sentence

MENTIONED = 3
"""Other open matters that an answer names; `checks` has them all."""


def checks(matches: Matches, route: int) -> tuple[Check, ...]:
    """Every check of a route, the one that decides first, then from the worst to the best.

    Args:
        matches: the routes.
        route: position in them.
    """
    links, known = matches.links, grounds(matches.links)
    rows = np.flatnonzero(matches.routes.need == matches.routes.need[route])  # a blend takes its partners from these
    at = int(np.flatnonzero(rows == route)[0])
    found = ways_of(matches.routes, links, rows)
    judged = judgement(links, known, found)
    subject = Subject(links, known, found.take(slice(at, at + 1)))
    limits = [
        (limit_check(links, known, one), Cause.LIMIT, row == judged.entry[at])
        for row, one in _found(links, known, found, judged, at).items()
    ]
    said = [(_other(subject, cause, judged, at), cause, False) for cause in ORDER if cause != Cause.LIMIT]
    every = [(check, cause, first) for check, cause, first in (*limits, *said) if check is not None]
    decides = Cause(int(judged.cause[at]))
    every.sort(key=lambda part: (part[1] != decides or (decides == Cause.LIMIT and not part[2]), -part[0].verdict, ORDER.index(part[1])))
    recipe = recipe_check(subject)
    return (*(check for check, _, _ in every), *([] if recipe is None else [recipe]))


def why(matches: Matches, route: int) -> str:
    """In plain sentences: which check decides a route, on what figures, and what is missing.

    Args:
        matches: the routes.
        route: position in them.
    """
    every = [check for check in checks(matches, route) if check.subject != "recipe"]
    verdict = Verdict(int(matches.routes.verdict[route]))
    deciding = next((check for check in every if check.verdict == verdict), every[0])
    if verdict == Verdict.PASS:
        return _passes(every)
    parts = [f"{verdict.word.capitalize()}: {clause(deciding.text)}"]
    if deciding.missing:
        parts.append(sentence(f"What is missing: {deciding.missing}{_settles(deciding, every)}"))
    parts += _besides(deciding, every)
    return " ".join(parts)


def _passes(every: list[Check]) -> str:
    limits = sorted((check for check in every if check.subject == "limit"), key=lambda check: -check.gap_share)
    if not limits:
        law = next(check for check in every if check.subject == "law")
        return f"Pass: nothing speaks against it, and no limit holds for this use. {law.text}"
    count = "the one limit that holds is" if len(limits) == 1 else f"all {len(limits)} limits that hold are"
    return f"Pass: nothing speaks against it; {count} met. {'' if len(limits) == 1 else 'The tightest: '}{limits[0].text}"


def _settles(deciding: Check, every: list[Check]) -> str:
    """How many other limits the same test answers."""
    others = sum(check.missing == deciding.missing for check in every) - 1
    if others <= 0 or deciding.subject != "limit":
        return ""
    return f", which also answers {others} other limit{'s' if others > 1 else ''}"


def _besides(deciding: Check, every: list[Check]) -> list[str]:
    """Other checks that are as bad, or miss something else."""
    rest = [check for check in every if check is not deciding]
    if deciding.verdict == Verdict.FAIL:
        fails = [check for check in rest if check.verdict == Verdict.FAIL]
        names = [f"limit {check.limit}" if check.limit else check.subject for check in fails]
        more = [f"{len(names) - MENTIONED} more"] if len(names) > MENTIONED + 1 else names[MENTIONED:]
        return [f"It also fails on {listed([*names[:MENTIONED], *more])}."] if names else []
    wanting = list(dict.fromkeys(check.missing for check in rest if check.missing and check.missing != deciding.missing))
    more = [f"{len(wanting) - MENTIONED} other things"] if len(wanting) > MENTIONED + 1 else wanting[MENTIONED:]
    return [f"Also missing: {listed([*wanting[:MENTIONED], *more])}."] if wanting else []


def _other(subject: Subject, cause: Cause, judged: Judgement, at: int) -> Check | None:
    if cause == Cause.LEGAL:
        return law_check(subject, law(subject.links, subject.grounds.streams, subject.grounds.needs, subject.way))
    opinion = judged.opinions[cause]
    return other_check(subject, cause, Opinion(opinion.verdict[at : at + 1], opinion.grade[at : at + 1]))


def _found(links: Links, known: Grounds, found: Ways, judged: Judgement, at: int) -> dict[int, Found]:
    """What was found of every limit that holds for one way, by entry."""
    entries, mix = judged.entries, judged.mix
    plant = int(found.plant[at])
    name = None if plant < 0 else quoted(links.nodes.name[links.works.node[plant]])
    other = partner(links, found, judged, at)
    result = {}
    for row in np.flatnonzero((entries.way == at) & (entries.verdict != DOES_NOT_HOLD)).tolist():
        limit = known.demanded.limit[entries.pair[row]]
        unknown = bool(np.isnan(entries.high[row]))
        result[row] = Found(
            pair=int(entries.pair[row]),
            low=float(entries.low[row]),
            high=float(entries.high[row]),
            grade=Grade.D if unknown else Grade(int(entries.evidence[row])),
            verdict=Verdict(int(mix.verdict[row])),
            offered=bool(mix.offered[row]),
            analysis=-1 if unknown else int(known.evidence.analysis[found.stream[at], known.demanded.limits.figure[limit]]),
            plant=name,
            partner=other,
        )
    return result
