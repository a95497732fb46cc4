"""Routes in words: where they lead, what they are worth, what decides, and what is missing."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import EUR_TERMS, Floats
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.unknowns import unsaid
from sivuvirta.match import checks, legal_path, why
from sivuvirta.match.frames import AGAINST_TODAY
from sivuvirta.match.legal_words import brief
from sivuvirta.plan.program.entrances import yield_of
from sivuvirta.report.drawing.flows import need_name
from sivuvirta.report.following.basis import NOTHING, Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.words import Figure, figure, listed, readable, span

MOST = 8
"""Routes listed for a stream."""

_HAUL = [EUR_TERMS.index(term) for term in ("transport", "handling")]


def route_name(plan: Plan, row: int) -> str:
    """Where a route leads, in words: the need, its place, the plant on the way."""
    links = plan.links
    name = need_name(links, int(fact(plan, row, "need")))
    plants = links.nodes.name[links.works.node[plan.matches.plants(row)]].tolist()
    return f"{name}, through {listed(plants, len(plants))}" if plants else name


def fact(plan: Plan, row: int, column: str) -> float:
    """A figure of a route; those of several steps are numbered behind the others."""
    count = len(plan.matches.routes)
    part, place = (plan.matches.routes, row) if row < count else (plan.matches.chains, row - count)
    return float(getattr(part, column)[place])


def haulage(plan: Plan, row: int) -> float:
    """Haulage and loading of a route, EUR per unit of stream, every leg where there are plants."""
    arcs, eur = plan.matches.arcs(row), plan.links.arcs.eur
    at_hand = np.append(1.0, np.cumprod([_yielded(plan, int(into), int(out)) for into, out in itertools.pairwise(arcs)]))
    return float(at_hand @ np.nansum(eur[arcs][:, _HAUL], axis=1))


def _yielded(plan: Plan, into: int, out: int) -> float:
    """Units that leave a plant over an arc per unit that enters over another."""
    links = plan.links
    return float(links.works.yields.eta[yield_of(links, np.array([into]), links.arcs.output[[out]])[0]])


def missing(plan: Plan, row: int) -> tuple[str, ...]:
    """Tests, permits and decisions that a route waits for, each once."""
    return tuple(dict.fromkeys(check.missing for check in checks(plan.matches, row) if check.missing))


def ranked(plan: Plan, node: int) -> list[int]:
    """Routes of a stream: those in the plan first, then those that a plan may use by gain, then those that fail."""
    routes = plan.matches.routes
    rows = np.flatnonzero(routes.stream == node)
    used = np.maximum(plan.proven.route_flow[rows], plan.potential.route_flow[rows])
    order = np.lexsort((-routes.gain[rows], routes.verdict[rows] == Verdict.FAIL, -used))
    return [*_several(plan, node), *(int(row) for row in rows[order])]


def _several(plan: Plan, node: int) -> list[int]:
    """Routes of several steps that a stream takes in the plan; the others are left out."""
    chains, flow = plan.matches.chains, np.maximum(plan.proven.chain_flow, plan.potential.chain_flow)
    return (len(plan.matches.routes) + np.flatnonzero((chains.stream == node) & (flow > 0))).tolist()


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
    basis: Basis = NOTHING  # the rows that its figures rest on


def cards(plan: Plan, node: int, worths: Floats, legs: Legs) -> tuple[Card, ...]:
    """The routes of a stream: what is in the plan, then by gain, what fails last; each with what decides it.

    Args:
        plan: the plan.
        node: the stream, row of links.nodes.
        worths: what each route is worth in the network with potential, EUR per unit; NaN where nothing flows. Shape (routes + chains,).
        legs: where the rows behind a route are found.
    """
    flow = plan.potential.flow
    best = ranked(plan, node)[:MOST]
    return tuple(
        evolve(_card(plan, row, float(flow[row]), float(worths[row])), basis=Basis(rows=legs.worth(plan.matches.arcs(row).tolist())))
        for row in best
    )


def _card(plan: Plan, row: int, flow: float, worth: float) -> Card:
    value = partial(fact, plan, row)
    lost = bool(unsaid(plan.links)[int(value("stream"))])
    against = {name: np.nan if lost else value(name) for name in AGAINST_TODAY}
    unit = plan.links.nodes.unit[int(value("stream"))]
    return Card(
        use=route_name(plan, row),
        verdict=Verdict(int(value("verdict"))).word,
        flow=figure(flow, f"{unit}/a") if flow > 0 else None,
        worth=figure(worth, f"EUR/{unit}", sign=True) if flow > 0 else None,
        gain=figure(against["gain"], f"EUR/{unit}", sign=True),
        range=span(against["gain_low"], against["gain_high"], f"EUR/{unit}"),
        netback=figure(value("netback"), f"EUR/{unit}"),
        priced=bool(value("priced")),
        haulage=figure(haulage(plan, row), f"EUR/{unit}"),
        way=figure(value("km"), "km"),
        carbon=figure(against["carbon"], f"kg CO2e/{unit}", sign=True),
        why=readable(why(plan.matches, row)),
        law=brief(legal_path(plan.matches, row)) if row < len(plan.matches.routes) else "",
    )
