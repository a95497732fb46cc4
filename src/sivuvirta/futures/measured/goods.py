"""Goods: prices and emission factors of what is bought, used as energy, or replaced outside the region. One draw for all uses."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Floats, Links, NodeKind
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.futures.measured.hauled import coefficient, evolve_range
from sivuvirta.futures.measured.setting import Setting
from sivuvirta.links.codes import known, picked, positions, spread
from sivuvirta.links.materials import materials
from sivuvirta.links.money import Figures, factors, per_dry_unit, prices
from sivuvirta.links.works import UTILITIES

_ENERGY = 1  # position in WORK_EUR_TERMS and WORK_CO2_TERMS
_KINDS = {"purchase": ("purchase", "price of"), "emission": ("co2 purchase", "emission factor of")}


def goods(book: Book, setting: Setting) -> dict[str, tuple[Floats, Part]]:
    """What products that are bought cost and emit per unit."""
    arcs, nodes = setting.links.arcs, setting.links.nodes
    bought = setting.kind(ArcKind.BUY, ArcKind.REAGENT)
    origin, found = setting.of(arcs.origin), {}
    for name, (kind, words) in _KINDS.items():
        values, spreads, terms = (arcs.eur, arcs.eur_sd, EUR_TERMS) if name == "purchase" else (arcs.co2, arcs.co2_sd, CO2_TERMS)
        column = terms.index("purchase")
        value, sd, part = setting.of(values)[:, column], setting.of(spreads)[:, column], Part()
        for node in np.unique(origin[bought & (sd > 0)]).tolist():
            rows = np.flatnonzero(bought & (origin == node) & (sd > 0))
            one = coefficient(kind, str(nodes.id[node]), f"{words} {nodes.name[node]}", (value[rows[0]], sd[rows[0]]))
            part.add(rows, book.number(one), sd[rows])
        found[name] = (np.where(bought, value, 0.0), part)
    return found


def displaced(book: Book, setting: Setting) -> dict[str, tuple[Floats, Part]]:
    """What outlets replace outside the region: product units per unit, and their emission factor, each drawn once for all its uses."""
    links = setting.links
    region, nodes = links.region, links.nodes
    fates, products = region.table("fates"), region.table("products")
    factor = money(region)[1]
    destination = setting.of(links.arcs.destination)
    outlet = setting.kind(ArcKind.FATE, ArcKind.RESIDUE) & (nodes.kind[destination] == NodeKind.FATE)
    row = np.where(outlet, positions(fates["fate"], nodes.id[destination]), -1)
    product = positions(products["product"], picked(fates["product"], row, None))
    ratio = np.where(product >= 0, known(picked(fates["ratio"], row, np.nan), 0.0), 0.0)
    sd = np.asarray(picked(spread(fates["ratio_low"], fates["ratio_high"]), row, 0.0), dtype=float)
    replaced, weight = Part(), Part()
    for at in np.unique(row[(sd > 0) & (ratio > 0)]).tolist():
        key = str(fates["fate"][at])
        one = Input("replaced", key, f"what {fates['name'][at]} replaces", "lognormal", float(fates["ratio"][at]), float(sd[row == at][0]))
        rows = np.flatnonzero(row == at)
        number = book.number(evolve_range(one, float(fates["ratio_low"][at]), float(fates["ratio_high"][at])))
        replaced.add(rows, number, sd[rows])
    for at in np.unique(product[(product >= 0) & (ratio > 0)]).tolist():
        value, width = float(known(factor.value[at], 0.0)), float(factor.sd[at])
        if width > 0:
            one = coefficient("co2 purchase", str(products["product"][at]), f"emission factor of {products['name'][at]}", (value, width))
            rows = np.flatnonzero(product == at)
            weight.add(rows, book.number(one), np.full(len(rows), width))
    emitted = np.where(product >= 0, known(picked(factor.value, product, 0.0), 0.0), 0.0)
    return {"replaced": (ratio, replaced), "factor": (emitted, weight)}


def utilities(book: Book, links: Links) -> dict[str, tuple[Floats, Part]]:
    """Energy and water of plants, EUR and kg CO2e per unit of activity."""
    works, region = links.works, links.region
    table, products = region.table("technologies"), region.table("products")
    technology = positions(table["technology"], works.technology)
    found = {}
    for figures, (kind, words), name, base, sd in (
        (money(region)[0], _KINDS["purchase"], "energy", works.eur[:, _ENERGY], works.eur_sd[:, _ENERGY]),
        (money(region)[1], _KINDS["emission"], "heat", works.co2[:, _ENERGY], works.co2_sd[:, _ENERGY]),
    ):
        part = Part()
        for column, (product, units) in UTILITIES.items():
            row = int(positions(products["product"], [product])[0])
            if row < 0 or not figures.sd[row] > 0:
                continue
            unit = units.get(products["unit"][row], 0.0)
            uses = np.where(sd > 0, known(picked(table[column], technology, 0.0), 0.0) * unit, 0.0)
            plants = np.flatnonzero(uses)
            figure = (float(known(figures.value[row], 0.0)), float(figures.sd[row]))
            if len(plants):
                one = coefficient(kind, product, f"{words} {products['name'][row]}", figure)
                part.add(plants, book.number(one), uses[plants] * figure[1])
        found[name] = (base, part)
    return found


def money(region: Any) -> tuple[Figures, Figures]:
    """Price and emission factor of products per canonical unit, as links has them."""
    return per_dry_unit(region, materials(region), prices(region), factors(region))
