"""What a register says for indicators: what enters and leaves a subject, and the shares and figures told of it.

What enters is every input that the register names, be it as a purchase or in a footprint; what leaves are products and side streams.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from sivuvirta.assess.circularity.masses import Flow, Side, balance, short
from sivuvirta.assess.circularity.named import MASS, Blank, at_or_below, blanks, cut_off, footprint_rows, material_of
from sivuvirta.assess.circularity.streams import CLASSES, Fates, rows_of
from sivuvirta.domain.indicators import NAN, Input
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.region import Region
from sivuvirta.domain.spreads import grade_shares
from sivuvirta.units.ranges import HALF_WIDTH

_UP = {"product": "site", "site": "organisation", "organisation": "region"}

Row = Mapping[str, Any]


@frozen(eq=False, slots=False)
class Book:
    """A region's register, read for indicators."""

    region: Region
    today: Fates | None = None  # where side streams end; None: nobody knows

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
        return grade_shares(self.region)

    @cached_property
    def contents(self) -> tuple[Row, ...]:
        """Analyses of total contents."""
        return tuple(row for row in self.region.table("analyses").rows() if row["kind"] == "total" and row["value"] is not None)

    def _years_away(self, row: Row) -> float:
        return abs(row["year"] - self.region.year) if row["year"] is not None else 0.0

    @cached_property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Levels and subjects of which the register says something for inflows or products, from the smallest; each once."""
        told = [(row["level"], row["subject"]) for row in self.region.table("circularity").rows() if row["subject"]]
        buying = [row["site"] for row in self.region.table("activities").rows() if row["kind"] == "purchase"]
        footprints = self.region.table("footprints").rows()
        products = [subject for level, subject in told if level == "product"]
        products += [row["subject"] for row in footprints if row["role"] in ("input", "gap")]
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
        """What enters (`inflow`) or leaves as products (`outflow`) a subject by what the register says, t/a.

        What is told of the subject itself goes before what its sites buy and make. Of a product enters what enters its site, and it alone
        leaves; side streams are in `sides`.
        """
        told = [row for row in self._told.get((level, subject, way), ()) if row["of"] is not None]
        if told:
            first: dict[str, Row] = {row["of"]: row for row in reversed(told)}
            return [Flow(of, self._input(row, self.named(of), f"circularity: {row['entry']}")) for of, row in first.items()]
        if way == "inflow":
            return [flow for site in self.sites(level, subject) for flow in self._entering(site)]
        found = [flow for site in self.sites(level, subject) for flow in self._activities(site, "production")]
        return [flow for flow in found if level != "product" or flow.material == subject.partition("/")[2]]

    def _entering(self, site: str) -> list[Flow]:
        """Purchases of a site, and inputs that footprints name beside them."""
        rows = footprint_rows(self.region, site, self._bought(site))
        named = ((row, row["name"] or self.named(row["of"])) for row in rows)
        return [
            *self._activities(site, "purchase"),
            *(Flow(row["of"], self._input(row, name, f"footprints: {row['entry']}")) for row, name in named),
        ]

    def _bought(self, site: str) -> set[str]:
        rows = self.region.table("activities").rows()
        return {material_of(self.region, row["product"]) for row in rows if (row["site"], row["kind"]) == (site, "purchase")}

    def _activities(self, site: str, kind: str) -> Iterator[Flow]:
        rows: list[Row] = [row for row in self.region.table("activities").rows() if (row["site"], row["kind"]) == (site, kind)]
        nearest: dict[str, Row] = {}
        for row in sorted(rows, key=self._years_away):
            nearest.setdefault(row["product"], row)
        for product, row in nearest.items():
            if row["unit"] == MASS:
                of = material_of(self.region, product)
                key = f"activities: {site}/{kind}/{product}/{int(row['year'])}"
                yield Flow(of, self._input(row, self.named(of), key), f"{site}/{of}" if kind == "production" else "")

    def blanks(self, level: str, subject: str) -> list[Blank]:
        """Inputs of a subject that the register names without an amount; none where it tells what enters the subject as a whole."""
        if (level, subject, "inflow") in self._told:
            return []
        return [each for site in self.sites(level, subject) for each in blanks(self.region, site, self._bought(site))]

    def sides(self, level: str, subject: str) -> list[Side]:
        """Side streams that leave a subject today, extractive waste left out; a part of a stream leaves where the stream does."""
        fates = self.today
        if fates is None or level == "region":
            return []
        at = "site" if level == "product" else level
        return [self._side(fates, row) for row in rows_of(fates, at, subject.partition("/")[0], extractive=False)]

    def _side(self, fates: Fates, row: int) -> Side:
        whole = float(fates.amount[row].sum())
        share = {name: float(part) / whole for name, part in zip(CLASSES, fates.amount[row], strict=True)}
        lost, back = (float(part[row]) / whole for part in (fates.unaccounted, fates.returned))
        return Side(self.stream(fates, row, whole), share["reuse"], share["recycling"], lost, back)

    def stream(self, fates: Fates, row: int, amount: float) -> Input:
        """A flow of a stream as an input of an indicator, with the range of the stream's amount."""
        ends = (amount * fates.low[row], amount * fates.high[row])
        key = stream_row(fates.streams[row], self.region.vintage)
        year = "" if self.region.vintage is None else str(self.region.year)
        return self.ranged(Input(fates.names[row], amount, *ends, MASS, fates.grade[row], fates.source[row], key, year))

    def unplaced(self, level: str, subject: str) -> str:
        """Why nobody knows where the side streams of a subject go; "" where they are known, or where it has none."""
        if self.today is not None or level == "region":
            return ""
        column, of = ("organisation", subject) if level == "organisation" else ("site", subject.partition("/")[0])
        return f"where side streams go: {NO_REFERENCE}" if of in self.region.table("streams")[column].tolist() else ""

    def short(self, level: str, subject: str, of: str = "") -> str:
        """Why what enters a subject cannot be all, where more leaves than the register names as entering.

        Args:
            level: of the subject.
            subject: its key.
            of: a class of material that alone is counted; products of it have to come from it.
        """
        enters, leaves = self.flows(level, subject, "inflow"), self.flows(level, subject, "outflow")
        if of:
            return short([flow.amount for flow in enters if at_or_below(flow.material, (of,))], [flow.amount for flow in leaves])
        return short([flow.amount for flow in enters], [flow.amount for flow in leaves], self.sides(level, subject))

    def apart(self, level: str, subject: str) -> list[str]:
        """What the register would have to say besides: what enters each of several products, what sites of one owner send one another."""
        if (level, subject, "inflow") in self._told:
            return []
        if level == "product":
            count = len(self.flows("site", subject.partition("/")[0], "outflow"))
            return [f"what enters each product: {count} leave the site"] if count > 1 else []
        made = {flow.material: site for site in self.sites(level, subject) for flow in self._activities(site, "production")}
        found = [(flow.material, site) for site in self.sites(level, subject) for flow in self._entering(site)]
        both = [self.named(of) for of, site in found if made.get(of, site) != site]
        return [f"how much {each} its own sites send one another" for each in dict.fromkeys(both)]

    def closure(self, level: str, subject: str) -> str:
        """What enters and leaves a subject, in words."""
        at = (level, subject)
        return balance(self.flows(*at, "inflow"), self.flows(*at, "outflow"), self.sides(*at))

    def counted(self, level: str, subject: str) -> str:
        """Which inputs are in a share and which are left out on purpose, in words, and the closure."""
        sites = self.sites(level, subject) if level != "region" else ()
        left = [each for site in sites for each in cut_off(self.region, site)]
        out = f" The footprint leaves out on purpose: {'; '.join(left)}." if left else ""
        inputs = "Inputs are all that purchases and footprints name by mass, each once; energy, water and air are in no share."
        return f"{inputs} {self.closure(level, subject)}{out}"

    def figure(self, level: str, subject: str, quantity: str, of: str | None = None) -> Input | None:
        """A figure told of a subject, else of what it is a part of; of a material, else of a class above it; None where nobody tells it.

        It is named by the class that its row tells it of, whoever asks.
        """
        at: str | None = level
        while at is not None:
            for row in self._told.get((at, subject, quantity), ()):
                if row["value"] is not None and _speaks(row["of"], of):
                    own = row["of"] or (subject.partition("/")[2] if at == "product" else None)
                    name = quantity.replace("_", " ") + (f" of {self.named(own)}" if own else "")
                    return self._input(row, name, f"circularity: {row['entry']}")
            subject = subject.partition("/")[0] if at == "product" else (self.owner(subject) or "") if at == "site" else ""
            at = _UP.get(at)
        return None

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
            "" if row.get("year") is None else str(int(row["year"])),
        )
        return self.ranged(figure)

    def ranged(self, figure: Input) -> Input:
        """A figure without a range has the one of its grade; shares stay within 0 and 100 %."""
        half = HALF_WIDTH * self._spread.get(figure.grade, 1.0)
        low = figure.value * max(0.0, 1.0 - half) if math.isnan(figure.low) else figure.low
        high = figure.value * (1.0 + half) if math.isnan(figure.high) else figure.high
        return evolve(figure, low=low, high=min(high, 100.0) if figure.unit == "%" else high)


def stream_row(stream: str, vintage: str | None) -> str:
    """Row of the register that the amount of a stream comes from."""
    return f"quantities: streams/{stream}/{vintage}"


def looked(book: Book, fates: Fates, rows: Iterable[int]) -> tuple[str, ...]:
    """Rows of the register that the amounts of streams come from, each once.

    Args:
        book: the register.
        fates: where side streams end.
        rows: of the streams among them.
    """
    return tuple(dict.fromkeys(stream_row(fates.streams[row], book.region.vintage) for row in rows))


def _speaks(told: str | None, of: str | None) -> bool:
    """Whether a figure told of a class (None: of all) speaks of a material."""
    return told is None or (of is not None and (of == told or of.startswith(f"{told}.")))
