"""Regions with roads for tests: four places in a line with a way round, and random ones."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.ledger.reference import idle
from tests.engine.worlds import SLAG, SOURCED, Tables, accepts, base, fate, matched, planned

PAYLOAD = 51  # t, truck of 76 t, in the library
FULL, EMPTY = 1.9716, 1.2487  # kg CO2e a vehicle-kilometre of that truck: 0.60 and 0.38 l x 3.286 kg/l


def section(start: str, stop: str, km: float, **more: object) -> dict[str, object]:
    return {"road": f"{start}.{stop}", "from_place": start, "to_place": stop, "km": km, **SOURCED, **more}


def line(**more: object) -> Tables:
    """100 000 t of slag at a go to a landfill at d, 35 km by b and c; a road at c could take 36 500 t of it.

    Sections a-b 10, b-c 20, c-d 5 km; a-c 40 km is the way round. All sites stand at their places; 1 t dry is 1 t as sent.
    """
    tables = base(
        [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 100_000}],
        [{"need": "road", "site": "s2", "amount": 36_500, "price": 60}],
        fates=[fate("slag", "landfill", 40, site="s3", height=10)],
        acceptances=[accepts("road", SLAG)],
        roads=[section("a", "b", 10), section("b", "c", 20), section("a", "c", 40), section("c", "d", 5)],
        places=places("abcd"),
        **more,
    )
    for row, place in zip(tables["sites"], "abcd", strict=True):
        row |= {"place": place, "access_km": 0}
    return tables


def places(names: str) -> list[dict[str, object]]:
    return [
        {"place": name, "name": name.upper(), "lat": 65 + n / 10, "lon": 24 + n / 10, "source": "invented"} for n, name in enumerate(names)
    ]


def changed(tables: Tables, road: str, **cells: object) -> Tables:
    """The tables with cells of a section."""
    (row,) = (row for row in tables["roads"] if row["road"] == road)
    row |= cells
    return tables


def plan(tables: Tables):
    return planned(matched(tables))


def random_roads(seed: int) -> Tables:
    """Up to nine places joined at random, some by parallel sections or ways of equal length; sites, streams and outlets on them."""
    rng = np.random.default_rng(seed)
    names = "abcdefghi"[: int(rng.integers(4, 10))]
    order = rng.permutation(list(names))
    pairs = [(str(order[n]), str(order[int(rng.integers(0, n))])) for n in range(1, len(names))]
    pairs += [tuple(map(str, rng.choice(list(names), 2, replace=False))) for _ in range(int(rng.integers(0, 8)))]
    roads = [{**section(one, two, int(rng.integers(1, 6)) * 5), "road": f"r{n}"} for n, (one, two) in enumerate(pairs)]
    streams = [{"stream": f"slag{n}", "site": f"s{n}", "material": SLAG, "amount": float(rng.integers(1, 50)) * 1000} for n in range(4)]
    needs = [{"need": f"road{n}", "site": f"s{int(rng.integers(0, 4))}", "amount": 40_000.0, "price": 60} for n in range(2)]
    tables = base(
        streams,
        needs,
        fates=[fate(str(row["stream"]), "landfill", 40, site=f"s{int(rng.integers(0, 4))}") for row in streams],
        acceptances=[accepts(str(need["need"]), SLAG) for need in needs],
        roads=roads,
        places=places(names),
    )
    for row in tables["sites"]:
        row |= {"place": str(rng.choice(list(names))), "access_km": 0}
    return tables


def random_ledger(links: Links, seed: int) -> Ledger:
    """Random amounts on all arcs that are hauled, whether or not they add up to a plan."""
    rng = np.random.default_rng(seed)
    hauled = np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.DIRECT, ArcKind.FATE)))
    arc = np.sort(rng.choice(hauled, min(len(hauled), int(rng.integers(1, len(hauled) + 1))), replace=False)).astype(np.int32)
    grade = np.zeros(len(arc), dtype=np.int8)
    amount = rng.uniform(1, 1e5, len(arc))
    return Ledger(links, "random", "planned", arc, amount, np.full(len(arc), -1, dtype=np.int8), grade, idle(links))
