"""Vintages: the main figures of a region, vintage by vintage, each planned with what its register knows of that year."""

from __future__ import annotations

import pandas as pd
from attrs import frozen


@frozen(eq=False, slots=False)
class Vintages:
    """The main figures of several vintages of one region, planned with the same options.

    Columns of `figures`; `value` is NaN where a figure is not known, `low` and `high` are 5 and 95 %, NaN where there is no range:
        vintage, year, figure, label, network (today | proven | potential), unit, value, low, high, grade (of the figure as a whole),
        sources (ids, the most used first), unknown (what is not known, in words)
    """

    region: str
    names: tuple[str, ...]  # of the vintages, in the order of time
    figures: pd.DataFrame

    def of(self, figure: str, network: str = "potential") -> pd.DataFrame:
        """One figure over the years, for example `of("benefit", "proven")`; no rows where there is none."""
        table = self.figures
        found: pd.DataFrame = table[(table["figure"] == figure) & (table["network"] == network)].sort_values("year", kind="stable")
        return found.reset_index(drop=True)

    def __repr__(self) -> str:
        return f"<Vintages {self.region}: {', '.join(self.names)}>"
