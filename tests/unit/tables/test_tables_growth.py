"""The work of a check grows with the rows: what is called is counted, for registers of which one has twice the rows of the other."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest
import registers

from sivuvirta import tables
from sivuvirta.errors import CheckError

ROWS = 300
STREAMS = "stream,name,site,material,parent,part,moisture,low_code,hazardous,grade"
QUANTITIES = "table,subject,vintage,value,reported_value,reported_unit,reported_basis,grade,source"


def streams(rows, **cells):
    """Rows of streams, with cells of a column made of the row's number."""
    usual = {"stream": "s{}", "name": "S", "site": "kemi_mill", "material": "ash", "moisture": "8", "grade": "C"}
    made = {**usual, **cells}
    said = (",".join(made.get(column, "").format(n, next=n + 1) for column in STREAMS.split(",")) for n in range(rows))
    return {"streams": registers.lines(STREAMS, *said)}


def quantities(rows, unit):
    said = (f"streams,s{n},2024,,5,{unit.format(n)},dry,C,report" for n in range(rows))
    return {**streams(rows), "quantities": registers.lines(QUANTITIES, *said)}


def visibility(rows, key):
    said = (f"streams,{key.format(n)},,members" for n in range(rows))
    return {**streams(rows), "visibility": registers.lines("table,key,column,level", *said)}


CASES = {
    "clean": streams,
    "who sees each row": lambda rows: visibility(rows, "s{}"),
    "who sees rows that are not there": lambda rows: visibility(rows, "none{}"),
    "each the part of the one before": lambda rows: streams(rows, parent="s{next}", part="subset"),
    "sites that are not there": lambda rows: streams(rows, site="mill{}"),
    "unread figures and sites that are not there": lambda rows: streams(rows, site="mill{}", moisture="about {}"),
    "codes that are not there": lambda rows: streams(rows, low_code="99 99 9{}"),
    "choices that are none": lambda rows: streams(rows, hazardous="perhaps {}"),
    "units that are not known": lambda rows: quantities(rows, "tt{}"),
    "units of many kinds": lambda rows: quantities(rows, "{} t"),
}


def calls(work):
    """How many functions are called, those of Python itself too."""
    counted = [0]

    def count(_frame, event, _argument):
        counted[0] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted[0]


@pytest.mark.parametrize("case", CASES)
def test_twice_the_rows_are_at_most_twice_the_work(case, tmp_path, library):
    def work_of(rows):
        folder = registers.region(tmp_path / str(rows), **CASES[case](rows))

        def load():
            with suppress(CheckError):
                tables.load(folder, library)

        load()  # what is kept from then on is not counted
        return calls(load)

    small, large = work_of(ROWS), work_of(2 * ROWS)
    assert large < 2.1 * small
