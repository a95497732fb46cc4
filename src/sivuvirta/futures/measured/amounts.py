"""Amounts in each draw: what is used, diverted, bought, hauled and driven, and who works at plants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.fates import extractive, outlet_groups
from sivuvirta.domain.links import ArcKind, Floats, NodeKind
from sivuvirta.domain.paths import for_trucks
from sivuvirta.futures.measured.blocks import LEVEL, RISE, SAVING, Block, Row
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.setting import Setting, gathered, times
from sivuvirta.links.codes import picked, positions

_OUTLETS = "outlets"


def diverted(setting: Setting) -> Block:
    """What no longer goes to disposal or stock, by stream, and in all with extractive waste apart."""
    links = setting.links
    origin = setting.of(links.arcs.origin)
    ends = np.flatnonzero(setting.kind(ArcKind.FATE, ArcKind.RESIDUE))
    lost = ends[np.isin(outlet_groups(links, setting.arc[ends].astype(np.int64)), ("disposed", "stocked"))]
    stream = links.nodes.kind[origin[lost]] == NodeKind.STREAM
    key = np.where(stream, links.nodes.id[origin[lost]], "")
    label = np.where(stream, links.nodes.name[origin[lost]], "residues of plants")
    mineral, unit = extractive(links)[origin[lost]], setting.of(links.units)[lost]
    frame = pd.DataFrame({"key": key, "label": label, "mineral": mineral, "unit": unit})
    code, groups = _coded(frame)
    solid = unit == "t"
    totals = np.where(solid, np.where(mineral, len(groups) + 1, len(groups)), -1)
    told = groups.itertuples(index=False, name=None)
    rows = [Row(key, f"Diverted: {label}", f"{unit}/a", SAVING, 1) for key, label, _, unit in told]
    whole = [
        Row("total", "Diverted from disposal and stock", "t/a", SAVING, 1, _OUTLETS),
        Row("total extractive", "Diverted from disposal and stock, extractive waste", "t/a", SAVING, 1, _OUTLETS),
    ]
    matrix = gathered(_spread(lost, code, len(origin)), len(groups) + 2) + gathered(_spread(lost, totals, len(origin)), len(groups) + 2)
    return Block("diverted", (*rows, *whole), lambda flows, _: times(flows.amount, matrix))


def products(setting: Setting) -> Block:
    """Primary products bought less, or replaced outside the region, by product and role; and all that is bought in tonnes."""
    links = setting.links
    arcs, nodes, region = links.arcs, links.nodes, links.region
    origin, destination = setting.of(arcs.origin), setting.of(arcs.destination)
    table, fates = region.table("products"), region.table("fates")
    row = np.where(nodes.kind[destination] == NodeKind.FATE, positions(fates["fate"], nodes.id[destination]), -1)
    bought, reagent = setting.kind(ArcKind.BUY), setting.kind(ArcKind.REAGENT)
    outside = np.where(setting.kind(ArcKind.FATE, ArcKind.RESIDUE), picked(fates["product"], row, None), None)
    displaced = np.asarray(outside != None, dtype=bool)  # noqa: E711 - objects with None
    role = np.where(bought, "bought", np.where(reagent, "reagent", np.where(displaced, "displaced", "")))
    product = np.where(displaced, outside, nodes.id[origin])
    at = np.flatnonzero(role != "")
    known = positions(table["product"], product[at])
    frame = pd.DataFrame(
        {"key": product[at], "role": role[at], "label": picked(table["name"], known, ""), "unit": picked(table["unit"], known, "t")}
    )
    code, groups = _coded(frame)
    tonnes = np.where((frame["role"] != "displaced") & (frame["unit"] == "t"), len(groups), -1)
    matrix = gathered(_spread(at, code, len(origin)), len(groups) + 1) + gathered(_spread(at, tonnes, len(origin)), len(groups) + 1)
    words = {"bought": "Bought less", "reagent": "Bought less by plants", "displaced": "Replaced outside the region"}
    rows = [
        Row(
            f"{key} {role}",
            f"{words[role]}: {label}",
            f"{unit}/a",
            RISE if role == "displaced" else SAVING,
            1,
        )
        for key, role, label, unit in groups.itertuples(index=False, name=None)
    ]
    virgin = Row("virgin", "Primary product bought less", "t/a", SAVING, 1)
    return Block(
        "products", (*rows, virgin), lambda flows, numbers: times(flows.amount * np.where(displaced, numbers.replaced, 1.0), matrix)
    )


def transport(setting: Setting) -> Block:
    """Tonne-kilometres and loaded road trips a year by mode, planned less today's."""
    links, arcs = setting.links, setting.links.arcs
    count, main, truck = len(links.modes), setting.of(arcs.mode).astype(int), setting.of(arcs.vehicle).astype(int)
    hauled, by_truck = gathered(main, count), gathered(truck, count)
    tkm, trips = setting.of(arcs.tkm), np.nan_to_num(setting.of(arcs.trips))

    def sums(flows: Flows, numbers: Coefficients) -> Floats:
        moved = flows.amount * numbers.wetter * numbers.longer * tkm
        fed = moved * np.divide(numbers.truck_km, numbers.km, out=np.zeros_like(moved), where=numbers.km > 0)
        return np.concatenate(
            [times(moved - fed, hauled) + times(fed, by_truck), times(flows.amount * numbers.wetter * trips, by_truck)], axis=1
        )

    names = [str(mode) for mode in links.modes]
    rows = [Row(f"{mode} tkm", f"Tonne-kilometres by {mode}", "tkm/a", RISE) for mode in names]
    return Block("transport", (*rows, *(Row(f"{mode} trips", f"Loaded trips by {mode}", "1/a", RISE) for mode in names)), sums)


