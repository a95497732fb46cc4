"""Arcs: every coefficient of every candidate flow, filled in kind by kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import fields, frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Arcs, Codes, Floats, NodeKind
from sivuvirta.domain.table import Table
from sivuvirta.links.carriage import Carriage
from sivuvirta.links.codes import Mask, Rows, grade_codes, ints, known, picked, positions, spread, worst
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.hauls import HAULED, Hauls, Ways
from sivuvirta.links.money import Figures
from sivuvirta.links.outlets import outlet_capacity, unpriced
from sivuvirta.links.payables import payable
from sivuvirta.links.payables import terms as payable_terms

EUR = {term: column for column, term in enumerate(EUR_TERMS)}
CO2 = {term: column for column, term in enumerate(CO2_TERMS)}


@frozen(eq=False)
class Terms:
    """Coefficients while they are being filled in; each function below owns the rows of its kinds of arc."""

    eur: Floats
    eur_sd: Floats
    co2: Floats
    co2_sd: Floats
    ratio: Floats
    payment: Floats
    capacity: Floats
    today: Floats
    share_low: Floats
    share_high: Floats
    grade_eur: Codes
    grade_co2: Codes
    unknown_eur: Mask
    unknown_co2: Mask

    def worsen(self, at: Rows, grade: Codes) -> None:
        """Money and emission of some arcs rest on something of a grade."""
        self.worsen_eur(at, grade)
        self.worsen_co2(at, grade)

    def worsen_eur(self, at: Rows, grade: Codes, unknown: Mask | None = None) -> None:
        """Money of some arcs rests on something of a grade; what is not known counts as 0, at grade D."""
        _worsen(self.grade_eur, self.unknown_eur, at, (grade, unknown))

    def worsen_co2(self, at: Rows, grade: Codes, unknown: Mask | None = None) -> None:
        """The same of their emission."""
        _worsen(self.grade_co2, self.unknown_co2, at, (grade, unknown))


def _worsen(grades: Codes, unknown: Mask, at: Rows, found: tuple[Codes, Mask | None]) -> None:
    grade, missing = found
    if missing is not None:
        unknown[at] |= missing
        grade = np.where(missing, int(Grade.D), grade).astype(np.int8)
    grades[at] = np.maximum(grades[at], grade)


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
    _uses(world, ends, terms)
    _payables(world, ends, terms)
    _gates(world, ends, terms)
    _shares(world, ends, terms)
    _outlets(world, ends, terms, money[1])
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


def _uses(world: World, ends: Ends, terms: Terms) -> None:
    """Ratio e_a, market revenue and payment of what reaches needs (P2). A market's price is a sale out of the region.

    The price agreed in the acceptance, per unit of material, goes before the need's own, per unit of product.
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
    metal = payable_terms(world.region)[2][row] & ends.of(ArcKind.DIRECT)[at]
    terms.worsen_eur(at, grade, market & np.isnan(paid) & ~metal)
    terms.worsen_co2(at, grade)


def _payables(world: World, ends: Ends, terms: Terms) -> None:
    """What is paid for a component of what comes straight from a stream, beside the price: by a market, or within the region."""
    pays = np.append(payable_terms(world.region)[2], False)
    at = np.flatnonzero(ends.of(ArcKind.DIRECT) & pays[np.where(ends.of(ArcKind.DIRECT), ends.row, -1)])
    if len(at) == 0:
        return
    streams = world.region.table("streams")["stream"][ends.origin[at]]
    found = payable(world.region, streams, ends.row[at])
    market = world.demand.demands.market[ends.destination[at] - world.first(NodeKind.NEED)]
    sold, unknown = at[market], np.isnan(found.value)
    terms.eur[sold, EUR["revenue"]] -= known(found.value, 0.0)[market]
    terms.eur_sd[sold, EUR["revenue"]] = np.hypot(terms.eur_sd[sold, EUR["revenue"]], found.sd[market])
    terms.worsen_eur(sold, found.grade[market], unknown[market])
    inside = at[~market]
    terms.payment[inside] += known(found.value, 0.0)[~market]


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


