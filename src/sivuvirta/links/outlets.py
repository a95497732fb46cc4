"""Outlets: where streams go today, and where the residues of plants go."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Floats, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, picked, positions
from sivuvirta.links.materials import Materials
from sivuvirta.links.supply import Supply

DISPOSAL = ("landfill", "hazardous_landfill", "stored", "flared", "discharged", "unused")
"""Kinds of fate that take whatever comes where no capacity is stated."""

LANDFILLS = ("landfill", "hazardous_landfill")
"""Kinds of fate on which a waste tax may fall, so that it has to be stated, be it 0."""

SELF_EVIDENT = ("emission", "loss", "unaccounted")
"""Kinds of output that leave a plant without a stated fate."""


@frozen(eq=False)
class Outlets:
    """Fates in use at the vintage: the stated ones in the order of the table, then the automatic ones. Shape (fates,)."""

    id: Texts
    name: Texts
    kind: Texts
    row: Rows  # row of the region's `fates`, -1 for an automatic one
    stream: Rows  # row of `streams`, -1 for an output
    technology: Texts  # None for a stream
    output: Texts  # None for a stream
    material: Rows  # position in the tree
    site: Texts
    organisation: Texts
    location: Rows  # as in Stands
    share: Floats  # of the stream's supply that goes there today, 0..1
    uneven: tuple[str, ...]  # streams whose stated shares do not sum to 100 %

    def __len__(self) -> int:
        return len(self.id)


def outlets(region: Region, tree: Materials, supply: Supply) -> Outlets:
    """Today's outlets of all streams that flow, and the outlets of the outputs of all technologies that plants use.

    A stream without any stated fate gets one of kind `unaccounted`: its tonnes go somewhere, but the register does not say where.
    """
    table, streams = region.table("fates"), region.table("streams")
    stream = positions(streams["stream"], table["stream"])
    now = pd.isna(table["vintage"]) | (table["vintage"] == region.vintage)
    flows = np.where(stream >= 0, supply.value[np.maximum(stream, 0)] > 0 if len(streams) else False, False)
    used = pd.isna(table["stream"]) & np.isin(table["technology"].astype(str), _technologies(region))
    rows = np.flatnonzero(now & (flows | used))
    share, uneven = _shares(table["share"][rows] / 100.0, stream[rows], len(streams))
    stated = _stated(region, tree, rows, stream[rows], share)
    orphans = np.flatnonzero((supply.value > 0) & ~np.isin(np.arange(len(streams)), stream[rows]))
    parts = (stated, _of_outputs(region, tree, rows), _of_streams(region, tree, orphans))
    joined = {name: np.concatenate([part[name] for part in parts]) for name in stated}
    return Outlets(**joined, uneven=tuple(streams["stream"][uneven].tolist()))


def _technologies(region: Region) -> list[str]:
    return [str(name) for name in region.table("plants")["technology"].tolist()]


def _shares(share: Floats, stream: Rows, count: int) -> tuple[Floats, Rows]:
    """Shares that sum to 1 a stream; the only fate of a stream has all of it. Returns also the streams whose stated shares do not sum."""
    member = np.maximum(stream, 0)
    alone = (stream >= 0) & (np.bincount(member[stream >= 0], minlength=max(count, 1))[member] == 1)
    share = np.where(stream < 0, 0.0, np.where(np.isnan(share), np.where(alone, 1.0, 0.0), share))
    total = np.bincount(member, weights=share, minlength=max(count, 1))
    has = np.bincount(member[stream >= 0], minlength=max(count, 1)) > 0
    uneven = np.flatnonzero(has & (np.abs(total - 1.0) > 1e-6))
    return np.divide(share, total[member], out=np.zeros_like(share), where=total[member] > 0), uneven


def _columns(**columns: object) -> dict[str, Texts]:
    numbers = {"row": np.int64, "stream": np.int64, "material": np.int64, "location": np.int64, "share": float}
    return {name: np.asarray(column, dtype=numbers.get(name, object)) for name, column in columns.items()}


def _stated(region: Region, tree: Materials, rows: Rows, stream: Rows, share: Floats) -> dict[str, Texts]:
    table, streams, sites = region.table("fates").take(rows), region.table("streams"), region.table("sites")
    here = pd.isna(table["site"]) & pd.isna(table["zone"])
    site = np.where(here, picked(streams["site"], stream, None), table["site"])
    zone = positions(region.table("zones")["zone"], table["zone"])
    at = positions(sites["site"], site)
    made = _makes(region, table["technology"], table["output"])
    return _columns(
        id=table["fate"],
        name=table["name"],
        kind=table["kind"],
        row=rows,
        stream=stream,
        technology=table["technology"],
        output=table["output"],
        material=tree.find(np.where(stream >= 0, picked(streams["material"], stream, None), made)),
        site=site,
        organisation=table["organisation"],
        location=np.where(at >= 0, at, np.where(zone >= 0, zone + len(sites), -1)),
        share=share,
    )


def _makes(region: Region, technology: Texts, output: Texts) -> Texts:
    recipes = region.table("recipe_outputs")
    keys = pd.MultiIndex.from_arrays([recipes["technology"], recipes["output"]])
    first = ~keys.duplicated()
    found = keys[first].get_indexer(pd.MultiIndex.from_arrays([technology, output])) if len(technology) else np.zeros(0, dtype=np.int64)
    return np.asarray(picked(recipes["makes"][first], found, None), dtype=object)


def _of_outputs(region: Region, tree: Materials, rows: Rows) -> dict[str, Texts]:
    """Emissions, losses and what no source accounts for, where no fate is stated: they cost nothing."""
    fates, recipes = region.table("fates").take(rows), region.table("recipe_outputs")
    stated = set(zip(fates["technology"].tolist(), fates["output"].tolist(), strict=True))
    used = set(_technologies(region))
    keys = list(zip(recipes["technology"].tolist(), recipes["output"].tolist(), strict=True))
    kinds = recipes["kind"].tolist()
    chosen: dict[tuple[str, str], int] = {}
    for row, key in enumerate(keys):
        if kinds[row] in SELF_EVIDENT and key[0] in used and key not in stated:
            chosen.setdefault(key, row)
    first = np.array(list(chosen.values()), dtype=np.int64)
    return _columns(
        id=[f"{technology}.{output}" for technology, output in chosen],
        name=[f"{output.replace('_', ' ')} of {technology.replace('_', ' ')}" for technology, output in chosen],
        kind=np.where(recipes["kind"][first] == "emission", "emission", "unaccounted"),
        row=np.full(len(first), -1),
        stream=np.full(len(first), -1),
        technology=recipes["technology"][first],
        output=recipes["output"][first],
        material=tree.find(recipes["makes"][first]),
        site=np.full(len(first), None),
        organisation=np.full(len(first), None),
        location=np.full(len(first), -1),
        share=np.zeros(len(first)),
    )


def _of_streams(region: Region, tree: Materials, rows: Rows) -> dict[str, Texts]:
    """The outlet of streams whose register row names none."""
    streams = region.table("streams").take(rows)
    nothing = np.full(len(rows), None)
    return _columns(
        id=[f"{key}.unaccounted" for key in streams["stream"].tolist()],
        name=[f"{name}: outlet not known" for name in streams["name"].tolist()],
        kind=np.full(len(rows), "unaccounted"),
        row=np.full(len(rows), -1),
        stream=rows,
        technology=nothing,
        output=nothing,
        material=tree.find(streams["material"]),
        site=streams["site"],
        organisation=nothing,
        location=positions(region.table("sites")["site"], streams["site"]),
        share=np.ones(len(rows)),
    )


def unpriced(fates: Table) -> Mask:
    """Whether money of a fate is not known although its kind has it: the fee of a disposal, the waste tax of a landfill, what a sale earns.

    Args:
        fates: rows of the table.

    Returns:
        True where something is missing, and where neither fee nor revenue is known. Shape (fates,).
    """
    kind = fates["kind"].astype(str)
    feeless, unearned = np.isnan(fates["fee"]), np.isnan(fates["revenue"])
    untaxed = np.isin(kind, LANDFILLS) & np.isnan(fates["tax"])
    missing: Mask = (feeless & (unearned | np.isin(kind, DISPOSAL))) | untaxed | ((kind == "sold") & unearned)
    return missing


def outlet_capacity(outlets: Outlets, chosen: Rows, stated: Floats, today: Floats) -> Floats:
    """Most that outlets take: what is stated; else no limit for a disposal or an output's outlet; else today's amount.

    Args:
        outlets: all outlets.
        chosen: rows of them, shape (n,).
        stated: capacity in the register, NaN where none, shape (n,).
        today: flow of the reference, shape (n,).
    """
    unlimited: Mask = np.isin(outlets.kind[chosen].astype(str), DISPOSAL) | (outlets.stream[chosen] < 0)
    return np.where(np.isnan(stated), np.where(unlimited, np.inf, today), stated)