def roads(setting: Setting, loads: Floats) -> Block:
    """Loaded trips a day on each road section in the plan.

    Args:
        setting: used arcs.
        loads: loaded trips a day per unit, shape (used,).
    """
    links = setting.links
    table = links.region.table("roads")
    ways = links.paths.chosen(setting.of(links.arcs.pair))
    owner = np.repeat(np.arange(len(setting.arc)), np.diff(ways.start))
    by_truck = for_trucks(table)[ways.edge] & (loads[owner] > 0)
    used, at = np.unique(ways.edge[by_truck], return_inverse=True)
    matrix = gathered(owner[by_truck], len(setting.arc)).T @ gathered(at.reshape(-1), len(used))
    places = links.region.table("places")
    named = {key: str(places["name"][at]) for key, at in places.index.items()}
    rows = tuple(
        Row(
            str(table["road"][road]),
            f"Loads on {table['number'][road] or 'the road'}, {named[table['from_place'][road]]} to {named[table['to_place'][road]]}",
            "loads/d",
            LEVEL,
        )
        for road in used.tolist()
    )
    return Block("roads", rows, lambda flows, numbers: times(flows.amount * numbers.wetter * loads, matrix))


def jobs(setting: Setting) -> Block:
    """Posts at plants, planned less today's."""
    staff = np.nan_to_num(setting.links.works.staff)
    row = Row("posts", "Posts at plants, gross", "posts", RISE)
    return Block("jobs", (row,), lambda flows, _: np.asarray((flows.activity * staff).sum(axis=1, keepdims=True)))


def _coded(frame: pd.DataFrame) -> tuple[Any, pd.DataFrame]:
    """Number of each row's group, and the groups, in order of first sight."""
    groups = frame.drop_duplicates().reset_index(drop=True)
    number = {tuple(row): at for at, row in enumerate(groups.itertuples(index=False, name=None))}
    return np.array([number[tuple(row)] for row in frame.itertuples(index=False, name=None)], dtype=np.int64), groups


def _spread(at: Any, code: Any, count: int) -> Any:
    """Groups of some rows, -1 for all others."""
    found = np.full(count, -1, dtype=np.int64)
    found[at] = code
    return found
