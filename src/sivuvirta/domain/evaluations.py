"""Evaluations: how often suggestions name who really took a stream, beside simpler ways to guess."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from sivuvirta.domain.table import Table


@frozen(kw_only=True, eq=False, slots=False)
class Evaluation:
    """Measures of several ways to rank receivers, over the same exchanges, each case judged without its own rows."""

    files: tuple[str, ...]
    revision: str  # of NACE in which receivers are compared
    exchanges: int  # pairs of a stream and a receiver
    cases: int
    best_baselines: Mapping[int, str]  # by digits the baseline of the highest recall@10
    scores: Table  # method, digits, measure, value, low, high: means over exchanges with 95 % intervals
    differences: Table  # the same columns: ours less the best baseline of these digits, paired
    unjudged: Table  # file, row, reason: rows that cannot be judged
    ranks: Table  # file, row, case, receiver, digits, method, rank: what the measures are made of; 0 where the receiver is not ranked

    notes: tuple[str, ...] = ()  # what limits the figures, a sentence each

    def __repr__(self) -> str:
        return f"<Evaluation of {self.exchanges} exchanges of {self.cases} cases>"

    def value(self, method: str, measure: str, digits: int = 4) -> float:
        """One measure of one method."""
        return float(self.scores["value"][self.scores.index[method, digits, measure]])
