"""Input-output tables: what sectors buy of each other, produce, pay and employ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.links import Flags, Floats

ACCOUNTS = ("jobs", "value_added", "income")
"""What a table counts beside output."""


@frozen(eq=False)
class InputOutput:
    """One table of n sectors; money in million EUR of its year. Shape (sectors,) unless said."""

    sectors: tuple[str, ...]  # short names
    names: tuple[str, ...]
    flows: Floats  # Z, (sectors, sectors): what the column buys of the row, made within the area
    output: Floats  # x
    accounts: dict[str, Floats]  # jobs in persons, value_added and income in million EUR; NaN where not known
    households: Floats  # what households buy of each, NaN all over where the table is not closed
    household_income: float  # what households take in, NaN where not known
    year: float
    geography: str
    grade: str
    source: str
    inside: Flags = field()  # sectors of the area asked about; the others lie elsewhere
    grades: Mapping[str, str] = field(factory=dict)  # of an account, where it is worse than that of the table

    @inside.default
    def _all(self) -> Flags:
        return np.ones(len(self.sectors), dtype=bool)

    def graded(self, account: str) -> str:
        """Evidence grade of what the table says of an account."""
        return max(self.grade, self.grades.get(account, self.grade))

    @property
    def closed(self) -> bool:
        """Whether induced effects can be told."""
        return bool(
            np.isfinite(self.household_income) and np.isfinite(self.households).all() and np.isfinite(self.accounts["income"]).all()
        )
