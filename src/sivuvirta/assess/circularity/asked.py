"""What an indicator asks of the register, and what of it nobody tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, total
from sivuvirta.assess.circularity.masses import Flow, Side, reach
from sivuvirta.assess.circularity.named import UNCOUNTED, at_or_below
from sivuvirta.domain.indicators import AT_LEAST, AT_MOST, NAN, Input

NOTHING_ENTERS = "purchases, or rows 'inflow' of table circularity"


@frozen
class Found:
    """A computed figure in the unit of its indicator, with what it rests on and what is missing."""

    range: Range
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""
    bound: str = ""  # at least | at most: the range is of the known part, and `missing` says what is not in it
    behind: tuple[str, ...] = ()  # rows of the register that were looked at and of which no figure enters
    cap: str = ""  # "capped at 100 %" where the figure stands at its cap and its inputs could give more


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
        """What enters or leaves as products; missing where the register names nothing."""
        found = self.book.flows(self.level, self.subject, way)
        self.inputs |= {flow.amount.row: flow.amount for flow in found}
        if not found:
            self.missing.append(NOTHING_ENTERS if way == "inflow" else "products, or rows 'outflow'")
        return found

    def entering(self, of: str = "") -> list[Flow]:
        """What enters, for a mean over all of it but water and air; missing where more leaves than the register names as entering.

        Args:
            of: a class of material that alone is counted.
        """
        found = self.book.flows(self.level, self.subject, "inflow")
        wanted = [flow for flow in found if not at_or_below(flow.material, UNCOUNTED) and (not of or at_or_below(flow.material, (of,)))]
        self.inputs |= {flow.amount.row: flow.amount for flow in wanted}
        if not wanted:
            self.missing.append(NOTHING_ENTERS)
        self.missing += [] if of else self.book.apart(self.level, self.subject)
        self.missing += [each for each in (self.book.short(self.level, self.subject, of),) if each]
        return wanted

    def inflows(self) -> list[Flow]:
        """The same, where no amount may be unknown."""
        found = self.entering()
        self.missing += [f"amount of {each.words}" for each in self.book.blanks(self.level, self.subject)]
        return found

    def leaving(self) -> tuple[list[Flow], list[Side]]:
        """Products and side streams; missing where nobody knows where side streams go, or of which product they are."""
        products, sides = self.flows("outflow"), self.book.sides(self.level, self.subject)
        self.inputs |= {side.amount.row: side.amount for side in sides}
        self.missing += [each for each in (self.book.unplaced(self.level, self.subject),) if each]
        several = len(self.book.flows("site", self.subject.partition("/")[0], "outflow")) if self.level == "product" else 1
        if several > 1 and sides:
            self.missing.append(f"which side streams are of each product: {several} leave the site")
        return products, sides

    def partly(self, found: Range, blanks: Sequence[tuple[str, Range]], note: str = "") -> Found:
        """A mean share of which inputs without an amount, of known shares, may take away or add: a bound where they can do one alone."""
        whole = self.told(found, note)
        if not blanks or not whole.range.known:
            return whole
        bound = _bound(found, [share for _, share in blanks])
        missing = tuple(f"amount of {words}" for words, _ in blanks)
        if bound is None:
            return Found(UNKNOWN, whole.inputs, missing, note)
        ends = (NAN, found.high) if bound == AT_MOST else (found.low, NAN)
        return Found(Range(found.value, *ends), whole.inputs, missing, note, bound)

    def told(self, found: Range, note: str = "") -> Found:
        """The indicator; unknown as soon as one figure is missing."""
        complete = found.known and not self.missing
        return Found(found if complete else UNKNOWN, tuple(self.inputs.values()), tuple(dict.fromkeys(self.missing)), note)


Compute = Callable[[Asked], Found]


def _bound(mean: Range, shares: Sequence[Range]) -> str | None:
    """How the mean of the known part stands to that of all: further inputs have these shares."""
    if all(each.high <= mean.value for each in shares):
        return AT_MOST
    return AT_LEAST if all(each.low >= mean.value for each in shares) else None


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
