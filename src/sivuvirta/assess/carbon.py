"""Kg CO2e by term, with the range of the difference."""

from __future__ import annotations

import pandas as pd

from sivuvirta.assess.spread import carbon_sd
from sivuvirta.assess.terms import CARBON, carbon_terms
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.units.ranges import HALF_WIDTH


def carbon(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Emissions of both ledgers by term; fossil, since the coefficients of links leave biogenic carbon apart.

    Returns:
        Columns term, unit (kg CO2e/a), reference, planned, difference (negative is a saving), low, high (5 and 95 % of the difference).
    """
    before, after = carbon_terms(reference), carbon_terms(planned)
    difference, half = change(before, after), HALF_WIDTH * carbon_sd(planned, reference)
    return pd.DataFrame(
        {
            "term": CARBON,
            "unit": "kg CO2e/a",
            "reference": before,
            "planned": after,
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
        }
    )
