"""Who of a region may take a stream: by the classes that its needs accept, and by industry."""

from __future__ import annotations

from typing import Any

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.suggest.knowledge import below
from sivuvirta.suggest.nace import plain_code, translated
from sivuvirta.suggest.ranking import Ranking
from sivuvirta.suggest.tables import table

_COLUMNS = ("organisation", "name", "nace", "need", "score", "reason")
_CLEAR = 0.3


def organisations(ranked: Ranking, region: Region | None, revision: str, k: int) -> Table:
    """Organisations of a region, those with a need that accepts the class first, then those of an industry that takes it.

    Scores are from 0 to 1: of a need 0.5 and half of how near its class is, of an industry half of its share of the best one's score.
    """
    rows = [] if region is None else _by_need(ranked, region) + _by_industry(ranked, region, revision)
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: -each["score"]):
        best.setdefault(row["organisation"], row)
    return table("organisations", "organisation", list(best.values())[:k], _COLUMNS)


def _by_need(ranked: Ranking, region: Region) -> list[dict[str, Any]]:
    needs = region.table("needs")
    found: dict[str, tuple[float, str]] = {}
    for need, material in zip(region.table("acceptances")["need"], region.table("acceptances")["material"], strict=True):
        near = below(material)
        score = float(ranked.classes[near].max()) if len(near) else 0.0
        if score > max(_CLEAR, found.get(need, (0.0, ""))[0]):
            found[need] = (score, f"its need '{needs['name'][needs.index[need]]}' accepts {material}")
    return [
        _row(region, owner, needs["name"][needs.index[need]], (0.5 + 0.5 * score, reason))
        for need, (score, reason) in found.items()
        if (owner := _owner(region, need))
    ]


def _by_industry(ranked: Ranking, region: Region, revision: str) -> list[dict[str, Any]]:
    members = region.table("organisations")
    best = max(ranked.scores.values(), default=0.0)
    rows = []
    for key, text in zip(members["organisation"], members["nace"], strict=True):
        code = plain_code(text)
        options = translated(code, "2.1", revision) if code else {}
        score = max((ranked.scores.get(each, 0.0) for each in options), default=0.0)
        if code and best and score > 0.1 * best:
            rows.append(_row(region, key, "", (0.5 * score / best, f"its industry {code} takes such streams")))
    return rows


def _owner(region: Region, need: str) -> str | None:
    needs, sites = region.table("needs"), region.table("sites")
    row = needs.index[need]
    if needs["organisation"][row]:
        return str(needs["organisation"][row])
    site = needs["site"][row]
    owner = sites["organisation"][sites.index[site]] if site else None
    return str(owner) if owner else None


def _row(region: Region, key: str, need: str, why: tuple[float, str]) -> dict[str, Any]:
    members = region.table("organisations")
    row = members.index[key]
    return {
        "organisation": key,
        "name": members["name"][row],
        "nace": members["nace"][row] or "",
        "need": need,
        "score": why[0],
        "reason": why[1],
    }
