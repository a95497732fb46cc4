"""No reference: the tables of a ledger that nothing can be counted against. Every difference is unknown, none is 0 or gross."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.domain.assessments import Assessment, Figures
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.traces import Traces

_AGAINST = ("reference", "difference", "saving", "saved", "diverted", "today")
"""Columns that speak of the reference."""

_RANGED = ("money", "carbon")
"""Tables whose ranges are those of a difference."""

_BENEFITS = ("used_today", "benefit", "carbon")
"""Headline figures that are nothing without the reference."""

_PLAIN = ("fates", "diverted", "organisations", "products", "transport")


def unmeasured(found: Figures) -> Figures:
    """Figures of a ledger with everything that a reference would tell left open.

    Args:
        found: the ledger measured against itself, so that its own columns and rows are there.

    Returns:
        The same tables; NaN in every column that speaks of the reference, and in the figures of the headline that claim a benefit.
    """
    tables: dict[str, Any] = {name: _open(getattr(found, name)) for name in _PLAIN}
    tables |= {name: _open(getattr(found, name), "low", "high") for name in _RANGED}
    roads = _open(found.roads)
    return evolve(
        found,
        reference=None,
        **tables,
        roads=roads.assign(over=np.full(len(roads), None, dtype=object)),
        headline=unknown_benefits(_open(found.headline), ("value", "low", "high")),
    )


def unknown_benefits(headline: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Five figures of which those that are counted against the reference are unknown, with the reason in words.

    Args:
        headline: with columns figure, today, grade, unknown and alarm.
        columns: the values and their ranges.
    """
    table = _open(headline)
    rows = table["figure"].isin(_BENEFITS).to_numpy()
    table.loc[rows, list(columns)] = np.nan
    table.loc[rows, "grade"] = Grade.D.name
    table.loc[rows, [name for name in ("bound", "sure_bound") if name in table]] = ""
    table.loc[rows, "unknown"] = f"Unknown: {NO_REFERENCE}."
    return table.assign(alarm=np.where(rows, False, table["alarm"].to_numpy(dtype=bool)))


def untraced(_: Assessment) -> Traces:
    """No figure is traced: each is told beside today, which is not known."""
    return Traces({}, (), (), (), {})


def _open(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    return table.assign(**{name: np.nan for name in (*_AGAINST, *more) if name in table})
