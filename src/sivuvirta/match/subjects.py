"""What the register says of streams, needs and plants, as arrays by node, for whole tables of routes to be judged at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Ints, Links, NodeKind, Texts
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, grade_codes, positions
from sivuvirta.links.moistures import moisture
from sivuvirta.match.applicable import status_codes
from sivuvirta.units.months import months

HAZARDS = ("no", "mirror", "unknown", "yes")
"""Hazard of a stream; the position is the code."""

NOT_WASTE_LAW = ("heat", "electricity", "gas", "water", "service")
"""Carriers that waste law does not reach: energy, gaseous effluents and water (Directive 2008/98/EC, article 2)."""


@frozen(eq=False)
class Streams:
    """Streams by node row. Shape (nodes,); rows of other nodes mean nothing."""

    row: Rows  # row of table `streams`, -1 for other nodes
    status: Texts  # product | by_product | end_of_waste | waste | unknown
    status_code: Codes  # as limits name it
    hazard: Codes  # position in HAZARDS
    lawful: Mask  # waste law does not reach it
    country: Texts
    moisture_low: Floats  # %
    moisture_high: Floats
    grain: Floats  # mm, largest
    temperature: Floats  # degC
    season: Ints  # bits of months
    grade: Codes  # of grain, and of moisture where it is the stream's own
    status_grade: Codes  # of status and hazard
    moisture_grade: Codes


@frozen(eq=False)
class Needs:
    """Needs by node row. Shape (nodes,); rows of other nodes mean nothing."""

    row: Rows  # row of table `needs`, -1 for other nodes
    use_class: Texts
    jurisdiction: Texts
    zones: tuple[frozenset[str], ...]  # kinds of zone it lies in
    moisture_max: Floats  # %, NaN where it does not mind
    grain_max: Floats  # mm
    temperature_min: Floats  # degC
    season: Ints
    hazardous_ok: Mask
    grade: Codes


def streams(links: Links) -> Streams:
    """Streams of a region as arrays."""
    table, nodes = links.region.table("streams"), links.nodes
    row = _rows(links, NodeKind.STREAM, table)
    water = moisture(links.region, row)
    solid = nodes.unit == "t"
    grade = grade_codes(_pick(table["grade"], row))
    status, of_status = _pick(table["legal_status"], row), _pick(table["status_grade"], row)
    return Streams(
        row=row,
        status=np.where(pd.isna(status), "unknown", status),
        status_code=status_codes(status),
        hazard=_hazards(links, table, row),
        lawful=np.isin(nodes.carrier.astype(str), NOT_WASTE_LAW),
        country=countries(links),
        moisture_low=np.where(solid, water.low, np.nan),
        moisture_high=np.where(solid, water.high, np.nan),
        grain=_pick(table["grain_max"], row),
        temperature=_pick(table["temperature"], row),
        season=_seasons(_pick(table["season"], row)),
        grade=grade,
        status_grade=np.where(pd.isna(of_status), grade, grade_codes(of_status)).astype(np.int8),
        moisture_grade=water.grade,
    )


def needs(links: Links) -> Needs:
    """Needs of a region as arrays."""
    table = links.region.table("needs")
    row = _rows(links, NodeKind.NEED, table)
    return Needs(
        row=row,
        use_class=_pick(table["use_class"], row),
        jurisdiction=_pick(table["jurisdiction"], row),
        zones=_zone_kinds(links, table, row),
        moisture_max=_pick(table["moisture_max"], row),
        grain_max=_pick(table["grain_max"], row),
        temperature_min=_pick(table["temperature_min"], row),
        season=_seasons(_pick(table["season"], row)),
        hazardous_ok=np.asarray(_pick(table["hazardous_ok"], row) == True, dtype=bool),  # noqa: E712 - objects with None
        grade=grade_codes(_pick(table["grade"], row)),
    )


def countries(links: Links) -> Texts:
    """Country of each node's site, None where it has none."""
    sites = links.region.table("sites")
    return np.asarray(_pick(sites["country"], positions(sites["site"], links.nodes.site)), dtype=object)


def _rows(links: Links, kind: NodeKind, table: Table) -> Rows:
    row = np.full(len(links.nodes.id), -1, dtype=np.int64)
    mine = np.flatnonzero(links.nodes.kind == kind)
    row[mine] = positions(table[table.key[0]], links.nodes.id[mine])
    return row


def _pick(column: Any, rows: Rows) -> Any:
    """The column at rows; unknown where the row is -1."""
    nothing: Any = None if column.dtype == object else np.nan
    return np.append(column, [nothing])[np.where(rows < 0, len(column), rows)]


def _seasons(column: Any) -> Ints:
    return np.array([months(season) for season in column.tolist()], dtype=np.int32)


def _hazards(links: Links, table: Table, row: Rows) -> Codes:
    """Hazard as the register says; where it does not, as the code of the list of waste settles it."""
    stated = positions(HAZARDS, _pick(table["hazardous"], row))
    stated = np.where(stated < 0, HAZARDS.index("unknown"), stated)
    code = np.array([_digits(text) for text in _pick(table["low_code"], row).tolist()], dtype=object)
    codes = links.region.table("low_codes")
    entry = positions(codes["low_code"], code)
    settled = (stated == HAZARDS.index("unknown")) & (entry >= 0)
    listed, kind = _pick(codes["hazardous"], entry), _pick(codes["entry"], entry)
    absolute = np.array([str(text or "").lower().startswith("abs") for text in kind.tolist()], dtype=bool)
    by_code = np.where(listed == True, HAZARDS.index("yes"), np.where(absolute, HAZARDS.index("no"), HAZARDS.index("mirror")))  # noqa: E712
    return np.where(settled, by_code, stated).astype(np.int8)


def _digits(code: str | None) -> str | None:
    return None if code is None else code.replace("*", "").strip()


def _zone_kinds(links: Links, table: Table, row: Rows) -> tuple[frozenset[str], ...]:
    zones, sites = links.region.table("zones"), links.region.table("sites")
    kinds = dict(zip(zones["zone"].tolist(), zones["kind"].tolist(), strict=True))
    at_site = dict(zip(sites["site"].tolist(), sites["zones"].tolist(), strict=True))
    lies = [
        (at_site.get(site) or ()) + ((zone,) if zone else ())
        for site, zone in zip(table["site"].tolist(), table["zone"].tolist(), strict=True)
    ]
    found = [frozenset(kinds[zone] for zone in names if zone in kinds) for names in lies]
    return tuple(found[at] if at >= 0 else frozenset() for at in row.tolist())
