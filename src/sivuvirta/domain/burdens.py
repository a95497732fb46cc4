"""Burdens of a product system: its parts, what leaves beside the product, and what the product bears by each allocation."""

from __future__ import annotations

import math

from attrs import frozen

from sivuvirta.domain.indicators import NAN, Input, digits
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

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def text(self) -> str:
        """The figure in words."""
        if self.known:
            low, high = ("no end" if math.isnan(end) else digits(end) for end in (self.low, self.high))
            return f"{digits(self.value)} ({low} to {high}) [{self.grade}]"
        return told(digits(self.known_part), self.bound) if self.unknown and not math.isnan(self.known_part) else "unknown"


@frozen(eq=False)
class Inventory:
    """A product system in one state."""

    state: str
    entries: tuple[Entry, ...]
    leaving: tuple[Leaving, ...]


def signed(each: Result) -> str:
    """A difference in words, with its sign; an end that it does not have is said so."""
    value, low, high = (
        "no end" if math.isnan(part) else f"{'+' if part > 0 else ''}{digits(part)}" for part in (each.value, each.low, each.high)
    )
    return f"{value} ({low} to {high})"


def entry_row(each: Entry, share: float) -> dict[str, object]:
    """A part of the burden as a row of contributions."""
    row = _product(each.amount, each.factor, share)
    return {"name": each.name, "kind": each.kind, "scope": each.scope, **row, "grade": each.grade, "missing": each.missing}


def credit_row(each: Leaving, share: float) -> dict[str, object]:
    """A credit as a row of contributions."""
    row = _product(each.amount, each.credit, share)
    grade = max(each.amount.grade, each.credit.grade)
    return {
        "name": f"Credit: {each.name}",
        "kind": "credit",
        "scope": "",
        **row,
        "grade": grade,
        "missing": "; ".join(gap.name for gap in each.uncredited),
    }


def _product(amount: Input, factor: Input, share: float) -> dict[str, object]:
    value = amount.value * factor.value
    low, high = (value + sign * math.hypot(*(_reach(amount, factor, sign), _reach(factor, amount, sign))) for sign in (-1.0, 1.0))
    return {
        "amount": amount.value,
        "amount_unit": amount.unit,
        "factor": factor.value,
        "factor_unit": factor.unit,
        "emission": value,
        "value": value * share,
        "low": low * share,
        "high": high * share,
        "source": "; ".join(dict.fromkeys(part for part in (amount.source, factor.source) if part)),
        "row": "; ".join(dict.fromkeys(part for part in (amount.row, factor.row) if part)),
    }


def _reach(moved: Input, held: Input, sign: float) -> float:
    """How far the product goes up (+) or down (-) with one figure at the end that takes it there."""
    ends = [(end - moved.value) * held.value * sign for end in (moved.low, moved.high)]
    return max(0.0, *ends) if not any(math.isnan(end) for end in ends) else NAN
