"""What leaves a product system with its side streams, and what a plan changes in what enters, read from ledgers."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import frozen

from sivuvirta.assess.fates import fate_kinds, outlet_groups
from sivuvirta.assess.footprint.chains import Chain, Unknowns, displaced_by
from sivuvirta.assess.footprint.figures import unknown
from sivuvirta.assess.footprint.register import Register
from sivuvirta.domain.burdens import ECONOMIC, MASS, Entry, Leaving
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.indicators import NAN, Input
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Flags, Ints, Links, NodeKind
from sivuvirta.domain.provenance import ranges, sources
from sivuvirta.domain.unknowns import Unknown
from sivuvirta.units.ranges import HALF_WIDTH

_TRANSPORT, _OUTLET, _DISPLACED, _PURCHASE = (CO2_TERMS.index(name) for name in ("transport", "outlet", "displaced", "purchase"))
_AT_GATE = [EUR_TERMS.index(name) for name in ("transport", "handling", "fee", "tax", "revenue")]
_TO_OTHERS = (ArcKind.FATE, ArcKind.DIRECT, ArcKind.FEED)
_SHARED = (MASS, ECONOMIC)


@frozen(eq=False, slots=False)
class Flows:
    """The flows of a ledger, seen from a product system."""

    register: Register
    ledger: Ledger

    @property
    def links(self) -> Links:
        """The arcs."""
        return self.ledger.links

    @cached_property
    def own(self) -> Flags:
        """Nodes that stand at a site of the system. Shape (nodes,)."""
        return np.isin(self.links.nodes.site.astype(str), self.register.sites)

    @cached_property
    def chain(self) -> Chain:
        """What plants do with what they take."""
        return Chain(self.ledger, self.own)

    @cached_property
    def leaves(self) -> Ints:
        """Rows of arcs on which a side stream of the system flows. Shape (flows,)."""
        arcs, nodes = self.links.arcs, self.links.nodes
        stream = (nodes.kind[arcs.origin] == NodeKind.STREAM) & self.own[arcs.origin]
        return np.flatnonzero((self.ledger.per_arc() > 0) & stream & np.isin(arcs.kind, _TO_OTHERS)).astype(np.int32)

    def returns(self, arcs: Ints) -> Flags:
        """Whether flows come back to the system: to a need of its own, or to internal use by its own organisation. Shape of the arcs."""
        table, nodes = self.links.arcs, self.links.nodes
        need = (nodes.kind[table.destination[arcs]] == NodeKind.NEED) & self.own[table.destination[arcs]]
        internal = fate_kinds(self.links, arcs) == "internal_use"
        owner = np.isin(nodes.organisation[table.destination[arcs]].astype(str), list(self.register.organisations))
        return np.asarray(need | (internal & owner), dtype=bool)

    def kept(self, node: int) -> float:
        """Share of a node's side streams that belongs to the product."""
        return self.register.kept(str(self.links.nodes.site[node]))

    def read(self) -> tuple[list[Entry], list[Leaving]]:
        """Burden of waste, and what leaves for a use."""
        arcs = self.leaves[~self.returns(self.leaves)]
        groups = np.full(len(arcs), "used", dtype=object)
        ends = self.links.arcs.kind[arcs] == ArcKind.FATE
        groups[ends] = outlet_groups(self.links, arcs[ends])
        amounts = self._amounts(arcs)
        entries, leaving = [], []
        for arc, group, amount in zip(arcs.tolist(), groups, amounts, strict=True):
            price = self._price(arc)
            waste = group != "used" or price.value < 0
            if waste:
                entries += self._burden(arc, amount)
            if group == "used":
                leaving.append(self._leaving(arc, amount, price, waste=waste))
        return [each for each in entries if _counts(each)], leaving

    def _amounts(self, arcs: Ints) -> list[Input]:
        flow = self.ledger.per_arc()[arcs]
        low, high = ranges(self.links, arcs, flow)
        grade = dict(zip(self.ledger.arc.tolist(), self.ledger.evidence.tolist(), strict=True))
        found = []
        for row, (arc, source) in enumerate(zip(arcs.tolist(), sources(self.links, arcs), strict=True)):
            origin = int(self.links.arcs.origin[arc])
            kept, node = self.kept(origin), self.links.nodes
            value = float(flow[row]) * kept
            least, most = (value if np.isnan(end) else float(end) * kept for end in (low[row], high[row]))
            unit, key = f"{self.links.units[arc]}/a", f"streams: {node.id[origin]}"
            found.append(Input(str(node.name[origin]), value, least, most, unit, Grade(grade[arc]).name, source, key))
        return found

    def _price(self, arc: int) -> Input:
        arcs = self.links.arcs
        value = float(arcs.payment[arc] - arcs.eur[arc, _AT_GATE].sum())
        half = HALF_WIDTH * float(np.linalg.norm(arcs.eur_sd[arc, _AT_GATE]))
        grade = Grade(arcs.grade_eur[arc]).name
        return Input("price at the gate", value, value - half, value + half, f"EUR/{self.links.units[arc]}", grade, "", self.where(arc))

    def where(self, arc: int) -> str:
        """Table and key of what takes a flow."""
        nodes = self.links.nodes
        node = int(self.links.arcs.destination[arc])
        return f"{NodeKind(nodes.kind[node]).name.lower()}s: {nodes.id[node]}"

    def named(self, arc: int) -> str:
        """Both ends of a flow, in words."""
        nodes, arcs = self.links.nodes, self.links.arcs
        return f"{nodes.name[arcs.origin[arc]]} → {nodes.name[arcs.destination[arc]]}"

    def factor(self, arc: int, value: float, sd: float, name: str) -> Input:
        """Kg CO2e per unit of a flow, with its range."""
        grade = Grade(self.links.arcs.grade_co2[arc]).name
        half = HALF_WIDTH * sd
        return Input(name, value, value - half, value + half, f"kgCO2e/{self.links.units[arc]}", grade, "", f"{self.where(arc)}: {name}")

    def _burden(self, arc: int, amount: Input) -> list[Entry]:
        """Carriage of waste, and its disposal; what a plant does with it belongs to what the plant makes."""
        arcs, told = self.links.arcs, not self.links.arcs.unknown_co2[arc]
        terms = [_TRANSPORT, _OUTLET] if told else [_TRANSPORT]
        value, sd = float(arcs.co2[arc, terms].sum()), float(np.linalg.norm(arcs.co2_sd[arc, terms]))
        name = self.named(arc)
        found = [Entry(name, "residue", "3", amount, self.factor(arc, value, sd, "carriage and disposal" if told else "carriage"))]
        if not told:
            factor = unknown("disposal", f"kgCO2e/{self.links.units[arc]}")
            found.append(Entry(f"{name}: disposal", "residue", "3", amount, factor, missing=f"emission of {name}"))
        return found

    def _leaving(self, arc: int, amount: Input, price: Input, *, waste: bool) -> Leaving:
        arcs = self.links.arcs
        terms = [_DISPLACED] if waste else [_TRANSPORT, _OUTLET, _DISPLACED]
        value, variance = float(arcs.co2[arc, terms].sum()), float((arcs.co2_sd[arc, terms] ** 2).sum())
        more, spread, missing = self._beyond(arc)
        credit = self.factor(arc, value + more, float(np.sqrt(variance + spread)), "replaced, less carriage and processing")
        if arcs.unknown_displaced[arc]:
            missing = (*missing, Unknown(f"what {self.named(arc)} replaces", adds=False))
        if arcs.unknown_co2[arc] and not waste:
            missing = (*missing, Unknown(f"emission of {self.named(arc)}", adds=True))
        role = "waste" if waste else "coproduct"
        unpriced = f"price of {self.named(arc)}" if arcs.unknown_eur[arc] and not waste else ""
        same = bool(f"{self.links.units[arc]}/a" == self.register.output.unit)
        fate = str(self.links.nodes.name[arcs.destination[arc]])
        return Leaving(self.named(arc), self.where(arc), role, amount, price, credit, same, fate, missing, unpriced)

    def _beyond(self, arc: int) -> tuple[float, float, Unknowns]:
        """Kg CO2e per unit at a need or in a plant, its variance, and what is not known of it."""
        kind = self.links.arcs.kind[arc]
        if kind == ArcKind.DIRECT:
            return displaced_by(self.links, arc)
        return self.chain.per_unit(arc) if kind == ArcKind.FEED else (0.0, 0.0, ())


