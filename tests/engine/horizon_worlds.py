"""Random regions with seasons and stocks, for plans over a horizon."""

from __future__ import annotations

import numpy as np
from tests.engine.worlds import Tables, random_tables

HALVES = (("winter", "11-4", 0.5), ("summer", "5-10", 0.5))
"""Name, months and share of the year of each part."""

SHARES = {
    None: {"winter": 1 / 2, "summer": 1 / 2},
    "5-10": {"winter": 0.0, "summer": 1.0},
    "11-4": {"winter": 1.0, "summer": 0.0},
    "4-10": {"winter": 1 / 7, "summer": 6 / 7},
    "11-5": {"winter": 6 / 7, "summer": 1 / 7},
}
"""Share of each half in the year's amount, by season."""

LONG = (None, "4-10", "11-5")
"""Seasons that reach into both halves."""


def random_seasons(seed: int, seasons: tuple[str | None, ...] = (None, "5-10", "11-4")) -> Tables:
    """A random region in which some streams and needs have a season, and some streams a stock."""
    rng = np.random.default_rng(seed + 1)
    tables = random_tables(seed)
    for name in ("streams", "needs"):
        for row in tables[name]:
            row["season"] = seasons[int(rng.integers(len(seasons)))]
    tables["stocks"] = [
        {
            "stock": f"heap_{row['stream']}",
            "stream": row["stream"],
            "site": row["site"],
            "capacity": int(rng.integers(10, 30_000)),
            "handling": round(float(rng.uniform(0, 6)), 2),
            "loss": int(rng.integers(0, 40)),
            "grade": "A",
            "source": "invented",
        }
        for row in tables["streams"]
        if rng.random() < 0.6
    ] or [{"stock": "heap", "stream": "i0", "site": "s0", "capacity": 100, "handling": 1, "loss": 5, "grade": "A", "source": "invented"}]
    tables["quantities"] += [
        {
            "table": "stocks",
            "subject": row["stock"],
            "vintage": "now",
            "value": round(float(rng.uniform(0, 100)), 1),
            "status": "observed",
            "grade": "A",
            "source": "invented",
        }
        for row in tables["stocks"]
    ]
    return tables


def part_of(tables: Tables, name: str) -> Tables:
    """The same region with the amounts of one half of the year alone, in which everything arises and is used together."""
    season = {row[key]: row["season"] for table, key in (("streams", "stream"), ("needs", "need")) for row in tables[table]}
    changed = {table: [dict(row) for row in rows] for table, rows in tables.items()}
    for row in changed["quantities"]:
        if row["table"] != "stocks":
            row["value"] = float(row["value"]) * SHARES[season[row["subject"]]][name]
    for row in (*changed["streams"], *changed["needs"]):
        row["season"] = None
    return changed
