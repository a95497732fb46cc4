"""Blocks: tables of figures, each a sum over flows, from the flows and coefficients of many draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen

from sivuvirta.domain.changes import change
from sivuvirta.domain.links import Floats
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows

LEVEL, TODAY, SAVING, RISE = (1.0, 0.0), (0.0, 1.0), (-1.0, 1.0), (1.0, -1.0)
"""What a figure is of the plan's and the reference's sum: the plan's, the reference's, what falls, what rises."""


@frozen
class Row:
    """One figure of a table."""

    key: str
    label: str
    unit: str
    side: tuple[float, float]  # LEVEL, TODAY, SAVING or RISE
    claim: int = 0  # 1: a benefit if above 0; -1: if below; 0: no benefit
    rests_on: str = ""  # what a change of it needs to be known: "outlets" of today

    @property
    def is_change(self) -> bool:
        """Whether it speaks of the reference and the plan together."""
        return self.side in (SAVING, RISE)


@frozen(eq=False)
class Block:
    """Rows of one table, and their sums over one ledger."""

    table: str
    rows: tuple[Row, ...]
    sums: Callable[[Flows, Coefficients], Floats]  # (draws, rows)

    def figures(self, planned: tuple[Flows, Coefficients], reference: tuple[Flows, Coefficients]) -> Floats:
        """Figures of each draw; both ledgers share the coefficients. (draws, rows)."""
        before, after = self.sums(*reference), self.sums(*planned)
        rise = change(before, after)
        by_side = {LEVEL: after, TODAY: before, RISE: rise, SAVING: -rise + 0.0}
        found = [by_side[row.side][:, at] for at, row in enumerate(self.rows)]
        return np.column_stack(found) if found else np.zeros((len(after), 0))


def chosen(blocks: tuple[Block, ...], table: str) -> Block:
    """The block of a table."""
    return next(block for block in blocks if block.table == table)
