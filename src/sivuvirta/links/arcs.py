"""Arcs: every coefficient of every candidate flow, filled in kind by kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import fields

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Arcs, NodeKind
from sivuvirta.links.carriage import Carriage
from sivuvirta.links.codes import Rows, grade_codes, ints, known, picked, spread, worst
from sivuvirta.links.declared import made_as
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.hauls import HAULED, Hauls, Ways
from sivuvirta.links.leaving import outlet_terms
from sivuvirta.links.money import Figures
from sivuvirta.links.payables import Payable, made_payable, payable
from sivuvirta.links.payables import terms as payable_terms
from sivuvirta.links.terms import CO2, EUR, Terms


def arcs(world: World, ends: Ends, way: Ways, carried: tuple[Hauls, Carriage], money: tuple[Figures, Figures]) -> Arcs:
    """The table of candidate flows.

    Args:
        world: the region.
        ends: candidate arcs that can be used.
        way: their computed ways.
        carried: what holds for each of them, and what it costs and emits.
        money: price and emission factor of each product.
    """
    hauls, carriage = carried
    terms = _carried(ends, hauls, carriage)
    _moistures(world, ends, hauls, terms)
    paid = _paid_components(world, ends)
    _uses(world, ends, terms, paid[0])
    _payables(world, ends, terms, paid)
    _gates(world, ends, terms)
    _shares(world, ends, terms)
    outlet_terms(world, ends, terms, money[1])
    _purchases(world, ends, terms, money)
    fixed = known(world.region.table("links")["fixed_cost"], 0.0)
    filled: dict[str, Any] = {field.name: getattr(terms, field.name) for field in fields(Terms)}
    return Arcs(
        kind=ends.kind,
        origin=ints(ends.origin),
        destination=ints(ends.destination),
        slot=ints(ends.slot),
        output=ints(ends.output),
        acceptance=ints(np.where(ends.of(ArcKind.DIRECT, ArcKind.DELIVER), ends.row, -1)),
        material=ints(ends.material),
        sent=ends.sent,
        km=np.where(np.isnan(hauls.km), 0.0, hauls.km),
        mode=hauls.mode,
        pair=ints(np.where(hauls.feeder_legs > 0, hauls.pair, np.where(carriage.road & (hauls.pair < 0), way.pair, -1))),
        tkm=carriage.tkm,
        trips=carriage.trips,
        capacity_group=ints(np.where(np.isfinite(hauls.capacity), hauls.row, -1)),
        fixed_group=ints(np.where(picked(fixed > 0, hauls.row, False), hauls.row, -1)),
        grade=worst(terms.grade_eur, terms.grade_co2),
        grade_km=hauls.km_grade,
        feeder=hauls.feeder,
        feeder_km=hauls.feeder_km,
        feeder_legs=hauls.feeder_legs,
        **filled,
    )


def _carried(ends: Ends, hauls: Hauls, carriage: Carriage) -> Terms:
    """Terms of carriage; all others still nothing."""
    count = len(ends)
    eur, eur_sd = np.zeros((count, len(EUR_TERMS))), np.zeros((count, len(EUR_TERMS)))
    co2, co2_sd = np.zeros((count, len(CO2_TERMS))), np.zeros((count, len(CO2_TERMS)))
    for name in ("transport", "handling"):
        eur[:, EUR[name]] = getattr(carriage, name)
        eur_sd[:, EUR[name]] = getattr(carriage, f"{name}_sd")
    co2[:, CO2["transport"]], co2_sd[:, CO2["transport"]] = carriage.co2, carriage.co2_sd
    nothing = np.full((3, count), np.nan)
    lost = ~hauls.possible  # an outlet that is kept although no way to it is known
    grade = np.where(lost, int(Grade.D), carriage.grade).astype(np.int8)
    return Terms(
        eur,
        eur_sd,
        co2,
        co2_sd,
        nothing[0],
        np.zeros(count),
        hauls.capacity.copy(),
        np.zeros(count),
        nothing[1],
        nothing[2],
        grade,
        grade.copy(),
        lost,
        lost.copy(),
        np.zeros(count, dtype=bool),
    )


def _moistures(world: World, ends: Ends, hauls: Hauls, terms: Terms) -> None:
    """What is hauled, and taken for dry because no moisture is known, has carriage of grade D."""
    at = np.flatnonzero(ends.of(*HAULED))
    made = ends.output[at] >= 0
    streams = world.region.table("streams")["moisture"]
    own = np.where(
        made, picked(world.recipes.output_moisture, ends.output[at], np.nan), picked(streams, np.where(made, -1, ends.origin[at]), np.nan)
    )
    dry = np.isnan(own.astype(float)) & np.isnan(picked(world.tree.moisture, ends.material[at], np.nan).astype(float))
    taken = at[dry & (world.tree.units(ends.material[at]) == "t") & (hauls.mode[at] >= 0)]
    terms.worsen(taken, np.full(len(taken), int(Grade.D), dtype=np.int8))


def _uses(world: World, ends: Ends, terms: Terms, metals: Rows) -> None:
    """Ratio e_a, market revenue and payment of what reaches needs (P2). A market's price is a sale out of the region.

    The price agreed in the acceptance, per unit of material, goes before the need's own, per unit of product. Arcs of `metals` are paid
    for a component, and so not without a price.
    """
    at = np.flatnonzero(ends.of(ArcKind.DIRECT, ArcKind.DELIVER))
    row, need = ends.row[at], ends.destination[at] - world.first(NodeKind.NEED)
    table, needs = world.region.table("acceptances"), world.region.table("needs")
    market = world.demand.demands.market[need]
    ratio = table["ratio"][row]
    terms.ratio[at] = ratio
    basis = np.where((table["price_basis"] == "as_sent")[row], ends.sent[at], 1.0)
    agreed, offered = table["price"][row] * basis, needs["price"][need] * ratio
    open_price = np.isnan(agreed)
    paid = np.where(open_price, offered, agreed)
    terms.eur[at, EUR["revenue"]] = np.where(market, 0.0 - known(paid, 0.0), 0.0)
    ratio_sd = np.where(open_price, spread(table["ratio_low"], table["ratio_high"])[row], 0.0)
    terms.eur_sd[at, EUR["revenue"]] = np.where(market, np.abs(known(needs["price"][need], 0.0)) * ratio_sd, 0.0)
    terms.payment[at] = np.where(market, 0.0, known(paid, 0.0))
    grade = grade_codes(table["grade"])[row]
    terms.worsen_eur(at, grade, market & np.isnan(paid) & ~np.isin(at, metals))
    terms.worsen_co2(at, grade)


def _payables(world: World, ends: Ends, terms: Terms, paid: tuple[Rows, Payable]) -> None:
    """What is paid for a component, beside the price: by a market, or within the region.

    Of what comes straight from a stream by its content, of what a plant makes by the content that its technology declares.
    """
    at, found = paid
    if len(at) == 0:
        return
    market = world.demand.demands.market[ends.destination[at] - world.first(NodeKind.NEED)]
    sold, unknown = at[market], np.isnan(found.value)
    terms.eur[sold, EUR["revenue"]] -= known(found.value, 0.0)[market]
    terms.eur_sd[sold, EUR["revenue"]] = np.hypot(terms.eur_sd[sold, EUR["revenue"]], found.sd[market])
    terms.worsen_eur(sold, found.grade[market], unknown[market])
    inside = at[~market]
    terms.payment[inside] += known(found.value, 0.0)[~market]


def _paid_components(world: World, ends: Ends) -> tuple[Rows, Payable]:
    """Arcs on which a component is paid for, and what: those from streams, and those of plants whose technology declares the content."""
    pays = np.append(payable_terms(world.region)[2], False)
    at = np.flatnonzero(ends.of(ArcKind.DIRECT, ArcKind.DELIVER))
    at = at[pays[ends.row[at]]]
    if len(at) == 0:
        return at, Payable(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int8))
    direct = ends.kind[at] == ArcKind.DIRECT
    straight, made = at[direct], at[~direct]
    first = payable(world.region, world.region.table("streams")["stream"][ends.origin[straight]], ends.row[straight])
    products = made_as(world.region, world.recipes.outputs, ends.output[made], world.tree.id[ends.material[made]])
    declared = made_payable(world.region, products, ends.row[made])
    told = ~np.isnan(declared.value)
    value, sd, grade = (np.concatenate([getattr(first, name), getattr(declared, name)[told]]) for name in ("value", "sd", "grade"))
    return np.concatenate([straight, made[told]]), Payable(value, sd, grade.astype(np.int8))


def _gates(world: World, ends: Ends, terms: Terms) -> None:
    """What a unit costs before it leaves the gate towards a need or a plant: its value forgone."""
    at = np.flatnonzero(ends.of(ArcKind.DIRECT, ArcKind.FEED))
    terms.eur[at, EUR["gate"]] = known(world.region.table("streams")["gate_price"], 0.0)[ends.origin[at]]


def _shares(world: World, ends: Ends, terms: Terms) -> None:
    """Shares of an intake that acceptances and recipes allow a material, 0..1."""
    for kinds, name in (((ArcKind.DIRECT, ArcKind.DELIVER), "acceptances"), ((ArcKind.FEED, ArcKind.PASS), "recipe_inputs")):
        at = np.flatnonzero(ends.of(*kinds))
        table, row = world.region.table(name), ends.row[at]
        terms.share_low[at] = table["share_low"][row] / 100.0
        terms.share_high[at] = table["share_high"][row] / 100.0
        if name == "recipe_inputs":
            terms.worsen(at, grade_codes(table["grade"])[row])


def _purchases(world: World, ends: Ends, terms: Terms, money: tuple[Figures, Figures]) -> None:
    """Price and emission of primary products and reagents, per product unit."""
    price, factor = money
    at = np.flatnonzero(ends.of(ArcKind.BUY, ArcKind.REAGENT))
    product = ends.row[at]
    terms.eur[at, EUR["purchase"]], terms.eur_sd[at, EUR["purchase"]] = known(price.value[product], 0.0), price.sd[product]
    terms.co2[at, CO2["purchase"]], terms.co2_sd[at, CO2["purchase"]] = known(factor.value[product], 0.0), factor.sd[product]
    terms.worsen_eur(at, price.grade[product], np.isnan(price.value[product]))
    terms.worsen_co2(at, factor.grade[product], np.isnan(factor.value[product]))
    buys = at[ends.kind[at] == ArcKind.BUY]
    terms.ratio[buys] = 1.0
    terms.today[buys] = world.demand.demands.amounts.value[ends.destination[buys] - world.first(NodeKind.NEED)]