def _outlets(world: World, ends: Ends, terms: Terms, factor: Figures) -> None:
    r"""Today's outlets: fee, tax, revenue, their own emission and what they displace outside the region.

    .. math:: fee = m_i \, fee_w, \quad displaced = -e_w \, f_{product}

    with m_i left out where the fate states its money per dry tonne.
    """
    at = np.flatnonzero(ends.of(ArcKind.FATE, ArcKind.RESIDUE))
    outlets, fates = world.outlets, world.region.table("fates")
    outlet = ends.row[at]
    row = outlets.row[outlet]
    basis = np.where(picked(fates["basis"], row, None) == "dry", 1.0, ends.sent[at])
    for term, sign in (("fee", 1.0), ("tax", 1.0), ("revenue", -1.0)):
        terms.eur[at, EUR[term]] = sign * known(_number(fates, term, row), 0.0) * basis + 0.0
    for term in ("fee", "revenue"):
        terms.eur_sd[at, EUR[term]] = spread(_number(fates, f"{term}_low", row), _number(fates, f"{term}_high", row)) * basis
    terms.co2[at, CO2["outlet"]] = known(_number(fates, "co2", row), 0.0)
    terms.co2_sd[at, CO2["outlet"]] = spread(_number(fates, "co2_low", row), _number(fates, "co2_high", row))
    _displaced(world, terms, at, row, factor)
    stream = outlets.stream[outlet]
    terms.today[at] = outlets.share[outlet] * np.where(stream >= 0, picked(world.supply.value, stream, 0.0), 0.0)
    stated = _number(fates, "capacity", row)
    terms.capacity[at] = np.minimum(terms.capacity[at], outlet_capacity(outlets, outlet, stated, terms.today[at]))
    _known_outlets(world, terms, at, outlet)


def _known_outlets(world: World, terms: Terms, at: Rows, outlet: Rows) -> None:
    """Grades of outlets, and whether their money and their own emission are known. One that nobody states is known for an output alone."""
    outlets, fates = world.outlets, world.region.table("fates")
    row, nobody = outlets.row[outlet], outlets.stream[outlet] >= 0
    grade = np.where(row < 0, np.where(nobody, int(Grade.D), int(Grade.A)), picked(grade_codes(fates["grade"]), row, 0)).astype(np.int8)
    terms.worsen_eur(at, grade, np.where(row < 0, nobody, picked(unpriced(fates), row, False)).astype(bool))
    terms.worsen_co2(at, grade, np.where(row < 0, nobody, picked(np.isnan(fates["co2"]), row, False)).astype(bool))


def _number(table: Table, column: str, row: Rows) -> Floats:
    return np.asarray(picked(table[column], row, np.nan), dtype=float)


def _displaced(world: World, terms: Terms, at: Rows, row: Rows, factor: Figures) -> None:
    """Emission of the product that an outlet replaces, as a saving, with the spread of both ratio and factor."""
    fates = world.region.table("fates")
    product = positions(world.region.table("products")["product"], picked(fates["product"], row, None))
    ratio = known(_number(fates, "ratio", row), 0.0)
    ratio_sd = spread(_number(fates, "ratio_low", row), _number(fates, "ratio_high", row))
    value = known(picked(factor.value, product, 0.0), 0.0)
    value_sd = np.asarray(picked(factor.sd, product, 0.0), dtype=float)
    terms.co2[at, CO2["displaced"]] = 0.0 - ratio * value
    terms.co2_sd[at, CO2["displaced"]] = np.hypot(ratio * value_sd, ratio_sd * value)
    unstated = (product >= 0) & np.isnan(_number(fates, "ratio", row))
    used: Mask = ((product >= 0) & (ratio > 0)) | unstated
    blind = np.isnan(np.append(factor.value, np.nan)[product]) | unstated
    terms.worsen_co2(at[used], factor.grade[product[used]], blind[used])


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
