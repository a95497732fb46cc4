"""Coefficients of the indicators: what a unit more on each arc, and each plant, adds to them. A saving is positive."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from sivuvirta.assess.benefits.shares import Shares
from sivuvirta.assess.fates import GROUPS, extractive, fate_kinds
from sivuvirta.assess.terms import work_carbon, work_cash
from sivuvirta.assess.unknowns import Changed, carbon_change, money_change
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import EUR_TERMS, ArcKind, Codes, Flags, Floats, Links, NodeKind, Texts

LANDFILLS = ("landfill", "hazardous_landfill")
PUBLIC = ("authority", "municipality", "university", "research")
_TO_USE = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
_YEARLY = "the investment behind a stated yearly cost"
_SOLD = (ArcKind.FATE, ArcKind.RESIDUE, ArcKind.DIRECT, ArcKind.DELIVER)


@frozen(eq=False)
class Measure:
    """One indicator."""

    indicator: str
    arcs: Floats  # per unit of each arc, shape (arcs,)
    plants: Floats  # of each plant's change, shape (plants,)
    grade: Codes  # of arcs, then of plants
    unknown: Flags  # arcs, then plants, of which something in it is not known
    why: str  # what is not known of them, in words
    lacks: str = ""  # what nobody says of any exchange
    rests: str = ""  # money or carbon: whose rows of prices, rates and factors it rests on
    joint: float = 0.0  # what arcs that do not change add all the same


def measures(shares: Shares, planned: Ledger, reference: Ledger) -> Iterator[Measure]:
    """The indicators of a ledger against a reference, those that only a party can claim left out."""
    evidence = _evidence(planned, reference)
    yield from _tonnes(shares, evidence)
    yield _carbon(planned, reference)
    yield from _products(shares, planned, reference, evidence)
    yield from _money(planned, reference, shares)
    yield _payments(shares, evidence)
    yield from _invested(shares, planned, reference, evidence)
    yield _posts(planned, reference, evidence)


def _evidence(planned: Ledger, reference: Ledger) -> Codes:
    """Worst grade of amount and verdict of each arc, then of each plant."""
    links = planned.links
    found = np.zeros(len(links.arcs), dtype=np.int8)
    for ledger in (planned, reference):
        found[ledger.arc] = np.maximum(found[ledger.arc], ledger.evidence)
    return np.concatenate([found, links.works.grade]).astype(np.int8)


def _plain(links: Links) -> tuple[Floats, Flags]:
    return np.zeros(len(links.works)), np.zeros(len(links.arcs) + len(links.works), dtype=bool)


def _tonnes(shares: Shares, evidence: Codes) -> Iterator[Measure]:
    """What no longer goes to landfill, to disposal and stock, and as hazardous waste to either."""
    links = shares.links
    none, known = _plain(links)
    rows = np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.FATE, ArcKind.RESIDUE)) & (links.units == "t") & (shares.moves != 0))
    fate = fate_kinds(links, rows)
    thrown = np.isin([GROUPS[each] for each in fate], ("disposed", "stocked"))
    mining = extractive(links)[links.arcs.origin[rows]]
    stated = _hazard(links)[links.arcs.origin[rows]]
    hazardous = (fate == "hazardous_landfill") | (stated == "yes")
    for name, counted in (
        ("landfill", np.isin(fate, LANDFILLS) & ~mining),
        ("diverted", thrown & ~mining),
        ("extractive", thrown & mining),
        ("hazardous", thrown & hazardous),
    ):
        each = np.zeros(len(links.arcs))
        each[rows[counted]] = -1.0
        unknown = known.copy()
        if name == "hazardous":
            unknown[rows[thrown & ~hazardous & (stated != "no")]] = True
        yield Measure(name, each, none, evidence, unknown, "whether it is hazardous waste")


def _hazard(links: Links) -> Texts:
    """Hazard of what leaves each node, as the register says it; a plant's residue is not known unless it is no waste."""
    table = links.region.table("streams")
    of = dict(zip(table["stream"].tolist(), table["hazardous"].tolist(), strict=True))
    kinds = links.nodes.kind == NodeKind.STREAM
    return np.array(
        [(of.get(key) if stream else None) or "unknown" for stream, key in zip(kinds, links.nodes.id, strict=True)], dtype=object
    )