def changed(planned: Flows, reference: Flows) -> list[Entry]:
    """What a plan changes in what enters: less is bought where side streams come back or others' are taken, carried, recovered."""
    links, arcs = planned.links, planned.links.arcs
    more = change(reference.ledger.per_arc(), planned.ledger.per_arc())
    moved = np.flatnonzero(more).astype(np.int32)
    into = planned.own[arcs.destination[moved]] & (links.nodes.kind[arcs.destination[moved]] == NodeKind.NEED)
    loops = (arcs.kind[moved] == ArcKind.FATE) & planned.own[arcs.origin[moved]] & planned.returns(moved)
    found = [_change(planned, arc, float(more[arc]), _DISPLACED) for arc in moved[loops].tolist()]
    for arc in moved[into].tolist():
        found.append(_change(planned, arc, float(more[arc]), _PURCHASE if arcs.kind[arc] == ArcKind.BUY else _TRANSPORT))
        if arcs.kind[arc] == ArcKind.DELIVER:
            found.append(_recovered(planned, arc, float(more[arc])))
    return [each for each in found if _counts(each)]


def _counts(entry: Entry) -> bool:
    """Whether a part has a word to say: a factor other than 0. One that nobody knows is NaN, and counts."""
    return entry.factor.value != 0.0


def _change(flows: Flows, arc: int, more: float, term: int) -> Entry:
    """A flow that is larger or smaller than today, with one of its coefficients."""
    arcs = flows.links.arcs
    factor = flows.factor(arc, float(arcs.co2[arc, term]), float(arcs.co2_sd[arc, term]), CO2_TERMS[term])
    blind = arcs.unknown_displaced[arc] if term == _DISPLACED else arcs.unknown_co2[arc]
    missing = f"emission of {flows.named(arc)}" if blind else ""
    takes = (more > 0) == (term == _DISPLACED)
    known = unknown(factor.name, factor.unit) if missing else factor
    return Entry(f"{flows.named(arc)}, more than today", "plan", "3", _more(flows, arc, more), known, missing=missing, takes=takes)


