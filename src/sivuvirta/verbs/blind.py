"""Answers about a region of which nobody says what flows today: what they are counted against is not known, so no worth of them is.

Networks, flows and sizes stay: they are what is chosen. Every benefit, cost of doing otherwise, saving and change of emissions is NaN.
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
from sivuvirta.domain.links import Links
from sivuvirta.domain.pathways import Course, Pathway
from sivuvirta.domain.plans import Network
from sivuvirta.domain.prospects import LabOrders, Prospect
from sivuvirta.ledger.reference import reference

NAN = float("nan")


def blind(links: Links) -> bool:
    """Whether nobody says of any stream where it goes today."""
    return not reference(links).tells


def front(found: Front) -> Front:
    """A front with gains that are not known; what is spent on plants is."""
    if not blind(found.links):
        return found
    points = [
        evolve(
            point,
            network=_network(point.network),
            gains=tuple(gain if name == "investment" else NAN for name, gain in zip(found.objectives, point.gains, strict=True)),
        )
        for point in found.points
    ]
    return evolve(found, points=tuple(points), picture="")


def alternatives(found: Alternatives) -> Alternatives:
    """Alternatives with costs that are not known."""
    if not blind(found.links):
        return found
    costs = _unknown("without", "without_bound", "forced", "forced_bound")
    return evolve(
        found,
        best=_network(found.best),
        allowed=NAN,
        choices=tuple(evolve(choice, **costs) for choice in found.choices),
        refusals=tuple(evolve(refusal, cost=NAN, cost_bound=NAN) for refusal in found.refusals),
        others=tuple(evolve(other, network=_network(other.network), cost=NAN) for other in found.others),
    )


def gaps(found: Gaps) -> Gaps:
    """Gaps with worth that is not known."""
    if not blind(found.links):
        return found
    unknown = _unknown("likely", "potential", "tonnes", "carbon", "at_most")
    told = tuple(evolve(gap, **unknown, others=tuple((site, NAN) for site, _ in gap.others)) for gap in found.found)
    return evolve(found, likely=NAN, potential=NAN, found=told)


def orders(found: LabOrders) -> LabOrders:
    """Tests and decisions with worth that is not known."""
    if not blind(found.links):
        return found
    parts: dict[str, Any] = {part: tuple(map(_prospect, getattr(found, part))) for part in ("tests", "decisions", "bundles")}
    return evolve(found, proven=NAN, likely=NAN, decided=NAN, **parts)


def ensemble(found: Ensemble) -> Ensemble:
    """Draws with benefits and emissions that are not known."""
    if not blind(found.links):
        return found
    return evolve(found, proven=_outcome(found.proven), potential=_outcome(found.potential))


def stages(found: Stages) -> Stages:
    """Builds with benefits that are not known."""
    if not blind(found.links):
        return found
    names = ("expected", "tail", "regret", "objective", "bound", "wait", "middle")
    return evolve(found, **_unknown(*names), benefits=np.full_like(found.benefits, NAN))


def pathway(found: Pathway) -> Pathway:
    """A course with benefits that are not known, where they are not known of one of its years."""
    if all(each.tells for each in found.references):
        return found
    return evolve(found, proven=_course(found.proven), potential=_course(found.potential))


def _unknown(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, NAN)


def _network(network: Network) -> Network:
    return evolve(network, benefit=NAN, carbon=NAN, marginals=())


def _prospect(one: Prospect) -> Prospect:
    return evolve(one, **_unknown("proven", "likely", "decided", "at_most", "tonnes", "carbon"))


def _outcome(one: Outcome) -> Outcome:
    frames: dict[str, Any] = {
        "figures": _without(one.figures, "figure", "unit"),
        "inputs": _without(one.inputs, "input", "kind", "label", "low", "high"),
        "structures": _without(one.structures, "structure", "built"),
        "draws": _without(one.draws, "draw", "feasible"),
        "groups": _without(one.groups, "group", "kind", "label", "inputs"),
    }
    return evolve(one, **frames, perfect=NAN, perfect_error=NAN)


def _course(course: Course) -> Course:
    known = [name for name in course.money.columns if name not in ("reference", "benefit", "discounted_benefit", "carbon")]
    return evolve(course, money=_without(course.money, *known), objective=NAN, bound=NAN, marginals=())


def _without(frame: pd.DataFrame, *kept: str) -> pd.DataFrame:
    """A table whose numbers are not known, but for some columns."""
    numbers = [name for name in frame.select_dtypes("number").columns if name not in kept]
    return frame.assign(**{str(name): NAN for name in numbers})
