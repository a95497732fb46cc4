"""Burdens of a product system: its parts, what leaves beside the product, and what the product bears by each allocation."""

from __future__ import annotations

import math

from attrs import frozen

from sivuvirta.domain.indicators import NAN, Input, digits
from sivuvirta.domain.timeliness import in_time
from sivuvirta.domain.unknowns import Unknown, told

EXPANSION, MASS, ECONOMIC = "system expansion", "mass", "economic"
METHODS = (EXPANSION, MASS, ECONOMIC)
"""How the burden of joint production is shared (ISO 14067:2018, 6.4.6): credit for what co-products replace, by mass, by value."""

TODAY = "today"


@frozen(eq=False)
class Entry:
    """A part of the burden of a product system: an amount times a factor. What is not known is NaN and named in `missing`."""

    name: str
    kind: str  # direct | input | residue | separate | plan | recovery
    scope: str  # "1", "2", "3"
    amount: Input  # a year
    factor: Input  # kg CO2e per unit of the amount
    methods: tuple[str, ...] = METHODS  # allocations that it counts in
    missing: str = ""  # why it is not known, "" where it is
    takes: bool = False  # whether it makes the burden smaller: what is bought no more, what a separate product takes away

    @property
    def emission(self) -> float:
        """Kg CO2e a year, NaN where not known."""
        return self.amount.value * self.factor.value

    @property
    def grade(self) -> str:
        """The worse of the two."""
        return max(self.amount.grade, self.factor.grade)


@frozen(eq=False)
class Leaving:
    """What leaves a product system beside the product: a co-product, or waste that is taken for a fee."""

    name: str
    key: str  # of the node or product it is
    role: str  # coproduct | waste
    amount: Input  # a year
    price: Input  # EUR per unit at the gate, less carriage; of waste negative
    credit: Input  # kg CO2e per unit that what it replaces would have taken, carriage and processing counted against it; negative saves
    mass: bool  # whether it is counted in tonnes
    fate: str  # where it goes, in words
    uncredited: tuple[Unknown, ...] = ()  # what of the credit is not known
    unpriced: str = ""  # why the price is not known, "" where it is


@frozen(eq=False)
class Result:
    """The footprint by one allocation in one state, kg CO2e per unit of product; NaN is unknown, and `missing` says why."""

    state: str  # today | proven | potential
    method: str  # of METHODS
    value: float
    low: float  # 5 % point, NaN where it has none: by a product whose amount may be 0
    high: float  # 95 % point, likewise
    known_part: float  # what the known parts give
    bound: str  # "" where the value is known; at least | at most | neither: how the known part stands to the footprint
    share: float  # of the system's burden that the product bears
    grade: str  # that bears 95 % of it
    missing: tuple[str, ...] = ()
    swings: tuple[tuple[str, float, float], ...] = ()  # input, footprint at its low and at its high end; widest first
    unknown: tuple[Unknown, ...] = ()  # what is not known, and which way it can act; () where nothing can be told of it
    spans: tuple[
        tuple[float, float], ...
    ] = ()  # range of each part that is not missing, then of each credit, as `contributions` lists them
    mean: float = NAN  # of the draws that low and high are points of, NaN where it has none

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def text(self) -> str:
        """The figure in words."""
        if self.known:
            low, high = ("no end" if math.isnan(end) else digits(end) for end in (self.low, self.high))
            mean = "none" if math.isnan(self.mean) else digits(self.mean)
            return f"{digits(self.value)} (mean {mean}, {low} to {high}) [{self.grade}]"
        return told(digits(self.known_part), self.bound) if self.unknown and not math.isnan(self.known_part) else "unknown"


@frozen(eq=False)
class Inventory:
    """A product system in one state."""

    state: str
    entries: tuple[Entry, ...]
    leaving: tuple[Leaving, ...]

    def years(self, output: str, vintage: str) -> str:
        """One sentence on the years that figures are of; "" where all of them are of the vintage.

        Args:
            output: year of the product's amount, "" where nobody says.
            vintage: year that the footprint is of.
        """
        known = [each for each in self.entries if not each.missing]
        of = {"production": [output], "amounts": [each.amount.year for each in known if each.kind != "declared"]}
        of["factors"] = [each.factor.year for each in known if each.factor.row]  # a conversion of units has neither row nor year
        return in_time(vintage, of, "footprint")


def signed(each: Result) -> str:
    """A difference in words, with its sign; an end that it does not have is said so."""
    value, low, high = (
        "no end" if math.isnan(part) else f"{'+' if part > 0 else ''}{digits(part)}" for part in (each.value, each.low, each.high)
    )
    mean = "none" if math.isnan(each.mean) else f"{'+' if each.mean > 0 else ''}{digits(each.mean)}"
    return f"{value} (mean {mean}, {low} to {high})"


Span = tuple[float, float]
UNKNOWN_SPAN: Span = (NAN, NAN)


def entry_row(each: Entry, share: float, span: Span) -> dict[str, object]:
    """A part of the burden as a row of contributions; one that is missing has no figure."""
    row = _product(each.amount, each.factor, NAN if each.missing else share, span)
    return {"name": each.name, "kind": each.kind, "scope": each.scope, **row, "grade": each.grade, "missing": each.missing}


def credit_row(each: Leaving, share: float, span: Span) -> dict[str, object]:
    """A credit as a row of contributions."""
    row = _product(each.amount, each.credit, share, span)
    grade = max(each.amount.grade, each.credit.grade)
    return {
        "name": f"Credit: {each.name}",
        "kind": "credit",
        "scope": "",
        **row,
        "grade": grade,
        "missing": "; ".join(gap.name for gap in each.uncredited),
    }


def _product(amount: Input, factor: Input, share: float, span: Span) -> dict[str, object]:
    value = amount.value * factor.value
    low, high = UNKNOWN_SPAN if math.isnan(value * share) else span
    return {
        "amount": amount.value,
        "amount_unit": amount.unit,
        "factor": factor.value,
        "factor_unit": factor.unit,
        "emission": value,
        "value": value * share,
        "low": low,
        "high": high,
        "year": amount.year,
        "factor_year": factor.year,
        "source": "; ".join(dict.fromkeys(part for part in (amount.source, factor.source) if part)),
        "row": "; ".join(dict.fromkeys(part for part in (amount.row, factor.row) if part)),
    }
