"""Lead times: how long the law takes until a route may carry."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.match.legal import law
from sivuvirta.match.subjects import needs, streams
from sivuvirta.match.ways import ways


def leads(matches: Matches) -> tuple[Floats, Floats]:
    """Months until the law lets each route carry.

    Returns:
        Low end, all steps at the same time, and high end, one step after another; NaN where a step's time is not known, 0 where the law
        asks for nothing and where a route fails. Shape (routes,) each.
    """
    links = matches.links
    if not len(matches.routes):
        return np.zeros(0), np.zeros(0)
    found = law(links, streams(links), needs(links), ways(links))
    fails = matches.routes.verdict >= Verdict.FAIL
    low, high = (np.where(fails, 0.0, side) for side in (found.lead_low, found.lead_high))
    return low, high
