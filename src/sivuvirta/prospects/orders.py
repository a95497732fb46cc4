"""Orders: which missing test is worth most, as a list for a laboratory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import perf_counter

import numpy as np
from attrs import evolve

from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.prospects import NAN, LabOrders, LabTest, Prospect
from sivuvirta.ledger.reference import reference
from sivuvirta.match.judge import match
from sivuvirta.prospects.questions import Ids, Questions, questions
from sivuvirta.prospects.ranking import Ground, Start, Tell, Value, valued

_MISSES = 5
"""Other missing things that are named."""


def lab_orders(
    matches: Matches,
    options: PlanOptions | None = None,
    catalogue: Sequence[LabTest] = (),
    top: int | None = 20,
    tell: Tell = lambda _: None,
) -> LabOrders:
    r"""What each missing test and decision of a region is worth, and each set of them that one route waits for.

    .. math:: value(S) = OPT(P_0 \mid S \; passed) - OPT(P_0)

    with P0 the plan over routes that pass or blend (`proven`), and the plan that admits `likely` routes too (`likely`). A test is one
    analysis of one sample: a stream, or what one plant makes of one stream. That it passes means that every figure which it settles counts
    as measured and within every limit that asks for it; routes, blends and specifications are then judged anew and the plan is solved
    again, so that a test which opens several routes counts once. Decisions (permits, status, classification) are no tests; the third value
    of a test, `decided`, is what it adds where all of them have been granted. Figures which fail on the evidence at hand stay so.

    A value is a difference of two optima, so values of several tests do not add up: two may open the same need, or only together one route.

    Args:
        matches: the routes.
        options: of the plan; the objective is always value.
        catalogue: tests that a laboratory sells.
        top: how many of the best of each kind must be exact; others have a bound where it shows that they are not among them. None: all.
        tell: hears how far the work has come.

    Returns:
        Tests, decisions and bundles, the worthiest first.
    """
    started = perf_counter()
    options = evolve(options or PlanOptions(), objective="value")
    asked = questions(matches, catalogue)
    every = range(len(asked.all))
    ground = Ground(matches.links, reference(matches.links), options, asked, match(matches.links, asked.passed(every)))
    start = Start.of(ground, frozenset())
    alone = [number for number in every if asked.all[number].test is not None]
    granted = Start.of(ground, asked.decisions, both=False) if asked.decisions else start
    singles = _told(start, [frozenset({number}) for number in alone], top, tell, "Tests")
    decided = (
        _told(granted, [frozenset({number}) for number in alone], top, tell, "Tests, decisions granted")
        if granted is not start
        else singles
    )
    decisions = sorted(asked.decisions)
    ruled = _told(start, [frozenset({number}) for number in decisions], top, tell, "Decisions")
    sets = _bundles(asked)
    together = _told(start, sets, top, tell, "Bundles")
    return LabOrders(
        links=matches.links,
        proven=start.bases[0].at.benefit,
        likely=start.likely.at.benefit,
        decided=granted.likely.at.benefit,
        tests=_sorted([_single(asked, number, *pair) for number, *pair in zip(alone, singles, decided, strict=True)]),
        decisions=_sorted([_single(asked, number, value, None) for number, value in zip(decisions, ruled, strict=True)]),
        bundles=_sorted([_bundle(asked, numbers, value) for numbers, value in zip(sets, together, strict=True)]),
        solved=len(ground.counted),
        seconds=perf_counter() - started,
    )


def _told(start: Start, sets: Sequence[Ids], top: int | None, tell: Tell, what: str) -> list[Value]:
    return valued(start, sets, top, lambda text: tell(f"{what}: {text}"))


def _bundles(asked: Questions) -> list[Ids]:
    """What routes wait for where it is more than one thing, each set once."""
    sets = {wants for route, wants in enumerate(asked.wants) if len(wants) > 1 and not asked.barred[route]}
    return sorted(sets, key=sorted)


def _single(asked: Questions, number: int, value: Value, granted: Value | None) -> Prospect:
    one = asked.all[number]
    found = granted if granted is not None and value.best <= 0 else value
    return _told_of(
        Prospect(
            kind=one.kind,
            questions=(one,),
            proven=value.proven,
            likely=value.likely,
            decided=NAN if granted is None else granted.likely,
            at_most=float(np.fmax(value.at_most, NAN if granted is None else granted.at_most)),
            tonnes=found.tonnes,
            carbon=found.carbon,
            opens=value.opens,
            waiting=len(asked.routes[number]),
            misses=_misses(asked, frozenset({number})),
        ),
        value.unknown or ("" if granted is None else granted.unknown),
    )


def _bundle(asked: Questions, numbers: Ids, value: Value) -> Prospect:
    return _told_of(
        Prospect(
            kind="bundle",
            questions=tuple(asked.all[number] for number in sorted(numbers, key=lambda number: (asked.all[number].test is None, number))),
            proven=value.proven,
            likely=value.likely,
            decided=NAN,
            at_most=value.at_most,
            tonnes=value.tonnes,
            carbon=value.carbon,
            opens=value.opens,
            waiting=sum(numbers <= asked.wishes[route] for route in asked.touched(numbers)),
            misses=_misses(asked, numbers),
        ),
        value.unknown,
    )


def _told_of(one: Prospect, why: str) -> Prospect:
    """A prospect without the money and emissions that are not known."""
    if not why:
        return one
    return evolve(one, proven=NAN, likely=NAN, decided=NAN, at_most=NAN, carbon=NAN, unknown=why)


def _misses(asked: Questions, numbers: Ids) -> tuple[str, ...]:
    """What else the routes wait for that wait for some questions, the most frequent first."""
    waiting = (asked.wants[route] for route in sorted(asked.touched(numbers)))
    others = Counter(asked.all[other].name for wants in waiting if wants & numbers for other in sorted(wants - numbers))
    return tuple(name for name, _ in others.most_common(_MISSES))


def _sorted(found: list[Prospect]) -> tuple[Prospect, ...]:
    """The worthiest first; what was not worked out after those that were, by its bound."""
    return tuple(sorted(found, key=lambda one: (-np.nan_to_num(one.worth, nan=-1.0), -one.at_most, one.questions[0].key)))
