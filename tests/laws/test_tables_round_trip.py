"""What is saved is what is loaded, in every format: same rows, same types, same unknowns, same text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta import tables

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿") | st.sampled_from("\n\t=+@'\"<_x000D_;,")
TEXT = st.text(LETTERS, max_size=12).map(str.strip)
SOME_TEXT = TEXT.filter(bool)
MEMBERS = st.lists(st.text(LETTERS.filter(lambda sign: sign != ";"), max_size=6).map(str.strip).filter(bool), max_size=3).map(tuple)
NUMBER = st.none() | st.floats(-1e100, 1e100) | st.integers(-(10**15), 10**15)
KEYS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,8}", fullmatch=True), min_size=1, max_size=5, unique=True)
DATE = st.sampled_from([None, "2024", "2024-05", "2024-05-13"])
ENDINGS = [".xlsx", ".parquet", ""]


@st.composite
def frames(draw):
    """Tables of every type of column: keys, choices, texts, lists, numbers, whole numbers, years, dates, yes and no."""
    sites, zones = draw(KEYS), draw(KEYS)
    streams = draw(KEYS)

    def column(strategy, count):
        return pd.Series(draw(st.lists(strategy, min_size=count, max_size=count)), dtype=object)

    def some(members, count):
        return pd.Series(
            [tuple(draw(st.lists(st.sampled_from(members), max_size=3, unique=True))) or None for _ in range(count)], dtype=object
        )

    return {
        "vintages": pd.DataFrame({"vintage": ["2018"], "year": [2018], "title": ["2018"], "default": [draw(st.none() | st.booleans())]}),
        "zones": pd.DataFrame({"zone": zones, "name": column(SOME_TEXT, len(zones)), "kind": "market"}),
        "sites": pd.DataFrame(
            {
                "site": sites,
                "name": column(SOME_TEXT, len(sites)),
                "zones": some(zones, len(sites)),
                "opened": column(st.none() | st.integers(1700, 2100), len(sites)),
                "note": column(TEXT, len(sites)),
                "lat": column(st.none() | st.floats(-90, 90), len(sites)),
            }
        ),
        "materials": pd.DataFrame({"material": ["stuff"], "carrier": ["solid"], "unit": ["t"], "name_en": ["Stuff"]}),
        "streams": pd.DataFrame(
            {
                "stream": streams,
                "name": column(SOME_TEXT, len(streams)),
                "site": column(st.sampled_from(sites), len(streams)),
                "material": "stuff",
                "gate_price": column(NUMBER, len(streams)),
                "listed": column(MEMBERS, len(streams)),
                "hazardous": column(st.sampled_from(["yes", "no", "unknown", None]), len(streams)),
            }
        ),
        "sources": pd.DataFrame(
            {"source": ["s"], "citation": ["x"], "opened": [draw(st.sampled_from([None, "2024", "2024-05", "2024-05-13"]))]}
        ),
    }


def told(region):
    """Everything of a region: its name, title and vintage, and each column with its type and values; NaN is one thing."""
    columns = {
        (name, column): (values.dtype, [None if value != value else value for value in values.tolist()])  # noqa: PLR0124 - NaN
        for name, table in region.tables.items()
        for column, values in table.columns.items()
    }
    return region.name, region.title, region.vintage, set(region.tables), columns


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=25, deadline=None)
@given(frames=frames(), title=TEXT)
def test_a_region_survives_saving(ending, frames, title):
    region = tables.from_frames("Kemi–Tornio 1", frames, {})
    region = type(region)(region.name, region.tables, {}, region.vintage, title, writer=region.writer)
    with tempfile.TemporaryDirectory() as folder:
        assert told(tables.load(region.save(Path(folder) / f"saved{ending}"), {})) == told(region)


@settings(max_examples=40, deadline=None)
@given(frames=frames())
def test_frames_of_a_region_give_it_back(frames):
    region = tables.from_frames("region", frames, {})
    assert told(tables.from_frames("region", {name: table.to_frame() for name, table in region.tables.items()}, {})) == told(region)
