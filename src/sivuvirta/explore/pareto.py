"""Pareto fronts: what one objective costs in another, by the epsilon-constraint method with the objectives in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil, sqrt
from time import perf_counter

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.fronts import Front, FrontPoint
from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import OBJECTIVES
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.explore.neighbours import changes
from sivuvirta.explore.pictures import picture
from sivuvirta.plan.open import Answer
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import Goal, amount, minimised
from sivuvirta.plan.solve import infeasible

NAMES = (*OBJECTIVES, "investment")
"""What a front may lie between: the objectives of a plan, and investment."""

UNITS = {**{name: measure.unit for name, measure in MEASURES.items()}, "investment": "EUR"}

LABELS = {
    "value": "benefit",
    "co2": "emissions saved",
    "diversion": "kept from landfill and stock",
    "virgin": "primary product saved",
    "jobs": "posts gained at plants",
    "traffic": "vehicle-kilometres saved",
    "investment": "investment (less is better)",
}

_SAME = 1e-6  # of an objective's range: two points that differ by less in everything are one
_BULGE = 0.01  # of the ranges: a front that bends less is straight, and has no knee
_ROOM = 1e-9  # of the range, by which a constraint is loosened against rounding


@frozen(eq=False)
class _Found:
    """An answer with what it has of each objective; less is better."""

    answer: Answer
    values: Floats
    end_of: str = ""


@frozen(eq=False)
class _Ranges:
    """Payoff of the lexicographic optima."""

    best: Floats
    worst: Floats

    @property
    def width(self) -> Floats:
        """Of each objective; 1 where all optima have the same."""
        width = self.worst - self.best
        return np.where(width > 0, width, 1.0)


def front(asked: Asked, objectives: Sequence[str] = ("value", "co2"), points: int = 10) -> Front:
    r"""Networks of which none is better than another at everything that is asked for.

    .. math:: \operatorname{lex\,min} \; (f_1, f_2, \dots) \quad \text{subject to} \quad f_k \le e_k

    so that each point is the best of the first objective within the limits, then of the second, and wastes nothing of the others; both to
    the gap of a solve. One sum with small weights would not do: where plants are built, the weights are lost in the gap. Limits e are
    equally spaced between the lexicographic optima, the ends of the front; those that a point keeps already are not solved again, and
    looser ones are not tried where a tighter one cannot be kept.

    Args:
        asked: routes, reference, options, evidence.
        objectives: two or three of `NAMES`.
        points: how many of two objectives at most, ends included; of three, a grid of about as many.

    Returns:
        The front, what changes along it, and a picture. Fewer points than asked where several limits have one answer.

    Raises:
        OptionError: the objectives are not two or three different ones, or the points fewer than two.
        InfeasibleError: no network meets all requirements.

    References:
        G. Mavrotas, Effective implementation of the epsilon-constraint method in multi-objective mathematical programming problems,
        Applied Mathematics and Computation 213 (2009) 455-465 (from memory). G. Mavrotas, K. Florios, An improved version of the augmented
        epsilon-constraint method (AUGMECON2), Applied Mathematics and Computation 219 (2013) 9652-9669 (from memory).
    """
    names = _checked(objectives, points)
    started = perf_counter()
    search = _Search(Asking(asked), names)
    ends = search.ends()
    ranges = _Ranges(*(np.array([pick(end.values[k] for end in ends) for k in range(len(names))]) for pick in (min, max)))
    found = [*ends, *search.between(ends, ranges, points)]
    kept = _nondominated(found, ranges)
    order = sorted(kept, key=lambda one: tuple(one.values))
    told = _points(search, order, ranges)
    units, labels = (tuple(words[name] for name in names) for words in (UNITS, LABELS))
    region = asked.matches.links.region
    title = f"{region.title or region.name}, {region.vintage}, {asked.evidence} evidence"
    return Front(
        links=asked.matches.links,
        evidence=asked.evidence,
        objectives=names,
        units=units,
        labels=labels,
        points=told,
        changes=changes([point.network for point in told]),
        picture=picture(title, labels, units, told),
        solved=search.solved,
        seconds=perf_counter() - started,
    )


def _checked(objectives: Sequence[str], points: int) -> tuple[str, ...]:
    names = tuple(objectives)
    wrong = [name for name in names if name not in NAMES]
    if wrong:
        raise OptionError(f"A front cannot lie between {', '.join(map(repr, wrong))}. It can between: {', '.join(NAMES)}.")
    if len(names) not in (2, 3) or len(set(names)) < len(names):
        raise OptionError(f"A front lies between two or three different objectives, not {', '.join(names) or 'none'}.")
    if points < 2:
        raise OptionError(f"A front has two points at least, its ends; {points} were asked for.")
    return names


class _Search:
    """The plan kept open, and what each objective is in it."""

    def __init__(self, asking: Asking, names: tuple[str, ...]) -> None:
        self.asking, self.names, self.solved = asking, names, 0
        self.goals = tuple(_goal(asking, name) for name in names)

    def ends(self) -> list[_Found]:
        """The lexicographic optimum of each objective, the others after it in their order."""
        found: list[_Found] = []
        for first, name in enumerate(self.names):
            self.asking.asked.tell(f"end of {name}")
            order = [self.goals[first], *(goal for goal in self.goals if goal is not self.goals[first])]
            answer = self.asking.towards(order, found[-1].answer.x if found else None)
            self.solved += len(order)
            if answer is None:
                raise InfeasibleError(infeasible(self.asking.at, self.asking.closed))
            found.append(_Found(answer, self.values(answer.x), name))
        return found

    def values(self, x: Floats) -> Floats:
        """What an answer has of each objective, less is better."""
        return np.array([float(goal.cost @ x) for goal in self.goals])

    def between(self, ends: list[_Found], ranges: _Ranges, points: int) -> Iterator[_Found]:
        """Answers at limits between the ends; of three objectives the third is the outer loop."""
        each = points if len(self.names) == 2 else ceil(sqrt(points))
        grids = [np.linspace(ranges.worst[k], ranges.best[k], each) for k in range(1, len(self.names))]
        inner = grids[0][1:-1] if len(grids) == 1 else grids[0]
        start = ends[0].answer.x
        for outer in product(*grids[1:]):
            kept = np.inf
            for number, limit in enumerate(inner, 1):
                if kept <= limit + _ROOM * ranges.width[1]:
                    continue  # the last answer keeps this limit too
                self.asking.asked.tell(f"point {number} of {len(inner)}")
                answer = self._within((limit, *outer), ranges, start)
                if answer is None:
                    break
                found = _Found(answer, self.values(answer.x))
                kept, start = found.values[1], answer.x
                yield found

    def _within(self, limits: tuple[float, ...], ranges: _Ranges, start: Floats) -> Answer | None:
        opened = self.asking.open
        rows = opened.model.cuts
        self.solved += len(self.goals)
        try:
            for k, limit in enumerate(limits, 1):
                opened.cut(self.goals[k].cost, upper=limit + _ROOM * ranges.width[k])
            return self.asking.towards(self.goals, start)
        finally:
            opened.release(rows)


def _goal(asking: Asking, name: str) -> Goal:
    coefficients, options = asking.at.coefficients, asking.asked.options
    if name == "investment":
        return Goal(name, coefficients.capex, 0.0)
    return Goal(name, minimised(coefficients, options, name), amount(asking.asked.reference, options, name))


def _nondominated(found: list[_Found], ranges: _Ranges) -> list[_Found]:
    """Those that no other beats; of equals the first."""
    kept: list[_Found] = []
    scaled = [one.values / ranges.width for one in found]
    for one, mine in zip(found, scaled, strict=True):
        beaten = any((other <= mine + _SAME).all() and (other < mine - _SAME).any() for other in scaled)
        known = any((np.abs(each.values / ranges.width - mine) <= _SAME).all() for each in kept)
        if not beaten and not known:
            kept.append(one)
    return kept


def _points(search: _Search, order: list[_Found], ranges: _Ranges) -> tuple[FrontPoint, ...]:
    today = np.array([goal.today for goal in search.goals])
    bulge = [float(((ranges.worst - one.values) / ranges.width).sum()) for one in order]
    knee = int(np.argmax(bulge)) if max(bulge) > 1.0 + _BULGE else -1
    told = []
    for number, one in enumerate(order):
        network = search.asking.network(one.answer, -np.inf)
        gains = tuple(float(value) for value in today - one.values)
        point = FrontPoint(network=evolve(network, gap=one.answer.gap), gains=gains, gap=one.answer.gap, end_of=one.end_of)
        told.append(evolve(point, knee=number == knee and not one.end_of))
    return tuple(told)
