"""Studies of small regions for tests of the report's sections, each made once."""

from __future__ import annotations

from functools import cache

import pandas as pd

import sivuvirta as sv
from sivuvirta.report.studies.blocks import Bars, Pictures, Plot, Table

NO_SLAG = pd.DataFrame([{"scenario": "no_slag", "table": "quantities", "key": "streams/slag/2024/", "column": "value", "value": 0}])
YEARS = (2024, 2025, 2026)


@cache
def small():
    """The teaching region's plan."""
    return sv.plan("three_sites")


@cache
def study(name):
    """One study of the teaching region."""
    if name == "compare":
        return sv.compare("three_sites", [NO_SLAG])
    if name == "pathway":
        return sv.pathway("three_sites", [sv.Period(year=year, budget=30_000) for year in YEARS])
    return getattr(sv.study(small(), name, processes=1), name)


def tables(section):
    """Tables of a section by id."""
    return {block.sheet.id: block.sheet for block in section.blocks if isinstance(block, Table)}


def column(table, key):
    """What the cells of a column sort by; of words, the words."""
    place = [each.key for each in table.columns].index(key)
    return [row[place].sort if row[place].kind == "number" else row[place].text for row in table.rows]


def pictures(section):
    """Bars and plots of a section, in order."""
    found = []
    for block in section.blocks:
        found += [block] if isinstance(block, Bars | Plot) else block.items if isinstance(block, Pictures) else []
    return found


def lengths(picture, look="solid"):
    """Length of the part of a look in each bar; 0 where there is none."""
    return [sum(part.width for part in row.parts if part.look == look) for row in picture.rows]


def texts(section):
    """Everything that a section says outside its tables."""
    parts = [section.title, section.lead]
    for block in section.blocks:
        parts += [getattr(block, "text", ""), *getattr(block, "texts", ()), *(" ".join(pair) for pair in getattr(block, "told", ()))]
    return " ".join(" ".join(parts).replace("\u202f", " ").split())
