"""What a register says for indicators: what enters and leaves a subject, and the shares and figures told of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from sivuvirta.assess.circularity.intervals import Range
from sivuvirta.domain.indicators import NAN, Input, Published
from sivuvirta.domain.region import Region
from sivuvirta.units.ranges import HALF_WIDTH

_UP = {"product": "site", "site": "organisation", "organisation": "region"}
_KINDS = {"inflow": "purchase", "outflow": "production"}

Row = Mapping[str, Any]


def reach(figure: Input) -> Range:
    """A figure of the register as a range; percent becomes a fraction."""
    unit = 0.01 if figure.unit == "%" else 1.0
    return Range(figure.value, figure.low, figure.high).times(unit)


@frozen
class Flow:
    """A mass that enters or leaves, t/a."""

    material: str
    amount: Input
    product: str = ""  # the subject of it as a product, "" for what is bought


@frozen(eq=False, slots=False)
class Book:
    """A region's register, read for indicators."""

    region: Region

    @cached_property
    def _told(self) -> dict[tuple[str, str, str], list[Row]]:
        """Rows of table `circularity` by level, subject and quantity; nearest year first."""
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in sorted(self.region.table("circularity").rows(), key=self._years_away):
            if row["role"] != "published":
                found.setdefault((row["level"], row["subject"] or "", row["quantity"]), []).append(row)
        return found

    @cached_property
    def _spread(self) -> dict[str, float]:
        """Coefficient of variation by grade, for figures that state no range."""
        return {row["evidence"]: row["cv"] / 100.0 for row in self.region.table("uncertainties").rows()}

    def _years_away(self, row: Row) -> float:
        return abs(row["year"] - self.region.year) if row["year"] is not None else 0.0

    @cached_property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Levels and subjects of which the register says something for inflows or products, from the smallest; each once."""
        told = [(row["level"], row["subject"]) for row in self.region.table("circularity").rows() if row["subject"]]
        buying = [row["site"] for row in self.region.table("activities").rows() if row["kind"] == "purchase"]
        products = [subject for level, subject in told if level == "product"]
        sites = [*(each.partition("/")[0] for each in products), *buying, *(subject for level, subject in told if level == "site")]
        owners = [self.owner(site) for site in sites]
        owners += [subject for level, subject in told if level == "organisation"]
        groups = {"product": products, "site": sites, "organisation": owners}
        return (*((level, each) for level, group in groups.items() for each in dict.fromkeys(group) if each), ("region", ""))

    def owner(self, site: str) -> str | None:
        """Organisation of a site."""
        sites = self.region.table("sites")
        return sites["organisation"][sites.index[site]] if site in sites.index else None

    def sites(self, level: str, subject: str) -> list[str]:
        """Sites that belong to a subject."""
        if level == "organisation":
            return [site for site in self.region.table("sites")["site"].tolist() if self.owner(site) == subject]
        return [] if level == "region" else [subject.partition("/")[0]]

    def flows(self, level: str, subject: str, way: str) -> list[Flow]:
        """What enters (`inflow`) or leaves (`outflow`) a subject by what the register says, t/a.

        What is told of the subject itself goes before what its sites buy and make. Of a product enters what is of its own class of
        material, and it alone leaves.
        """
        told = [row for row in self._told.get((level, subject, way), ()) if row["of"] is not None]
        if told:
            first: dict[str, Row] = {row["of"]: row for row in reversed(told)}
            return [Flow(of, self._input(row, self.named(of), f"circularity: {row['entry']}")) for of, row in first.items()]
        found = [flow for site in self.sites(level, subject) for flow in self._activities(site, _KINDS[way])]
        if level != "product":
            return found
        made = subject.partition("/")[2]
        if way == "outflow":
            return [flow for flow in found if flow.material == made]
        return [flow for flow in found if flow.material.partition(".")[0] == made.partition(".")[0]]

    def _activities(self, site: str, kind: str) -> Iterator[Flow]:
        rows: list[Row] = [row for row in self.region.table("activities").rows() if (row["site"], row["kind"]) == (site, kind)]
        nearest: dict[str, Row] = {}
        for row in sorted(rows, key=self._years_away):
            nearest.setdefault(row["product"], row)
        products = self.region.table("products")
        for product, row in nearest.items():
            if row["unit"] == "t/a":
                of = products["material"][products.index[product]] if product in products.index else product
                key = f"activities: {site}/{kind}/{product}/{int(row['year'])}"
                yield Flow(of, self._input(row, self.named(of), key), f"{site}/{of}" if kind == "production" else "")

    def figure(self, level: str, subject: str, quantity: str, of: str | None = None) -> Input | None:
        """A figure told of a subject, else of what it is a part of; of a material, else of a class above it; None where nobody tells it."""
        at: str | None = level
        while at is not None:
            for row in self._told.get((at, subject, quantity), ()):
                if row["value"] is not None and _speaks(row["of"], of):
                    name = quantity.replace("_", " ") + (f" of {self.named(of)}" if of else "")
                    return self._input(row, name, f"circularity: {row['entry']}")
            subject = subject.partition("/")[0] if at == "product" else (self.owner(subject) or "") if at == "site" else ""
            at = _UP.get(at)
        return None

    def published(self, level: str, subject: str, indicator: str, found: Range) -> tuple[Published, ...]:
        """What sources print of an indicator, each compared with the computed figure, in the indicator's unit."""
        rows = [row for row in self.region.table("circularity").rows() if row["role"] == "published"]
        return tuple(
            Published(
                value=row["value"],
                low=row["value"] if row["low"] is None else row["low"],
                high=row["value"] if row["high"] is None else row["high"],
                unit=row["unit"],
                year=None if row["year"] is None else int(row["year"]),
                definition=row["definition"] or "not said",
                agreement=agreement(row, found),
                grade=row["grade"],
                source=row["source"],
                whose=row["whose"] or "",
                comparable=row["comparable"] or "",
                why=row["why"] or "",
            )
            for row in rows
            if (row["level"], row["subject"] or "", row["quantity"]) == (level, subject, indicator)
        )

    def named(self, material: str) -> str:
        """A material in words."""
        table = self.region.table("materials")
        return str(table["name_en"][table.index[material]]) if material in table.index else material

    def _input(self, row: Row, name: str, key: str) -> Input:
        value, low, high = (NAN if row[end] is None else float(row[end]) for end in ("value", "low", "high"))
        figure = Input(
            name if row.get("year") is None else f"{name} ({int(row['year'])})",
            value,
            low,
            high,
            row["unit"],
            row["grade"],
            row["source"],
            key,
        )
        return self.ranged(figure)

    def ranged(self, figure: Input) -> Input:
        """A figure without a range has the one of its grade; shares stay within 0 and 100 %."""
        half = HALF_WIDTH * self._spread.get(figure.grade, 1.0)
        low = figure.value * max(0.0, 1.0 - half) if math.isnan(figure.low) else figure.low
        high = figure.value * (1.0 + half) if math.isnan(figure.high) else figure.high
        return evolve(figure, low=low, high=min(high, 100.0) if figure.unit == "%" else high)


def _speaks(told: str | None, of: str | None) -> bool:
    """Whether a figure told of a class (None: of all) speaks of a material."""
    return told is None or (of is not None and (of == told or of.startswith(f"{told}.")))


def agreement(row: Row, found: Range) -> str:
    """How a published figure stands to the computed one; nothing is ever fitted to it."""
    if not found.known:
        return "cannot be told, the computed figure is unknown"
    low = row["value"] if row["low"] is None else row["low"]
    high = row["value"] if row["high"] is None else row["high"]
    if high >= found.low and low <= found.high:
        return "within the computed range"
    gap = low - found.high if low > found.high else high - found.low
    points = "percentage points" if row["unit"] == "%" else row["unit"]
    return f"{abs(gap):.3g} {points} {'above' if gap > 0 else 'below'} the computed range"
