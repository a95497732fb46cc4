"""Indicators of a ledger: where side streams end in the waste hierarchy, what is diverted, what becomes of listed elements."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.fates import GROUPS, extractive, fate_kinds
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind
from sivuvirta.domain.provenance import ranges, sources

CLASSES = ("reuse", "recycling", "recovery", "disposal", "stock", "undecided")
"""Steps of the hierarchy, then what stands outside it."""

_FATES = {
    **dict.fromkeys(("sold", "internal_use", "recycled", "recovered"), "recycling"),
    **dict.fromkeys(("energy", "structure", "backfill"), "recovery"),
}
"""Class of a waste's fate. Earthworks count as other recovery, which is the cautious side."""

_GROUPS = {"disposed": "disposal", "stocked": "stock", "treated": "undecided", "released": "undecided", "unknown": "undecided"}

EARTHWORKS = ("aggregate", "soil.cover", "soil.sealing", "soil.growth_layer", "soil.landfill_structure", "binder.backfill")
"""Use classes of needs in which a waste is recovered, not recycled: ground, covers, fills."""

ENERGY = ("gas", "heat", "wood", "fuel")
"""Use classes of needs that burn what they take, biocarbon included."""

NO_WASTE = frozenset({"product", "by_product", "end_of_waste"})
"""Status in law with which a use is no recovery of waste."""


@frozen(eq=False)
class Fates:
    """Tonnes of side streams by stream and class. Rows are streams in node order."""

    streams: tuple[str, ...]
    names: tuple[str, ...]
    extractive: npt.NDArray[np.bool_]  # (streams,)
    site: tuple[str | None, ...]
    organisation: tuple[str | None, ...]
    amount: Floats  # (streams, CLASSES) t dry a year
    low: Floats  # (streams,) share of the amount at the 5 % point, NaN where not known
    high: Floats  # (streams,)
    grade: tuple[str, ...]
    source: tuple[str, ...]
    unaccounted: Floats  # (streams,) t/a that go nobody knows where
    returned: Floats  # (streams,) t/a that go back into the works which gave them off
    home: tuple[str | None, ...]  # site of the stream that each is a part of, of a whole one its own


def fates_of(ledger: Ledger) -> Fates:
    """Where each stream of solids ends; what goes into a plant counts as recycled but for what the plant disposes of or stocks."""
    links, arcs = ledger.links, ledger.links.arcs
    rows = np.flatnonzero(np.isin(arcs.kind[ledger.arc], (ArcKind.DIRECT, ArcKind.FEED, ArcKind.FATE)) & (links.units[ledger.arc] == "t"))
    arc, amount, nodes = ledger.arc[rows], ledger.amount[rows], links.nodes
    origin = arcs.origin[arc]
    count = len(nodes.id)
    kinds = fate_kinds(links, arc)
    table = np.zeros((count, len(CLASSES)))
    status = _status(links)
    lost = _lost(ledger)
    for at, row in enumerate(arc.tolist()):
        stream = int(origin[at])
        for name, part in _classes(links, row, str(kinds[at]), status.get(nodes.id[stream]), lost):
            table[stream, CLASSES.index(name)] += part * amount[at]
    low, high = (sums(origin, each, count) for each in ranges(links, arc, amount))
    whole = sums(origin, amount, count)
    here = np.flatnonzero((nodes.kind == NodeKind.STREAM) & (whole > 0))
    told = sources(links, arc)
    of = {node: [at for at in range(len(rows)) if origin[at] == node] for node in here.tolist()}
    return Fates(
        streams=tuple(nodes.id[here].tolist()),
        names=tuple(nodes.name[here].tolist()),
        extractive=extractive(links)[here],
        site=tuple(nodes.site[here].tolist()),
        organisation=tuple(nodes.organisation[here].tolist()),
        amount=table[here],
        low=low[here] / whole[here],
        high=high[here] / whole[here],
        grade=tuple(bearing_grade(ledger.grade[rows][of[node]], amount[of[node]]) or Grade.D.name for node in here.tolist()),
        source=tuple("; ".join(dict.fromkeys(part for at in of[node] for part in told[at].split("; "))) for node in here.tolist()),
        unaccounted=sums(origin, np.where(kinds == "unaccounted", amount, 0.0), count)[here],
        returned=sums(origin, np.where(kinds == "internal_use", amount, 0.0), count)[here],
        home=tuple(_home(links, str(nodes.id[node])) or nodes.site[node] for node in here.tolist()),
    )


