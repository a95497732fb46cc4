"""The sheet of a programme: its exchanges together, and what it claims of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.benefits.claimed import Programme
from sivuvirta.assess.benefits.rows import ENDS, ONLY_CLAIMED, blank, from_claim
from sivuvirta.assess.benefits.sums import NAN, Book
from sivuvirta.domain.benefits import ALL, ATTRIBUTED, CLAIMED, INDICATORS, UNATTRIBUTED, Attribution
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import Floats
from sivuvirta.domain.unknowns import AT_LEAST


def programme_rows(
    of: Programme, exchanges: pd.DataFrame, keys: Sequence[str], book: Book | None, stated: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The sheet of a programme: its exchanges together, all of them with what belongs to none where it is every exchange."""
    whole = of.key == ""
    members = list(keys) if whole else [key for key in keys if key in of.exchanges]
    rows = np.array([keys.index(key) for key in members] + ([len(keys)] if whole else []), dtype=np.int64)
    head = {
        "programme": ALL if whole else of.key,
        "name": of.name,
        "exchanges": len(members),
        "reference": "" if book is None else book.against(rows),
    }
    if book is None:
        figures = [blank(indicator, NO_REFERENCE) for indicator in INDICATORS]
    else:
        own = [each for each in stated if not each["exchange"] and each["programme"] == of.key and not whole]
        safe = exchanges[(exchanges["indicator"] == CLAIMED) & exchanges["exchange"].isin(members)]
        figures = [*book.figures(rows), from_claim(blank(CLAIMED, ONLY_CLAIMED), own) if own else _safeguarded(safe)]
    shares = {key: of.exchanges.get(key, Attribution(NAN, "")).share for key in members}
    return [{**head, **figure, **_attributed(figure["indicator"], exchanges, shares, (book, keys))} for figure in figures]


def _safeguarded(rows: pd.DataFrame) -> dict[str, Any]:
    """Posts claimed of a programme's exchanges together; unknown where nobody claims any."""
    said = rows[rows["value"].notna()]
    nothing = blank(CLAIMED, ONLY_CLAIMED)
    if said.empty:
        return nothing
    ends = {name: float(said[name].sum()) for name in ("known_part", "low", "high")}
    if len(said) < len(rows):
        return {**nothing, "known_part": ends["known_part"], "bound": AT_LEAST, "unknown": "not claimed of every exchange"}
    return {**nothing, **ends, "value": ends["known_part"], "grade": max(said["grade"]), "unknown": ""}


def _attributed(
    indicator: str, exchanges: pd.DataFrame, shares: Mapping[str, float], of: tuple[Book | None, Sequence[str]]
) -> dict[str, Any]:
    """What a programme claims of its exchanges: known where the share of each is stated and each figure is known.

    Its mean and ends are those of the sum in each draw; of claims, which are not drawn, the ends add up.
    """
    book, keys = of
    own = exchanges[(exchanges["indicator"] == indicator) & exchanges["exchange"].isin(list(shares))]
    share = own["exchange"].map(shares).astype(float)
    value = float((own["value"] * share).sum(skipna=False))
    if not (len(own) and share.notna().all()):
        return {"attributed": NAN, **{f"attributed_{end}": NAN for end in ENDS}, "basis": UNATTRIBUTED}
    if book is None or indicator == CLAIMED or np.isnan(value):
        ends = {end: float((own[end] * share).sum(skipna=False)) if np.isfinite(value) else NAN for end in ENDS}
    else:
        rows = np.array([keys.index(key) for key in own["exchange"]], dtype=np.int64)
        weight: Floats = np.asarray(share, dtype=np.float64)
        ends = book.points(indicator, rows, weight, size=float((own["value"] * share).abs().sum()))
    return {"attributed": value, **{f"attributed_{end}": at for end, at in ends.items()}, "basis": ATTRIBUTED}
