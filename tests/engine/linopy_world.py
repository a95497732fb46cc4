"""Columns and rows of the second program, before they are arrays."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from sivuvirta.domain.links import ArcKind, Links, NodeKind
from sivuvirta.domain.matches import Matches

PROVEN, POTENTIAL = 1, 3
DISPOSED = {"landfill", "hazardous_landfill", "stored", "flared", "discharged", "unused"}


class World:
    """Columns by name with their costs, and rows as dictionaries, turned into arrays at the end.

    What a column counts for is by default its cost, EUR/a; with another measure kg CO2e ("co2"), t to disposal ("diversion"), t of primary
    product bought ("virgin"), posts with a minus ("jobs") or vehicle-kilometres ("traffic"), all a year.
    """

    def __init__(self, matches: Matches, worst: int, measure: str = "value") -> None:
        self.matches, self.links = matches, matches.links
        self.arcs, self.works = self.links.arcs, self.links.works
        self.worst, self.money = worst, measure == "value"
        self.per_arc, self.per_activity = _worth(self.links, measure)
        self.allowed = np.flatnonzero(matches.routes.verdict <= worst).tolist()
        self.costs: dict = {}
        self.upper: dict = {}
        self.whole: set = set()
        self.rows: list[tuple[dict, str, float]] = []
        self.out_of, self.into, self.load = defaultdict(dict), defaultdict(dict), defaultdict(dict)
        self.column_of_route: dict = {}
        self.later: list[tuple] = []

    def add(self, terms: dict, sign: str, side: float) -> None:
        self.rows.append((dict(terms), sign, float(side)))

    def arcs_of(self, kind: ArcKind) -> list[int]:
        return np.flatnonzero(self.arcs.kind == kind).tolist()

    def flow(self, name: tuple, arc: int) -> None:
        """A column that flows over one arc."""
        self.costs[name] = self.per_arc[arc]
        self.load[arc][name] = 1.0


def _worth(links: Links, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """What a unit on each arc and a unit of activity of each plant count for; less is better in all, so posts count below zero."""
    arcs, works, nodes = links.arcs, links.works, links.nodes
    idle, still = np.zeros(len(works)), np.zeros(len(arcs))
    if measure == "value":
        return arcs.eur.sum(axis=1), works.eur.sum(axis=1)
    if measure == "co2":
        return arcs.co2.sum(axis=1), works.co2.sum(axis=1)
    if measure == "jobs":
        return still, -np.where(np.isnan(works.staff), 0.0, works.staff)
    if measure == "traffic":
        known = np.isfinite(arcs.trips) & np.isfinite(arcs.km)
        return np.where(known, np.where(known, arcs.trips, 0.0) * np.where(known, arcs.km, 0.0), 0.0), idle
    if measure == "virgin":
        tonnes = [unit == "t" and kind == NodeKind.PRODUCT for unit, kind in zip(nodes.unit.tolist(), nodes.kind.tolist(), strict=True)]
        bought = [kind in (ArcKind.BUY, ArcKind.REAGENT) for kind in arcs.kind.tolist()]
        return np.array(tonnes, dtype=float)[arcs.origin] * np.array(bought), idle
    kinds = {row["fate"]: row["kind"] for row in links.region.table("fates").rows()}
    units = {row["material"]: row["unit"] for row in links.region.table("materials").rows()}
    ends = [kinds.get(nodes.id[node]) in DISPOSED for node in arcs.destination.tolist()]
    tonnes = [material >= 0 and units.get(links.materials[material]) == "t" for material in arcs.material.tolist()]
    return np.array(ends, dtype=float) * np.array(tonnes), idle
