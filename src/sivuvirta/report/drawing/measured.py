"""The Sankey in other measures: the mass of a component in the flows, or the money that they cost and earn.

What is not known is drawn too, in grey and at a scale of its own, so that nobody takes it for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.assess.network.contents import shares
from sivuvirta.assess.terms import flow_cash, work_cash
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links, NodeKind
from sivuvirta.domain.plans import Plan
from sivuvirta.report.drawing.colours import family
from sivuvirta.report.drawing.flows import Flow
from sivuvirta.report.drawing.sankey import Ends, drawing, ends_of, through
from sivuvirta.report.words import STATES, count, figure

MONEY = "EUR"
"""Measure of what flows cost and earn."""

FIRST = ("Cr_total", "P")
"""Components that are offered first where streams were analysed for them."""

MOST = 6
"""Components that a page offers; each other one is a picture of its own (`sivuvirta sankey --of`)."""

UNKNOWN, COST, EARNED, PAID = "unknown", "loss", "gain", "paid"
"""Families of what is not known, costs, earnings, and payments between organisations."""

_GREY = 0.25  # width of all that is not known, of that of all that is
_NOT_ANALYSED = ("unknown:stream", "Not analysed")
_PLANTS = ("cost:plants", "Running and building plants")


@frozen(eq=False)
class Measured:
    """Flows of one state in a measure: those whose amount is known, in that unit, and the others in their own."""

    known: list[Flow]
    unknown: list[Flow]
    beside: Mapping[int, float]  # what plants cost beside their flows, EUR/a, by row of links.nodes


def components(plan: Plan) -> dict[str, str]:
    """Components of which some of the streams that flow were analysed, and their names: those first that most people ask for.

    Oxides count for their element. Measured are total contents alone.
    """
    region = plan.links.region
    table = region.table("components")
    element = {}
    for row in table.rows():
        own = row["oxide_of"] or (row["component"] if row["kind"] == "element" else "")
        element[row["component"]] = own
    flowing = set(plan.links.nodes.id[plan.links.supply.node[plan.links.supply.value > 0]].tolist())
    found: dict[str, set[str]] = {}
    for row in region.table("analyses").rows():
        own = element.get(row["component"], "")
        if row["kind"] == "total" and own in table.index and row["stream"] in flowing:
            found.setdefault(own, set()).add(row["stream"])
    ranked = sorted(found, key=lambda each: (each not in FIRST, FIRST.index(each) if each in FIRST else -len(found[each]), each))
    names = {each: str(table["name_en"][table.index[each]]) for each in ranked}
    return {each: f"{name[:1].upper()}{name[1:]}" for each, name in names.items()}


def by_component(plan: Plan, shown: Mapping[str, list[Flow]], component: str) -> dict[str, Any]:
    """Drawings by state of the tonnes of a component that flow.

    Args:
        plan: the plan.
        shown: flows by state.
        component: id in table `components`.

    Raises:
        OptionError: the region has no such component.
    """
    found = {}
    for state, ledger in _ledgers(plan):
        rows = [flow for flow in shown[state] if flow.unit == "t" and plan.links.nodes.kind[flow.origin] != NodeKind.PRODUCT]
        part = {} if ledger is None else dict(zip(ledger.arc.tolist(), shares(ledger, component).tolist(), strict=True))
        amounts = np.array([flow.amount * part.get(flow.arc, np.nan) for flow in rows])
        known = [evolve(flow, amount=float(amounts[at])) for at, flow in enumerate(rows) if amounts[at] > 0]
        found[state] = Measured(known, [flow for at, flow in enumerate(rows) if np.isnan(amounts[at])], {})
    return _drawn(plan.links, found, "t", "of material, not analysed")


def by_money(plan: Plan, shown: Mapping[str, list[Flow]]) -> dict[str, Any]:
    """Drawings by state of what each flow costs the region, what it earns outside, and what organisations pay one another for it."""
    found = {}
    for state, ledger in _ledgers(plan):
        known: list[Flow] = []
        unknown: list[Flow] = []
        money = {} if ledger is None else _money(ledger)
        for flow in shown[state]:
            cost, earned, paid = money.get(flow.arc, (0.0, 0.0, 0.0))
            if np.isnan(cost + earned):
                unknown.append(flow)
                continue
            told = ((COST, cost), (EARNED, earned), (PAID, abs(paid)))
            known += [evolve(flow, amount=value, unit=MONEY, family=look) for look, value in told if value > 0]
        found[state] = Measured(known, unknown, {} if ledger is None else _plants(ledger))
    return _drawn(plan.links, found, MONEY, "a price or fee is not known")


def _ledgers(plan: Plan) -> list[tuple[str, Ledger | None]]:
    return list(zip(STATES, (plan.reference, plan.proven.ledger, plan.potential.ledger), strict=True))


def _money(ledger: Ledger) -> dict[int, tuple[float, float, float]]:
    """Cost, earnings and payment of each flow, EUR/a, by its arc."""
    cash: Floats = flow_cash(ledger)
    paid = ledger.amount * np.nan_to_num(ledger.links.arcs.payment[ledger.arc])
    costs, earned = np.maximum(cash, 0.0).sum(axis=1), np.maximum(-cash, 0.0).sum(axis=1)
    return dict(zip(ledger.arc.tolist(), zip(costs.tolist(), earned.tolist(), paid.tolist(), strict=True), strict=True))


def _plants(ledger: Ledger) -> dict[int, float]:
    cost = np.nan_to_num(work_cash(ledger)).sum(axis=1)
    return {int(node): float(value) for node, value in zip(ledger.links.works.node, cost, strict=True) if value > 0}


def _drawn(links: Links, found: Mapping[str, Measured], unit: str, why: str) -> dict[str, Any]:
    every = {
        state: [*(evolve(flow, family=family(flow.material).id) for flow in one.known), *(evolve(flow, amount=0.0) for flow in one.unknown)]
        for state, one in found.items()
    }
    ends = ends_of(links, every)
    for one in found.values():
        ends |= {flow.origin: _NOT_ANALYSED for flow in one.unknown if unit != MONEY and links.nodes.kind[flow.origin] == NodeKind.STREAM}
    return {state: _state(links, one, ends, (unit, why)) for state, one in found.items()}


def _state(links: Links, one: Measured, ends: Ends, told: tuple[str, str]) -> dict[str, Any]:
    """One drawing; grey bands have a scale of their own, and say what they are."""
    unit, why = told
    whole, hidden = (sum(flow.amount for flow in rows) for rows in (one.known, one.unknown))
    scale = _GREY * whole / hidden if whole and hidden else 1.0
    grey = [evolve(flow, amount=scale * flow.amount, family=UNKNOWN, new=False) for flow in one.unknown]
    drawn = drawing(links, [*one.known, *grey], ends, unit)
    amounts: dict[str, float] = {}
    for node, amount in through(one.known).items():
        amounts[ends[node][0]] = amounts.get(ends[node][0], 0.0) + amount
    for node in drawn["nodes"]:
        known = amounts.get(node["name"], 0.0)
        node["text"] = figure(known, f"{unit}/a").text if known else "not known"
    for link in drawn["links"]:
        if link["family"] == UNKNOWN:
            hidden_text = figure(link["value"] / scale, "t/a").text
            link["text"] = why if unit == MONEY else f"{hidden_text} {why}"
    _with_plants(drawn, one.beside, ends)
    drawn["told"] = _told(links, one, unit)
    return drawn


def _told(links: Links, one: Measured, unit: str) -> str:
    """What is known and what is not, in a sentence or two."""
    kinds, per = links.nodes.kind, f"{unit}/a"
    known, hidden = (sum(flow.amount for flow in rows if kinds[flow.origin] == NodeKind.STREAM) for rows in (one.known, one.unknown))
    if unit == MONEY:
        more = (
            f" Of {count(len(one.unknown), 'flow')} a price or fee is not known: hatched, at a scale of their own." if one.unknown else ""
        )
        return f"Red is what a flow costs the region, green what it earns outside, blue what organisations pay one another for it.{more}"
    analysed = f"{figure(known, per).text} leaves streams that were analysed for it."
    if not one.unknown:
        return f"{analysed} Every flow was."
    return (
        f"{analysed} Hatched, at a scale of its own: {figure(hidden, per).text} of material from streams that were not analysed, and "
        "what plants make of any; how much is in it is not known, and is not taken for nothing."
    )


def _with_plants(drawn: dict[str, Any], beside: Mapping[int, float], ends: Ends) -> None:
    """What plants cost as a band from each to one end on the right."""
    there = {node["name"]: node for node in drawn["nodes"]}
    costs = [(ends[node][0], value) for node, value in beside.items() if node in ends and ends[node][0] in there]
    if not costs:
        return
    key, name = _PLANTS
    last = max(node["depth"] for node in drawn["nodes"])
    text = figure(sum(value for _, value in costs), f"{MONEY}/a").text
    drawn["nodes"].append({"name": key, "label": name, "text": text, "depth": last, "family": COST})
    joined: dict[str, float] = {}
    for source, value in costs:
        joined[source] = joined.get(source, 0.0) + value
    for source, value in joined.items():
        told = figure(value, f"{MONEY}/a").text
        drawn["links"].append(
            {"source": source, "target": key, "value": value, "family": COST, "evidence": "", "new": False, "text": told, "made": ""}
        )
