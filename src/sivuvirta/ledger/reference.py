"""The reference ledger: what flows today, against which every benefit is counted."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import Codes, Ints, Links


def reference(links: Links) -> Ledger:
    """Today's ledger: every stream goes to its present outlets, every need buys what it buys today.

    Plants have no operations in it: what an existing plant does today is inside the fates of the streams it takes.

    Args:
        links: candidate arcs with today's flow in `arcs.today`.

    Returns:
        A ledger of the arcs whose flow of today is above 0; its grade is the worse of the arc's and of the amount's at its ends.
    """
    arc = np.flatnonzero(links.arcs.today > 0).astype(np.int32)
    amount = _amount_grade(links, arc)
    return Ledger(
        links=links,
        name="reference",
        status="reference",
        arc=arc,
        amount=links.arcs.today[arc],
        verdict=np.full(len(arc), -1, dtype=np.int8),
        grade=np.maximum(links.arcs.grade[arc], amount),
        operations=idle(links),
        evidence=amount,
    )


def idle(links: Links) -> Operations:
    """Operations in which no plant runs and none is built."""
    none = np.zeros(len(links.works))
    return Operations(activity=none, size=none, built=np.zeros(len(links.works), dtype=bool), capex=none, fixed=none)


def _amount_grade(links: Links, arc: Ints) -> Codes:
    """Worse of the grades of the amounts at an arc's ends: a stream's supply for an outlet, a need's demand for a purchase."""
    amount = np.zeros(len(links.nodes.id), dtype=np.int8)
    for amounts in (links.supply, links.demand.amounts):
        amount[amounts.node] = amounts.grade
    return np.maximum(amount[links.arcs.origin[arc]], amount[links.arcs.destination[arc]])
