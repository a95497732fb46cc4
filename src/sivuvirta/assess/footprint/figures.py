"""Figures of the register for a footprint: nearest year, range by grade, emission factor and price of a product."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.assess.circularity.book import Book
from sivuvirta.domain.indicators import NAN, Input
from sivuvirta.domain.region import Region
from sivuvirta.links.money import indexed

Row = Mapping[str, Any]


def unknown(name: str, unit: str) -> Input:
    """A figure that nobody tells."""
    return Input(name, NAN, NAN, NAN, unit, "D", "", "")


def given(name: str, value: float, unit: str) -> Input:
    """An exact figure that needs no source, for example the conversion of a unit."""
    return Input(name, value, value, value, unit, "A", "", "")


def negative(figure: Input) -> Input:
    """The same with the other sign."""
    return evolve(figure, value=-figure.value, low=-figure.high, high=-figure.low)


def less(whole: Input, part: Input, name: str) -> Input:
    """What is left of one amount when another is taken away, at least 0; both vary apart."""
    value = whole.value - part.value
    down, up = math.hypot(whole.value - whole.low, part.high - part.value), math.hypot(whole.high - whole.value, part.value - part.low)
    low, high = max(0.0, value - down), max(0.0, value + up)
    sources, rows = (f"{one}; {two}".strip("; ") for one, two in ((whole.source, part.source), (whole.row, part.row)))
    years = "; ".join(sorted({each.year for each in (whole, part) if each.year}))
    return Input(name, max(0.0, value), low, high, whole.unit, max(whole.grade, part.grade), sources, rows, years)


@frozen(eq=False)
class Figures:
    """Looks figures up; a figure without a range has that of its grade, and each says the year that its row says."""

    region: Region

    def told(self, row: Row, name: str, key: str) -> Input:
        """A row's value with its range."""
        value, low, high = (NAN if row[end] is None else float(row[end]) for end in ("value", "low", "high"))
        figure = Book(self.region).ranged(Input(name, value, low, high, row["unit"] or "", row["grade"], row["source"], key))
        year = "" if row["year"] is None else str(int(row["year"]))
        return evolve(figure, low=min(figure.low, value), high=max(figure.high, value), year=year)

    def nearest(self, rows: Iterable[Row]) -> Row | None:
        """The row of the year nearest to the vintage, of several the one of the best grade, then the latest."""
        return min(rows, key=self._distance, default=None)

    def _distance(self, row: Row) -> tuple[float, str, float, str]:
        year = row["year"]
        away = abs(year - self.region.year) if year is not None else math.inf
        return away, row["grade"], -(year or 0.0), str(row.get("factor") or row.get("price") or "")

    def activity(self, sites: Iterable[str], kind: str) -> dict[tuple[str, str], Row]:
        """What sites make, buy or emit: the nearest row by site and product."""
        chosen, groups = set(sites), dict[tuple[str, str], list[Row]]()
        for row in self.region.table("activities").rows():
            if row["kind"] == kind and row["site"] in chosen:
                groups.setdefault((row["site"], row["product"]), []).append(row)
        return {key: found for key, rows in groups.items() if (found := self.nearest(rows)) is not None}

    def amount(self, row: Row, name: str) -> Input:
        """An activity with its year in its name."""
        key = f"activities: {row['site']}/{row['kind']}/{row['product']}/{int(row['year'])}"
        return self.told(row, f"{name} ({int(row['year'])})", key)

    def factor(self, key: str | None, of: str) -> tuple[Input, str]:
        """An emission factor by its key, else that of a product or of the only product of a material; and why there is none."""
        rows = [row for row in self.region.table("factors").rows() if not row["biogenic"]]
        meant = {key} if key else self._products(of)
        column = "factor" if key else "subject"
        found = {row[column]: row for row in rows if row[column] in meant}
        if len(found) > 1:
            return unknown(of, ""), f"which factor stands for {self.named(of)}: {', '.join(sorted(found))}"
        chosen = self.nearest(row for row in rows if row[column] in found)
        if chosen is None:
            return unknown(of, ""), f"emission factor of {self.named(of)}"
        return self.told(chosen, chosen["name"], f"factors: {chosen['factor']}"), ""

    def price(self, of: str) -> Input:
        """Price of a product, or of the only product of a material; unknown where there is none or several."""
        rows = list(self.region.table("prices").rows())
        meant = {row["subject"] for row in rows if row["subject"] in self._products(of)}
        chosen = self.nearest(row for row in rows if row["subject"] in meant) if len(meant) == 1 else None
        if chosen is None:
            return unknown(of, "")
        found = self.told(chosen, chosen["name"], f"prices: {chosen['price']}")
        return self.turned(found, chosen["year"], (chosen["subject"], chosen["kind"]))

    def turned(self, price: Input, year: float | None, series: tuple[str, ...]) -> Input:
        """A price in money of the price year; as it stands, at grade D, where no index covers both years."""
        ratio, stale = indexed(self.region, np.array([NAN if year is None else float(year)]), series)
        value, low, high = (float(ratio[0]) * end for end in (price.value, price.low, price.high))
        return evolve(price, value=value, low=low, high=high, grade="D" if stale[0] else price.grade)

    def material(self, of: str) -> str:
        """Material of a product, or the material itself."""
        products = self.region.table("products")
        return str(products["material"][products.index[of]]) if of in products.index else of

    def carrier(self, of: str) -> str:
        """What kind of thing it is: solid, gas, electricity ..."""
        materials, material = self.region.table("materials"), self.material(of)
        return str(materials["carrier"][materials.index[material]]) if material in materials.index else ""

    def named(self, of: str) -> str:
        """A product, material or site in words."""
        for name in ("products", "sites"):
            table = self.region.table(name)
            if of in table.index:
                return str(table["name"][table.index[of]])
        return Book(self.region).named(of)

    def _products(self, of: str) -> set[str]:
        table = self.region.table("products")
        return {of} if of in table.index else {row["product"] for row in table.rows() if row["material"] == of}
