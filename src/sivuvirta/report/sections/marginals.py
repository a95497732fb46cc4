"""Marginal values in a report: what one more unit is worth, and from which amount to which that holds."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.domain.plans import Marginal, Network, Plan
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.naming import names, spoken
from sivuvirta.report.tables import Column, Sheet, sheet
from sivuvirta.report.words import figure, readable, span

_REQUIREMENTS = {
    "supply": "stream",
    "capacity": "largest amount",
    "build": "size",
    "blend": "limit",
    "disposal": "limit of disposal",
    "carbon": "limit of carbon",
}
_NAMED = re.compile(r"[^(),]+")  # parts of a solver row, such as "share(road,slag,high)"
_WORTH_TELLING = 5e-4  # EUR a unit: what would be printed as zero is not told
_NOTHING = 1e-6  # units a year: solver dust


def marginals(plan: Plan) -> Sheet:
    """What one more unit is worth, with the builds fixed, in words: the network with potential first, what weighs most first.

    A need that nothing in the network serves is left out: one more unit there costs the price of what it buys, which is no news.
    """
    rows: list[dict[str, Any]] = []
    known = names(plan.links.region)
    for network in (plan.potential, plan.proven):
        passes = _passes(plan, network)
        told = [one for one in network.marginals if abs(one.value) > _WORTH_TELLING and not _bought(one, passes)]
        rows += [
            {
                "text": readable(spoken(known, one.text)),
                "constraint": _REQUIREMENTS.get(one.constraint, one.constraint),
                "value": one.value,
                "unit": one.unit,
                "holds": holds(one),
                "network": network.evidence,
                RESTS: _behind(plan, one),
            }
            for one in sorted(told, key=lambda one: -abs(one.value) * (passes[one.node] if one.node >= 0 and one.unit[-1] != "%" else 1.0))
        ]
    columns = (
        Column("text", "In words", "long"),
        Column("value", "Worth", "change", "*"),
        Column("holds", "Holds"),
        Column("constraint", "Of a"),
        Column("network", "Network"),
    )
    caption = (
        "What one more unit would be worth to the region, all plants as planned, and from which amount to which that holds; what weighs "
        "most first. Needs that nothing in the plan serves are left out: one more unit there costs what the product costs."
    )
    return sheet("marginals", caption, columns, rows, "No requirement binds.")


def holds(marginal: Marginal) -> str:
    """The amounts between which a value holds: "from 7,620 to 9,000 t/a"; empty where they are not known."""
    low, high = marginal.low, marginal.high
    if math.isnan(low) or math.isnan(high):
        return ""
    per = marginal.unit.rpartition("/")[2]
    unit, after = (per, " looser") if per == "%" else (per, " more") if marginal.constraint == "share" else (per, "")
    unit = unit if per in ("%", "EUR") else f"{per}/a"
    if math.isinf(high):
        return f"from {figure(low, unit).text}{after} up" if low > 0 else "for any amount"
    between = span(low, high, unit)
    return f"from {between}{after}" if between else f"at {figure(high, unit).text}{after} only"


def _bought(marginal: Marginal, passes: Floats) -> bool:
    return marginal.constraint == "need" and marginal.node >= 0 and bool(passes[marginal.node] <= _NOTHING)


def _passes(plan: Plan, network: Network) -> Floats:
    """What leaves each stream, and what reaches each other node from streams and plants, units a year. Shape (nodes,)."""
    arcs, nodes = plan.links.arcs, plan.links.nodes
    flow, count = network.ledger.per_arc(), len(nodes.id)
    bought = nodes.kind[arcs.origin] == NodeKind.PRODUCT
    into = np.bincount(arcs.destination[~bought], weights=flow[~bought], minlength=count)
    out = np.bincount(arcs.origin, weights=flow, minlength=count)
    passes: Floats = np.where(nodes.kind == NodeKind.STREAM, out, into)
    return passes


def _behind(plan: Plan, one: Marginal) -> Basis:
    """The node that a marginal value is of, and what the plan makes of it; of a share, the need that states it."""
    if one.node < 0:
        needs = plan.links.region.table("needs").index
        return Basis(rows=tuple(("needs", key) for key in _NAMED.findall(one.label) if key in needs))
    nodes = plan.links.nodes
    group = {NodeKind.STREAM: "streams", NodeKind.NEED: "needs", NodeKind.PLANT: "plants", NodeKind.FATE: "fates"}.get(
        NodeKind(nodes.kind[one.node])
    )
    key = str(nodes.id[one.node])
    return Basis() if group is None else Basis(rows=((group, key),), figures=(f"{group}/{key}",))
