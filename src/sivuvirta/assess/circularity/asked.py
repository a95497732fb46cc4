"""What an indicator asks of the register, and what of it nobody tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from sivuvirta.assess.circularity.book import Book, Flow, reach
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, total
from sivuvirta.domain.indicators import Input


@frozen
class Found:
    """A computed figure in the unit of its indicator, with what it rests on and what is missing."""

    range: Range
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""
    bound: str = ""  # at least | at most: the range is of the known part, and `missing` says what is not in it


class Asked:
    """Collects the figures that an indicator asks for, and which of them nobody tells."""

    def __init__(self, book: Book, level: str, subject: str) -> None:
        self.book, self.level, self.subject = book, level, subject
        self.inputs: dict[str, Input] = {}
        self.missing: list[str] = []

    def figure(self, quantity: str, of: str | None = None) -> Range:
        """A figure told of the subject; unknown where nobody tells it."""
        found = self.book.figure(self.level, self.subject, quantity, of)
        if found is None:
            self.missing.append(quantity.replace("_", " ") + (f" of {self.book.named(of)}" if of else ""))
            return UNKNOWN
        self.inputs[found.row] = found
        return reach(found)

    def of_product(self, flow: Flow, quantity: str) -> Range:
        """A figure of what leaves: of the product itself where it is one."""
        if not flow.product:
            return self.figure(quantity, flow.material)
        part = Asked(self.book, "product", flow.product)
        found = part.figure(quantity)
        self.inputs |= part.inputs
        self.missing += [f"{each} of {self.book.named(flow.material)}" for each in part.missing]
        return found

    def flows(self, way: str) -> list[Flow]:
        """What enters or leaves; missing where the register names nothing."""
        found = self.book.flows(self.level, self.subject, way)
        self.inputs |= {flow.amount.row: flow.amount for flow in found}
        if not found:
            self.missing.append("purchases, or rows 'inflow' of table circularity" if way == "inflow" else "products, or rows 'outflow'")
        return found

    def inflows(self) -> list[Flow]:
        """What enters, for a mean over all of it: missing where more leaves than the register names as entering."""
        found = self.flows("inflow")
        enters, leaves = (
            total([reach(flow.amount) for flow in flows]) for flows in (found, self.book.flows(self.level, self.subject, "outflow"))
        )
        if found and enters.high < leaves.low:
            self.missing.append(f"inflows: the register names {enters.value:,.0f} t/a, and {leaves.value:,.0f} t/a of products leave")
        return found

    def told(self, found: Range, note: str = "") -> Found:
        """The indicator; unknown as soon as one figure is missing."""
        complete = found.known and not self.missing
        return Found(found if complete else UNKNOWN, tuple(self.inputs.values()), tuple(dict.fromkeys(self.missing)), note)


Compute = Callable[[Asked], Found]


def amounts(flows: Sequence[Flow]) -> list[Range]:
    """Amounts of flows, t/a."""
    return [reach(flow.amount) for flow in flows]


def times(one: Range, other: Range) -> Range:
    """Product of two figures of 0 or more."""
    return Range(one.value * other.value, one.low * other.low, one.high * other.high)


def summed(parts: Iterable[Range]) -> Range:
    """Shares of one mass added up, at most all of it."""
    found = total(list(parts))
    return Range(*(min(end, 1.0) if end == end else end for end in (found.value, found.low, found.high)))  # noqa: PLR0124 - NaN
