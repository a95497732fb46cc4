"""Registers for the benchmark of the platform: S streams of S/20 organisations and their sites, made by a seed, written in bulk.

Streams have an amount each, every hundredth five figures of an analysis. What people see of them differs as in a real register: six in ten
rows are public, two are for members, one for facilitators, one for its holder alone, and of every fifth the moisture is for facilitators.
Rows go in by the platform's own models, two thousand at once: what is measured here are its pages, and `bench.imports` measures imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from sivuvirta import library

COMPONENTS = ("As", "Cd", "Cu", "Pb", "Zn")
PLACES = ("Kemi", "Tornio", "Oulu", "Raahe", "Kokkola", "Vaasa", "Pori", "Rauma", "Turku", "Lahti", "Kotka", "Imatra", "Joensuu", "Kajaani")
WORDS = ("fines", "coarse", "line 1", "line 2", "washed", "dewatered", "from storage", "yearly stop")
CIRCLES = (3,) * 6 + (2,) * 2 + (1, 0)
SOURCE = {"source": "bench", "grade": "B"}
BATCH = 2000

Values = dict[str, Any]


def organisations(streams: int) -> int:
    """How many organisations a register of so many streams has."""
    return max(5, streams // 20)


def write(slug: str, streams: int, seed: int = 1) -> None:
    """A new register; the same size and seed give the same rows."""
    from sivuvirta.web.registry.models import Organisations, Register, model  # noqa: PLC0415 - after Django is set up

    rng, count = np.random.default_rng(seed), organisations(streams)
    site = rng.integers(count, size=streams)
    register = Register.objects.create(slug=slug, title=f"{streams} streams", vintage="bench")
    _put(model("organisations"), register, _organisations(rng, count))
    keys = [None] * count
    for pk, key in Organisations.objects.filter(register=register).values_list("pk", "organisation"):
        keys[int(key[1:])] = pk
    Organisations.objects.bulk_update([Organisations(pk=pk, holder_id=pk) for pk in keys], ["holder_id"], BATCH // 4)
    _put(model("sites"), register, ({**row, "holder_id": keys[n]} for n, row in enumerate(_sites(rng, count))))
    for table, rows in _streams(rng, site).items():
        _put(model(table), register, ({**row, "holder_id": keys[site[n]]} for n, row in rows))


def _put(named: Any, register: Any, rows: Iterator[Values]) -> None:
    made = (named(register=register, **{"circle": 3, **row}).settle() for row in rows)
    while part := list(islice(made, BATCH)):
        named.objects.bulk_create(part)


def _organisations(rng: np.random.Generator, count: int) -> Iterator[Values]:
    town, kind = rng.choice(PLACES, count).tolist(), rng.choice(("company", "sme", "municipality"), count, p=(0.4, 0.5, 0.1)).tolist()
    for n in range(count):
        yield {"organisation": f"o{n}", "name": f"{town[n]} Works {n}", "kind": kind[n], "source": "bench"}


def _sites(rng: np.random.Generator, count: int) -> Iterator[Values]:
    town = rng.choice(PLACES, count).tolist()
    lat, lon = rng.uniform(60, 67, count).round(4).tolist(), rng.uniform(21, 29, count).round(4).tolist()
    for n in range(count):
        place = {"municipality": town[n], "lat": lat[n], "lon": lon[n]}
        yield {"site": f"s{n}", "name": f"{town[n]} {n}", "organisation": f"o{n}", **place, **SOURCE}


def _streams(rng: np.random.Generator, site: np.ndarray) -> dict[str, Iterator[tuple[int, Values]]]:
    """Rows of streams and of what is known of them, each with the number of its stream."""
    known, count = library.tables()["materials"], len(site)
    material = rng.choice([n for n, carrier in enumerate(known["carrier"]) if carrier == "solid"], count).tolist()
    drawn = {
        "moisture": rng.uniform(0, 80, count).round(1).tolist(),
        "hazardous": rng.choice(("no", "yes", "unknown"), count).tolist(),
        "legal_status": rng.choice(("by_product", "waste", "unknown"), count).tolist(),
        "circle": rng.choice(CIRCLES, count).tolist(),
    }
    word, amount = rng.choice(WORDS, count).tolist(), rng.lognormal(7, 2, count).round(1).tolist()
    found = rng.lognormal(2, 1, (count // 100 + 1, len(COMPONENTS))).round(2).tolist()

    def stream(n: int) -> Values:
        own = {"stream": f"i{n}", "name": f"{known['name_en'][material[n]]}, {word[n]} {n}", "site": f"s{site[n]}"}
        closed = {} if n % 5 else {"moisture": 1}
        return {
            **own,
            "material": known["material"][material[n]],
            **{name: each[n] for name, each in drawn.items()},
            "circles": closed,
            **SOURCE,
        }

    def quantity(n: int) -> Values:
        of = {"table": "streams", "subject": f"i{n}", "vintage": "bench"}
        return {**of, "value": amount[n], "status": "observed", "circle": drawn["circle"][n], **SOURCE}

    def analysis(n: int, k: int) -> Values:
        return {"stream": f"i{n}", "component": COMPONENTS[k], "kind": "total", "sample": "1", "value": found[n // 100][k], **SOURCE}

    return {
        "streams": ((n, stream(n)) for n in range(count)),
        "quantities": ((n, quantity(n)) for n in range(count)),
        "analyses": ((n, {**analysis(n, k), "circle": drawn["circle"][n]}) for n in range(0, count, 100) for k in range(len(COMPONENTS))),
    }
