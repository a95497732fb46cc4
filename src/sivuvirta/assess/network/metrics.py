"""A ledger as a network, with every indicator, its range and grade, and the place of every node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.network import structure
from sivuvirta.assess.network.assembly import Assembly, assemble
from sivuvirta.assess.network.betweenness import betweenness
from sivuvirta.assess.network.draws import factors
from sivuvirta.assess.network.entries import CARRIED, MONEY, Entries
from sivuvirta.assess.network.flows import closed
from sivuvirta.assess.network.indicators import FLOW, INDICATORS, STRUCTURE, Indicator
from sivuvirta.assess.network.information import organisation
from sivuvirta.domain.indicators import digits
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.networks import FlowNetwork, NetworkFigures, bounds, means
from sivuvirta.errors import ShapeError

AT_LEAST, KNOWN_PART = "at least", "known part"
_PAYS = "; an unknown price counts as paid by who receives."
_GROWING = (
    "throughflow",
    "exchanged",
)  # a further flow never makes them smaller; a node that was closed by dissipation may take the throughput down


def figures(ledger: Ledger, entries: Entries, unit: str, names: Mapping[str, str] | None = None, draws: int = 200) -> NetworkFigures:
    """Every indicator of a ledger.

    Args:
        ledger: the flows.
        entries: the same flows in one unit, between labels.
        unit: what is counted.
        names: name of a label, where it has one.
        draws: how many draws the ranges rest on; 0 gives none.
    """
    place = assemble(entries)
    vintage = str(ledger.links.region.vintage)
    if len(entries) and not place.names:
        return unknown(ledger.name, "no flow has a node of this level at either end", unit, vintage)
    raw, shape = place.network(ledger.amount), place.shape()
    network = closed(raw)
    values = np.concatenate([measured(shape, STRUCTURE), measured(network, FLOW)])
    if entries.unknown and not raw.throughput > 0:
        values[len(STRUCTURE) :] = np.nan  # nothing is known of any flow: that is not a network without flows
    drawn = _drawn(ledger, place, values, draws)
    reasons = _reasons(values, drawn, draws, entries.without)
    series = [drawn[each.key] for each in INDICATORS]
    (low, high), mean = bounds(series, values), means(series, values)
    bound = [_bound(each, value, entries) for each, value in zip(INDICATORS, values, strict=True)]
    high[[each == AT_LEAST for each in bound]] = np.nan
    grade = bearing_grade(entries.grade, place.seen(ledger.amount))
    table = _table(unit, values, (mean, low, high), grade, reasons)
    table = table.assign(bound=bound)
    told = (*_dark(entries, unit), *_notes(place, ledger, raw, unit))
    counted = pd.DataFrame({"arc": ledger.arc[entries.flow], "origin": entries.origin, "destination": entries.destination})
    return NetworkFigures(ledger.name, vintage, network, table, nodes(network, names, shape), drawn, told, ledger, counted)


def _bound(each: Indicator, value: float, entries: Entries) -> str:
    """How a figure of the known part stands to that of the whole network: more flows never take away from what is marked at least."""
    if not entries.unknown or each.shape or np.isnan(value):
        return ""
    return AT_LEAST if each.key in _GROWING else KNOWN_PART


def _dark(entries: Entries, unit: str) -> tuple[str, ...]:
    if not entries.unknown:
        return ()
    return (
        f"Amounts are of the known part alone: {entries.without}.",
        "Nodes and links count all flows, also those of which nobody knows how much they carry" + (_PAYS if unit == MONEY else "."),
    )


def measured(network: FlowNetwork, indicators: Sequence[Indicator]) -> Floats:
    """Values of some indicators of a network in balance, NaN where one is not defined. Shape (indicators,)."""
    flows = organisation(network)
    found = np.full(len(indicators), np.nan)
    for at, each in enumerate(indicators):
        try:
            found[at] = each.of(network, flows)
        except ShapeError:
            found[at] = np.nan  # a cycle closed on itself has no cycling index
    return found


def nodes(network: FlowNetwork, names: Mapping[str, str] | None = None, shape: FlowNetwork | None = None) -> pd.DataFrame:
    """Every node with its links, flows and betweenness, the most central first.

    Args:
        network: the flows.
        names: name of a node, where it has one.
        shape: which node gives to which, where more is known of that than of the flows.

    Returns:
        Columns node, name, takes_from, gives_to (how many other nodes), degree, takes, gives (with what crosses the border),
        betweenness, betweenness_by_flow (ways along large flows are short).
    """
    links = shape or network
    takes_from, gives_to = structure.degrees(links)
    steps = np.where(links.internal > 0, 1.0, np.inf)
    known = names or {}
    table = pd.DataFrame(
        {
            "node": list(network.names),
            "name": [known.get(node, node) for node in network.names],
            "takes_from": takes_from,
            "gives_to": gives_to,
            "degree": takes_from + gives_to,
            "takes": network.inflow,
            "gives": network.outflow,
            "betweenness": betweenness(steps),
            "betweenness_by_flow": betweenness(structure.lengths(network)),
        }
    )
    order = ["betweenness_by_flow", "betweenness", "degree", "takes"]
    return table.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _drawn(ledger: Ledger, place: Assembly, values: Floats, draws: int) -> pd.DataFrame:
    """Indicators of every draw; those of structure keep their value, as long as no flow vanishes."""
    table = np.tile(values, (draws, 1))
    start = len(INDICATORS) - len(FLOW)
    for row, factor in zip(table, factors(ledger, draws), strict=True):
        flows = ledger.amount * factor
        if np.isfinite(flows[place.entries.flow]).all():
            row[start:] = measured(closed(place.network(flows)), FLOW)
        else:
            row[start:] = np.nan
    return pd.DataFrame(table, columns=[each.key for each in INDICATORS])


def _reasons(values: Floats, drawn: pd.DataFrame, draws: int, without: str) -> list[str]:
    reasons = []
    for each, value in zip(INDICATORS, values, strict=True):
        if np.isnan(value):
            reasons.append(without or "not defined: nothing flows, or a cycle is closed on itself")
        elif draws and drawn[each.key].isna().any():
            reasons.append("no range: that of a flow is not known")
        else:
            reasons.append("" if each.shape or not without else f"known part alone: {without}")
    return reasons


def _table(unit: str, values: Floats, ends: tuple[Floats, Floats, Floats], grade: str, reasons: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": [each.key for each in INDICATORS],
            "label": [each.label for each in INDICATORS],
            "value": values,
            "mean": ends[0],
            "low": ends[1],
            "high": ends[2],
            "unit": [each.unit.format(unit=_unit(unit)) for each in INDICATORS],
            "grade": [grade if not np.isnan(value) else "" for value in values],
            "formula": [each.formula for each in INDICATORS],
            "inputs": [each.inputs for each in INDICATORS],
            "source": [each.source for each in INDICATORS],
            "unknown": list(reasons),
        }
    )


def _unit(unit: str) -> str:
    """A component is counted in tonnes of it."""
    return unit if unit in (*CARRIED, MONEY) else f"t {unit}"


def unknown(name: str, reason: str, unit: str, vintage: str) -> NetworkFigures:
    """A network of which nobody knows anything."""
    empty = np.full(len(INDICATORS), np.nan)
    table = _table(unit, empty, (empty, empty, empty), "", [reason] * len(INDICATORS)).assign(bound="")
    none = np.zeros(0)
    bare = nodes(FlowNetwork((), np.zeros((0, 0)), none, none, none))
    drawn = pd.DataFrame(columns=[each.key for each in INDICATORS], dtype=np.float64)
    return NetworkFigures(name, vintage, None, table, bare, drawn, (f"Unknown: {reason}.",))


def _notes(place: Assembly, ledger: Ledger, raw: FlowNetwork, unit: str) -> tuple[str, ...]:
    """What was left out of the network, and what was added to close it."""
    amount = place.seen(ledger.amount)
    gap = raw.outflow - raw.inflow
    told = {
        "stay with the node that they come from, and are no flows between nodes": amount[place.within].sum(),
        "go from outside to outside, and are not in the network": amount[place.beyond].sum(),
        "were added as imports, so that nodes that give more than they take are in balance": np.maximum(gap, 0).sum(),
        "were added as dissipation, for nodes that take more than they give": np.maximum(-gap, 0).sum(),
    }
    return tuple(f"{digits(value)} {_unit(unit)}/a {words}." for words, value in told.items() if value > 0)
