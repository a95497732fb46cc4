"""Rows of sheets: a figure that is not known, one with the share of it that is claimed, and one that only a party can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sivuvirta.assess.benefits.sums import NAN
from sivuvirta.domain.benefits import ATTRIBUTED, CLAIMED, INDICATORS, UNATTRIBUTED, Attribution
from sivuvirta.domain.grades import Grade

ENDS = ("mean", "low", "high")
ONLY_CLAIMED = "only a party can claim it"


def blank(indicator: str, unknown: str) -> dict[str, Any]:
    """A figure that is not known, and why."""
    label, unit = INDICATORS[indicator]
    ends = dict.fromkeys(("value", "known_part", "mean", "low", "high"), NAN)
    return {
        "indicator": indicator,
        "label": label,
        "unit": unit,
        **ends,
        "bound": "",
        "alarm": False,
        "grade": Grade.D.name,
        "sources": "",
        "unknown": unknown,
    }


def shared(row: dict[str, Any], told: Attribution | None, stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A figure with the share of it that is claimed; what only a party can say is taken from its claim."""
    if row["indicator"] == CLAIMED:
        row = from_claim(row, [each for each in stated if each["exchange"] and each["exchange"] == row["exchange"]])
    share = NAN if told is None else told.share
    known = share if np.isfinite(row["value"]) else NAN  # a share of what is known in part is claimed of nothing
    ends = {"attributed": row["value"] * share, **{f"attributed_{end}": row[end] * known for end in ENDS}}
    basis = UNATTRIBUTED if np.isnan(share) else ATTRIBUTED
    return {**row, "attribution": share, "reason": "" if told is None else told.reason, **ends, "basis": basis}


def from_claim(row: dict[str, Any], stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Posts that a party says are safeguarded; of several claims none is taken."""
    own = [each for each in stated if each["indicator"] == CLAIMED]
    if len(own) != 1:
        return {**row, "unknown": f"{len(own)} parties claim different figures"} if own else row
    claim = own[0]
    value = float(claim["value"])
    low, high = (value if claim[end] is None else float(claim[end]) for end in ("low", "high"))
    told = {"value": value, "known_part": value, "low": low, "high": high, "grade": claim["grade"], "unknown": ""}
    return {**row, **told, **({"sources": claim["source"]} if "sources" in row else {})}
