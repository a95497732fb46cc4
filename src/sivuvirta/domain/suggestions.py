"""Suggestions: what a stream of which little is known may be, contain, become, and who may take it."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.domain.table import Table


@frozen(kw_only=True, eq=False, slots=False)
class Suggestion:
    """Ranked tables, best first; each row has a `score` and a `reason` in words. `to_frame()` of a table is a pandas frame.

    A suggestion is no verdict: `match` judges a stream of a register, with its analyses and the law.
    """

    text: str
    revision: str  # of NACE in which receivers are told
    note: str  # what limits the answer, in a sentence; "" where nothing does
    materials: Table  # material, name, score, reason
    contents: Table  # material, component, kind, value, low, high, unit, grade, source, score, reason
    technologies: Table  # technology, name, score, reason
    uses: Table  # use, text, stream, receivers, conditions, maturity, grade, source, score, reason
    receivers: Table  # nace4, nace2, name, score, reason
    divisions: Table  # nace2, name, score, reason
    organisations: Table  # organisation, name, nace, need, score, reason: of the region asked for
    exchanges: Table  # exchange, text, donor_nace, receiver_nace, use, status, country, source, score, reason; to 0.1 what runs first

    def __repr__(self) -> str:
        best = ", ".join(self.receivers["nace4"][:3].tolist()) or "none"
        return f"<Suggestion for {self.text!r}: receivers {best}>"
