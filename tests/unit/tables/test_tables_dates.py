"""Days with strokes: read where they can be read in one way only."""

from __future__ import annotations

import pytest

from sivuvirta.tables.cells import typed
from sivuvirta.tables.dates import parse_date
from sivuvirta.tables.schema import schema
from sivuvirta.units.numbers import Fault

COLUMN = schema()["analyses"].columns["sampled"]


@pytest.mark.parametrize(
    ("text", "day"), [("13/05/2024", "2024-05-13"), ("05/13/2024", "2024-05-13"), ("5/5/2024", "2024-05-05"), ("13.5.2024", "2024-05-13")]
)
def test_a_day_that_is_read_in_one_way(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["03/05/2024", "31/02/2024", "13/13/2024", "1/2/24"])
def test_a_day_that_is_not(text):
    assert isinstance(parse_date(text), Fault)


def test_another_day_of_the_column_tells_that_the_day_stands_first():
    assert list(typed(["03/05/2024", "13/05/2024", "", "2024-06"], COLUMN).values) == ["2024-05-03", "2024-05-13", None, "2024-06"]


def test_a_column_that_has_both_orders_is_told():
    found = typed(["03/05/2024", "13/05/2024", "05/14/2024"], COLUMN)
    assert [row for row, _ in found.faults] == [0]
