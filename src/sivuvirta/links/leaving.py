"""Leaving: what outlets cost, emit and displace, and how much they take."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, grade_codes, known, picked, positions, spread
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.money import Figures
from sivuvirta.links.outlets import outlet_capacity, unpriced
from sivuvirta.links.terms import CO2, EUR, Terms


def outlet_terms(world: World, ends: Ends, terms: Terms, factor: Figures) -> None:
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
    terms.worsen_displaced(at[used], factor.grade[product[used]], blind[used])
