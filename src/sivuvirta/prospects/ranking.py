"""Ranking: sets of questions by what the network gains if they turn out well, the promising ones worked out first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.unknowns import blind, unsaid_moves
from sivuvirta.match.judge import match
from sivuvirta.prospects.bounds import Bounds, bounds
from sivuvirta.prospects.networks import Optimum, kept, opened, optimum, same_specs, settled
from sivuvirta.prospects.questions import Ids, Questions

NOTHING = 1.0
"""EUR/a below which a gain is none: rounding of the solver and of sums of millions."""

Tell = Callable[[str], None]
"""Says how far the work has come."""


@frozen(eq=False)
class Value:
    """What a set of questions adds if all in it turn out well."""

    proven: float  # EUR/a; NaN where it was not worked out
    likely: float
    at_most: float  # bound on the larger of the two
    tonnes: float = 0.0
    carbon: float = 0.0
    opens: tuple[int, ...] = ()
    unknown: str = ""  # why money and emissions are not known, in words; the figures are of the known part then

    @property
    def best(self) -> float:
        """The larger of the two values, -inf where they were not worked out."""
        return float(np.nan_to_num(max(self.proven, self.likely), nan=-np.inf))


@frozen(eq=False)
class Ground:
    """A region with its questions, and the routes with all of them answered."""

    links: Links
    reference: Ledger
    options: PlanOptions
    asked: Questions
    everything: Matches
    counted: list[Verdict] = field(factory=list)  # one entry for each network worked out

    def matches(self, numbers: Iterable[int]) -> Matches:
        """The routes if some questions turn out well."""
        return match(self.links, self.asked.passed(numbers))

    def optimum(self, matches: Matches, worst: Verdict) -> Optimum:
        """The best network over routes that are not worse than a verdict."""
        self.counted.append(worst)
        return optimum(matches, worst, self.reference, self.options)


@frozen(eq=False)
class Base:
    """A network from which values are counted, with bounds on what more it can gain."""

    worst: Verdict  # that it admits
    at: Optimum
    bounds: Bounds

    @classmethod
    def of(cls, ground: Ground, matches: Matches, worst: Verdict) -> Base:
        """The network over routes that are not worse than a verdict."""
        at = ground.optimum(matches, worst)
        closed = np.asarray(matches.routes.verdict > worst, dtype=bool)
        return cls(worst, at, bounds(ground.everything, closed, worst, at.objective, ground.options))


@frozen(eq=False)
class Start:
    """Where values are counted from: the networks with some questions answered already."""

    ground: Ground
    given: Ids
    matches: Matches
    proven: Base | None  # None where only the network with likely routes is looked at
    likely: Base

    @classmethod
    def of(cls, ground: Ground, given: Ids, *, both: bool = True) -> Start:
        """The networks with some questions answered.

        Args:
            ground: the region.
            given: the questions.
            both: look at the proven network too.
        """
        matches = ground.matches(given)
        proven = Base.of(ground, matches, Verdict.BLEND) if both else None
        return cls(ground, given, matches, proven, Base.of(ground, matches, Verdict.LIKELY))

    @property
    def bases(self) -> tuple[Base, ...]:
        """The networks looked at, the one with likely routes last."""
        return (self.likely,) if self.proven is None else (self.proven, self.likely)

    def promise(self, numbers: Ids) -> Value:
        """Bound on what a set of questions adds, from what routes wait for alone; none where it opens nothing and touches no blend."""
        verdict = self.matches.routes.verdict
        routes, blends = reached(self.ground.asked, self.given | numbers, numbers)
        new = [[route for route in routes[base.worst] if verdict[route] > base.worst] for base in self.bases]
        most = max(base.bounds.at_most(opens) if opens or blends else 0.0 for base, opens in zip(self.bases, new, strict=True))
        return _nothing(tuple(new[-1])) if most <= NOTHING else Value(np.nan, np.nan, most, opens=tuple(new[-1]))

    def value(self, numbers: Ids, enough: float) -> Value:
        """What a set of questions adds: routes are judged anew, and where that can add more than is enough the networks solved again.

        Args:
            numbers: the questions.
            enough: a value that the set must be able to exceed to be worked out.
        """
        then = self.ground.matches(self.given | numbers)
        same = same_specs(self.matches.specs, then.specs)
        new = [np.flatnonzero(opened(self.matches, then, base.worst)).tolist() for base in self.bases]
        most = [base.bounds.at_most(opens) if opens or not same else 0.0 for base, opens in zip(self.bases, new, strict=True)]
        opens = tuple(new[-1])
        if max(most) <= enough:
            return _nothing(opens) if max(most) <= NOTHING else Value(np.nan, np.nan, max(most), opens=opens)
        after = [
            self.ground.optimum(then, base.worst) if bound > NOTHING else base.at for base, bound in zip(self.bases, most, strict=True)
        ]
        gains = [_gain(base, network) for base, network in zip(self.bases, after, strict=True)]
        carried = settled(kept(then.links, after[-1].arc_flow) - kept(then.links, self.likely.at.arc_flow))
        carbon = settled(after[-1].carbon - self.likely.at.carbon)
        moves = [unsaid_moves(then.links, base.at.arc_flow, network.arc_flow) for base, network in zip(self.bases, after, strict=True)]
        why = blind(then.links, np.concatenate(moves))
        return Value(0.0 if self.proven is None else gains[0], gains[-1], max(gains), carried, carbon, opens, why)


def _nothing(opens: tuple[int, ...]) -> Value:
    return Value(0.0, 0.0, 0.0, opens=opens)


def valued(start: Start, sets: Sequence[Ids], top: int | None, tell: Tell) -> list[Value]:
    """Values of sets of questions; with `top`, of those that can be among the best so many, the others with a bound alone.

    Sets are worked out from the largest bound down, until the bound of the next is not above the value of the last of the best.

    Args:
        start: where values are counted from.
        sets: the sets.
        top: how many of the best must be exact; None for all.
        tell: hears how far it has come.
    """
    values = [start.promise(numbers) for numbers in sets]
    most = np.array([value.at_most for value in values])
    best: list[float] = []
    promising = [place for place in np.argsort(-most, kind="stable").tolist() if most[place] > NOTHING]
    for number, place in enumerate(promising, 1):
        enough = sorted(best, reverse=True)[top - 1] if top is not None and len(best) >= top else NOTHING
        if most[place] <= enough:
            break
        tell(f"{number} of at most {len(promising)}")
        values[place] = start.value(sets[place], enough)
        best.append(values[place].best)
    return values


def _gain(base: Base, then: Optimum) -> float:
    gain = base.at.objective - then.objective
    return gain if gain > NOTHING else 0.0


def reached(asked: Questions, answered: Ids, numbers: Ids) -> tuple[dict[Verdict, list[int]], bool]:
    """Routes that may become proven (`blend` or better) and `likely` once questions are answered, and whether a blend may be helped.

    Where a question touches a route that may be part of a blend, other routes to its need that may blend or hinge on partners may follow.

    Args:
        asked: the questions of a region.
        answered: all that are answered.
        numbers: those that are answered now.
    """
    touched = asked.touched(numbers)
    helped = {int(asked.needs[route]) for route in touched if asked.blends[route]}
    proven, likely = [], []
    for route in sorted({*touched, *(route for need in helped for route in asked.of_need[need])}):
        if asked.barred[route]:
            continue
        mixes = int(asked.needs[route]) in helped
        if (mixes and asked.hinging[route]) or (asked.wants[route] <= answered and not asked.hinging[route]):
            likely.append(route)
        if (mixes and asked.blends[route]) or (asked.wishes[route] <= answered and not asked.unsure[route]):
            proven.append(route)
    return {Verdict.BLEND: proven, Verdict.LIKELY: likely}, bool(helped)