def _carbon(planned: Ledger, reference: Ledger) -> Measure:
    links, changed = planned.links, carbon_change(planned, reference)
    plants = -(work_carbon(planned) - work_carbon(reference)).sum(axis=1) / 1000.0
    each = -links.arcs.co2.sum(axis=1) / 1000.0
    return Measure("co2", each, plants, changed.grade, changed.unknown, "an emission", rests="carbon")


def _products(shares: Shares, planned: Ledger, reference: Ledger, evidence: Codes) -> Iterator[Measure]:
    """Bought less, or displaced more outside the region: tonnes, energy, water."""
    links = shares.links
    arcs = links.arcs
    bought = np.isin(arcs.kind, (ArcKind.BUY, ArcKind.REAGENT))
    displaced, unit = _displaced(links, shares.moves)
    nothing = np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.DELIVER)) & ~shares.replaced
    none, known = _plain(links)
    unstated = known.copy()
    unstated[: len(arcs)] = nothing & (shares.moves != 0)
    for name, counted in (("virgin", "t"), ("energy", "MWh")):
        each = np.where(bought & (links.units == counted), -1.0, 0.0) + np.where(unit == counted, displaced, 0.0)
        yield Measure(name, each, none, evidence, unstated, "what it replaces at its receiver")
    each = np.where(bought & (links.units == "m3"), -1.0, 0.0) + np.where(unit == "m3", displaced, 0.0)
    rate = _water(links)
    more = change(reference.operations.activity, planned.operations.activity)
    dry = known.copy()
    dry[len(arcs) :] = np.isnan(rate) & (more != 0)
    lacks = "" if (links.units == "m3").any() else "the register holds no water"
    yield Measure("water", each, -np.nan_to_num(rate) * more, evidence, dry, "water of the plant", lacks)


def _displaced(links: Links, moves: Floats) -> tuple[Floats, Texts]:
    """Product that an outlet replaces outside the region, per unit, and its unit. Shape (arcs,)."""
    fates, products = links.region.table("fates"), links.region.table("products")
    each, unit = np.zeros(len(links.arcs)), np.full(len(links.arcs), "", dtype=object)
    for row in np.flatnonzero((moves != 0) & np.isin(links.arcs.kind, (ArcKind.FATE, ArcKind.RESIDUE))):
        at = fates.index.get(links.nodes.id[links.arcs.destination[row]])
        if at is not None and fates["product"][at] is not None and not np.isnan(fates["ratio"][at]):
            each[row], unit[row] = float(fates["ratio"][at]), products["unit"][products.index[fates["product"][at]]]
    return each, unit


def _water(links: Links) -> Floats:
    """Water of each plant, m3 per unit of activity, NaN where not stated."""
    table = links.region.table("technologies")
    return np.array([float(table["water"][table.index[key]]) for key in links.works.technology], dtype=np.float64)


def _money(planned: Ledger, reference: Ledger, shares: Shares) -> Iterator[Measure]:
    """Worth, and its two parts: what is earned outside the region, and what is not spent."""
    links, changed = planned.links, money_change(planned, reference)
    revenue = EUR_TERMS.index("revenue")
    each = -links.arcs.eur.copy()
    ways = planned.per_arc() * planned.way_cost() - reference.per_arc() * reference.way_cost()
    shared = np.divide(ways, shares.moves, out=np.zeros(len(ways)), where=shares.moves != 0)
    each[:, EUR_TERMS.index("transport")] -= shared
    joint = -float(ways[shares.moves == 0].sum())
    plants = -(work_cash(planned) - work_cash(reference))
    for name, terms in (("benefit", None), ("cost", False), ("sales", True)):
        of = np.array([terms is None or (column == revenue) is terms for column in range(len(EUR_TERMS))])
        works = np.zeros(len(links.works)) if terms else plants.sum(axis=1)
        unknown = _sold_unknown(changed) if terms else changed.unknown
        money = each[:, of].sum(axis=1)
        yield Measure(
            name,
            money,
            works,
            changed.grade,
            unknown,
            "a price, fee or rate",
            rests="money",
            joint=0.0 if terms else joint,
        )


