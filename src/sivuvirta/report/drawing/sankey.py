"""The Sankey: sources, plants, uses and fates, for today and for both networks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sivuvirta.domain.links import ArcKind, Links, NodeKind
from sivuvirta.report.drawing.colours import FAMILIES, OTHER
from sivuvirta.report.drawing.flows import FATES, Flow, fate_kind, made_of, need_name
from sivuvirta.report.words import figure

_DEPTH = {NodeKind.STREAM: 0, NodeKind.PRODUCT: 0, NodeKind.PLANT: 1, NodeKind.NEED: 2, NodeKind.FATE: 3}
_MOST = {NodeKind.STREAM: 20, NodeKind.PRODUCT: 5, NodeKind.PLANT: 12, NodeKind.NEED: 16}
_FAMILY_NAMES = {entry.id: entry.name.lower() for entry in (*FAMILIES, OTHER)}

Ends = dict[int, tuple[str, str]]
"""Id and name that a row of links.nodes is drawn with."""


def sankey(links: Links, states: Mapping[str, list[Flow]], hidden: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What the Sankey draws, by unit and state.

    Nodes are the same in every state, so that the eye can compare; small ones are drawn together.

    Args:
        links: of the plan.
        states: flows by state.
        hidden: rows of links.nodes left out (waste rock and tailings, which dwarf the rest).

    Returns:
        {unit: {state: {"nodes": [...], "links": [...]}}}; amounts in the unit a year.
    """
    shown = {state: [flow for flow in rows if flow.origin not in hidden] for state, rows in states.items()}
    units = sorted({flow.unit for rows in shown.values() for flow in rows}, key=("t", "MWh", "m3").index)
    drawn: dict[str, Any] = {}
    for unit in units:
        of_unit = {state: [flow for flow in rows if flow.unit == unit] for state, rows in shown.items()}
        ends = ends_of(links, of_unit)
        drawn[unit] = {state: drawing(links, rows, ends, unit) for state, rows in of_unit.items()}
    return drawn


def ends_of(links: Links, states: Mapping[str, list[Flow]]) -> Ends:
    """How each node is drawn: by itself, or with the small ones of its kind."""
    largest: dict[int, float] = defaultdict(float)
    family: dict[int, str] = {}
    for rows in states.values():
        for node, amount in through(rows).items():
            largest[node] = max(largest[node], amount)
        family |= {flow.origin: flow.family for flow in rows}
    ends: Ends = {}
    for kind, most in _MOST.items():
        ranked = sorted((node for node in largest if links.nodes.kind[node] == kind), key=lambda node: -largest[node])
        kept = most if len(ranked) > most + 1 else len(ranked)
        ends |= {node: (links.nodes.label(node), _label(links, node, kind)) for node in ranked[:kept]}
        ends |= {node: _together(kind, family.get(node, OTHER.id)) for node in ranked[kept:]}
    for node in largest:
        if links.nodes.kind[node] == NodeKind.FATE:
            word = FATES[fate_kind(links, node)]
            ends[node] = (f"fate:{word}", word)
    return ends


def _label(links: Links, node: int, kind: NodeKind) -> str:
    name = str(links.nodes.name[node])
    if kind == NodeKind.PRODUCT:
        return f"Bought: {name[0].lower()}{name[1:]}"
    return need_name(links, node) if kind == NodeKind.NEED else name


def _together(kind: NodeKind, family: str) -> tuple[str, str]:
    if kind == NodeKind.STREAM:
        return f"stream:other:{family}", f"Other {_FAMILY_NAMES[family]}"
    word = {NodeKind.PRODUCT: "Bought: other", NodeKind.PLANT: "Other plants", NodeKind.NEED: "Other uses"}[kind]
    return f"{kind.name.lower()}:other", word


def through(rows: Iterable[Flow]) -> dict[int, float]:
    """What passes each node: the larger of what enters and what leaves."""
    enters: dict[int, float] = defaultdict(float)
    leaves: dict[int, float] = defaultdict(float)
    for flow in rows:
        leaves[flow.origin] += flow.amount
        enters[flow.destination] += flow.amount
    return {node: max(enters[node], leaves[node]) for node in {*enters, *leaves}}


def _levels(rows: list[Flow], ends: Ends) -> dict[str, int]:
    """Plants drawn before each plant that takes from others. Where two take from each other, one of the flows is not drawn."""
    steps = {(ends[flow.origin][0], ends[flow.destination][0]) for flow in rows if flow.kind == ArcKind.PASS}
    level = dict.fromkeys({end for step in steps for end in step}, 0)
    for _ in range(len(level)):
        for origin, destination in sorted(steps):
            level[destination] = max(level[destination], min(level[origin] + 1, len(level) - 1))
    return level


def _depth(kind: NodeKind, level: int, deepest: int) -> int:
    """Column of a node: plants that others feed stand further right, and needs and fates behind them all."""
    return _DEPTH[kind] + (level if kind == NodeKind.PLANT else deepest if kind in (NodeKind.NEED, NodeKind.FATE) else 0)


def drawing(links: Links, rows: list[Flow], ends: Ends, unit: str) -> dict[str, Any]:
    """Nodes and links of flows in one unit; flows between the same ends of one kind are one link."""
    joined: dict[tuple[str, str, str, str, bool], float] = defaultdict(float)
    level = _levels(rows, ends)
    deepest = max(level.values(), default=0)
    rows = [flow for flow in rows if flow.kind != ArcKind.PASS or level[ends[flow.origin][0]] < level[ends[flow.destination][0]]]
    for flow in rows:
        joined[ends[flow.origin][0], ends[flow.destination][0], flow.family, flow.evidence, flow.new] += flow.amount
    made = {(ends[flow.origin][0], ends[flow.destination][0]): made_of(flow) for flow in reversed(rows) if flow.made_of}
    passes: dict[str, float] = defaultdict(float)
    depth: dict[str, int] = {}
    names: dict[str, str] = {}
    colour: dict[str, str] = {}
    for node, amount in through(rows).items():
        key, names[ends[node][0]] = ends[node]
        passes[key] += amount
        depth[key] = _depth(NodeKind(links.nodes.kind[node]), level.get(key, 0), deepest)
    for flow in reversed(rows):  # the largest flow gives the colour
        colour[ends[flow.origin][0]] = flow.family
    nodes = [
        {"name": key, "label": names[key], "text": figure(amount, f"{unit}/a").text, "depth": depth[key], "family": colour.get(key, "")}
        for key, amount in sorted(passes.items(), key=lambda item: -item[1])
    ]
    edges = [
        {
            "source": source,
            "target": target,
            "value": amount,
            "family": family,
            "evidence": evidence,
            "new": new,
            "text": figure(amount, f"{unit}/a").text,
            "made": made.get((source, target), ""),
        }
        for (source, target, family, evidence, new), amount in sorted(joined.items(), key=lambda item: -item[1])
    ]
    return {"nodes": nodes, "links": edges}
