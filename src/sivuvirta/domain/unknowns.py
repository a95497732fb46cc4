"""Unknowns: what of a network's emissions nobody knows, which way each can move the figure, and the words that say so everywhere.

What is not known counts as 0, so a figure is of the known part. An emission is 0 or more, so one of the new chain can only shrink the
saving, and one that is displaced can only grow it. The same words stand beside the figure wherever it is told.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import ArcKind, Flags, Floats, Ints, Links, NodeKind
from sivuvirta.domain.words import shortened

AT_LEAST, AT_MOST, NEITHER = "at least", "at most", "neither"
"""How a figure stands to what is known of it; "" where all is known."""

KNOWN_PART = "of the known part"
SHOWN = 5
"""Names told before the rest is counted."""

OUTLET_OBJECTIVES = ("value", "co2", "diversion", "traffic")
"""Objectives of a plan that count what today's outlets cost, emit, bury or haul; the others do not rest on where a stream goes today."""

_SAME = 1e-9  # relative: rounding of the solver
_FEW = 3  # streams named before the rest is counted
_OTHER_WAY = {AT_LEAST: AT_MOST, AT_MOST: AT_LEAST}


@frozen
class Unknown:
    """Something that nobody knows of a sum of emissions."""

    name: str
    adds: bool  # it can only make the emissions larger; otherwise it can only make them smaller


def unknown_emissions(planned: Ledger, reference: Ledger | None = None) -> tuple[Unknown, ...]:
    r"""What is not known of what a network emits more than the reference, or of all that it emits where there is none.

    .. math:: \Delta = \sum_a \Delta x_a (e_a - d_a) + \sum_p \Delta z_p e_p, \qquad e, d \ge 0

    with e an emission and d what is displaced outside the region. An unknown e of what grows adds, one of what shrinks takes away; an
    unknown d the other way round.

    Args:
        planned: the ledger.
        reference: over the same links; None: the whole of `planned` is meant.

    Returns:
        Each name once for each way, those that add first, by name.
    """
    today, runs = (0.0, 0.0) if reference is None else (reference.per_arc(), reference.operations.activity)
    return unknown_in(planned.links, change(today, planned.per_arc()), change(runs, planned.operations.activity))


def unaccounted(planned: Ledger, reference: Ledger | None) -> Ints:
    """Arcs of today of which nobody knows where they lead, and whose flow changes: what today costs, saves or emits of them is unknown.

    A figure that is counted against them is unknown as a whole: with 0 in the place of today's outlet it would be gross.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links; None: nothing is known, and nothing is told of single arcs.

    Returns:
        Rows of arcs.
    """
    if reference is None:
        return np.zeros(0, dtype=np.int32)
    return unsaid_moves(planned.links, reference.per_arc(), planned.per_arc())


def uncounted(planned: Ledger, reference: Ledger | None) -> str:
    """Why what a network is worth against today is not known, in words; "" where it is.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links; None: nothing is known.
    """
    if reference is None or not reference.tells:
        return NO_REFERENCE
    return blind(planned.links, unaccounted(planned, reference))


def silent(links: Links) -> str:
    """Of which streams, or that of none, it is said where they go today, in words; "" where it is said of all."""
    arcs, supply = links.arcs, links.supply
    streams = supply.node[np.nan_to_num(supply.value) > 0]
    leaving = np.flatnonzero((arcs.kind == ArcKind.FATE) & (arcs.today > 0) & np.isin(arcs.origin, streams)).astype(np.int32)
    lost = not_accounted(links, leaving)
    return NO_REFERENCE if len(streams) and len(lost) == len(leaving) else blind(links, lost)


def blind_between(one: Ledger, other: Ledger, objective: str) -> str:
    """Why what two networks over the same links differ by in an objective is not known, in words; "" where it is."""
    return blind(one.links, unsaid_moves(one.links, one.per_arc(), other.per_arc())) if objective in OUTLET_OBJECTIVES else ""


def unsaid_moves(links: Links, one: Floats, other: Floats) -> Ints:
    """Today's outlets of which nobody knows where they lead, and that take another amount in one network than in another.

    What the two differ by is not known then: what a unit costs or emits there is not.

    Args:
        links: the arcs.
        one: units a year on each arc. Shape (arcs,).
        other: the same in the other network.

    Returns:
        Rows of arcs.
    """
    moved = np.abs(other - one) > _SAME * np.maximum(np.abs(one), np.abs(other))
    return not_accounted(links, np.flatnonzero(moved & (links.arcs.today > 0)).astype(np.int32))


def unsaid_apart(one: tuple[Links, Floats], other: tuple[Links, Floats]) -> str:
    """As `unsaid_moves`, in words, of networks over links that are not the same: links, and units a year on each arc of them."""
    (links, before), (_, after) = (
        (each, dict(zip(each.nodes.id[each.arcs.origin[rows]].tolist(), flow[rows].tolist(), strict=True)))
        for each, flow in (one, other)
        for rows in [not_accounted(each, np.flatnonzero(each.arcs.today > 0).astype(np.int32))]
    )
    largest = {name: max(abs(before.get(name, 0.0)), abs(after.get(name, 0.0))) for name in {**before, **after}}
    moved = [name for name, most in largest.items() if abs(after.get(name, 0.0) - before.get(name, 0.0)) > _SAME * most]
    rows = np.flatnonzero(np.isin(links.nodes.id[links.arcs.origin].astype(str), moved) & (links.arcs.today > 0))
    return blind(links, not_accounted(links, rows.astype(np.int32)))


