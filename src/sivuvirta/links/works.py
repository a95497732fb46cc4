"""Works: plants, existing and candidate, with what they cost and emit per unit of activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, NodeKind, Works, Yields
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, Rows, grade_codes, ints, known, picked, positions, spread, worst
from sivuvirta.links.curves import Curves, Scale, annuity, curves
from sivuvirta.links.ends import World
from sivuvirta.links.money import Figures, discount_rate, indexed, rate_needed
from sivuvirta.links.nodes import existing
from sivuvirta.links.recipes import recoveries

UTILITIES: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "electricity": ("electricity", {"MWh": 1e-3}),
    "heat": ("process_heat", {"MWh": 1e-3}),
    "diesel": ("diesel", {"l": 1.0, "m3": 1e-3}),
    "water": ("process_water", {"m3": 1.0, "t": 1.0, "l": 1e3}),
}
"""Column of technologies -> the product that prices it, and product units per kWh, l or m3 of the column."""

CAPEX_SERIES = "capex"


@frozen(eq=False)
class Energy:
    """Energy and water per unit of activity. Shape (plants,)."""

    eur: Floats
    eur_sd: Floats
    co2: Floats
    co2_sd: Floats
    grade_eur: Codes
    grade_co2: Codes
    unstated: Mask  # the technology does not say how much it uses of something
    costless: Mask  # it uses something without a known price
    factorless: Mask  # it uses something without a known factor
    unpriced: tuple[str, ...]  # products used that have no price
    unweighed: tuple[str, ...]  # products used that have no factor


@frozen(eq=False)
class Built:
    """Works with what was assumed about them."""

    works: Works
    curves: Curves
    energy: Energy
    unindexed: Mask  # investments in money of another year
    idle: Mask  # existing plants that do not stand in the year of the vintage
    opexless: Mask  # no variable cost is known
    upkeepless: Mask  # an investment without a known fixed cost a year
    boundless: Mask  # existing plants whose capacity is not known
    emissionless: Mask  # no emission of the process is known


@frozen(eq=False)
class Designs:
    """What the tables say of plants. Shape (plants,)."""

    technology: Rows  # row of technologies
    candidate: Mask
    explicit: Mask  # a candidate that states its fixed cost or its cost of capacity
    stands: Mask  # an existing plant that stands in the year of the vintage
    number: Mapping[str, Floats]  # columns of its technology
    ratio: Floats  # what turns the technology's money into that of the price year
    unindexed: Mask


def works(world: World, price: Figures, factor: Figures, yields: Yields) -> Built:
    """All plants of a region.

    An existing plant is sunk: it has a capacity, no investment. A candidate has the cost curve of its technology, or, where the plant
    states a fixed cost or a cost of capacity, those instead. A stated variable cost replaces the technology's opex and energy.

    Args:
        world: the region.
        price: of products, per canonical unit.
        factor: of products, per canonical unit.
        yields: of all arcs that enter plants.

    Raises:
        OptionError: a candidate needs an annuity, and the vintage has no discount rate.
    """
    region, design = world.region, _designs(world.region)
    table, number = region.table("plants"), design.number
    curve = _curves(region, design)
    energy = _energy(region, design.technology, price, factor)
    built = Works(
        node=ints(world.first(NodeKind.PLANT) + np.arange(len(table))),
        technology=table["technology"],
        candidate=design.candidate,
        capacity=np.where(design.stands, known(table["capacity"], np.inf), 0.0),
        size_min=curve.size_min,
        size_max=curve.size_max,
        **_running(table["variable_cost"], number["variable_opex"] * design.ratio, energy),
        co2=np.column_stack([known(number["co2"], 0.0), energy.co2]),
        co2_sd=np.column_stack([np.zeros(len(table)), energy.co2_sd]),
        curve_size=curve.size,
        curve_capex=curve.capex,
        **_yearly(region, number, design.candidate & ~design.explicit),
        fixed=np.where(design.explicit, known(table["fixed_cost"], 0.0), 0.0),
        per_size=np.where(design.explicit, known(table["capacity_cost"], 0.0), 0.0),
        capex_sd=_ratio(spread(number["capex_low"], number["capex_high"]), number["capex"]),
        **_flags(region, design),
        staff=_ratio(number["staff"], number["reference_capacity"]),
        **_evidence(region, design, energy),
        slots=world.recipes.slots,
        outputs=world.recipes.outputs,
        yields=yields,
        recoveries=recoveries(region, world.recipes),
    )
    return Built(
        works=built,
        curves=curve,
        energy=energy,
        unindexed=design.unindexed & design.candidate & ~design.explicit,
        idle=~design.stands & ~design.candidate,
        opexless=_opexless(region, design),
        upkeepless=_upkeepless(design),
        boundless=_boundless(region, design),
        emissionless=np.isnan(number["co2"]),
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    """One column by another, 0 where either is not known or the divisor is 0."""
    return known(np.divide(part, whole, out=np.zeros(len(part)), where=np.nan_to_num(whole) != 0), 0.0)


def _designs(region: Region) -> Designs:
    table, technologies = region.table("plants"), region.table("technologies")
    technology = positions(technologies["technology"], table["technology"])
    candidate = np.asarray(table["status"] == "candidate", dtype=bool)
    number = {name: np.asarray(picked(technologies[name], technology, np.nan), dtype=float) for name in _NUMBERS}
    ratio, unindexed = indexed(region, number["capex_year"], (CAPEX_SERIES,))
    explicit = candidate & ~(np.isnan(table["fixed_cost"]) & np.isnan(table["capacity_cost"]))
    return Designs(technology, candidate, explicit, existing(region), number, ratio, unindexed)


def _curves(region: Region, design: Designs) -> Curves:
    """Cost curves; an investment whose lifetime is not known has no annuity, so it counts as not known."""
    table, number = region.table("plants"), design.number
    capex = np.where(np.isnan(number["lifetime"]), np.nan, number["capex"] * design.ratio)
    scale = Scale(number["reference_capacity"], capex, number["scale"])
    return curves(scale, table["capacity_min"], table["capacity_max"], design.candidate, design.explicit)


def _flags(region: Region, design: Designs) -> dict[str, Any]:
    technologies = region.table("technologies")
    yes = {name: picked(technologies[name], design.technology, None) for name in ("mixes", "recovery", "hazardous_ok", "stores")}
    return {name: np.asarray(column == True, dtype=bool) for name, column in yes.items()}  # noqa: E712 - objects with None


def _opexless(region: Region, design: Designs) -> Mask:
    return np.asarray(np.isnan(design.number["variable_opex"]) & np.isnan(region.table("plants")["variable_cost"]), dtype=bool)


def _upkeepless(design: Designs) -> Mask:
    return np.asarray(np.isnan(design.number["fixed_opex"]) & design.candidate & ~design.explicit, dtype=bool)


def _boundless(region: Region, design: Designs) -> Mask:
    return np.asarray(np.isnan(region.table("plants")["capacity"]) & design.stands, dtype=bool)


def _evidence(region: Region, design: Designs, energy: Energy) -> dict[str, Any]:
    """Grades of plants, and whether all of their money and emission is known. A plant without a known capacity is an assumption, D."""
    plants, technologies = region.table("plants"), region.table("technologies")
    boundless = np.where(_boundless(region, design), int(Grade.D), int(Grade.A))
    own = worst(grade_codes(plants["grade"]), picked(grade_codes(technologies["grade"]), design.technology, int(Grade.D)), boundless)
    computed = np.isnan(plants["variable_cost"])  # a stated cost of running replaces opex and energy
    money = _opexless(region, design) | _upkeepless(design) | (computed & (energy.unstated | energy.costless))
    emission = np.isnan(design.number["co2"]) | energy.unstated | energy.factorless
    return {
        "grade": worst(own, energy.grade_eur, energy.grade_co2),
        "grade_eur": worst(own, np.where(computed, energy.grade_eur, 0), np.where(money, int(Grade.D), 0)),
        "grade_co2": worst(own, energy.grade_co2, np.where(emission, int(Grade.D), 0)),
        "unknown_eur": money,
        "unknown_co2": emission,
    }


_NUMBERS = (
    "reference_capacity",
    "capex",
    "capex_low",
    "capex_high",
    "capex_year",
    "scale",
    "fixed_opex",
    "variable_opex",
    "staff",
    "lifetime",
    "co2",
)


def _running(stated: Floats, opex: Floats, energy: Energy) -> dict[str, Any]:
    """EUR per activity and its standard deviation, by WORK_EUR_TERMS."""
    own = ~np.isnan(stated)
    eur = np.column_stack([np.where(own, stated, known(opex, 0.0)), np.where(own, 0.0, energy.eur)])
    return {"eur": eur, "eur_sd": np.column_stack([np.zeros(len(stated)), np.where(own, 0.0, energy.eur_sd)])}


def _yearly(region: Region, number: Mapping[str, Floats], curved: Mask) -> dict[str, Any]:
    """Annuity of capital alone, and with the fixed opex, EUR/a per EUR."""
    rate = discount_rate(region)
    if np.isnan(rate) and curved.any():
        raise rate_needed(region)
    capital = known(annuity(rate, number["lifetime"]), 0.0)
    return {"annuity_only": capital, "annuity": capital + known(number["fixed_opex"], 0.0) / 100.0}


def _energy(region: Region, technology: Rows, price: Figures, factor: Figures) -> Energy:
    r"""Cost and emission of energy and water, with their uncertainty from that of prices and factors.

    .. math:: e_p = \sum_u a_{pu} \, price_u, \qquad \sigma^2 = \sum_u (a_{pu} \sigma_u)^2
    """
    table, products = region.table("technologies"), region.table("products")
    count = len(technology)
    sums, grades = np.zeros((4, count)), np.zeros((2, count), dtype=np.int8)
    unstated, missing = np.zeros(count, dtype=bool), np.zeros((2, count), dtype=bool)
    without: tuple[list[str], list[str]] = ([], [])
    for column, (product, units) in UTILITIES.items():
        use = np.asarray(picked(table[column], technology, np.nan), dtype=float)
        unstated |= np.isnan(use)
        row = int(positions(products["product"], [product])[0])
        unit = units.get(products["unit"][row]) if row >= 0 else None
        uses = known(use, 0.0) != 0
        for which, figures in enumerate((price, factor)):
            gone = unit is None or bool(np.isnan(figures.value[row]))
            missing[which] |= uses & gone
            grades[which] = np.where(uses, np.maximum(grades[which], figures.grade[row] if row >= 0 else int(Grade.D)), grades[which])
            without[which].extend([product] if gone and uses.any() else [])
        if row >= 0:
            sums += _terms(known(use, 0.0) * (unit or 0.0), price, factor, row)
    eur, co2 = sums[0], sums[2]
    eur_sd, co2_sd = np.sqrt(sums[1]), np.sqrt(sums[3])
    return Energy(eur, eur_sd, co2, co2_sd, grades[0], grades[1], unstated, missing[0], missing[1], tuple(without[0]), tuple(without[1]))


def _terms(amount: Floats, price: Figures, factor: Figures, row: int) -> Floats:
    """EUR, its variance, kg CO2e, its variance of an amount of one product."""
    cost, emission = (float(known(figures.value[row], 0.0)) for figures in (price, factor))
    return np.stack([amount * cost, (amount * price.sd[row]) ** 2, amount * emission, (amount * factor.sd[row]) ** 2])
