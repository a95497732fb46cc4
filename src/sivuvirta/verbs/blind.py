"""Answers about regions of which nobody says where some stream, or any, goes today: what they are counted against is not known.

Networks, flows and sizes stay: they are what is chosen. Where nobody says it of any stream, every benefit, cost of doing otherwise, saving
and change of emissions is NaN. Where nobody says it of one, it is that of what moves it: of each network whose flows are at hand, and of
every answer that rests on networks which are not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.domain.alternatives import Alternatives
from sivuvirta.domain.ensembles import Ensemble, Outcome, Stages
from sivuvirta.domain.fronts import Front
from sivuvirta.domain.gaps import Gaps
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.pathways import Course, Pathway
from sivuvirta.domain.plans import Network
from sivuvirta.domain.prospects import LabOrders, Prospect
from sivuvirta.domain.unknowns import OUTLET_OBJECTIVES, blind_between, unaccounted, unsaid
from sivuvirta.ledger.reference import reference

NAN = float("nan")


def blind(links: Links) -> bool:
    """Whether nobody says of any stream where it goes today."""
    return not reference(links).tells


def loose(links: Links, objective: str = "value") -> bool:
    """Whether networks can differ in a stream of which nobody says where it goes today, as far as an objective counts that."""
    leading = np.isin(links.arcs.kind, (ArcKind.DIRECT, ArcKind.FEED))
    return objective in OUTLET_OBJECTIVES and bool(unsaid(links)[links.arcs.origin[leading]].any())


def front(found: Front) -> Front:
    """A front with gains that are not known; what is spent on plants is."""
    none, today = blind(found.links), reference(found.links)
    lost = [none or len(unaccounted(point.network.ledger, today)) > 0 for point in found.points]
    if not any(lost):
        return found
    known = ("investment",) if none else _WITHOUT_OUTLETS
    points = [
        evolve(
            point,
            network=_network(point.network),
            gains=tuple(gain if name in known else NAN for name, gain in zip(found.objectives, point.gains, strict=True)),
        )
        if gone
        else point
        for point, gone in zip(found.points, lost, strict=True)
    ]
    return evolve(found, points=tuple(points), picture="")


_WITHOUT_OUTLETS = ("investment", "virgin", "jobs")
"""Gains of a front that do not rest on where streams go today."""


def alternatives(found: Alternatives) -> Alternatives:
    """Alternatives with costs that are not known."""
    none = blind(found.links)
    if not none and not loose(found.links, found.objective):
        return found
    costs = _unknown("without", "without_bound", "forced", "forced_bound")
    between = [none or bool(blind_between(found.best.ledger, other.network.ledger, found.objective)) for other in found.others]
    return evolve(
        found,
        best=_network(found.best) if none else found.best,
        allowed=NAN,
        choices=tuple(evolve(choice, **costs) for choice in found.choices),
        refusals=tuple(evolve(refusal, cost=NAN, cost_bound=NAN) for refusal in found.refusals),
        others=tuple(
            evolve(other, network=_network(other.network) if none else other.network, cost=NAN if gone else other.cost)
            for other, gone in zip(found.others, between, strict=True)
        ),
    )


def gaps(found: Gaps) -> Gaps:
    """Gaps with worth that is not known where nobody says of any stream where it goes; else the gaps say themselves what is not."""
    if not blind(found.links):
        return evolve(found, found=tuple(evolve(gap, at_most=NAN) for gap in found.found)) if loose(found.links) else found
    unknown = _unknown("likely", "potential", "tonnes", "carbon", "at_most")
    told = tuple(evolve(gap, **unknown, others=tuple((site, NAN) for site, _ in gap.others)) for gap in found.found)
    return evolve(found, likely=NAN, potential=NAN, found=told)


def orders(found: LabOrders) -> LabOrders:
    """Tests and decisions with worth that is not known: of all, or the bounds of those that were not worked out."""
    none = blind(found.links)
    if not none and not loose(found.links):
        return found
    told = _prospect if none else _bounded
    parts: dict[str, Any] = {part: tuple(map(told, getattr(found, part))) for part in ("tests", "decisions", "bundles")}
    return evolve(found, **(_unknown("proven", "likely", "decided") if none else {}), **parts)


def ensemble(found: Ensemble) -> Ensemble:
    """Draws with benefits and emissions that are not known."""
    if not blind(found.links) and not loose(found.links):
        return found
    return evolve(found, proven=_outcome(found.proven), potential=_outcome(found.potential))


def stages(found: Stages) -> Stages:
    """Builds with benefits that are not known."""
    if not blind(found.links) and not loose(found.links):
        return found
    names = ("expected", "tail", "regret", "objective", "bound", "wait", "middle")
    return evolve(found, **_unknown(*names), benefits=np.full_like(found.benefits, NAN))


def pathway(found: Pathway) -> Pathway:
    """A course with benefits that are not known, of all years where one has no reference, else of those that move what goes unsaid."""
    if not all(each.tells for each in found.references):
        return evolve(found, proven=_course(found.proven), potential=_course(found.potential))
    return evolve(found, proven=_years(found, found.proven), potential=_years(found, found.potential))


def _unknown(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, NAN)


def _network(network: Network) -> Network:
    return evolve(network, benefit=NAN, carbon=NAN, marginals=())


def _prospect(one: Prospect) -> Prospect:
    return evolve(one, **_unknown("proven", "likely", "decided", "at_most", "tonnes", "carbon"))


def _bounded(one: Prospect) -> Prospect:
    """A prospect whose bound is not known where nothing else of it is; what adds nothing keeps its 0."""
    return one if np.isfinite(one.worth) else evolve(one, at_most=NAN)


def _outcome(one: Outcome) -> Outcome:
    frames: dict[str, Any] = {
        "figures": _without(one.figures, "figure", "unit"),
        "inputs": _without(one.inputs, "input", "kind", "label", "low", "high"),
        "structures": _without(one.structures, "structure", "built"),
        "draws": _without(one.draws, "draw", "feasible"),
        "groups": _without(one.groups, "group", "kind", "label", "inputs"),
    }
    return evolve(one, **frames, perfect=NAN, perfect_error=NAN)


def _years(found: Pathway, course: Course) -> Course:
    """A course without what is counted against today in the years that move a stream of which nobody knows where it goes."""
    lost = np.array([len(unaccounted(*pair)) > 0 for pair in zip(course.years, found.references, strict=True)])
    if not lost.any():
        return course
    told = {name: course.money[name].mask(lost) for name in _COUNTED}
    return evolve(course, money=course.money.assign(**told))


_COUNTED = ("reference", "benefit", "discounted_benefit", "carbon")
"""Columns of the money of a course that rest on what flows today."""


def _course(course: Course) -> Course:
    known = [name for name in course.money.columns if name not in _COUNTED]
    return evolve(course, money=_without(course.money, *known), objective=NAN, bound=NAN, marginals=())


def _without(frame: pd.DataFrame, *kept: str) -> pd.DataFrame:
    """A table whose numbers are not known, but for some columns."""
    numbers = [name for name in frame.select_dtypes("number").columns if name not in kept]
    return frame.assign(**{str(name): NAN for name in numbers})
