"""Reconciliations: what several sources and the balances say together, as tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from attrs import field, frozen

from sivuvirta.errors import OptionError


def _share(_: object, attribute: object, value: float) -> None:
    if not 0 < value < 1:
        raise OptionError(f"Option 'level' is {value!r}. It is a probability between 0 and 1, such as 0.05.")


def _count(_: object, attribute: object, value: int) -> None:
    if value < 0:
        raise OptionError(f"Option 'suspects' is {value!r}. It is how many suspects are looked for at most, 0 or more.")


@frozen
class ReconcileOptions:
    """What is asked of a reconciliation."""

    level: float = field(default=0.05, validator=_share)  # probability of a false alarm, of the global test and of each round for suspects
    suspects: int = field(default=5, validator=_count)  # most measurements that are taken out one after another
    components: bool = True  # balances of components too, not of mass alone


@frozen(eq=False, slots=False)
class Reconciliation:
    """Figures that fulfil every balance, beside what the sources say.

    Columns of the tables:
        quantities: name, label, kind (flow | production | stock | content | factor | component), origin, destination, unit, statements,
            measured (mean of the statements by their precision), sigma, reconciled, sd, low, high (5 and 95 % points), moved, moved_sigma,
            known (measured, checked | measured, not checked | computed | unknown | exact), bounded, suspect, grade, sources, chosen (the
            register's own figure, where there is one), widened (what contradictions multiply the standard deviation by, 1 without any),
            contradicted (why, "" without any)
        statements: name, value, sigma, how (range | stated | grade | exact), weight (share of the precision), reconciled, residual,
            residual_sigma, score, suspect, grade, source, note
        balances: balance, title, component, unit, terms, before (imbalance of what was measured), before_sigma, after, relative, grade,
            source
        suspects: order, name, value, source, score, critical, others_say, statistic, freedom, probability (of the rest), alike
    """

    name: str
    vintage: str | None
    quantities: pd.DataFrame
    statements: pd.DataFrame
    balances: pd.DataFrame
    suspects: pd.DataFrame
    statistic: float  # sum of squared adjustments, in standard deviations
    freedom: int  # independent checks
    critical: float  # largest statistic that passes
    probability: float  # of a statistic at least as large, were all errors as stated
    level: float
    steps: int  # linearisations
    notes: Mapping[str, str] = field(factory=dict)
    places: Mapping[str, str] = field(factory=dict)  # names of processes or sites by code
    problem: Mapping[str, pd.DataFrame] = field(factory=dict)  # what was solved: variables, balances, terms, correlations
    tables: bool = False  # of a table of flows alone, whose names say what stands where

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the standard deviations; also where nothing can be checked."""
        return self.freedom == 0 or self.statistic <= self.critical

    def to_frame(self) -> pd.DataFrame:
        """The reconciled quantities."""
        return self.quantities

    def __repr__(self) -> str:
        known = self.quantities["known"].value_counts()
        counts = ", ".join(f"{count} {words}" for words, count in known.items())
        verdict = "agree" if self.passed else "contradict each other"
        return (
            f"<Reconciliation {self.name}: {counts}; chi-square {self.statistic:.3g} of {self.critical:.3g} at {self.freedom} checks: "
            f"the figures {verdict}>"
        )

    def _repr_html_(self) -> str:
        columns = ["label", "unit", "measured", "sigma", "reconciled", "sd", "moved_sigma", "known"]
        return str(self.quantities[columns].to_html(index=False, notebook=True, na_rep=""))