def unsaid(links: Links) -> Flags:
    """Nodes of which nobody knows where what they give off goes today, or a part of it. Shape (nodes,)."""
    found = np.zeros(len(links.nodes.id), dtype=bool)
    found[links.arcs.origin[not_accounted(links, np.flatnonzero(links.arcs.today > 0).astype(np.int32))]] = True
    return found


def not_accounted(links: Links, rows: Ints) -> Ints:
    """Those of some arcs that lead to an outlet which stands for what the register does not account for."""
    arcs, fates = links.arcs, links.region.table("fates")
    known = fates["fate"][fates["kind"] != "unaccounted"]
    emitted = np.append(links.works.outputs.kind == "emission", False)
    leaving = rows[(arcs.kind[rows] == ArcKind.FATE) & ~emitted[arcs.output[rows]]]
    found: Ints = leaving[~np.isin(links.nodes.id[arcs.destination[leaving]].astype(str), known.astype(str))]
    return found


def blind(links: Links, rows: Ints) -> str:
    """Why a figure that rests on such arcs is not known, in words; "" where there are none."""
    names = list(dict.fromkeys(str(each) for each in links.nodes.name[links.arcs.origin[rows]].tolist()))
    return f"where {shortened(names, _FEW)} goes today is not known" if names else ""


def unknown_in(links: Links, moves: Floats, runs: Floats) -> tuple[Unknown, ...]:
    """What is not known of the emissions of a change, as `unknown_emissions` tells it of two ledgers.

    Args:
        links: arcs and plants.
        moves: change of each arc, units a year. Shape (arcs,).
        runs: change of each plant's activity. Shape (plants,).
    """
    arcs, works, nodes = links.arcs, links.works, links.nodes
    place = np.where(nodes.kind[arcs.origin] == NodeKind.PRODUCT, arcs.origin, arcs.destination)
    parts = ((arcs.unknown_co2, place, moves), (arcs.unknown_displaced, place, -moves), (works.unknown_co2, works.node, runs))
    found = {
        Unknown(str(nodes.name[node[at]]), bool(more[at] > 0))
        for blind, node, more in parts
        for at in np.flatnonzero(blind & (more != 0)).tolist()
    }
    return tuple(sorted(found, key=lambda each: (not each.adds, each.name)))


def bound(unknown: Iterable[Unknown], *, saving: bool = False) -> str:
    """How the whole stands to its known part.

    >>> bound([Unknown("kiln", adds=True)]), bound([Unknown("kiln", adds=True)], saving=True)
    ('at least', 'at most')

    Args:
        unknown: what is not known.
        saving: the figure is what is saved, so that more emissions make it smaller.

    Returns:
        "" where all is known, at least, at most, or neither.
    """
    ways = {each.adds for each in unknown}
    if not ways:
        return ""
    if len(ways) > 1:
        return NEITHER
    found = AT_LEAST if True in ways else AT_MOST
    return _OTHER_WAY[found] if saving else found


def told(text: str, of: str) -> str:
    """A figure with its bound: "at most 5 t" of what is known in part, "5 t of the known part" where the rest may act either way.

    >>> told("5 t", ""), told("5 t", "at most"), told("5 t", "neither")
    ('5 t', 'at most 5 t', '5 t of the known part')
    """
    return f"{of} {text}" if of in _OTHER_WAY else f"{text} {KNOWN_PART}" if of else text


def said(unknown: Iterable[Unknown], *, changes: bool = True) -> str:
    """What is not known and what that means, as a sentence; "" where all is known.

    Args:
        unknown: what is not known.
        changes: the figure is a change against the reference, which is a saving where it is below 0; otherwise a sum of emissions.
    """
    several = tuple(unknown)
    found = bound(several)
    if not found:
        return ""
    how = _CHANGE[found] if changes else _SUM[found]
    parts = [
        words.format(shortened(names, SHOWN))
        for adds, words in (_MORE if changes else _ALL).items()
        if (names := [each.name for each in several if each.adds is adds])
    ]
    return f"O{KNOWN_PART[1:]}{how}: {'; '.join(parts)}."


_CHANGE = {
    AT_LEAST: ", change at least, saving at most",
    AT_MOST: ", change at most, saving at least",
    NEITHER: ", change and saving more or less",
}
_SUM = {AT_LEAST: ", at least", AT_MOST: ", at most", NEITHER: ", more or less"}
_MORE = {
    True: "not known is an emission of {}, which can only make the saving smaller",
    False: "not known is an emission displaced at {}, which can only make the saving larger",
}
_ALL = {
    True: "not known of it: {}, which can only add",
    False: "not known of it, taken away: {}, which can only take away more",
}
