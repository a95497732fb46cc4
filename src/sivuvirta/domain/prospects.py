"""Prospects: missing tests and decisions, and what they are worth."""

from __future__ import annotations

import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Passed, Sample

NAN = float("nan")


@frozen(kw_only=True)
class LabTest:
    """An analysis that a laboratory sells."""

    test: str  # id
    name: str
    kind: str  # total | leaching | property
    components: tuple[str, ...]  # what it settles
    method: str = ""  # standard
    sample: str = ""  # what the laboratory needs
    price: float = NAN  # EUR a sample, NaN where not known
    price_low: float = NAN
    price_high: float = NAN
    lead: float = NAN  # working days, NaN where not known
    lead_low: float = NAN
    lead_high: float = NAN
    grade: str = "D"
    source: str = ""


@frozen(eq=False, kw_only=True)
class Question:
    """One thing that is missing: a test of one sample, or a decision."""

    kind: str  # "test" | "decision"
    key: str  # unique, for example "leaching_batch:ss_slag_fines"
    name: str  # in words
    sample: Sample
    of: str  # name of the stream, or of what a plant makes of it
    test: LabTest | None  # None for a decision
    settles: tuple[str, ...]  # component ids, or what the decision is about
    passed: Passed  # that it turns out well

    def answered(self, passed: Passed) -> Question:
        """The same with what passes."""
        return evolve(self, passed=passed)


@frozen(eq=False, kw_only=True)
class Prospect:
    """What it is worth if some questions turn out well, all of them together. Values are EUR/a more than without."""

    kind: str  # "test" | "decision" | "bundle"
    questions: tuple[Question, ...]
    proven: float  # added to the proven network; NaN where it was not worked out
    likely: float  # added to the network that admits `likely` too
    decided: float  # added to that network, were every decision granted; NaN for what holds a decision
    at_most: float  # bound on the largest of these
    tonnes: float  # t/a more that leave today's outlets, in the network that admits `likely`
    carbon: float  # kg CO2e/a, change of that network; negative saves
    opens: tuple[int, ...]  # positions of the routes that it opens
    waiting: int  # routes that wait for it, with or without others
    misses: tuple[str, ...]  # what else those routes wait for, the most frequent first
    unknown: str = ""  # why values and carbon are not known although it was worked out, in words

    @property
    def worth(self) -> float:
        """Largest of the three values, EUR/a; NaN where none was worked out."""
        known = [value for value in (self.proven, self.likely, self.decided) if value == value]  # noqa: PLR0124 - not NaN
        return max(known, default=NAN)

    def total(self, name: str) -> float:
        """Sum of a figure of the tests in it, largest for days; NaN where one is not known.

        Args:
            name: `price`, `price_low`, `price_high`, `lead`, `lead_low` or `lead_high`.
        """
        figures = [getattr(question.test, name) for question in self.questions if question.test is not None]
        if not figures or any(figure != figure for figure in figures):  # noqa: PLR0124
            return NAN
        return float(max(figures) if name.startswith("lead") else sum(figures))


@frozen(eq=False, slots=False, kw_only=True)
class LabOrders:
    """Missing tests ranked by what they are worth; decisions and sets of both apart from them."""

    links: Links
    proven: float  # EUR/a, benefit of the proven network as it is
    likely: float  # of the network that admits `likely` too
    decided: float  # of that network, were every decision granted
    tests: tuple[Prospect, ...]
    decisions: tuple[Prospect, ...]
    bundles: tuple[Prospect, ...]  # what one route needs together, where one thing alone opens nothing
    solved: int  # networks that were worked out
    seconds: float

    def __len__(self) -> int:
        return len(self.tests)

    def __repr__(self) -> str:
        counts = f"{len(self.tests)} tests, {len(self.decisions)} decisions, {len(self.bundles)} bundles"
        return f"<LabOrders {self.links.region.name} ({self.links.region.vintage}): {counts}>"

    def to_frame(self, part: str = "tests") -> pd.DataFrame:
        """One row a prospect, the worthiest first.

        Args:
            part: `tests`, `decisions` or `bundles`.
        """
        return pd.DataFrame([_row(one) for one in getattr(self, part)], columns=COLUMNS)

    @property
    def told(self) -> bool:
        """Whether anything is known of what its prospects are worth; not where nobody says where any stream goes today."""
        return self.likely == self.likely or any(one.worth == one.worth for one in (*self.tests, *self.decisions, *self.bundles))

    def order(self) -> pd.DataFrame:
        """The list for the laboratory: every test that is worth something, alone, once decisions are granted, or in a bundle.

        A test that only a bundle pays for has the value of the worthiest such bundle in column `in_bundle`.
        """
        frame = self.to_frame().drop(columns=["kind", "decisions"])
        frame["in_bundle"] = [self.in_bundle(one) for one in self.tests]
        whole = frame[["value_proven", "value_likely", "value_decided", "in_bundle"]].max(axis=1)
        if not self.told:
            return frame
        order = whole[(whole > 0) | (frame["unknown"] != "")].sort_values(ascending=False, kind="stable").index
        return frame.loc[order].reset_index(drop=True)

    def in_bundle(self, one: Prospect) -> float:
        """Value of the worthiest bundle that holds a test, EUR/a in the network that admits `likely`; NaN where none was worked out."""
        keys = {question.key for question in one.questions}
        values = [bundle.likely for bundle in self.bundles if keys & {question.key for question in bundle.questions}]
        return max((value for value in values if value == value), default=NAN)  # noqa: PLR0124


COLUMNS = [
    "kind",
    "stream",
    "of",
    "test",
    "name",
    "method",
    "sample",
    "settles",
    "decisions",
    "price",
    "price_low",
    "price_high",
    "lead",
    "lead_low",
    "lead_high",
    "value_proven",
    "value_likely",
    "value_decided",
    "at_most",
    "tonnes",
    "carbon",
    "opens",
    "waiting",
    "misses",
    "key",
    "unknown",
]

_MONEY = ("price", "price_low", "price_high", "lead", "lead_low", "lead_high")


def _row(one: Prospect) -> dict[str, object]:
    tests = [question for question in one.questions if question.test is not None]
    laboratory = [question.test for question in one.questions if question.test is not None]
    return {
        "kind": one.kind,
        "stream": _joined([question.sample.stream for question in one.questions]),
        "of": _joined([question.of for question in one.questions]),
        "test": _joined([test.test for test in laboratory]),
        "name": _joined([question.name for question in (tests or one.questions)]),
        "method": _joined([test.method for test in laboratory]),
        "sample": _joined([test.sample for test in laboratory]),
        "settles": _joined([part for question in tests or one.questions for part in question.settles]),
        "decisions": _joined([question.name for question in one.questions if question.test is None]),
        **{name: one.total(name) for name in _MONEY},
        "value_proven": one.proven,
        "value_likely": one.likely,
        "value_decided": one.decided,
        "at_most": one.at_most,
        "tonnes": one.tonnes,
        "carbon": one.carbon,
        "opens": len(one.opens),
        "waiting": one.waiting,
        "misses": _joined(one.misses),
        "key": " + ".join(question.key for question in one.questions),
        "unknown": one.unknown,
    }


def _joined(parts: list[str] | tuple[str, ...]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))