def _recovered(flows: Flows, arc: int, more: float) -> Entry:
    """What comes in from a plant bears the plant's work; under system expansion the streams that the plant takes do."""
    value, variance, gaps = flows.chain.own_per_output(arc)
    missing = "; ".join(each.name for each in gaps)
    factor = flows.factor(arc, NAN if missing else value, float(np.sqrt(variance)), "work of the plant")
    name = f"Recovery: {flows.named(arc)}, more than today"
    return Entry(name, "recovery", "3", _more(flows, arc, more), factor, _SHARED, missing, takes=more < 0)


def _more(flows: Flows, arc: int, more: float) -> Input:
    """How much more flows, of it what belongs to the product: by the site that it comes back to."""
    links, row = flows.links, np.array([arc], dtype=np.int32)
    back = links.arcs.kind[arc] == ArcKind.FATE
    amount = more * flows.kept(int(links.arcs.origin[arc] if back else links.arcs.destination[arc]))
    ends = [amount if np.isnan(end[0]) else float(end[0]) for end in ranges(links, row, np.array([amount]))]
    grade = Grade(links.arcs.grade[arc]).name
    source, key = sources(links, row)[0], f"{flows.where(arc)}: more"
    return Input(flows.named(arc), amount, min(ends), max(ends), f"{links.units[arc]}/a", grade, source, key)
