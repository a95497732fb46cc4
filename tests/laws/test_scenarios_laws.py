"""A scenario is the region edited by hand: same tables, same routes, same plan."""

from __future__ import annotations

import copy

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import planned, random_tables, region

from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.tables import scenario_from_frame

CELLS = (
    ("quantities", "value", st.integers(0, 90_000)),
    ("fates", "fee", st.floats(-5, 90).map(lambda fee: round(fee, 2))),
    ("needs", "status", st.sampled_from(["open", "closed"])),
    ("prices", "value", st.integers(0, 80)),
    ("plants", "capacity_max", st.integers(1000, 90_000)),
    ("streams", "moisture", st.integers(0, 60)),
)
KEYS = {"quantities": ("table", "subject", "vintage", "period"), "fates": ("fate",), "prices": ("price",)}


@st.composite
def edits(draw):
    """Tables of a random region, and cells of them that are otherwise: table, row, column, value."""
    tables = random_tables(draw(st.integers(0, 500)))
    found = {}
    for name, column, values in CELLS:
        for row in range(len(tables.get(name, []))):
            if draw(st.booleans()):
                found[name, row, column] = draw(values)
    return tables, found


def key(name, row):
    return "/".join(str(row.get(part) or "") for part in KEYS.get(name, (name.removesuffix("s"),)))


@settings(max_examples=30)
@given(edits())
def test_an_overlay_equals_the_region_edited_by_hand(edited):
    tables, cells = edited
    by_hand = copy.deepcopy(tables)
    for (name, row, column), value in cells.items():
        by_hand[name][row][column] = value
    rows = [
        {"table": name, "key": key(name, tables[name][row]), "column": column, "value": value}
        for (name, row, column), value in cells.items()
    ]
    frame = pd.DataFrame(rows, columns=["table", "key", "column", "value"])
    found, expected = scenario_from_frame(region(tables), frame), region(by_hand)
    for name in expected.tables:
        assert found.tables[name].to_frame().equals(expected.tables[name].to_frame()), name
    plans = [planned(match(build(each))) for each in (found, expected)]
    assert plans[0].potential.benefit == plans[1].potential.benefit
    assert len(plans[0].matches.routes) == len(plans[1].matches.routes)
