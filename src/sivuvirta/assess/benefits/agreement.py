"""Agreement: what parties claim beside what is computed of the same exchange or programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.benefits.sums import NAN
from sivuvirta.domain.benefits import CLAIMED, INDICATORS

CLAIMS = [
    *("state", "claim", "exchange", "programme", "indicator", "unit", "claimed", "low", "high", "claimant", "evidence", "grade", "source"),
    *("computed", "agreement"),
]


def claimed(state: str, stated: Sequence[Mapping[str, Any]], exchanges: pd.DataFrame, summed: pd.DataFrame) -> pd.DataFrame:
    """Claims beside what is computed of the same exchange or programme."""
    rows = []
    for each in stated:
        table, column, key = (exchanges, "exchange", each["exchange"]) if each["exchange"] else (summed, "programme", each["programme"])
        hit = table[(table[column] == key) & (table["indicator"] == each["indicator"])]
        computed = NAN if hit.empty or each["indicator"] == CLAIMED else float(hit["value"].iloc[0])
        low, high = (NAN, NAN) if hit.empty else (float(hit["low"].iloc[0]), float(hit["high"].iloc[0]))
        rows.append(
            {
                **{name: each[name] for name in ("claim", "exchange", "programme", "indicator", "claimant", "evidence", "grade", "source")},
                "state": state,
                "unit": INDICATORS[each["indicator"]][1],
                "claimed": float(each["value"]),
                **{end: NAN if each[end] is None else float(each[end]) for end in ("low", "high")},
                "computed": computed,
                "agreement": _agrees(each, (computed, low, high), there=not hit.empty),
            }
        )
    return pd.DataFrame(rows, columns=CLAIMS)


def _agrees(claim: Mapping[str, Any], computed: tuple[float, float, float], *, there: bool) -> str:
    if not there:
        return "no such exchange in this ledger"
    if claim["indicator"] == CLAIMED:
        return "a claim alone"
    value, low, high = computed
    if np.isnan(value):
        return "computed figure not known"
    stated = float(claim["value"])
    least, most = (stated if claim[end] is None else float(claim[end]) for end in ("low", "high"))
    slack = 1e-9 * max(abs(value), abs(stated))
    if most < low - slack:
        return "below the computed range"
    return "above the computed range" if least > high + slack else "within the computed range"
