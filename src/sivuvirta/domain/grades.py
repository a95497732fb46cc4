"""Evidence grades and verdicts: the two ordered scales that every figure and every route carries."""

from __future__ import annotations

from enum import IntEnum


class Grade(IntEnum):
    """How well a figure is known; the worse of two is the larger."""

    A = 0  # measured
    B = 1  # reported: permit, environmental report, publication
    C = 2  # estimate from a typology or paper
    D = 3  # assumption, or from memory


class Verdict(IntEnum):
    """Whether a route may be used; a route's verdict is the worst of its parts.

    `PASS` and `BLEND` are proven. `LIKELY` and `UNKNOWN` are potential and name what is missing. `FAIL` never enters a plan.
    """

    PASS = 0
    BLEND = 1
    LIKELY = 2
    UNKNOWN = 3
    FAIL = 4

    @property
    def proven(self) -> bool:
        """Whether a plan may count on it without a further test."""
        return self <= Verdict.BLEND

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        return self.name.lower()
