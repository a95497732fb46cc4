"""Reasons: every check of a route, and in a few sentences why its verdict is what it is."""

from __future__ import annotations

import math

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Cause, Check, Matches
from sivuvirta.domain.region import Region
from sivuvirta.match.chains.texts import chain_checks
from sivuvirta.match.explainer import Explainer, explainer
from sivuvirta.match.grounds import grounds
from sivuvirta.match.hazard import YES
from sivuvirta.match.judge import ORDER
from sivuvirta.match.laboratory_texts import priced
from sivuvirta.match.limit_texts import limit_check
from sivuvirta.match.other_texts import Subject, law_check, other_check
from sivuvirta.match.recipe_texts import recipe_check
from sivuvirta.match.words import clause, listed, sentence, span

MENTIONED = 3
"""Other open matters that an answer names; `checks` has them all."""


def checks(matches: Matches, route: int) -> tuple[Check, ...]:
    """Every check of a route, the one that decides first, then from the worst to the best.

    Args:
        matches: the routes.
        route: position in them; routes of several steps stand behind all others.
    """
    if route >= len(matches.routes):
        return chain_checks(matches, route - len(matches.routes))
    known = explainer(matches)
    subject, deciding = known.subject(route), int(known.judged.entry[route])
    limits = [(limit_check(known.links, known.grounds, one), Cause.LIMIT, row == deciding) for row, one in known.limits(route).items()]
    said = [(_other(known, subject, cause, route), cause, False) for cause in ORDER if cause != Cause.LIMIT]
    every = [(check, cause, first) for check, cause, first in (*limits, *said) if check is not None]
    decides = Cause(int(known.judged.cause[route]))
    every.sort(key=lambda part: (part[1] != decides or (decides == Cause.LIMIT and not part[2]), -part[0].verdict, ORDER.index(part[1])))
    recipe = recipe_check(subject)
    return (*(check for check, _, _ in every), *([] if recipe is None else [recipe]))


def why(matches: Matches, route: int) -> str:
    """In plain sentences: which check decides a route, on what figures, and what is missing.

    Args:
        matches: the routes.
        route: position in them; routes of several steps stand behind all others.
    """
    whole, region = checks(matches, route), matches.links.region
    every = [check for check in whole if check.subject != "recipe"]
    verdict = Verdict(int(np.append(matches.routes.verdict, matches.chains.verdict)[route]))
    deciding = next((check for check in every if check.verdict == verdict), every[0])
    parts = [_passes(every) if verdict == Verdict.PASS else f"{verdict.word.capitalize()}: {clause(deciding.text)}"]
    parts += _hazardous(matches, route, [check for check in every if check is not deciding])
    if deciding.missing:
        parts.append(sentence(f"What is missing: {priced(region, every, deciding.missing)}{_settles(deciding, every)}"))
    parts += _besides(region, deciding, every)
    parts += _terms(whole, deciding) if verdict != Verdict.FAIL else []
    return " ".join(parts)


def _hazardous(matches: Matches, route: int, rest: list[Check]) -> list[str]:
    """That the stream is hazardous and may go there all the same, if so."""
    stream = np.append(matches.routes.stream, matches.chains.stream)[route]
    hazard = next((check for check in rest if check.subject == "hazard" and check.verdict != Verdict.FAIL), None)
    return [hazard.text] if hazard is not None and grounds(matches.links).streams.hazard[stream] == YES else []


def _terms(whole: tuple[Check, ...], deciding: Check) -> list[str]:
    """The share in the mix of a plant, and the conditions of the need, as far as the check that decides has not said them."""
    shares = [check for check in whole if check.subject == "recipe" and not math.isnan(check.low)]
    parts = [f"It makes up {span(check.low, check.high, check.unit)} of the mix as sent." for check in shares[:1]]
    asked = dict.fromkeys(check.conditions for check in whole if check.conditions and check is not deciding)
    return parts + [sentence(f"Conditions: {clause(each)}") for each in asked]


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


def _besides(region: Region, deciding: Check, every: list[Check]) -> list[str]:
    """Other checks that are as bad, or miss something else."""
    rest = [check for check in every if check is not deciding]
    if deciding.verdict == Verdict.FAIL:
        fails = [check for check in rest if check.verdict == Verdict.FAIL]
        names = [f"limit {check.limit}" if check.limit else check.subject for check in fails]
        more = [f"{len(names) - MENTIONED} more"] if len(names) > MENTIONED + 1 else names[MENTIONED:]
        return [f"It also fails on {listed([*names[:MENTIONED], *more])}."] if names else []
    if deciding.verdict == Verdict.PASS:
        return []
    others = list(dict.fromkeys(check.missing for check in rest if check.missing and check.missing != deciding.missing))
    named = others[: MENTIONED if len(others) > MENTIONED + 1 else MENTIONED + 1]
    more = [f"{len(others) - len(named)} other things"] if len(others) > len(named) else []
    return [f"Also missing: {listed([*(priced(region, every, name) for name in named), *more])}."] if others else []


def _other(known: Explainer, subject: Subject, cause: Cause, route: int) -> Check | None:
    return law_check(subject, known.legal(route)) if cause == Cause.LEGAL else other_check(subject, cause, known.opinion(cause, route))
