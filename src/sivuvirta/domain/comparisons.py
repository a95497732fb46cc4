"""Comparisons: the best network of a region under several scenarios, side by side."""

from __future__ import annotations

import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.plans import Plan

REFERENCE = (
    "The benefit of each scenario is counted against today's outlets and purchases at the amounts and prices of that scenario, so it says "
    "what the plan adds there. The cost of the network is the whole sum, and may be compared between scenarios as it stands."
)
"""Against what figures of scenarios are counted."""


@frozen(eq=False, slots=False)
class Comparison:
    """Plans of scenarios side by side; the first is what the others are compared with."""

    names: tuple[str, ...]
    plans: tuple[Plan, ...] = field(repr=False)
    figures: pd.DataFrame = field(repr=False)  # figure, label, unit, evidence (proven | potential | total), one column a scenario
    flows: pd.DataFrame = field(repr=False)  # evidence, kind, origin, destination, names, unit, one column a scenario: units a year
    plants: pd.DataFrame = field(repr=False)  # evidence, plant, name, what (size | activity), one column a scenario
    changes: pd.DataFrame = field(repr=False)  # scenario, evidence, what (worth | cost | starts | stops | more | less | built ...), text
    ranges: pd.DataFrame = field(repr=False)  # scenario, figure, mean, low, high (5 and 95 %), grade, bound, all of the total
    reference: str = REFERENCE

    def differing(self) -> pd.DataFrame:
        """The flows that are not the same under all scenarios, the largest difference first."""
        names = list(self.names)
        spread = self.flows[names].max(axis=1) - self.flows[names].min(axis=1)
        chosen = spread > _SAME * self.flows[names].abs().max(axis=1)
        return self.flows[chosen].loc[spread[chosen].sort_values(ascending=False, kind="stable").index]

    def __repr__(self) -> str:
        worth = self.figures[(self.figures["figure"] == "benefit") & (self.figures["evidence"] == "total")]
        told = ", ".join(f"{name} {worth[name].iloc[0]:,.0f} EUR/a" for name in self.names)
        return f"<Comparison {self.plans[0].links.region.name}: benefit {told}; {len(self.differing())} flows differ>"

    def _repr_html_(self) -> str:
        return str(self.figures.to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.0f}"))


_SAME = 1e-6  # relative: flows that differ by less are the same
