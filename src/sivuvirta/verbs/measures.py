"""Questions about a plan's ledger that a report has a section for: each by its own verb, with what a report asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sivuvirta.domain.plans import Plan
from sivuvirta.errors import OptionError
from sivuvirta.verbs.circularity import indicators
from sivuvirta.verbs.economies import economy
from sivuvirta.verbs.footprints import footprint
from sivuvirta.verbs.hauling import roads
from sivuvirta.verbs.lifecycles import lifecycle
from sivuvirta.verbs.networks import metrics
from sivuvirta.verbs.ranging import ranges
from sivuvirta.verbs.sheets import benefits

_SOBOL = 64  # points of each input's own sample, for the tornado

Tell = Callable[[str], None]


def footprinted(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Site and product of each footprint that the region has data for."""
    table = plan.links.region.table("footprints")
    subjects = dict.fromkeys(str(subject) for subject in table["subject"].tolist() if subject)
    return tuple((site, product) for site, _, product in (subject.partition("/") for subject in subjects))


def _footprints(plan: Plan, _: Tell) -> Any:
    known = footprinted(plan)
    if not known:
        raise OptionError(f"'{plan.links.region.name}' has no product whose footprint can be told. Add rows to its table 'footprints'.")
    return tuple(footprint(plan, product, site) for site, product in known)


ASKED: Mapping[str, Callable[[Plan, Tell], Any]] = {
    "ranges": lambda plan, tell: ranges(plan, tell=tell, sobol=_SOBOL),
    "economy": lambda plan, _: economy(plan),
    "benefits": lambda plan, _: benefits(plan),
    "lifecycle": lambda plan, _: lifecycle(plan),
    "footprint": _footprints,
    "indicators": lambda plan, _: indicators(plan),
    "metrics": lambda plan, _: metrics(plan),
    "roads": lambda plan, _: roads(plan, by="season" if len(plan.links.region.table("seasons")) else "year"),
}

WORDS = {
    "ranges": "Drawing what is known within a range",
    "economy": "Following the money",
    "benefits": "Filling benefit sheets",
    "lifecycle": "Scoring the life cycle",
    "footprint": "Adding up footprints of products",
    "indicators": "Computing indicators",
    "metrics": "Measuring the network",
    "roads": "Putting flows on roads",
}
"""What is being done."""
