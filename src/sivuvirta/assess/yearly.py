"""Years of a pathway: benefit and emissions of each year with their range, grade and sources, the flows held as they are."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from sivuvirta.assess.headline import headline
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.provenance import sources

COLUMNS = ["year", "network", "figure", "unit", "value", "low", "high", "grade", "sources", "unknown"]
_FIGURES = {"benefit": "EUR/a", "carbon": "t CO2e/a"}


def years(found: Pathway) -> pd.DataFrame:
    r"""Benefit and emissions of each year of both courses.

    .. math:: low = b - 1.645 \sigma, \qquad high = b + 1.645 \sigma

    with b the figure of the course, which counts stocks too, and sigma that of the same flows against the year's reference: prices, fees,
    rates and factors vary, the flows do not.

    Returns:
        Columns year, network, figure (benefit | carbon), unit, value, low, high (5 and 95 %), grade, sources (those that most flows name
        first), unknown. A figure without a range has NaN ends.
    """
    rows = []
    for network, course in (("proven", found.proven), ("potential", found.potential)):
        for ledger, reference, money in zip(course.years, found.references, course.money.to_dict("records"), strict=True):
            told = {str(row["figure"]): row for row in headline(ledger, reference).to_dict("records")}
            named = _named(ledger)
            for name, unit in _FIGURES.items():
                value, row = float(money[name]), told[name]
                half = (float(row["high"]) - float(row["low"])) / 2.0
                ends = (value - half, value + half) if half > 0 else (np.nan, np.nan)
                rows.append((int(money["year"]), network, name, unit, value, *ends, row["grade"], named, row["unknown"]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _named(ledger: Ledger) -> str:
    """Sources behind the flows of a ledger, those of most flows first."""
    behind = Counter(name for text in sources(ledger.links, ledger.arc) for name in text.split("; ") if name)
    return "; ".join(name for name, _ in behind.most_common())
