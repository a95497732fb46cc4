"""Reference data: classes, codes, law, technologies, prices, factors, transport; and a catalogue of what industries give off and take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.table import Table
from sivuvirta.tables import load_library

__all__ = ["CATALOGUE", "FOLDER", "catalogue", "grades", "tables"]

FOLDER = Path(__file__).parent / "data"
"""Where the tables lie, one CSV file each; they are the source of truth."""

CATALOGUE = FOLDER / "catalogue"
"""Where the tables of the catalogue lie: typologies and their contents, uses, practices, precedents, tests, glossary."""


@cache
def tables() -> Mapping[str, Table]:
    """Tables of the library by name, read once.

    >>> tables()["materials"]["name_fi"][tables()["materials"].index["lime.dregs"]]
    'Viherlipeäsakka'
    """
    return MappingProxyType(dict(load_library(FOLDER)))


@cache
def catalogue() -> Mapping[str, Table]:
    """Tables of the catalogue by name, read once and only when first asked for: no region lies over them.

    >>> typologies = catalogue()["typologies"]
    >>> typologies["name_fi"][typologies.index["sewage_sludge"]]
    'puhdistamoliete'
    """
    return MappingProxyType(dict(load_library(CATALOGUE, tables())))


def grades() -> Mapping[str, Mapping[str, int]]:
    """How many rows of each table, the catalogue's too, rest on each evidence grade; tables without grades are left out.

    >>> sum(grades()["limits"].values()) == len(tables()["limits"])
    True
    """
    graded = {name: table for name, table in [*tables().items(), *catalogue().items()] if "grade" in table.columns and len(table)}
    counts = {name: Counter(table["grade"].tolist()) for name, table in graded.items()}
    return {name: {grade.name: count.get(grade.name, 0) for grade in Grade} for name, count in counts.items()}
