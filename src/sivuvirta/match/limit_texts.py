"""A limit of one route in words: figure, bound, gap, grades, sources, and what is missing."""

from __future__ import annotations

import math

from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Check
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.words import amount, evidence, number, sentence, span

TESTS = {
    "leaching": "an L/S 10 leaching test",
    "total": "a laboratory analysis of total content",
}
"""What settles a figure of a kind; any other property needs a test of its own."""

NO_PARTNER = "but no partner for one is at hand"

MEANT = {"waste": ", meant for waste,", "by_product": ", meant for by-products,", "product": ", meant for products,"}
"""Whose limit it is: what a plant makes may still be under a limit of what it took."""


@frozen(kw_only=True)
class Partner:
    """The other part of a blend."""

    name: str  # with the plant on its way, if there is one
    share: float  # largest dry share of the stream itself, 0..1


@frozen(kw_only=True)
class Found:
    """What was found of one limit of one way."""

    pair: int
    low: float  # as an upper limit's figure
    high: float
    grade: Grade
    verdict: Verdict  # with blends
    offered: bool
    analysis: int  # row of table `analyses`, -1 where none
    plant: str | None  # name of the plant on the way
    partner: Partner | None = None


def limit_check(links: Links, grounds: Grounds, found: Found) -> Check:
    """The check of one limit with its text."""
    facts = _facts(links, grounds, found)
    return Check(
        subject="limit",
        verdict=found.verdict,
        text=sentence(_text(facts, found)),
        missing=_missing(facts, found),
        limit=facts.limit,
        component=facts.component,
        low=facts.low,
        high=facts.high,
        value=facts.low if facts.minimum else facts.high,
        bound=facts.bound,
        minimum=facts.minimum,
        unit=facts.unit,
        gap=facts.gap,
        gap_share=facts.share(facts.gap),
        grade=found.grade,
        limit_grade=facts.limit_grade,
        verified=facts.verified,
        sources=tuple(name for name in (facts.source, facts.limit_source) if name),
    )


def _facts(links: Links, grounds: Grounds, found: Found) -> _Facts:
    region, limits = links.region, grounds.demanded.limits
    limit = int(grounds.demanded.limit[found.pair])
    row = int(limits.row[limit])
    minimum = bool(grounds.demanded.figures.minimum[limits.figure[limit]])
    table, components, analyses = region.table("limits"), region.table("components"), region.table("analyses")
    at = components.index.get(table["component"][row])
    kind = table["kind"][row]
    low, high, bound = (-found.high, -found.low, -limits.bound[limit]) if minimum else (found.low, found.high, limits.bound[limit])
    return _Facts(
        component=table["component"][row],
        name=table["component"][row] if at is None else components["name_en"][at],
        kind=kind,
        low=float(low),
        high=float(high),
        bound=float(bound),
        minimum=minimum,
        unit="mg/kg" if kind != "property" else "" if at is None else components["unit"][at],
        limit=table["limit"][row],
        meant="" if found.plant is None else MEANT.get(table["applies_to"][row], ""),
        law=", ".join(part for part in (table["regulation"][row], table["section"][row]) if part),
        limit_grade=Grade(int(limits.grade[limit])),
        verified=bool(limits.verified[limit]),
        blending=bool(limits.blending[limit] and limits.mass[limit]),
        source=analyses["source"][found.analysis] if found.analysis >= 0 else None,
        limit_source=table["source"][row],
    )


@frozen(kw_only=True)
class _Facts:
    """What the register and the law say of one figure and its limit."""

    component: str
    name: str
    kind: str
    low: float  # in `unit`, as are high and bound
    high: float
    bound: float
    minimum: bool
    unit: str
    limit: str
    meant: str  # whose status it is meant for, said of what a plant makes
    law: str
    limit_grade: Grade
    verified: bool
    blending: bool
    source: str | None
    limit_source: str | None

    @property
    def known(self) -> bool:
        return not math.isnan(self.high)

    @property
    def gap(self) -> float:
        """By how much the worse end misses the bound, in the unit; negative within it."""
        return self.bound - self.low if self.minimum else self.high - self.bound

    @property
    def least(self) -> float:
        """By how much the better end misses the bound, in the unit."""
        return self.bound - self.high if self.minimum else self.low - self.bound

    def share(self, gap: float) -> float:
        """A gap in per cent of the bound."""
        return 100.0 * gap / abs(self.bound) if self.bound else math.nan

    def distance(self, gap: float) -> str:
        """The size of a gap, in the unit and in per cent."""
        share = self.share(gap)
        return amount(abs(gap), self.unit) + ("" if math.isnan(share) else f" ({number(abs(share))} %)")

    @property
    def rule(self) -> str:
        """The limit with its figure, law and grade."""
        word = "at least" if self.minimum else "at most"
        unread = "" if self.verified else "; this limit is unverified"
        asked = f"{word} {amount(self.bound, self.unit)}"
        return f"limit {self.limit}{self.meant} asks for {asked} ({self.law}, grade {self.limit_grade.name}{unread})"


def _text(facts: _Facts, found: Found) -> str:
    of = "of" if facts.kind == "property" else "in"
    subject = facts.name if found.plant is None else f"{facts.name} {of} what {found.plant} makes of it"
    if not facts.known:
        return f"{subject} is not known; {facts.rule}"
    figure = f"{subject} is {span(facts.low, facts.high, facts.unit)} {evidence(found.grade, facts.source)}"
    if facts.gap <= 0:
        return f"{figure}; {facts.rule}, so {facts.distance(facts.gap)} is to spare"
    side = "short" if facts.minimum else "too much"
    end = "" if number(facts.low) == number(facts.high) else " even at its better end" if facts.least > 0 else " at its worse end"
    distance = facts.distance(facts.least if facts.least > 0 else facts.gap)
    return f"{figure}; {facts.rule}: {distance} {side}{end}{_remedy(facts, found)}"


def _remedy(facts: _Facts, found: Found) -> str:
    if found.offered and found.partner is not None:
        share = number(100.0 * found.partner.share)
        return f"; a blend may meet it: with {found.partner.name}, this may be up to {share} % of the dry mix"
    if found.verdict == Verdict.FAIL:
        return f"; a blend may meet it, {NO_PARTNER}" if facts.blending else "; no blend may be used to meet it"
    return ""


def _missing(facts: _Facts, found: Found) -> str:
    if found.verdict not in (Verdict.LIKELY, Verdict.UNKNOWN):
        return ""
    test = TESTS.get("total" if facts.unit == "mg/kg" and facts.kind == "property" else facts.kind, f"a test of {facts.name}")
    if not facts.known:
        return test if found.plant is None or facts.kind == "total" else f"{test} of what {found.plant} makes"
    if found.grade > Grade.B:
        return test
    return "" if facts.verified else f"a reading of limit {facts.limit} in {facts.law}"
