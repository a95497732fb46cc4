"""Prices and emission factors of products, in money of the price year.

An index series is looked up by the product or kind that a price names (`capex` for investments, `freight` for modes), then as `general`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.links import Codes, Floats, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.links.codes import Mask, Rows, grade_codes, positions, spread
from sivuvirta.links.materials import Materials, sent

GENERAL = "general"
"""Index series that holds for whatever has no series of its own."""


@frozen(eq=False)
class Figures:
    """One figure for each product, in the order of the table. Shape (products,)."""

    value: Floats  # NaN where unknown
    sd: Floats
    grade: Codes
    as_sent: Mask  # it is per tonne as sent
    unindexed: Mask  # money of another year that no index converts


def price_year(region: Region) -> float:
    """The year whose euros count: the vintage's price year, else its year."""
    table = region.table("vintages")
    stated = float(table["price_year"][table.index[region.vintage]])
    return float(region.year) if np.isnan(stated) else stated


def discount_rate(region: Region) -> float:
    """Real rate of discount of the vintage, 0.05 for 5 %; NaN where it has none."""
    table = region.table("vintages")
    return float(table["discount_rate"][table.index[region.vintage]]) / 100.0


def rate_needed(region: Region) -> OptionError:
    """What to say where an annuity is needed and the vintage has no rate."""
    return OptionError(f"Vintage '{region.vintage}' has no discount rate, so no annuity can be computed. Give `discount_rate` in per cent.")


def indexed(region: Region, years: Floats, series: tuple[object, ...]) -> tuple[Floats, Mask]:
    r"""What turns money of other years into money of the price year.

    .. math:: p_{t} = p_{s} I_t / I_s    (U)

    Args:
        region: its `indices` hold the series, its vintage the price year t.
        years: s, NaN where not stated, shape (n,).
        series: names to look for, in this order; each a text, or an array of texts, shape (n,); then the general series.

    Returns:
        The ratio, 1 where no series covers both years, and where that was so although the years differ. Both of shape (n,).
    """
    year = price_year(region)
    table = region.table("indices")
    level = dict(zip(zip(table["index"].tolist(), table["year"].tolist(), strict=True), table["value"].tolist(), strict=True))
    names = [np.broadcast_to(np.asarray(name, dtype=object), years.shape).tolist() for name in (*series, GENERAL)]
    ratio = np.ones(len(years))
    missing = ~np.isnan(years) & (years != year)
    for row in np.flatnonzero(missing).tolist():
        for name in (column[row] for column in names):
            if (name, year) in level and (name, years[row]) in level:
                ratio[row] = level[name, year] / level[name, years[row]]
                missing[row] = False
                break
    return ratio, missing


def prices(region: Region) -> Figures:
    """Price of each product, EUR per product unit of the price year: the row of the nearest year, indexed where a series is given."""
    table, row = region.table("prices"), price_rows(region)
    ratio, unindexed = indexed(region, table["year"], (table["subject"], table["kind"]))
    figures = _figures(table, row, ratio)
    as_sent = (row < 0) | (_at(table["basis"], row) == "as_sent")
    return evolve(figures, as_sent=as_sent, unindexed=(row >= 0) & _at(unindexed, row).astype(bool))


def factors(region: Region) -> Figures:
    """Emission factor of each product, kg CO2e per product unit; fossil, of the nearest year. Biogenic carbon is not in it."""
    table, row = region.table("factors"), factor_rows(region)
    return evolve(_figures(table, row, np.ones(len(table))), as_sent=(row >= 0) & (_at(table["basis"], row) == "as_sent"))


def price_rows(region: Region) -> Rows:
    """Row of `prices` that holds for each product, -1 where there is none. Shape (products,)."""
    table, products = region.table("prices"), region.table("products")
    order = [grade_codes(table["grade"]), -table["year"], table["vat"] == "included", np.abs(table["year"] - price_year(region))]
    return _chosen(positions(products["product"], table["subject"]), order, table, len(products))


def factor_rows(region: Region) -> Rows:
    """Row of `factors` that holds for each product, -1 where there is none. Shape (products,)."""
    table, products = region.table("factors"), region.table("products")
    subject = positions(products["product"], table["subject"])
    subject = np.where(table["biogenic"] == True, -1, subject)  # noqa: E712 - objects with None
    away = np.abs(table["year"] - region.year)
    order = [grade_codes(table["grade"]), -np.nan_to_num(table["year"]), np.where(np.isnan(away), np.inf, away)]
    return _chosen(subject, order, table, len(products))


def index_rows(region: Region, year: float, series: tuple[object, ...]) -> tuple[int, ...]:
    """Rows of `indices` that turn money of a year into that of the price year, as `indexed` finds them; none where nothing is turned."""
    table, wanted = region.table("indices"), price_year(region)
    row = {key: at for at, key in enumerate(zip(table["index"].tolist(), table["year"].tolist(), strict=True))}
    if np.isnan(year) or year == wanted:
        return ()
    for name in (*series, GENERAL):
        if (name, wanted) in row and (name, year) in row:
            return row[name, year], row[name, wanted]
    return ()


def per_dry_unit(region: Region, tree: Materials, price: Figures, factor: Figures) -> tuple[Figures, Figures]:
    r"""Prices and factors per canonical unit of the product.

    .. math:: p_{dry} = m \, p_{as\,sent}    (U)

    Amounts of products are dry like all others, so a price or a factor per tonne as sent counts for the product's typical water too. Each
    states its own basis.
    """
    products = region.table("products")
    material = tree.find(products["material"])
    wet = np.where(products["unit"] == "t", sent(tree, material, np.full(len(products), np.nan)), 1.0)
    return _dry(price, wet), _dry(factor, wet)


def _dry(figures: Figures, wet: Floats) -> Figures:
    times = np.where(figures.as_sent, wet, 1.0)
    return evolve(figures, value=figures.value * times, sd=figures.sd * times)


def _chosen(subject: Rows, order: list[Floats], table: Table, count: int) -> Rows:
    """The best row of each subject, -1 where it has none; ties go to the first key."""
    name = pd.factorize(table[table.key[0]], sort=True)[0]
    ranked = np.lexsort((name, *order, subject))
    ranked = ranked[subject[ranked] >= 0]
    best = np.full(count, -1, dtype=np.int64)
    owner, first = np.unique(subject[ranked], return_index=True)
    best[owner] = ranked[first]
    return best


def _at(column: object, row: Rows) -> Texts:
    values = np.asarray(column)
    return values[np.maximum(row, 0)] if len(values) else np.zeros(len(row), dtype=values.dtype)


def _figures(table: Table, row: Rows, ratio: Floats) -> Figures:
    value, low, high = (_at(table[name] * ratio, row) for name in ("value", "low", "high"))
    grade = np.where(row < 0, grade_codes([None])[0], _at(grade_codes(table["grade"]), row)).astype(np.int8)
    nothing = np.zeros(len(row), dtype=bool)
    return Figures(np.where(row < 0, np.nan, value), np.where(row < 0, 0.0, spread(low, high)), grade, nothing, nothing)
