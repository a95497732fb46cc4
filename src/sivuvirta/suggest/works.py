"""Kinds of works: what an industry's capacity counts, and how its other activities go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from attrs import frozen

from sivuvirta.errors import OptionError
from sivuvirta.library import catalogue


@frozen(kw_only=True)
class Work:
    """A kind of works: its name, the industries that it is made of, and its activities per unit of capacity."""

    key: str
    name: str
    industries: tuple[str, ...]
    activity: str  # that the capacity counts
    ratios: Mapping[str, float]


def works_of(code: str, rows: Iterable[Mapping[str, Any]]) -> list[Work]:
    """Kinds of works of a class: those of the table `works`, and each other industry, whose capacity counts its commonest activity."""
    table: dict[str, list[dict[str, Any]]] = {}
    for row in catalogue()["works"].rows():
        if row["nace"] == code or row["nace"].startswith(code):
            table.setdefault(row["work"], []).append(row)
    found = [
        Work(
            key=key,
            name=each[0]["name"],
            industries=tuple(each[0]["industries"]),
            activity=each[0]["activity"],
            ratios={row["activity"]: row["ratio"] for row in each},
        )
        for key, each in table.items()
    ]
    covered = {industry for work in found for industry in work.industries}
    for industry in dict.fromkeys(row["industry"] for row in rows):
        if industry not in covered:
            counted = [row["activity"] for row in rows if row["industry"] == industry]
            main = max(dict.fromkeys(counted), key=counted.count)
            found.append(Work(key=plain_key(industry), name=industry, industries=(industry,), activity=main, ratios={main: 1.0}))
    return found


def chosen(works: list[Work], rows: list[dict[str, Any]], product: str | None, industry: str | None) -> list[Work]:
    """Works narrowed to a product and a kind.

    Raises:
        OptionError: none is left.
    """
    found = works
    if industry:
        words = plain_key(industry).split("_")
        exact = [work for work in found if work.key == plain_key(industry)]
        found = exact or [work for work in found if all(word in plain_key(f"{work.key} {work.name}") for word in words)]
    if product:
        every = dict.fromkeys(row["activity"] for row in rows)
        names = [name for name in every if name == plain_key(product)] or [
            name for name in every if set(plain_key(product).split("_")) <= set(name.split("_"))
        ]
        found = [work for work in found if work.activity in names]
    if not found:
        asked = " and ".join(f"'{each}'" for each in (industry, product) if each)
        near = get_close_matches(plain_key(industry or product or ""), [work.key for work in works], n=1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        kinds = "; ".join(f"{work.key} ({work.name}, counts {work.activity})" for work in works)
        raise OptionError(f"No kind of works fits {asked}.{meant} Known are: {kinds}.")
    return found


def plain_key(text: str) -> str:
    """Words as a key: small letters, digits and low lines."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
