"""What figures of a plan over years rest on: a year on its periods and scenarios, a limit on what it limits, a plant on its rows."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.plans import Marginal
from sivuvirta.domain.region import Region
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Keys, Legs
from sivuvirta.report.studies.resting import built, overlaid
from sivuvirta.report.tables import records

_NAMED = re.compile(r"\((\d{4})(?:,([^,()]+))?")  # year and subject of a solver row, such as "supply(2024,ash)"


def dated(found: Pathway, told: pd.DataFrame) -> dict[int, Basis]:
    """Each year with its periods, the rows of its scenarios, and the sources of its money and emissions.

    Args:
        found: the pathway.
        told: its years, as `assess.yearly.years` tells them.
    """
    bases = {}
    for year in found.years:
        named = (part.strip() for text in told["sources"][told["year"] == year] for part in str(text).split(";"))
        bases[year] = Basis(
            rows=(*_periods(found, year), *_overlaid(found, year)), sources=tuple(part for part in dict.fromkeys(named) if part)
        )
    return bases


def limiting(found: Pathway, one: Marginal) -> Basis:
    """What a limit is stated by: the stream or need with its amount, and what scenarios of the year say of it; else the year's periods."""
    match = _NAMED.search(one.label)
    if match is None:
        return Basis()
    year, key = int(match[1]), match[2] or ""
    region = _region(found, year)
    table = next((name for name in ("streams", "needs") if key in region.table(name).index), "")
    if not table:
        return Basis(rows=_periods(found, year))
    said = tuple(row for row in _overlaid(found, year) if key in row[1].split("/"))
    return Basis(rows=((table, key), ("quantities", f"{table}/{key}/{region.vintage}"), *said), figures=(f"{table}/{key}",))


def standing(found: Pathway) -> list[dict[str, Any]]:
    """Plants that are built, each with the rows of its cost and of what it uses."""
    legs = Legs.of(found.matches[-1].links)
    return [{**row, RESTS: built(legs, [str(row["plant"])])} for row in records(found.potential.builds)]


def _periods(found: Pathway, year: int) -> Keys:
    return (("periods", f"{found.horizon.name}/{year}"),)


def _overlaid(found: Pathway, year: int) -> Keys:
    region = _region(found, year)
    return overlaid(region, region.scenarios)


def _region(found: Pathway, year: int) -> Region:
    """The region as it is in a year of the horizon."""
    regions = {
        at: each.links.region for at, each in zip(dict.fromkeys(one.year for one in found.horizon.periods), found.matches, strict=True)
    }
    return regions.get(year, found.matches[0].links.region)
