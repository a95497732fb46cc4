"""Explanations: why a link is in a plan, or why it is not, by what changes without it or with it."""

from __future__ import annotations

import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Links


@frozen(eq=False, kw_only=True)
class Term:
    """A part of the difference between two plans."""

    name: str  # as in the ledger's terms, for example "transport"
    label: str  # in words
    change: float  # in the unit of the objective a year; positive is worse


@frozen(eq=False, kw_only=True)
class Trial:
    """The plan solved again with the link held, beside the best."""

    held: str  # "forbidden" | "forced"
    amount: float  # that the link carries then, units a year
    worse: float  # in the unit of the objective a year; infinite where nothing meets all requirements then
    worse_bound: float  # proven: at least so much
    terms: tuple[Term, ...]  # sum to `worse`; the worst first
    changes: tuple[str, ...]  # in words, those at its ends first
    text: str


@frozen(eq=False, slots=False, kw_only=True)
class Why:
    """Why a link is in the plan, or why it is not."""

    links: Links
    evidence: str
    objective: str
    unit: str  # of the objective, a year
    per: str  # unit of what the link carries
    name: str  # of the link, in words
    state: str  # used | unused | inadmissible
    amount: float  # in the best network, units a year
    trials: tuple[Trial, ...]
    binding: tuple[str, ...]  # what binds at its ends and what one more unit is worth, in words
    obstacles: tuple[str, ...]  # of an inadmissible link: why, route by route
    seconds: float

    @property
    def text(self) -> str:
        """The whole answer in words."""
        lines = [self.head, *self.obstacles, *(each.text for each in self.trials)]
        if self.binding:
            lines.append("What binds here: " + " ".join(self.binding))
        return "\n".join(lines)

    @property
    def head(self) -> str:
        """The first sentence."""
        if self.state == "inadmissible":
            return f"{self.name} is in no plan: it is not admissible on {self.evidence} evidence."
        if self.state == "unused":
            return f"{self.name} carries nothing in the best network on {self.evidence} evidence."
        return f"{self.name} carries {self.amount:,.0f} {self.per}/a in the best network on {self.evidence} evidence."

    def __repr__(self) -> str:
        return f"<Why {self.name}: {self.state}>"

    def __str__(self) -> str:
        return self.text

    def to_frame(self) -> pd.DataFrame:
        """One row a trial and term; the changes of a trial sum to `worse`."""
        rows = [
            {
                "held": each.held,
                "amount": each.amount,
                "worse": each.worse,
                "term": term.name,
                "label": term.label,
                "change": term.change,
                "unit": f"{self.unit}/a",
            }
            for each in self.trials
            for term in each.terms
        ]
        return pd.DataFrame(rows, columns=["held", "amount", "worse", "term", "label", "change", "unit"])
