"""Routes in words: where they lead, what they are worth, what decides, and what is missing."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import EUR_TERMS, Floats, Links
from sivuvirta.domain.plans import Plan
from sivuvirta.match import checks, legal_path, why
from sivuvirta.match.legal_words import brief
from sivuvirta.report.flows import place
from sivuvirta.report.words import Figure, figure, readable, span

MOST = 8
"""Routes listed for a stream."""

_WORD = 4  # letters of a word that tells a place
_HAUL = [EUR_TERMS.index(term) for term in ("transport", "handling")]


def need_name(links: Links, node: int) -> str:
    """A need with its place, unless its name says it."""
    name, where = str(links.nodes.name[node]), place(links, node).partition(" (")[0]
    told = any(word in name for word in where.replace(",", " ").split() if len(word) >= _WORD)
    return name if told or not where else f"{name}, {where}"


def route_name(plan: Plan, row: int) -> str:
    """Where a route leads, in words: the need, its place, the plant on the way."""
    routes, links = plan.matches.routes, plan.links
    name = need_name(links, int(routes.need[row]))
    if routes.plant[row] < 0:
        return name
    return f"{name}, through {links.nodes.name[links.works.node[routes.plant[row]]]}"


def haulage(plan: Plan, row: int) -> float:
    """Haulage and loading of a route, EUR per unit of stream, both legs where there is a plant."""
    routes, eur = plan.matches.routes, plan.links.arcs.eur
    first = float(np.nansum(eur[routes.arc_in[row], _HAUL]))
    if routes.plant[row] < 0:
        return first
    return first + float(routes.delivered[row]) * float(np.nansum(eur[routes.arc_out[row], _HAUL]))


def missing(plan: Plan, row: int) -> tuple[str, ...]:
    """Tests, permits and decisions that a route waits for, each once."""
    return tuple(dict.fromkeys(check.missing for check in checks(plan.matches, row) if check.missing))


def ranked(plan: Plan, node: int) -> list[int]:
    """Routes of a stream: those in the plan first, then those that a plan may use by gain, then those that fail."""
    routes = plan.matches.routes
    rows = np.flatnonzero(routes.stream == node)
    used = np.maximum(plan.proven.route_flow[rows], plan.potential.route_flow[rows])
    order = np.lexsort((-routes.gain[rows], routes.verdict[rows] == Verdict.FAIL, -used))
    return [int(row) for row in rows[order]]


@frozen
class Card:
    """One route of a stream, as a reader compares it with others."""

    use: str
    verdict: str
    flow: Figure | None  # in the network with potential; None where nothing goes there
    worth: Figure | None  # in the plan with potential, as `plan.worth` counts it; None where nothing goes there
    gain: Figure  # alone, against the mean of today's outlets
    range: str
    netback: Figure
    priced: bool
    haulage: Figure
    way: Figure
    carbon: Figure
    why: str
    law: str  # steps still to be taken, with authority and time


def cards(plan: Plan, node: int, worths: Floats) -> tuple[Card, ...]:
    """The routes of a stream: what is in the plan, then by gain, what fails last; each with what decides it.

    Args:
        plan: the plan.
        node: the stream, row of links.nodes.
        worths: what each route is worth in the network with potential, EUR per unit; NaN where nothing flows. Shape (routes,).
    """
    return tuple(_card(plan, row, float(worths[row])) for row in ranked(plan, node)[:MOST])


def _card(plan: Plan, row: int, worth: float) -> Card:
    routes = plan.matches.routes
    unit = plan.links.nodes.unit[routes.stream[row]]
    flow = float(plan.potential.route_flow[row])
    return Card(
        use=route_name(plan, row),
        verdict=Verdict(routes.verdict[row]).word,
        flow=figure(flow, f"{unit}/a") if flow > 0 else None,
        worth=figure(worth, f"EUR/{unit}", sign=True) if flow > 0 else None,
        gain=figure(routes.gain[row], f"EUR/{unit}", sign=True),
        range=span(routes.gain_low[row], routes.gain_high[row], f"EUR/{unit}"),
        netback=figure(routes.netback[row], f"EUR/{unit}"),
        priced=bool(routes.priced[row]),
        haulage=figure(haulage(plan, row), f"EUR/{unit}"),
        way=figure(routes.km[row], "km"),
        carbon=figure(routes.carbon[row], f"kg CO2e/{unit}", sign=True),
        why=readable(why(plan.matches, row)),
        law=brief(legal_path(plan.matches, row)),
    )
