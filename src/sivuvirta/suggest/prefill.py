r"""The side streams that an industry of a size usually has.

.. math:: q_s = a_s \, r_w \, C

C is the capacity, :math:`r_w` the activity that stream s counts by per unit of it, :math:`a_s` the amount per unit of activity.
The ends of the range are those of :math:`a_s`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sivuvirta.domain.prefills import Prefill
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.library import catalogue
from sivuvirta.suggest.amounts import amount_of
from sivuvirta.suggest.nace import alike, known, plain_code, translated
from sivuvirta.suggest.works import Work, chosen, plain_key, works_of

_DERIVED = {"A": "C", "B": "C", "C": "C", "D": "D"}  # what was read elsewhere is an estimate here
_STREAM = (
    "work",
    "typology",
    "name",
    "material",
    "low_code",
    "hazardous",
    "carrier",
    "low",
    "value",
    "high",
    "unit",
    "basis",
    "moisture",
    "total",
    "instead_of",
    "usual_fate",
    "grade",
    "source",
    "reason",
)
_NEAREST = 8  # codes that are told where there is none
_NUMBERS = ("low", "value", "high", "moisture", "amount", "streams")


def prefill(
    nace: str,
    capacity: str | float,
    product: str | None = None,
    industry: str | None = None,
    activities: Mapping[str, str | float] | None = None,
) -> Prefill:
    """Expected side streams of an industry of a size.

    Args:
        nace: class, group or division of NACE, of either revision.
        capacity: a year, with its unit ("1.4Mt") or in the activity's own.
        product: what the capacity counts, for example `ferrochrome`; without it each kind's main product.
        industry: kind of works or words of its name; without it all kinds of the class are told as alternatives.
        activities: further activities of a year, by name, in place of the usual ratio to the capacity.

    Raises:
        OptionError: no industry of that class is known, or the capacity or an activity cannot be read.
    """
    code = _class(nace)
    rows = [row for row in catalogue()["typologies"].rows() if row["nace"] == code or row["nace"].startswith(code)]
    if not rows:
        raise OptionError(f"No side streams are known of NACE {code}. {_nearest(code)}")
    works = chosen(works_of(code, rows), rows, product, industry)
    streams: list[dict[str, Any]] = []
    unscaled: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for work in works:
        amounts = _activities(work, rows, capacity, activities or {})
        members = [row for row in rows if row["industry"] in work.industries]
        made = [_stream(work, row, amounts) for row in members if row["activity"] in amounts]
        streams += made
        if not _composed(work):
            unscaled += [_open(work, row) for row in members if row["activity"] not in amounts]
        unit = next(row["activity_unit"] for row in members if row["activity"] == work.activity)
        heads.append(
            {
                "work": work.key,
                "name": work.name,
                "activity": work.activity,
                "amount": amounts[work.activity],
                "unit": f"{unit}/a",
                "streams": len(made),
            }
        )
    return Prefill(
        nace=code,
        capacity=str(capacity),
        works=_table("works", heads, ("work", "name", "activity", "amount", "unit", "streams")),
        streams=_table("streams", streams, _STREAM),
        contents=_contents(streams),
        unscaled=_table("unscaled", unscaled, ("work", "typology", "name", "per", "reason")),
    )


def _class(nace: str) -> str:
    code = plain_code(nace)
    if code is None:
        raise OptionError(f"'{nace}' is no NACE code. Write it as 24.10.")
    if code in known("2.1"):
        return code
    options = translated(code, "2", "2.1")
    if not options:
        raise OptionError(f"NACE {code} is in neither revision. {_nearest(code)}")
    return max(options, key=lambda each: options[each])


def _nearest(code: str) -> str:
    every = sorted(set(catalogue()["typologies"]["nace"].tolist()))
    near = sorted(every, key=lambda each: (-alike(code, each), abs(_number(each) - _number(code))))[:_NEAREST]
    return f"The nearest that are known: {', '.join(sorted(near))}."


def _number(code: str) -> float:
    """A code as a number, so that codes can be near each other."""
    return float(f"{code}.00"[:5])


def _activities(work: Work, rows: list[dict[str, Any]], capacity: str | float, given: Mapping[str, str | float]) -> dict[str, float]:
    """Amount of a year of each activity that is told, in its own unit."""
    units = {row["activity"]: row["activity_unit"] for row in rows if row["industry"] in work.industries}
    amount = amount_of(capacity, units[work.activity], work.activity)
    found = {activity: amount * ratio for activity, ratio in work.ratios.items()}
    for activity, told in given.items():
        if plain_key(activity) in units:
            found[plain_key(activity)] = amount_of(told, units[plain_key(activity)], activity)
    return found


def _stream(work: Work, row: Mapping[str, Any], amounts: Mapping[str, float]) -> dict[str, Any]:
    activity = amounts[row["activity"]]
    figures = {name: row[name] * activity if row[name] is not None else None for name in ("low", "value", "high")}
    assumed = work.ratios.get(row["activity"], 0.0)
    by_ratio = row["activity"] != work.activity and activity == amounts[work.activity] * assumed
    ratio = f", taken as {assumed:g} per unit of capacity" if by_ratio else ""
    span = f" ({row['low']:g} to {row['high']:g})" if row["low"] is not None and row["high"] is not None else ""
    reason = f"{row['value']:g}{span} {row['unit']} per {row['per']}, {activity:,.0f} {row['activity_unit']}/a{ratio}"
    plain = {
        name: row[name]
        for name in ("typology", "material", "low_code", "hazardous", "carrier", "moisture", "basis", "instead_of", "usual_fate", "source")
    }
    return {
        **plain,
        **figures,
        "work": work.key,
        "name": row["name_en"],
        "unit": f"{row['unit']}/a",
        "total": bool(row["total"]),
        "grade": "D" if by_ratio else _DERIVED[row["grade"]],
        "reason": reason,
    }


def _open(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    counted = row["activity"].replace("_", " ")
    reason = f"It goes with {counted}, which the capacity does not tell: give it as an activity, in {row['activity_unit']}."
    return {"work": work.key, "typology": row["typology"], "name": row["name_en"], "per": row["per"], "reason": reason}


def _composed(work: Work) -> bool:
    """Whether it is in the table of works, which then names all its activities."""
    return work.key in set(catalogue()["works"]["work"].tolist())


def _contents(streams: list[dict[str, Any]]) -> Table:
    """Likely contents of each stream: of its own typology, else of its class."""
    known_contents = catalogue()["typology_contents"]
    rows = []
    for name, material in dict.fromkeys((row["typology"], row["material"]) for row in streams):
        for place in np.flatnonzero(known_contents["material"] == material):
            if known_contents["typology"][place] in (None, name):
                plain = {
                    each: known_contents[each][place] for each in ("component", "kind", "value", "low", "high", "unit", "grade", "source")
                }
                rows.append({"typology": name, **plain, "own": known_contents["typology"][place] is not None})
    best: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: bool(each["own"])):
        best[row["typology"], row["component"], row["kind"]] = row
    return _table("contents", list(best.values()), ("typology", "component", "kind", "value", "low", "high", "unit", "grade", "source"))


def _table(name: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    made = {column: np.array([row[column] for row in rows], dtype=float if column in _NUMBERS else object) for column in columns}
    return Table(name, columns[:2], made)
