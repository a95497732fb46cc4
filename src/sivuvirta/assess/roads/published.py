"""Published loads a day: the arithmetic of a statement, never a count of vehicles."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import pandas as pd

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.region import Region

LABEL = "arithmetic of a published statement, not a count"
_PARTS = ("tonnes", "days", "loads", "payload")
_COLUMNS = ["area", "year", "statement", *_PARTS, "implied", "label", "grade", "source"]


def published(region: Region) -> pd.DataFrame:
    r"""Statements of loads a day in table `demography`, with the figure that follows from the others.

    .. math:: loads = \frac{tonnes}{days \cdot payload}

    A statement is the rows of one area and year whose indicators begin alike: `byproduct_tonnes` (t/a), `byproduct_days` (d/a),
    `byproduct_loads` (loads/d), `byproduct_payload` (t). Where three are stated the fourth is what they imply; with fewer it says so.
    Beside it stand the loads that the same tonnes and days come to with the payload of each truck in `modes`.
    """
    table = region.table("demography")
    found: dict[tuple[str, int, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in table.rows():
        name, _, part = str(row["indicator"]).rpartition("_")
        if part in _PARTS and row["value"] is not None:
            found[str(row["area"]), int(row["year"]), name][part] = row
    rows = []
    for key, parts in found.items():
        if "loads" in parts:
            rows += [_row(key, parts), *_with_trucks(region, key, parts)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _row(key: tuple[str, int, str], parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    values = {name: float(parts[name]["value"]) if name in parts else math.nan for name in _PARTS}
    missing = [name for name in _PARTS if name not in parts]
    implied = "more than one figure is missing"
    if len(missing) == 1:
        values[missing[0]] = _implied(missing[0], values)
        implied = missing[0]
    elif not missing:
        implied = "none"
    grades = [Grade[row["grade"]] for row in parts.values()]
    sources = dict.fromkeys(str(row["source"]) for row in parts.values())
    area, year, statement = key
    return {
        "area": area,
        "year": year,
        "statement": statement,
        **values,
        "implied": implied,
        "label": LABEL,
        "grade": max(grades).name,
        "source": "; ".join(sources),
    }


def _with_trucks(region: Region, key: tuple[str, int, str], parts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The same tonnes and days with the payload of each truck."""
    if not {"tonnes", "days"} <= set(parts):
        return []
    found = []
    for mode in region.table("modes").rows():
        if mode["kind"] == "road" and mode["payload"]:
            load = {"value": mode["payload"], "grade": mode["grade"], "source": mode["source"]}
            kept = {name: parts[name] for name in ("tonnes", "days")}
            area, year, statement = key
            found.append(_row((area, year, f"{statement}, payload of {mode['mode']}"), {**kept, "payload": load}))
    return found


def _implied(name: str, values: dict[str, float]) -> float:
    if name == "tonnes":
        return values["loads"] * values["days"] * values["payload"]
    others = [values[other] for other in ("days", "loads", "payload") if other != name]
    return values["tonnes"] / math.prod(others)
