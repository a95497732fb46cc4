"""Overlay: a region with plants added that are not there, at its sites and where its zones are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table


class Place(NamedTuple):
    """A technology at a site."""

    technology: str
    site: str

    @property
    def plant(self) -> str:
        """Id of the plant that is added."""
        return f"gap.{self.technology}.{self.site}"


def with_zone_sites(region: Region) -> Region:
    """The region with a site at each place that stands for a zone and has none, named as the place.

    Args:
        region: its tables `zones`, `places` and `sites`.
    """
    sites, places = region.table("sites"), region.table("places")
    served = {place for place in region.table("zones")["place"].tolist() if place} - set(sites["place"].tolist())
    taken = set(sites["site"].tolist())
    rows = []
    for key in sorted(served):
        row = places.index.get(key)
        if row is not None and f"place.{key}" not in taken:
            name, country, source = (places[column][row] for column in ("name", "country", "source"))
            rows.append({"site": f"place.{key}", "name": name, "country": country, "place": key, "grade": "D", "source": source})
    return evolve(region, tables={**region.tables, "sites": extended(region.tables["sites"], rows)}) if rows else region


def absent(region: Region) -> list[Place]:
    """Technologies at sites where no plant of theirs stands or is a candidate; those whose investment is not known cannot be built.

    Args:
        region: its tables `technologies`, `sites` and `plants`.
    """
    plants, technologies = region.table("plants"), region.table("technologies")
    there = set(zip(plants["technology"].tolist(), plants["site"].tolist(), strict=True))
    known = ~np.isnan(technologies["capex"]) & ~np.isnan(technologies["lifetime"]) & ~np.isnan(technologies["reference_capacity"])
    pairs = [Place(name, site) for name in technologies["technology"][known].tolist() for site in region.table("sites")["site"].tolist()]
    return [pair for pair in pairs if pair not in there]


def with_plants(region: Region, added: Sequence[Place]) -> Region:
    """The region with candidate plants added, at the sizes and the cost of their technologies' reference.

    Args:
        region: the region.
        added: technologies and sites.
    """
    technologies, sites = region.table("technologies"), region.table("sites")
    rows = []
    for place in added:
        technology = technologies.index[place.technology]
        name = f"{technologies['name'][technology]} at {sites['name'][sites.index[place.site]]}"
        source = technologies["source"][technology]
        row = {"technology": place.technology, "site": place.site, "status": "candidate", "grade": "D", "source": source}
        rows.append({"plant": place.plant, "name": name, **row})
    return evolve(region, tables={**region.tables, "plants": extended(region.table("plants"), rows)})


def extended(table: Table, rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table with rows added; what they do not say is unknown.

    Args:
        table: the table.
        rows: values by column.
    """
    columns = {}
    for name, column in table.columns.items():
        nothing: Any = None if column.dtype == object else np.nan
        more = np.empty(len(rows), dtype=column.dtype)
        for place, row in enumerate(rows):
            more[place] = row.get(name, nothing)
        columns[name] = np.concatenate([column, more])
    return Table(table.name, table.key, columns)
