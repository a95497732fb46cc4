"""Shifts: what stops when something is gone, what replaces it, and what has to be kept until it returns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sivuvirta.domain.ledger import sums
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.shocks import Keeping, Shift
from sivuvirta.futures.removals import EXCHANGES, Removal, touched
from sivuvirta.futures.shocked import Standing, State
from sivuvirta.futures.storage import stored
from sivuvirta.plan.explain.words import figure, link_name
from sivuvirta.plan.program.candidates import Index

_MONTHS = 12.0
_SEEN = 1e-6  # relative to the larger flow
_MOST = 3  # shifts of one kind in a sentence


def cascade(standing: Standing, removal: Removal, state: State | None) -> tuple[Shift, ...]:
    """What stops elsewhere before anybody reacts: streams back at their outlets, needs that buy again, plants that stand idle."""
    if state is None:
        return ()
    kind = standing.links.arcs.kind
    stays = ~touched(standing.links, removal)
    found = [
        *_flows(standing, np.flatnonzero(stays & (kind == ArcKind.FATE)), state, "disposal"),
        *_flows(standing, np.flatnonzero(stays & (kind == ArcKind.BUY)), state, "purchase"),
        *_plants(standing, removal, state),
    ]
    return tuple(found)


def repaired(standing: Standing, removal: Removal, before: State | None, after: State | None) -> tuple[Shift, ...]:
    """Exchanges that are larger with the cheapest repair than planned."""
    if after is None:
        return ()
    arcs = np.flatnonzero(np.isin(standing.links.arcs.kind, EXCHANGES) & ~touched(standing.links, removal))
    return tuple(_flows(standing, arcs, after, "grows"))


def _flows(standing: Standing, arcs: Index, state: State, what: str) -> Iterator[Shift]:
    """Flows of some arcs that are larger than planned, the largest growth first; arcs of one pair of ends are one flow."""
    links, planned = standing.links, standing.planned.arc
    nodes, table = links.nodes, links.arcs
    pairs, group = np.unique(np.column_stack([table.origin[arcs], table.destination[arcs]]), axis=0, return_inverse=True)
    group = group.reshape(-1)
    was, now = (sums(group, flow[arcs], len(pairs)) for flow in (planned, state.arc))
    grown = now - was > _SEEN * np.maximum(np.maximum(was, now), 1.0)
    for row in np.flatnonzero(grown)[np.argsort(-(now - was)[grown], kind="stable")].tolist():
        origin, end = pairs[row].tolist()
        speaks, other = (end, origin) if what == "purchase" else (origin, end)
        unit = str(links.units[arcs[group == row][0]])
        yield Shift(what, nodes.label(speaks), link_name(links, speaks), was[row], now[row], unit, link_name(links, other))


def _plants(standing: Standing, removal: Removal, state: State) -> Iterator[Shift]:
    links, was, now = standing.links, standing.planned.activity, state.activity
    for work in np.flatnonzero(was - now > _SEEN * np.maximum(was, 1.0)).tolist():
        node = int(links.works.node[work])
        if node not in removal.nodes:
            yield Shift("idle", links.nodes.label(node), link_name(links, node), was[work], now[work], "of activity")


def keeping(standing: Standing, removal: Removal, states: tuple[State | None, State | None]) -> tuple[Keeping, ...]:
    """What a month of outage puts in the way: streams to be kept, needs to be served from a stock."""
    before, after = states
    if before is None:
        return ()
    links, kind = standing.links, standing.links.arcs.kind
    stays = ~touched(links, removal)
    found: list[Keeping] = []
    for side, of, sent in (("keep", ArcKind.FATE, True), ("draw", ArcKind.BUY, False)):
        arcs = np.flatnonzero(stays & (kind == of))
        node = links.arcs.origin[arcs] if side == "keep" else links.arcs.destination[arcs]
        unit = np.nan_to_num(links.arcs.sent[arcs], nan=1.0) if sent else np.ones(len(arcs))
        at_first, with_repair = (_more(standing, arcs, node, unit, state) for state in (before, after))
        for row in np.flatnonzero(at_first > _SEEN).tolist():
            capacity = stored(links, row) if side == "keep" else np.nan
            left = max(0.0, float(with_repair[row])) / _MONTHS
            name = link_name(links, row)
            found.append(Keeping(side, links.nodes.label(row), name, at_first[row] / _MONTHS, left, str(links.nodes.unit[row]), capacity))
    return tuple(sorted(found, key=lambda one: (one.side != "keep", -one.month)))


def _more(standing: Standing, arcs: Index, node: Index, unit: Floats, state: State | None) -> Floats:
    """By node, how much more than planned flows over some arcs, units a year."""
    count = len(standing.links.nodes.id)
    if state is None:
        return np.full(count, np.nan)
    return sums(node, (state.arc - standing.planned.arc)[arcs] * unit, count)


def told(losses: tuple[float, float], falls: tuple[Shift, ...], grows: tuple[Shift, ...], kept: tuple[Keeping, ...], why: str = "") -> str:
    """A shock in words: loss, or why it is not known, what stops, what replaces it, what has to be kept."""
    alone, loss = losses
    if np.isnan(loss) and not why:
        return "Without it what is promised cannot be kept, whatever else is done."
    sentences = [f"What is lost is not known: {why}" if why else _lost(alone, loss)]
    words = {"disposal": "goes back to", "purchase": "buys again", "idle": "does less"}
    for what, verb in words.items():
        parts = [_shift(one, verb) for one in falls if one.what == what]
        sentences += ["; ".join([*parts[:_MOST], *([f"{len(parts) - _MOST} more"] if len(parts) > _MOST else [])])] if parts else []
    parts = [f"{one.name} to {one.to}: {figure(one.after - one.before)} {one.unit}/a more" for one in grows]
    replaced = "; ".join([*parts[:_MOST], *([f"{len(parts) - _MOST} more"] if len(parts) > _MOST else [])])
    sentences.append(f"Repair: {replaced}" if parts else "Nothing replaces it")
    largest = next((one for one in kept if one.side == "keep" and one.month > 0), None)
    if largest is not None:
        sentences.append(
            f"To lose nothing when it returns, keep {figure(largest.month)} {largest.unit} of {largest.name} a month{_room(largest)}"
        )
    return ". ".join(sentences) + "."


def _lost(alone: float, loss: float) -> str:
    with_repair = f"{figure(loss)} EUR/a are lost with the cheapest repair"
    if np.isnan(alone):
        return f"{with_repair}; without repair what is promised cannot be kept"
    return f"{with_repair}, {figure(alone)} without repair" if alone > loss else with_repair


def _shift(one: Shift, verb: str) -> str:
    if one.what == "idle":
        return f"{one.name} {'stands idle' if one.after <= 0 else verb}"
    amount = f"{figure(one.after - one.before)} {one.unit}/a"
    return f"{amount} of {one.name} {verb} {one.to}" if one.what == "disposal" else f"{one.name} {verb} {amount} of {one.to}"


def _room(one: Keeping) -> str:
    if np.isnan(one.capacity):
        return "; how much may be stored is not known"
    return f"; what may be stored lasts {figure(one.months)} months"
