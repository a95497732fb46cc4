"""Refusals: legal paths that are not granted, with the routes that rest on them."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.futures.removals import Removal
from sivuvirta.match.legal_words import legal_path
from sivuvirta.plan.program.candidates import Index

_NONE: Index = np.zeros(0, dtype=np.int32)


def refusals(matches: Matches, route_flow: Floats) -> list[Removal]:
    """Every legal path that a used route still has to be granted, with all routes that rest on it, used or not.

    A step that is there already (a known status, a permit in force) cannot be refused. Whether another path is open to a route is not
    looked for: the routes are closed.

    Args:
        matches: routes with their verdicts.
        route_flow: units a year on each route, shape (routes,).
    """
    open_routes = np.flatnonzero(matches.routes.verdict < Verdict.FAIL).tolist()
    resting: dict[str, list[int]] = {}
    used: set[str] = set()
    for route in open_routes:
        for step in legal_path(matches, route).steps:
            if not step.held:
                resting.setdefault(step.path, []).append(route)
                used |= {step.path} if route_flow[route] > 0 else set()
    table = matches.links.region.table("legal_paths")
    found = []
    for path in sorted(used):
        row = table.index[path]
        name = ", ".join(str(table[column][row]) for column in ("regulation", "section") if table[column][row])
        found.append(Removal("path", path, name, _NONE, _NONE, np.array(resting[path], dtype=np.int32)))
    return found
