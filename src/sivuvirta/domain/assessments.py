"""Assessments: what a ledger means beside the reference, as tables. Every figure is computed from ledgers, none is stored elsewhere.

All tables are long frames with a `unit` column or the unit in the column's name. Amounts are a year, dry for solids. `low` and `high` are
the 5 and 95 % points of the coefficients with the flows held fixed: one draw per source row, shared by reference and plan; the rows of one
term are taken as fully correlated against each other (which is the cautious side), terms as independent. Those of the five figures are of
draws of all inputs, as `Ranges` has them, where `draws` is above 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.traces import Traces


@frozen(eq=False, slots=False)
class Figures:
    """One ledger measured against the reference.

    Columns of the tables, `unit` being that of the figures in the row:
        fates: origin (streams | plants), fate, group (exchanged | used | disposed | stocked | treated | released | unknown),
            extractive, unit, reference, planned, difference
        diverted: stream, name, extractive, unit, reference, planned, diverted
        money: term, unit, reference, planned, saving, low, high
        organisations: organisation, name, term, unit, reference, planned, saving
        carbon: term, unit, reference, planned, difference, low, high
        products: product, name, role (bought | reagent | displaced), unit, reference, planned, saved
        transport: mode, measure, unit, reference, planned, difference
        roads: road, number, from_place, to_place, km, unit (loads/d), reference, planned, difference, vehicles (1/d, both ways),
            heavy_traffic (1/d), share (of heavy_traffic), threshold (1/d), over, grade
        investment: plant, name, organisation, status, unit, capacity, built, activity, utilisation, capex_EUR, capex_low_EUR,
            capex_high_EUR, fixed_EUR, staff
        grades: grade (always A, B, C and D), exchanges_t, outlets_t (the same of MWh and m3 where there are), money_EUR,
            supply_t (by the grade of the amount alone)
        headline: figure, label, unit, today, value, low, high, grade, unknown (what counts as 0 because it is not known, in words),
            alarm (a benefit whose range includes zero)
    """

    reference: Ledger | None  # None: nobody says what flows today, and every difference is unknown
    planned: Ledger
    fates: pd.DataFrame
    diverted: pd.DataFrame
    money: pd.DataFrame
    organisations: pd.DataFrame
    carbon: pd.DataFrame
    products: pd.DataFrame
    transport: pd.DataFrame
    roads: pd.DataFrame
    investment: pd.DataFrame
    grades: pd.DataFrame
    headline: pd.DataFrame

    @property
    def benefit(self) -> float:
        """What the plan saves, EUR/a: what the reference costs less what the plan costs."""
        return float(self.money["saving"].sum(skipna=False))

    @property
    def emissions(self) -> float:
        """Change of emissions, kg CO2e/a: those of the plan less those of the reference; negative is a saving."""
        return float(self.carbon["difference"].sum(skipna=False))

    def __repr__(self) -> str:
        if np.isnan(self.benefit):
            return f"<Figures {self.planned.name}: benefit unknown, {NO_REFERENCE}>"
        return f"<Figures {self.planned.name}: benefit {self.benefit:,.0f} EUR/a, {self.emissions / 1000:+,.0f} t CO2e/a>"

    def _repr_html_(self) -> str:
        return _html(self.headline)


@frozen(eq=False, slots=False)
class Assessment:
    """A plan measured twice: on proven evidence, and with what is potential added. `headline` is the one table of proven + potential."""

    proven: Figures
    potential: Figures
    headline: (
        pd.DataFrame
    )  # figure, label, unit, today, proven, potential, total (each with _mean, _low, _high), grade, bounds, unknown, alarm, draws
    tracing: Callable[[Assessment], Traces] = field(repr=False)

    @cached_property
    def traces(self) -> Traces:
        """What each figure is made of: flows, coefficients, rows of the register, sources. Computed when it is first asked for."""
        return self.tracing(self)

    def __repr__(self) -> str:
        sure, whole = self.proven, self.potential
        if np.isnan(whole.benefit):
            return f"<Assessment: benefit unknown, {NO_REFERENCE}>"
        return (
            f"<Assessment: benefit {sure.benefit:,.0f} + {whole.benefit - sure.benefit:,.0f} EUR/a, carbon {sure.emissions / 1000:+,.0f} "
            f"{(whole.emissions - sure.emissions) / 1000:+,.0f} t CO2e/a (proven + potential)>"
        )

    def _repr_html_(self) -> str:
        return _html(self.headline)


def _html(frame: pd.DataFrame) -> str:
    return str(
        frame.to_html(
            index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.3g}" if abs(number) < 100 else f"{number:,.0f}"
        )
    )
