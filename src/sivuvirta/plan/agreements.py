"""Agreements: contracts of the region as sets of arcs with a minimum and a maximum."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import NodeKind
from sivuvirta.links.contracts import in_force
from sivuvirta.plan.candidates import Candidates, Index


@frozen(eq=False)
class Agreement:
    """One contract between two ends."""

    name: str
    arcs: Index  # rows of links.arcs between its ends
    minimum: float  # units of the material a year, 0 where none
    maximum: float  # inf where none


def agreements(found: Candidates) -> list[Agreement]:
    """The contracts in force in the vintage's year. One with a minimum and without an arc cannot be kept, and says so when solved."""
    links = found.links
    contracts, nodes, arcs = links.region.table("contracts"), links.nodes, links.arcs
    result = []
    for contract in contracts.take(in_force(links.region)).rows():
        start = np.flatnonzero(np.isin(nodes.kind, (NodeKind.STREAM, NodeKind.PLANT)) & (nodes.id == contract["origin"]))
        end = np.flatnonzero(np.isin(nodes.kind, (NodeKind.NEED, NodeKind.PLANT)) & (nodes.id == contract["destination"]))
        between = np.flatnonzero(np.isin(arcs.origin, start) & np.isin(arcs.destination, end)).astype(np.int32)
        least, most = contract["minimum"] or 0.0, contract["maximum"]
        result.append(Agreement(str(contract["contract"]), between, float(least), np.inf if most is None else float(most)))
    return result
