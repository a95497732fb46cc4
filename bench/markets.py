"""Synthetic registers for matching: S streams and S needs, 24 classes, 20 components, 8 limits a need, some 50 needs near a stream.

`plain`: every figure is reported, every limit was read. `mixed`: a fifth of the figures is unknown, half of the others are estimates, three
limits in ten were not read, half may be met by a blend. The numbers are guesses; the shapes are what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from bench.generate import COMPONENTS
from sivuvirta import library
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.tables.cells import boolean
from sivuvirta.tables.schema import ColumnSchema, schema

CLASSES, LIMITS, RADIUS, NEAR = 24, 8, 50.0, 50
EARTH = 6371.0088


@frozen(eq=False)
class Numbers:
    """What a hand-written kernel would start from."""

    lat: np.ndarray  # (2, S) streams and needs
    lon: np.ndarray
    group: np.ndarray  # (2, S) class
    low: np.ndarray  # (S, components)
    high: np.ndarray
    component: np.ndarray  # (S, limits)
    bound: np.ndarray
    grade: np.ndarray  # (S, components) letters, "" where unknown
    read: np.ndarray  # (S, limits)
    open: np.ndarray  # (S, limits)


def numbers(size: int, mixed: bool = False, seed: int = 1) -> Numbers:
    """Figures of a register; the area grows with the size, so that a stream has as many needs near it at every size."""
    rng = np.random.default_rng(seed)
    side = RADIUS * np.sqrt(size / CLASSES * np.pi / NEAR)
    lat = 60 + np.degrees(rng.uniform(-side / 2, side / 2, (2, size)) / EARTH)
    lon = 25 + np.degrees(rng.uniform(-side / 2, side / 2, (2, size)) / EARTH) / np.cos(np.radians(lat))
    group = rng.integers(CLASSES, size=(2, size))
    value = 10 * rng.lognormal(0, 0.6, (size, len(COMPONENTS)))
    component = np.argsort(rng.random((size, len(COMPONENTS))), axis=1)[:, :LIMITS]
    bound = rng.uniform(12, 25, (size, LIMITS))
    grade = np.full(value.shape, "B", dtype=object)
    read, open_ = np.ones(bound.shape, dtype=bool), np.ones(bound.shape, dtype=bool)
    if mixed:
        grade = rng.choice(np.array(["B", "C", ""], dtype=object), p=[0.4, 0.4, 0.2], size=value.shape)
        read, open_ = rng.random(bound.shape) < 0.7, rng.random(bound.shape) < 0.5
    return Numbers(lat, lon, group, 0.8 * value, 1.2 * value, component, bound, grade, read, open_)


def region(made: Numbers) -> Region:
    """The register as real tables."""
    size = len(made.bound)
    streams, needs, places = _names("i", size), _names("j", size), [_names("s", size), _names("t", size)]
    sourced = {"grade": "B", "source": "bench"}
    stream, component = (at.ravel() for at in np.indices(made.high.shape))
    known = np.flatnonzero(made.grade.ravel() != "")
    need = np.repeat(np.arange(size), LIMITS)
    classes = _classes()
    given: dict[str, Mapping[str, Any]] = {
        **_market(),
        "sites": {"site": np.concatenate(places), "name": "Site", "lat": made.lat.ravel(), "lon": made.lon.ravel(), **sourced},
        "streams": {
            "stream": streams,
            "name": streams,
            "site": places[0],
            "material": classes[made.group[0]],
            "legal_status": "by_product",
            "hazardous": "no",
            "moisture": 10.0,
            **sourced,
        },
        "needs": {"need": needs, "name": needs, "site": places[1], "material": "bench", "product": "bench_rock", **sourced},
        "acceptances": {"need": needs, "material": classes[made.group[1]], "ratio": 1.0, **sourced},
        "analyses": {
            "stream": streams[stream[known]],
            "component": np.array(COMPONENTS, dtype=object)[component[known]],
            "kind": "total",
            "value": (made.low + made.high).ravel()[known] / 2,
            "low": made.low.ravel()[known],
            "high": made.high.ravel()[known],
            "grade": made.grade.ravel()[known],
            "source": "bench",
        },
        "limits": {
            "limit": _names("l", size * LIMITS),
            "need": needs[need],
            "component": np.array(COMPONENTS, dtype=object)[made.component.ravel()],
            "kind": "total",
            "comparator": "max",
            "compliance": "mean_ucl",
            "value": made.bound.ravel(),
            "mixing": "mass",
            "blending": made.open.ravel().astype(object),
            "verified": made.read.ravel().astype(object),
            **sourced,
        },
        "quantities": {
            "table": np.repeat(np.array(["streams", "needs"], dtype=object), size),
            "subject": np.concatenate([streams, needs]),
            "vintage": "bench",
            "value": 1000.0,
            **sourced,
        },
    }
    tables = {name: _table(name, columns) for name, columns in given.items()}
    return Region("bench", {**{name: spec.empty() for name, spec in schema().items()}, **tables}, library.tables(), "bench")


def _market() -> dict[str, Mapping[str, Any]]:
    """What all registers of the bench share: the year, the classes, and the product that streams replace with its price and factor."""
    return {
        "vintages": {"vintage": ["bench"], "year": [2024.0], "title": ["Generated"], "discount_rate": [5.0]},
        "materials": {"material": np.append(["bench"], _classes()), "carrier": "solid", "unit": "t", "name_en": "Bench"},
        "products": {"product": ["bench_rock"], "name": "Rock", "material": "bench", "unit": "t"},
        "prices": {
            "price": ["bench"],
            "subject": "bench_rock",
            "name": "Rock",
            "kind": "product",
            "value": 12.0,
            "unit": "EUR/t",
            **_year(),
        },
        "factors": {
            "factor": ["b"],
            "subject": "bench_rock",
            "name": "Rock",
            "kind": "product",
            "value": 6.0,
            "unit": "kgCO2e/t",
            **_year(),
        },
    }


def _classes() -> Any:
    return np.array([f"bench.c{at}" for at in range(CLASSES)], dtype=object)


def _year() -> dict[str, Any]:
    return {"year": 2024.0, "grade": "B", "source": "bench"}


def _names(letter: str, count: int) -> np.ndarray:
    return np.array([f"{letter}{at}" for at in range(count)], dtype=object)


def _table(name: str, given: Mapping[str, Any]) -> Table:
    spec = schema()[name]
    rows = len(next(iter(given.values())))
    return Table(name, spec.key, {key: _column(column, given.get(key), rows) for key, column in spec.columns.items()})


def _column(spec: ColumnSchema, cells: Any, rows: int) -> np.ndarray:
    if cells is None:
        cells = spec.default if not spec.numeric else np.nan if spec.default is None else float(spec.default)
        cells = boolean(cells) if spec.type == "boolean" and cells is not None else cells
    column = np.empty(rows, dtype=float if spec.numeric else object)
    column[:] = cells
    return column
