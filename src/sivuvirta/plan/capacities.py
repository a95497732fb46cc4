"""Capacities: what in a plan has a most that it can take, and could reach it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.plan.agreements import Agreement, agreements
from sivuvirta.plan.amounts import supply_of
from sivuvirta.plan.candidates import Candidates, Index


@frozen(eq=False)
class Capacities:
    """Rows of the family `capacity`, part by part, in this order."""

    plants: Index  # positions in found.plants: existing ones of known capacity
    direct: Index  # positions in found.direct
    fate: Index  # positions in found.fate
    enter: Index  # positions in found.enter
    outlet: Index  # positions in found.outlet
    arcs: Index  # rows of links.arcs of the four parts above, one after another
    contracts: tuple[Agreement, ...]


def capacities(found: Candidates) -> Capacities:
    """Everything with a capacity but for those that a whole stream does not reach: these can never bind."""
    links = found.links
    arcs, works = links.arcs, links.works
    given = supply_of(links)[arcs.origin]
    tight = np.isfinite(arcs.capacity) & ~((arcs.capacity >= given) & (given > 0))
    direct = found.matches.routes.arc_in[found.direct]
    on_direct, on_fate, on_enter, on_outlet = (np.flatnonzero(tight[rows]) for rows in (direct, found.fate, found.enter, found.outlet))
    return Capacities(
        plants=np.flatnonzero(~works.candidate[found.plants] & np.isfinite(works.capacity[found.plants])),
        direct=on_direct,
        fate=on_fate,
        enter=on_enter,
        outlet=on_outlet,
        arcs=np.concatenate([direct[on_direct], found.fate[on_fate], found.enter[on_enter], found.outlet[on_outlet]]),
        contracts=tuple(agreement for agreement in agreements(found) if np.isfinite(agreement.maximum)),
    )
