"""Flows as people see them: each row of a ledger with names, colour, evidence and whether it is new. Map and Sankey draw these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Links, NodeKind
from sivuvirta.domain.plans import Plan
from sivuvirta.report.drawing.colours import family
from sivuvirta.report.words import STATES, figure, listed

_SEEN = 1e-6  # share of the largest flow of its unit below which a flow is solver dust
_WORD = 4  # letters of a word that tells a place
_NEW = 0.05  # a flow is new when today carries less than this share of it

FATES = {
    "sold": "Sold",
    "internal_use": "Used inside the works",
    "recycled": "Recycled",
    "recovered": "Recovered",
    "energy": "Burned for energy",
    "structure": "Used in structures",
    "backfill": "Mine backfill",
    "treated": "Treated",
    "stored": "Stored on heaps",
    "landfill": "Landfill",
    "hazardous_landfill": "Hazardous-waste landfill",
    "flared": "Flared",
    "discharged": "Discharged",
    "unused": "Not used",
    "emission": "Emitted or lost",
    "loss": "Emitted or lost",
    "unaccounted": "Not accounted for",
}
DISPOSAL = frozenset({"landfill", "hazardous_landfill", "stored", "flared", "discharged", "unused"})


@frozen
class Flow:
    """One flow of a ledger."""

    arc: int  # row of links.arcs
    kind: ArcKind
    origin: int  # row of links.nodes
    destination: int  # row of links.nodes
    material: str
    family: str
    amount: float  # units a year
    unit: str  # t, MWh, m3
    as_sent: float
    km: float
    verdict: str  # "" for today's outlets and purchases
    grade: str
    new: bool  # not there today
    made_of: tuple[tuple[str, float, str], ...] = ()  # what leaves a plant: names, amounts and units of its feeds, the largest first

    @property
    def evidence(self) -> str:
        """Proven or potential; "" for what goes on as today."""
        return "" if not self.verdict else "proven" if Verdict[self.verdict.upper()].proven else "potential"


def flows(ledger: Ledger, reference: Ledger | None) -> list[Flow]:
    """Flows of a ledger, the largest first, without solver dust."""
    links = ledger.links
    today = ledger.per_arc() if reference is None else reference.per_arc()  # nothing is called new where today is not known
    units = [str(links.units[arc]) for arc in ledger.arc]
    least = {unit: _SEEN * max(amount for amount, other in zip(ledger.amount, units, strict=True) if other == unit) for unit in set(units)}
    rows = [
        _flow(ledger, row, unit, today[arc])
        for row, (arc, unit) in enumerate(zip(ledger.arc, units, strict=True))
        if ledger.amount[row] > least[unit]
    ]
    return _of_feeds(links, sorted(rows, key=lambda flow: -flow.amount))


def _of_feeds(links: Links, rows: list[Flow]) -> list[Flow]:
    """Flows of which those that leave a plant have the colour of its main feed, and say of what they are made."""
    feeds: dict[int, list[Flow]] = defaultdict(list)
    for flow in rows:
        if flow.kind in (ArcKind.FEED, ArcKind.PASS):
            feeds[flow.destination].append(flow)
    names = links.nodes.name
    return [
        evolve(
            flow,
            family=feeds[flow.origin][0].family,
            made_of=tuple((str(names[feed.origin]), feed.amount, f"{feed.unit}/a") for feed in feeds[flow.origin]),
        )
        if flow.origin in feeds
        else flow
        for flow in rows
    ]


def made_of(flow: Flow) -> str:
    """What a plant makes a flow of, in words: "from slag fines 40 kt/a"; empty for what leaves no plant."""
    parts = [f"{name} {figure(amount, unit).text}" for name, amount, unit in flow.made_of]
    return f"from {listed(parts, 2)}" if parts else ""


def states(plan: Plan) -> Mapping[str, list[Flow]]:
    """Flows of today, of the proven network and of that with potential, by the state's name; none of today where nobody knows it."""
    today = plan.compared
    ledgers = (today, plan.proven.ledger, plan.potential.ledger)
    return {state: [] if ledger is None else flows(ledger, today) for state, ledger in zip(STATES, ledgers, strict=True)}


def fate_kind(links: Links, node: int) -> str:
    """Kind of a fate node: that of its row in `fates`; an automatic one is named for the output of the technology that it takes."""
    table, key = links.region.table("fates"), str(links.nodes.id[node])
    if key in table.index:
        return str(table["kind"][table.index[key]])
    technology, _, output = key.partition(".")
    recipes = links.region.table("recipe_outputs")
    rows = np.flatnonzero((recipes["technology"] == technology) & (recipes["output"] == output))
    return str(recipes["kind"][rows[0]]) if len(rows) and recipes["kind"][rows[0]] in FATES else "unaccounted"


def place(links: Links, node: int) -> str:
    """Where a node is, in words: the name of its site or zone; empty where neither is known."""
    key, region = links.nodes.site[node], links.region
    if key is None and links.nodes.kind[node] == NodeKind.NEED:
        needs = region.table("needs")
        zone = needs["zone"][needs.index[links.nodes.id[node]]]
        return _name(links, "zones", zone)
    return _name(links, "sites", key)


def need_name(links: Links, node: int) -> str:
    """A need with its place, unless its name says it."""
    name, where = str(links.nodes.name[node]), place(links, node).partition(" (")[0]
    told = any(word in name for word in where.replace(",", " ").split() if len(word) >= _WORD)
    return name if told or not where else f"{name}, {where}"


def _name(links: Links, table: str, key: str | None) -> str:
    if key is None:
        return ""
    rows = links.region.table(table)
    return str(rows["name"][rows.index[key]]) if key in rows.index else str(key)


def _flow(ledger: Ledger, row: int, unit: str, today: float) -> Flow:
    links, arc = ledger.links, int(ledger.arc[row])
    arcs = links.arcs
    material = links.materials[arcs.material[arc]]
    amount = float(ledger.amount[row])
    return Flow(
        arc=arc,
        kind=ArcKind(arcs.kind[arc]),
        origin=int(arcs.origin[arc]),
        destination=int(arcs.destination[arc]),
        material=material,
        family=family(material).id,
        amount=amount,
        unit=unit,
        as_sent=amount * float(arcs.sent[arc]),
        km=float(arcs.km[arc]),
        verdict="" if ledger.verdict[row] < 0 else Verdict(ledger.verdict[row]).word,
        grade=Grade(ledger.grade[row]).name,
        new=bool(today < _NEW * amount),
    )
