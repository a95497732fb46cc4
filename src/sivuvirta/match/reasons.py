"""Reasons: every check of a route, and in a few sentences why its verdict is what it is."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Cause, Check, Matches
from sivuvirta.match.chains.texts import chain_checks
from sivuvirta.match.explainer import Explainer, explainer
from sivuvirta.match.judge import ORDER
from sivuvirta.match.limit_texts import limit_check
from sivuvirta.match.other_texts import Subject, law_check, other_check
from sivuvirta.match.recipe_texts import recipe_check
from sivuvirta.match.words import clause, listed, sentence

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
    every = [check for check in checks(matches, route) if check.subject != "recipe"]
    verdict = Verdict(int(np.append(matches.routes.verdict, matches.chains.verdict)[route]))
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


def _other(known: Explainer, subject: Subject, cause: Cause, route: int) -> Check | None:
    return law_check(subject, known.legal(route)) if cause == Cause.LEGAL else other_check(subject, cause, known.opinion(cause, route))