def _sold_unknown(changed: Changed) -> Flags:
    kind = changed.links.arcs.kind
    sold = np.concatenate([np.isin(kind, _SOLD), np.zeros(len(changed.unknown) - len(kind), dtype=bool)])
    return np.asarray(changed.unknown & sold, dtype=bool)


def _payments(shares: Shares, evidence: Codes) -> Measure:
    """What whoever hands over is paid by another organisation; unknown where nothing is agreed."""
    links = shares.links
    none, known = _plain(links)
    owner = np.array([key or "" for key in links.nodes.organisation], dtype=object)
    between = np.isin(links.arcs.kind, _TO_USE) & (owner[links.arcs.origin] != owner[links.arcs.destination])
    prices = np.append(links.region.table("acceptances")["price"].astype(float), np.nan)
    open_ = between & np.isnan(prices[links.arcs.acceptance]) & (np.nan_to_num(links.arcs.payment) == 0.0)
    market = np.zeros(len(links.nodes.id), dtype=bool)
    market[links.demand.amounts.node] = links.demand.market
    known[: len(links.arcs)] = open_ & ~market[links.arcs.destination]
    return Measure("payments", np.where(between, np.nan_to_num(links.arcs.payment), 0.0), none, evidence, known, "an agreed price")


def _invested(shares: Shares, planned: Ledger, reference: Ledger, evidence: Codes) -> Iterator[Measure]:
    """Investment in plants, and in pipes, cables and belts by the flows over them."""
    links = planned.links
    plants = planned.operations.capex - reference.operations.capex
    ways = planned.way_capex() - reference.way_capex()
    group = links.arcs.fixed_group
    flow = np.where(group >= 0, planned.per_arc(), 0.0)
    over = sums(group + 1, flow, len(ways) + 1)[1:]
    rate = np.append(np.divide(ways, over, out=np.zeros(len(ways)), where=over > 0), 0.0)[group]
    each = np.divide(rate * flow, shares.moves, out=np.zeros(len(flow)), where=shares.moves != 0)
    joint = float(ways.sum() - (each * shares.moves).sum())
    _, known = _plain(links)
    known[len(links.arcs) :] = planned.operations.built & (planned.operations.capex == 0) & ~reference.operations.built
    yield Measure("investment", each, plants, evidence, known, _YEARLY, joint=joint)
    table = links.region.table("organisations")
    kind = dict(zip(table["organisation"].tolist(), table["kind"].tolist(), strict=True))
    public = np.array([kind.get(key) in PUBLIC for key in links.nodes.organisation[links.works.node]], dtype=bool)
    laid = known.copy()
    laid[: len(links.arcs)] = each * shares.moves > 0
    own = np.where(public, 0.0, plants)
    yield Measure("private_investment", each, own, evidence, laid, f"{_YEARLY}, or who lays the way", joint=joint)


def _posts(planned: Ledger, reference: Ledger, evidence: Codes) -> Measure:
    links = planned.links
    more = change(reference.operations.activity, planned.operations.activity)
    _, unknown = _plain(links)
    unknown[len(links.arcs) :] = np.isnan(links.works.staff) & (more != 0)
    return Measure("jobs", np.zeros(len(links.arcs)), np.nan_to_num(links.works.staff) * more, evidence, unknown, "posts of the plant")
