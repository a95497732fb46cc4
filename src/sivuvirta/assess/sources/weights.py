"""Figures that are flows times a weight: what is used, trucks, products, haulage by mode, loads by road section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.assess.fates import used_weight
from sivuvirta.assess.roads.haulage import loads, measures
from sivuvirta.assess.roads.steps import by_truck, steps
from sivuvirta.assess.sources.book import Book, Row
from sivuvirta.assess.sources.flows import Used
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Flags, Floats
from sivuvirta.domain.traces import Line, Traced, Values

_BOUGHT = {"bought": ArcKind.BUY, "reagent": ArcKind.REAGENT}


def weighted(book: Book, register: Register, flows: Used, found: Assessment) -> Iterator[Traced]:
    """All figures that are sums of flows, each flow with a weight of its own."""
    yield from _heads(book, register, flows, found)
    yield from _products(book, register, flows, found)
    yield from _haulage(book, register, flows, found)
    yield from _roads(book, register, flows, found)


def lines(book: Book, register: Register, flows: Used, weight: Floats, told: tuple[str, str, str]) -> tuple[Line, ...]:
    """Lines of the used arcs whose weight is not 0.

    Args:
        book: that they are written into.
        register: where their rows are found.
        flows: used arcs.
        weight: per unit of each used arc.
        told: words, unit of the weight without what it is per, and which rows it rests on: haul, vehicle, fate, or none.
    """
    words, unit, behind = told
    found = []
    for at in np.flatnonzero(np.nan_to_num(weight)).tolist():
        arc = int(flows.arc[at])
        rate = book.coefficient(words, float(weight[at]), f"{unit}/{register.links.units[arc]}", _behind(register, arc, behind))
        found.append(Line(flows.driver[at], rate))
    return tuple(found)


def _behind(register: Register, arc: int, behind: str) -> Iterable[Row]:
    if behind in ("haul", "vehicle"):
        yield from register.vehicles(arc)
        yield from register.water(arc)
    if behind == "haul":
        yield from register.way(arc)
    if behind == "fate":
        yield from register.rows("fates", register.links.nodes.id[register.links.arcs.destination[arc]])


def _heads(book: Book, register: Register, flows: Used, found: Assessment) -> Iterator[Traced]:
    links = register.links
    rows = {str(row["figure"]): row for row in found.headline.to_dict("records")}
    of = {
        "could_be_used": (used_weight(links), ("counts as used; a residue that is disposed of is taken away", "t", "fate")),
        "trucks": (loads(links), ("loaded trips a day", "loads/d a year's", "vehicle")),
    }
    for key, (weight, told) in of.items():
        row = rows[key]
        values = (float(row["today"]), float(row["proven"]), float(row["total"]))
        yield Traced(f"headline/{key}", str(row["label"]), str(row["unit"]), values, lines(book, register, flows, weight[flows.arc], told))


def _products(book: Book, register: Register, flows: Used, found: Assessment) -> Iterator[Traced]:
    links, kind = register.links, register.links.arcs.kind[flows.arc]
    ends = links.nodes.id[links.arcs.origin[flows.arc]]
    for (product, role, name, unit), values in _both(found, "products", ["product", "role", "name", "unit"]):
        if role in _BOUGHT:
            weight = ((kind == _BOUGHT[role]) & (ends == product)).astype(float)
            told = ("bought", str(unit).removesuffix("/a"), "")
        else:
            weight, told = _replacing(register, flows, product), ("replaced a unit", str(unit).removesuffix("/a"), "fate")
        yield Traced(f"products/{product}/{role}", str(name), str(unit), values, lines(book, register, flows, weight, told))


def _replacing(register: Register, flows: Used, product: str) -> Floats:
    """Units of a product that each used arc replaces outside the region."""
    links, fates = register.links, register.links.region.table("fates")
    weight = np.zeros(len(flows.arc))
    for at in np.flatnonzero(np.isin(links.arcs.kind[flows.arc], (ArcKind.FATE, ArcKind.RESIDUE))).tolist():
        row = fates.index.get(links.nodes.id[links.arcs.destination[flows.arc[at]]])
        if row is not None and fates["product"][row] == product:
            weight[at] = np.nan_to_num(fates["ratio"][row])
    return weight


def _haulage(book: Book, register: Register, flows: Used, found: Assessment) -> Iterator[Traced]:
    """Haulage of all modes together, one figure a measure, as the report tells it."""
    weights: dict[tuple[str, str], Floats] = {}
    for _, name, unit, per_unit in measures(register.links):
        weights[name, unit] = weights.get((name, unit), 0.0) + np.nan_to_num(per_unit)
    for (measure, unit), values in _both(found, "transport", ["measure", "unit"]):
        told = (str(measure), str(unit).removesuffix("/a"), "haul")
        traced = lines(book, register, flows, weights[measure, unit][flows.arc], told)
        yield Traced(f"transport/{measure}", str(measure), str(unit), values, traced)


def _roads(book: Book, register: Register, flows: Used, found: Assessment) -> Iterator[Traced]:
    on_road, off = _passes(register, flows, found.potential.planned)
    per_unit = loads(register.links)[flows.arc]
    for (road, number), values in _both(found, "roads", ["road", "number"]):
        weight = np.where(off, per_unit, 0.0) if not road else per_unit * on_road.get(str(road), np.zeros(len(per_unit)))
        rows = book.rows(register.rows("roads", road)) if road else ()
        label = str(number or road or "Off the road graph")
        told = ("loaded trips a day on this section", "loads/d a year's", "vehicle")
        yield Traced(f"roads/{road}", label, "loads/d", values, lines(book, register, flows, weight, told), rows)


def _passes(register: Register, flows: Used, ledger: Ledger) -> tuple[dict[str, Floats], Flags]:
    """How often each used arc passes each section, and which are on none."""
    links, count = register.links, len(flows.arc)
    nothing = np.zeros(count, dtype=np.int8)
    every = evolve(ledger, arc=flows.arc.astype(np.int32), amount=np.ones(count), verdict=nothing, grade=nothing, evidence=nothing)
    way = steps(every)
    truck = by_truck(links, way.edge)
    ids = links.region.table("roads")["road"]
    found: dict[str, Floats] = {}
    for flow, edge in zip(way.flow[truck].tolist(), way.edge[truck].tolist(), strict=True):
        found.setdefault(str(ids[edge]), np.zeros(count))[flow] += 1.0
    return found, np.asarray(links.arcs.pair[flows.arc] < 0, dtype=bool)


def _both(found: Assessment, name: str, keys: list[str]) -> Iterator[tuple[tuple[str, ...], Values]]:
    """Today, proven and potential of each row of a table that both networks have, by its keys."""
    sums = []
    for each in (found.proven, found.potential):
        frame: pd.DataFrame = getattr(each, name)
        sums.append(frame.assign(**{key: frame[key].fillna("") for key in keys}).groupby(keys, sort=False)[["reference", "planned"]].sum())
    index = pd.concat(sums).index.unique()
    proven, potential = (each.reindex(index).fillna(0.0).to_numpy(float) for each in sums)
    for key, sure, whole in zip(index.tolist(), proven.tolist(), potential.tolist(), strict=True):
        yield key, (max(sure[0], whole[0], key=abs), sure[1], whole[1])