def rows_of(fates: Fates, level: str, subject: str, extractive: bool) -> list[int]:
    """Streams of a site, an organisation or the region, extractive waste or all else; a part of a stream leaves where the stream does."""
    rows = np.flatnonzero(fates.extractive == extractive).tolist()
    if level == "organisation":
        return [row for row in rows if fates.organisation[row] == subject]
    return [row for row in rows if level != "site" or subject in (fates.site[row], fates.home[row])]


def _home(links: Links, stream: str) -> str | None:
    """Site of the stream that one is a part of, however far above."""
    table = links.region.table("streams")
    seen: set[str] = set()
    while stream in table.index and stream not in seen:
        seen.add(stream)
        row = table.index[stream]
        above = table["parent"][row]
        if above is None or above not in table.index:
            return None if table["site"][row] is None else str(table["site"][row])
        stream = str(above)
    return None


def _status(links: Links) -> dict[str, str | None]:
    table = links.region.table("streams")
    return dict(zip(table["stream"].tolist(), table["legal_status"].tolist(), strict=True))


def _lost(ledger: Ledger) -> Floats:
    """Share of what enters each plant in tonnes that it, or a plant that it hands on to, disposes of or stocks. Shape (nodes,)."""
    links, count = ledger.links, len(ledger.links.nodes.id)
    arcs, solid = links.arcs, links.units[ledger.arc] == "t"
    feed = np.isin(arcs.kind[ledger.arc], (ArcKind.FEED, ArcKind.PASS)) & solid
    passed = np.flatnonzero((arcs.kind[ledger.arc] == ArcKind.PASS) & solid)
    residue = np.flatnonzero((arcs.kind[ledger.arc] == ArcKind.RESIDUE) & solid)
    kinds = fate_kinds(links, ledger.arc[residue])
    residue = residue[[GROUPS[kind] in ("disposed", "stocked") for kind in kinds]]
    enters = sums(arcs.destination[ledger.arc[feed]], ledger.amount[feed], count)
    leaves = sums(arcs.origin[ledger.arc[residue]], ledger.amount[residue], count)
    lost = np.zeros(count)
    for _ in range(1 + len(passed)):  # plant by plant
        further = ledger.amount[passed] * lost[arcs.destination[ledger.arc[passed]]]
        gone = leaves + sums(arcs.origin[ledger.arc[passed]], further, count)
        lost = np.minimum(np.divide(gone, enters, out=np.zeros(count), where=enters > 0), 1.0)
    return lost


def _classes(links: Links, arc: int, kind: str, status: str | None, lost: Floats) -> tuple[tuple[str, float], ...]:
    """Classes of one flow with their shares."""
    if kind == "plant":
        wasted = float(lost[links.arcs.destination[arc]])
        return (("recycling", 1.0 - wasted), ("disposal", wasted))
    if GROUPS[kind] in _GROUPS:
        return ((_GROUPS[GROUPS[kind]], 1.0),)
    if status in NO_WASTE:
        return (("reuse", 1.0),)
    return ((_use(links, arc) if kind == "need" else _FATES[kind], 1.0),)


def _use(links: Links, arc: int) -> str:
    """Recycling or other recovery, by the use class of the need that takes it."""
    needs = links.region.table("needs")
    material = str(needs["material"][needs.index[links.nodes.id[links.arcs.destination[arc]]]])
    below = any(material == each or material.startswith(f"{each}.") for each in (*EARTHWORKS, *ENERGY))
    return "recovery" if below else "recycling"
