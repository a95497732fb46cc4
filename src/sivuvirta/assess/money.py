"""Euros by term."""

from __future__ import annotations

import pandas as pd

from sivuvirta.assess.spread import cash_sd
from sivuvirta.assess.terms import CASH, cash_terms
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.units.ranges import HALF_WIDTH


def money(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What the region spends less what it earns outside, by term.

    Returns:
        Columns term, unit (EUR/a), reference, planned, saving, low, high (5 and 95 % of the saving). The savings add up to the benefit.
    """
    before, after = cash_terms(reference), cash_terms(planned)
    saving, half = change(after, before), HALF_WIDTH * cash_sd(planned, reference)
    return pd.DataFrame(
        {
            "term": CASH,
            "unit": "EUR/a",
            "reference": before,
            "planned": after,
            "saving": saving,
            "low": saving - half,
            "high": saving + half,
        }
    )
