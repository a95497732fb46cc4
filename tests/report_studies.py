"""Studies of small regions for tests of the report's sections, each made once."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta.domain.studies import Studies
from sivuvirta.report.studies import sections
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
    if name == "footprint":
        return (sv.footprint("kemi_tornio", "metal.stainless"),)
    return getattr(sv.study(small(), name, processes=1), name)


def tables(section):
    """Tables of a section by id."""
    return {block.sheet.id: block.sheet for block in section.blocks if isinstance(block, Table)}


def column(table, key):
    """What the cells of a column sort by; of words, the words."""
    place = [each.key for each in table.columns].index(key)
    return [row[place].sort if row[place].kind == "number" else row[place].text for row in table.rows]


def cells(values):
    """Values that cells sort by as the record has them: an unknown one is an empty cell, an endless one a very large number."""
    return [math.nan if value == "" else math.inf if value > 1e200 else value for value in values]


def close(values):
    """The same within rounding."""
    return pytest.approx(list(values), nan_ok=True)


def columns(table, *keys):
    """Columns of a table of numbers by key."""
    return {key: cells(column(table, key)) for key in keys}


def known(frame, *keys):
    """Columns of a record by key, within rounding."""
    return {key: close(frame[key]) for key in keys}


def section(name):
    """The section of one study of the teaching region."""
    return sections(Studies(**{name: study(name)}))[0]


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
