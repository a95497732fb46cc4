"""Agreements: what runs today, contracts and known exchanges, as sets of arcs; and the links that would be new."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, NodeKind
from sivuvirta.links.contracts import in_force
from sivuvirta.plan.program.candidates import Candidates, Index


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


EXCHANGES = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
"""Arcs between parties that a plan may add; today's outlets and purchases are none."""


@frozen(eq=False)
class Running:
    """One exchange that runs today."""

    stream: int  # row of links.nodes
    need: int  # row of links.nodes
    routes: Index  # rows of routes by which it may run: direct ones, else those through plants that stand
    quantity: float  # units a year, NaN where not known


def running(found: Candidates) -> list[Running]:
    """Exchanges that run between a stream and a need of the register, each by its latest row with an amount, none later than the vintage.

    Several rows of one stream and need are one exchange told several times, and are not added up.
    """
    links, routes = found.links, found.matches.routes
    nodes, table = links.nodes, links.region.table("exchanges")
    latest: dict[tuple[str, str], tuple[float, float]] = {}
    for row in table.rows():
        ends = row["stream"], row["need"]
        year = -np.inf if row["year"] is None else float(row["year"])
        if row["outcome"] == "running" and None not in ends and year <= links.region.year:
            quantity = np.nan if row["quantity"] is None else float(row["quantity"])
            latest[ends] = max(latest.get(ends, (-np.inf, np.nan)), (year, quantity), key=lambda told: (not np.isnan(told[1]), told[0]))
    result = []
    for (stream, need), (_, quantity) in latest.items():
        first = np.flatnonzero((nodes.kind == NodeKind.STREAM) & (nodes.id == stream))
        last = np.flatnonzero((nodes.kind == NodeKind.NEED) & (nodes.id == need))
        between = np.flatnonzero(np.isin(routes.stream, first) & np.isin(routes.need, last) & (routes.verdict < Verdict.FAIL))
        direct = between[routes.plant[between] < 0]
        standing = between[~np.append(links.works.candidate, True)[routes.plant[between]]]
        used = direct if len(direct) else standing
        if len(used):
            result.append(Running(int(first[0]), int(last[0]), used.astype(np.int32), quantity))
    return result


@frozen(eq=False)
class NewLinks:
    """Pairs of ends between which a plan may add a link."""

    first: Index  # (links,) row of links.arcs: the first between the two
    number: Index  # (arcs,) position of an arc's link, -1 where it is none or runs today

    @classmethod
    def none(cls) -> NewLinks:
        """Nothing is counted."""
        nothing = np.zeros(0, dtype=np.int32)
        return cls(nothing, nothing)


def new_links(found: Candidates) -> NewLinks:
    """Every link that a plan may use and that does not run today: no contract in force and no running exchange has its ends."""
    links, routes = found.links, found.matches.routes
    arcs = links.arcs
    today = [one.arcs for one in agreements(found)]
    for one in running(found):
        today += [routes.arc_in[one.routes], routes.arc_out[one.routes]]
    runs = np.concatenate([*today, np.zeros(0, dtype=np.int32)])
    used = np.unique(np.concatenate([routes.arc_in[found.direct], found.enter, found.outlet]))
    used = used[np.isin(arcs.kind[used], EXCHANGES)]
    ends = arcs.origin.astype(np.int64) * len(links.nodes.id) + arcs.destination
    used = used[~np.isin(ends[used], ends[runs[runs >= 0]])]
    _, first, which = np.unique(ends[used], return_index=True, return_inverse=True)
    number = np.full(len(arcs), -1, dtype=np.int32)
    number[used] = which
    return NewLinks(used[first].astype(np.int32), number)
