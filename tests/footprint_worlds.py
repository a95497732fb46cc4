"""The teaching region of three sites with what a product carbon footprint needs; every figure is small enough to check by hand."""

from __future__ import annotations

import pandas as pd

import sivuvirta as sv

GRADED = {"grade": "A", "source": "invented"}


def activity(site, kind, product, value, unit="t/a", **more):
    return {"site": site, "kind": kind, "product": product, "year": 2024, "value": value, "low": value, "high": value, "unit": unit, **more}


def row(role, subject, **more):
    words = ".".join(str(more.get(name) or "") for name in ("of", "name", "factor", "value"))
    return {"entry": f"{role}.{words}".lower().replace(" ", "_"), "subject": subject, "role": role, **more}


PULP = "mill/pulp.pulp"
MILL = [
    activity("mill", "production", "pulp.pulp", 10_000),
    activity("mill", "emission", "gas.co2", 2_000),
    activity("mill", "purchase", "rock", 1_000),
]
BLOCKS = "town/construction.block"
TOWN = [
    activity("town", "production", "construction.block", 1_000),
    activity("town", "emission", "gas.co2", 100),
    activity("town", "purchase", "rock", 6_000),
    activity("town", "purchase", "fertiliser", 1_000),
]


def price(subject, value):
    return row("price", subject, of=subject.partition("/")[2], value=value, low=value, high=value, unit="EUR/t")


PRICED = (price(PULP, 600),)


def region(activities=MILL, rows=PRICED, **tables):
    """Three sites with activities and rows of `footprints`; other tables as given."""
    frames = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    frames |= {"activities": pd.DataFrame([{**GRADED, **each} for each in activities])}
    if rows:
        frames |= {"footprints": pd.DataFrame([{**GRADED, **each} for each in rows])}
    return sv.region("three_sites", {**frames, **{name: pd.DataFrame(each) for name, each in tables.items()}})
