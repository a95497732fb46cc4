"""Ledgers measured as networks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from attrs import evolve

from sivuvirta.assess.network import metrics as network
from sivuvirta.assess.network.contents import shares
from sivuvirta.assess.network.entries import CARRIED, MONEY, entries, without_extractive
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import NodeKind, Texts
from sivuvirta.domain.networks import LEVELS, NetworkFigures, NetworkMetrics
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.traffic import REFERENCE
from sivuvirta.errors import OptionError
from sivuvirta.ledger.dimensions import NOWHERE, labels
from sivuvirta.ledger.silent import silences


def metrics(
    source: Plan | Ledger | Sequence[Plan | Ledger], level: str = "site", unit: str = "t", extractive: bool = False
) -> NetworkMetrics:
    """Measure ledgers as networks: connectance, cyclicity, cycling, ascendency, robustness, and who stands between others.

    Args:
        source: a plan, whose reference, proven and potential ledger stand beside each other; a ledger; or several, of one year or more.
            The reference of a plan that has none is a network of which nothing is known.
        level: what a node is: site, organisation, sector (NACE division) or node (each stream, plant and need).
        unit: what is counted: t (dry), MWh, m3, EUR paid, or a component such as Cr_total, in t. Units are never added.
        extractive: whether wastes of mining count; they would hide everything else.

    Raises:
        OptionError: there is no such level or unit, or no ledger.
    """
    if level not in LEVELS:
        raise OptionError(f"A network has no level '{level}'. It has: {', '.join(LEVELS)}.")
    chosen = [source] if isinstance(source, Plan | Ledger) else list(source)
    if not chosen:
        raise OptionError("Give at least one ledger.")
    found: list[NetworkFigures] = []
    for each in chosen:
        ledgers = _of_plan(each) if isinstance(each, Plan) else [each]
        measured = [_network(ledger if extractive else without_extractive(ledger), level, unit) for ledger in ledgers]
        if isinstance(each, Plan) and each.compared is None:
            found.append(network.unknown(REFERENCE, NO_REFERENCE, unit, measured[0].vintage))
        found += measured
    beside = NetworkMetrics(level, unit, tuple(found))
    return evolve(beside, silent=_silent(beside))


def _silent(found: NetworkMetrics) -> dict[tuple[str, str], str]:
    """Pairs of networks of which one rests on streams that the register of the other tells no amount of, in words."""
    pairs = permutations(zip(found.columns, found.networks, strict=True), 2)
    told = {(one, other): f"{_untold(before, after)} {_untold(after, before)}".strip() for (one, before), (other, after) in pairs}
    return {pair: words for pair, words in told.items() if words}


def _untold(network: NetworkFigures, other: NetworkFigures) -> str:
    """Streams that carry a network and of which the register of another tells no amount."""
    if network.ledger is None or other.ledger is None:
        return ""
    return silences(network.ledger.links, other.ledger.links, [tuple(network.flows["arc"].tolist())]).words[0]


def _of_plan(plan: Plan) -> list[Ledger]:
    """Reference, where it is known, proven and potential ledger."""
    today = plan.compared
    return [*([] if today is None else [today]), plan.proven.ledger, plan.potential.ledger]


def _network(ledger: Ledger, level: str, unit: str) -> NetworkFigures:
    ends = (_ends(ledger, "origin", level), _ends(ledger, "destination", level))
    content = None if unit in (*CARRIED, MONEY) else shares(ledger, unit)
    return network.figures(ledger, entries(ledger, ends, unit, content), unit, _names(ledger, level))


def _ends(ledger: Ledger, end: str, level: str) -> Texts:
    """Label of one end of each flow; "" outside: what is not in the register, and at the level of nodes outlets and products."""
    if level == "node":
        nodes = ledger.links.nodes.kind[getattr(ledger.links.arcs, end)[ledger.arc]]
        return np.where(np.isin(nodes, (NodeKind.FATE, NodeKind.PRODUCT)), "", labels(ledger, end))
    found = labels(ledger, f"{end}.{level}", nace_digits=2)
    return np.where(found == NOWHERE, "", found)


def _names(ledger: Ledger, level: str) -> dict[str, str]:
    nodes, region = ledger.links.nodes, ledger.links.region
    if level == "node":
        return {nodes.label(row): str(nodes.name[row]) for row in range(len(nodes.id))}
    if level == "sector":
        return {}
    table = region.table(f"{level}s")
    return {str(row[level]): str(row["name"]) for row in table.rows() if row["name"]}
