"""Hauled: what haulage rests on. Water of streams, lengths of roads, rates of modes."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from scipy.sparse import csr_array

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats, Links, NodeKind
from sivuvirta.domain.paths import for_trucks
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.futures.measured.setting import Setting
from sivuvirta.links.codes import known, picked, positions, spread
from sivuvirta.links.modes import Modes, modes
from sivuvirta.units.ranges import SPREAD

_SAME = 1e-9  # relative: what a formula explains


@frozen(eq=False)
class Ways:
    """Lengths of ways, and what of their cost follows from them. Shape (used,) unless said."""

    km: Floats
    truck_km: Floats  # to and from terminals
    length: Any  # (used, inputs) km of the whole way, sparse
    trucked: Any  # (used, inputs) km of truck_km, sparse
    rated: Any  # cost of carriage is km times the rate of the mode, no row of `links` states it
    handled: Any
    emitting: Any
    pipe: Floats  # EUR per unit of a pipe's investment that grows with the flow
    main: Any  # mode, -1 for none
    truck: Any  # mode to and from terminals, -1 for none
    unexplained: int = 0  # ways whose length is not the sum of their sections

    def with_effects(self, found: dict[str, Any]) -> Ways:
        """The same with what inputs move."""
        return evolve(self, length=found["length"], trucked=found["trucked"])


def wet(book: Book, setting: Setting) -> tuple[Floats, Part]:
    """Water of what leaves each stream, a share of what is sent, and one input a stream whose moisture has a range."""
    links, part = setting.links, Part()
    table, nodes = links.region.table("streams"), links.nodes
    origin = links.arcs.origin[setting.arc]
    base = 1.0 - 1.0 / links.arcs.sent[setting.arc]
    for row, (low, high) in enumerate(zip(table["moisture_low"].tolist(), table["moisture_high"].tolist(), strict=True)):
        here = (nodes.kind[origin] == NodeKind.STREAM) & (nodes.id[origin] == table["stream"][row]) & (setting.of(links.units) == "t")
        value = float(table["moisture"][row]) / 100.0
        rows = np.flatnonzero(here)
        if not (high > low and 0 < value < 1 and len(rows)):
            continue
        key, sd = str(table["stream"][row]), (high - low) / SPREAD / 100.0
        one = Input("moisture", key, f"moisture of {table['name'][row]}", "beta", value, sd, low / 100.0, high / 100.0)
        part.add(rows, book.number(one), np.full(len(rows), sd))
    return base, part


def rates(book: Book, links: Links) -> dict[str, tuple[Floats, Part]]:
    """Cost, handling and emission of modes; the last row is of no mode. One input a figure of a mode."""
    means, table = modes(links.region), links.region.table("modes")
    words = {
        "cost": ("transport", "haulage by"),
        "handling": ("handling", "handling for"),
        "co2": ("co2 transport", "emission of haulage by"),
    }
    found = {}
    for name, (kind, label) in words.items():
        value, sd, part = getattr(means, name), getattr(means, f"{name}_sd"), Part()
        for at in np.flatnonzero(known(sd, 0.0) > 0).tolist():
            part.add([at], book.number(coefficient(kind, str(means.id[at]), f"{label} {table['name'][at]}", (value[at], sd[at]))), [sd[at]])
        found[name] = (np.append(known(value, 0.0), 0.0), part)
    return found


def coefficient(kind: str, key: str, label: str, figure: tuple[float, float]) -> Input:
    """A figure of money or emission as an input, as ensembles have it: relative to its middle, of its mean and standard deviation."""
    value, sd = (float(each) for each in figure)
    certain = value == 0
    return Input(kind, key, label, "normal" if certain else "lognormal", 1.0, 1.0 if certain else abs(sd / value))


def ways(book: Book, setting: Setting) -> tuple[Ways, dict[str, Part]]:
    """Ways of the used arcs as they are planned, and one input a road section whose length has a range."""
    links, region = setting.links, setting.links.region
    arcs, means, roads = links.arcs, modes(region), region.table("roads")
    pair = arcs.pair[setting.arc]
    chosen = links.paths.chosen(pair)
    owner = np.repeat(np.arange(len(pair)), np.diff(chosen.start))
    edge = chosen.edge
    km, truck_km, legs = (setting.of(each) for each in (arcs.km, arcs.feeder_km, arcs.feeder_legs))
    on_truck = for_trucks(roads)[edge] & (legs[owner] > 0)
    whole = np.bincount(owner, weights=roads["km"][edge], minlength=len(pair)) + _access(setting, legs)
    explained = np.isclose(whole, km, rtol=_SAME, atol=0.0) & (pair >= 0)
    parts = {"length": Part(), "trucked": Part()}
    sd = spread(roads["km_low"], roads["km_high"])
    for road in np.unique(edge[sd[edge] > 0]).tolist():
        value = float(roads["km"][road])
        one = Input("distance", str(roads["road"][road]), f"length of road {_named(roads, road)}", "lognormal", value, float(sd[road]))
        one = evolve_range(one, float(roads["km_low"][road]), float(roads["km_high"][road]))
        for name, mask in (("length", np.ones(len(edge), dtype=bool)), ("trucked", on_truck)):
            uses = np.bincount(owner[(edge == road) & mask], minlength=len(pair)) * explained
            rows = np.flatnonzero(uses)
            if len(rows):
                parts[name].add(rows, book.number(one), uses[rows] * sd[road])
    nothing = csr_array((len(pair), 0))
    kept = int(((km > 0) & ~explained).sum())
    way = Ways(km, truck_km, nothing, nothing, *(explained,) * 3, np.zeros(len(pair)), *_modes(setting), kept)
    return _rated(way, setting, means), parts


def evolve_range(one: Input, low: float, high: float) -> Input:
    """An input with the ends of its range."""
    return Input(one.kind, one.key, one.label, one.family, one.centre, one.unit, low, high)


def _named(roads: Any, row: int) -> str:
    return f"{roads['number'][row] or roads['road'][row]} ({roads['from_place'][row]} to {roads['to_place'][row]})"


def _modes(setting: Setting) -> tuple[Any, Any]:
    arcs = setting.links.arcs
    return setting.of(arcs.mode).astype(np.int64), setting.of(arcs.feeder).astype(np.int64)


def _access(setting: Setting, legs: Any) -> Floats:
    """Km from both ends to their places; a way by a siding or quay has no truck and no access there."""
    links, region = setting.links, setting.links.region
    sites, zones, nodes = region.table("sites"), region.table("zones"), links.nodes
    by_site = picked(sites["access_km"], positions(sites["site"], nodes.site), np.nan)
    zone = np.full(len(nodes.id), -1)
    for kind, name in ((NodeKind.NEED, "needs"), (NodeKind.FATE, "fates")):
        table = region.table(name)
        row = np.where(nodes.kind == kind, positions(table[table.key[0]], nodes.id), -1)
        zone = np.where(row >= 0, positions(zones["zone"], picked(table["zone"], row, None)), zone)
    at = known(np.where(np.isnan(np.asarray(by_site, dtype=float)), picked(zones["access_km"], zone, np.nan), by_site), 0.0)
    return np.asarray(at[setting.of(links.arcs.origin)] + at[setting.of(links.arcs.destination)], dtype=float)


def _rated(way: Ways, setting: Setting, means: Modes) -> Ways:
    """Whose carriage follows from the mode's rates: what the formula of links gives is what the arc has."""
    arcs, sent = setting.links.arcs, setting.of(setting.links.arcs.sent)
    pipe = setting.of(arcs.capex) * np.append(known(means.yearly, 0.0), 0.0)[way.main]

    def rate(name: str) -> Any:
        return np.append(known(getattr(means, name), 0.0), 0.0)

    weight, by_truck = sent * (way.km - way.truck_km), sent * way.truck_km
    legs = setting.of(arcs.feeder_legs)
    formula = {
        "rated": (rate("cost")[way.main] * weight + rate("cost")[way.truck] * by_truck + pipe, setting.of(arcs.eur)[:, 0]),
        "handled": (sent * (rate("handling")[way.main] + legs * rate("handling")[way.truck]), setting.of(arcs.eur)[:, 1]),
        "emitting": (rate("co2")[way.main] * weight + rate("co2")[way.truck] * by_truck, setting.of(arcs.co2)[:, 0]),
    }
    told = {name: np.isclose(computed, stated, rtol=_SAME, atol=0.0) & (way.main >= 0) for name, (computed, stated) in formula.items()}
    return evolve(way, pipe=pipe, **told)
