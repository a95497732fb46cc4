"""Courses: which way each stream takes today and in both networks, in one line a way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.plans import Plan
from sivuvirta.links.codes import Groups, groups
from sivuvirta.plan.explain.worth import worth
from sivuvirta.report.drawing.flows import Flow, need_name
from sivuvirta.report.sections.routes import fact
from sivuvirta.report.words import STATES, figure, listed

SECTIONS = 80
"""Streams that have a section of their own; more make a page that opens slowly and that nobody reads."""

UNITS = ("t/a", "MWh/a", "m3/a")
"""The order in which streams are told."""

_SEEN = 1e-6  # share of a flow below which a route's part is solver dust
_FREE = 0.005  # EUR per unit: what costs less costs nothing


@frozen
class Line:
    """One way that a stream takes in a network."""

    text: str
    short: str  # amount and end alone
    verdict: str = ""
    grade: str = ""


_SAME = Line("as today", "as today")


@frozen
class Course:
    """Where one stream goes."""

    position: int  # in links.supply
    node: int  # row of links.nodes
    today: tuple[Line, ...]
    proven: tuple[Line, ...]
    potential: tuple[Line, ...]
    told: bool  # it has a section of its own

    @property
    def goes(self) -> str:
        """The ways in the network with potential, in short."""
        return listed([line.short for line in self.potential], 2)


def courses(plan: Plan, states: Mapping[str, list[Flow]], extractive: frozenset[int] = frozenset()) -> list[Course]:
    """Every stream that flows at the vintage: tonnes before energy and water, waste rock and tailings last, the largest first."""
    links, supply = plan.links, plan.links.supply
    positions = [row for row in range(len(supply.node)) if supply.value[row] > 0]
    positions.sort(key=lambda row: (supply.node[row] in extractive, -supply.value[row]))
    positions.sort(key=lambda row: UNITS.index(f"{links.nodes.unit[supply.node[row]]}/a"))
    leaving = {state: _by_origin(rows) for state, rows in states.items()}
    chains = plan.matches.chains
    of_arc = groups(np.concatenate([plan.matches.routes.arc_in, chains.arc[chains.start[:-1]]]), len(links.arcs))
    yearly = {"today": np.zeros(len(plan.matches.routes) + len(chains))}
    yearly |= {network.evidence: worth(plan, network).every for network in (plan.proven, plan.potential)}
    told = _told(plan, [int(supply.node[row]) for row in positions])
    found = []
    for row in positions:
        node = int(supply.node[row])
        today, proven, potential = (_lines(plan, leaving[state].get(node, []), of_arc, yearly[state]) for state in STATES)
        same = (_SAME,)
        found.append(Course(row, node, today, same if proven == today else proven, same if potential == today else potential, node in told))
    return found


def _told(plan: Plan, nodes: list[int]) -> frozenset[int]:
    """Streams with a section: all, or those for which the plan brings most and then the first in the order of telling."""
    if len(nodes) <= SECTIONS:
        return frozenset(nodes)
    brings = np.zeros(len(plan.links.nodes.id))
    for network in (plan.proven, plan.potential):
        yearly = np.abs(worth(plan, network).every)
        brings = np.maximum(brings, np.bincount(plan.matches.every("stream"), weights=np.nan_to_num(yearly), minlength=len(brings)))
    return frozenset(sorted(nodes, key=lambda node: -brings[node])[:SECTIONS])


def _by_origin(rows: list[Flow]) -> dict[int, list[Flow]]:
    leaving: dict[int, list[Flow]] = defaultdict(list)
    for flow in rows:
        leaving[flow.origin].append(flow)
    return leaving


def _lines(plan: Plan, rows: list[Flow], of_arc: Groups, yearly: Floats) -> tuple[Line, ...]:
    """Where a stream goes in one state: to needs, into plants and on to needs, to outlets."""
    return tuple(_line(plan, flow, of_arc, yearly) for flow in rows) or (Line("nothing known", "nothing known"),)


def _line(plan: Plan, flow: Flow, of_arc: Groups, yearly: Floats) -> Line:
    links = plan.links
    amount = figure(flow.amount, f"{flow.unit}/a").text
    if flow.kind == ArcKind.FATE:
        name = str(links.nodes.name[flow.destination])
        return Line(f"{amount} {name}{_money(links, flow)}", f"{amount} {name}")
    rows = of_arc.member[of_arc.start[flow.arc] : of_arc.start[flow.arc + 1]]
    carried = plan.potential.flow[rows] + plan.proven.flow[rows]
    used = [int(row) for row in rows[carried > _SEEN * flow.amount]]
    ends = listed(list(dict.fromkeys(need_name(links, int(fact(plan, row, "need"))) for row in used)), 3)
    through = f"through {links.nodes.name[flow.destination]}" if flow.kind == ArcKind.FEED else ""
    gain = figure(float(yearly[used].sum()) / flow.amount if used else None, f"EUR/{flow.unit}", sign=True)
    far = figure(max(fact(plan, row, "km") for row in used) if used else None, "km")
    text = " ".join(part for part in (f"{amount} to {ends}", through) if part)
    return Line(f"{text}: {far.text}, worth {gain.text} in the plan", f"{amount} to {ends}", flow.verdict, flow.grade)


def _money(links: Links, flow: Flow) -> str:
    cost = float(np.nansum(links.arcs.eur[flow.arc]))
    if abs(cost) < _FREE:
        return ""
    return f", {'costs' if cost > 0 else 'earns'} {figure(abs(cost), f'EUR/{flow.unit}').text}"
