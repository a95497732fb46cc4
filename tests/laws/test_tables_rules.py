"""Laws of the check: row order and units do not matter, whatever is in a file ends as a problem and never as a crash."""

from __future__ import annotations

import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta import tables
from sivuvirta.errors import CheckError, ReadError

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "tables"))

import registers

SIGNS = ['"', ",", ";", "\n", "\r", "\t", "\x00", "\ufeff", "-", "1,234", "NaN", "=1+1", "ä", "<", "[kt/a]", " "]
NASTY = st.lists(st.sampled_from(SIGNS) | st.characters(), max_size=4).map("".join)


@cache
def _library():
    with tempfile.TemporaryDirectory() as folder:
        return tables.load_library(registers.write(Path(folder), registers.LIBRARY))


def _found(files):
    with tempfile.TemporaryDirectory() as folder:
        return tables.problems(registers.region(Path(folder) / "mill", **files), _library())


def _broken():
    """A register with a problem of most kinds, several of them between tables."""
    return registers.REGION | {
        "sites": registers.edited("sites", ("Kemi mill,mill", "Kemi mill,mil")),
        "streams": registers.edited("streams", (",,,20,C", ",,,120,E")),
        "quantities": registers.edited("quantities", ("30000", "300000"), ("5000,C", "n.a.,C")),
        "fates": registers.edited("fates", ("stored,40", "stored,70")),
        "needs": registers.edited("needs", ("kemi_mill,aggregate", ",aggregat")),
    }


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(data):
    shuffled = {}
    for name, text in _broken().items():
        header, *rows = text.splitlines()
        shuffled[name] = registers.lines(header, *data.draw(st.permutations(rows)))
    one, other = _found(_broken()), _found(shuffled)
    assert _what(one) == _what(other)
    assert sum(problem.rule == "share_sum" for problem in other) == 1  # it stands at the last row of its group


def _what(problems):
    places = [(problem.file, problem.rule, problem.column or "", problem.value or "") for problem in problems]
    return sorted(place for place in places if place[1] != "share_sum")


@settings(max_examples=40, deadline=None)
@given(amount=st.floats(0.001, 1e5), unit=st.sampled_from([("t/a", 1.0), ("kt/a", 1e3), ("Mt/a", 1e6), ("kg/a", 1e-3), ("t/d", 365.0)]))
def test_the_unit_of_a_column_does_not_matter(amount, unit):
    name, factor = unit
    quantities = f"table,subject,vintage,value [{name}],grade,source\nstreams,fly_ash,2024,{amount!r},C,report\n"
    reported = registers.lines(
        "table,subject,vintage,reported_value,reported_unit,reported_basis,grade,source",
        f"streams,fly_ash,2024,{amount!r},{name},dry,C,report",
    )
    with tempfile.TemporaryDirectory() as folder:
        one = tables.load(registers.region(Path(folder) / "one", quantities=quantities), _library())
        other = tables.load(registers.region(Path(folder) / "other", quantities=reported), _library())
    assert one.table("quantities")["value"][0] == pytest.approx(amount * factor, rel=1e-12)
    assert other.table("quantities")["value"][0] == pytest.approx(amount * factor, rel=1e-12)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_file_is_more_than_a_problem(data):
    name = data.draw(st.sampled_from(sorted(registers.REGION)))
    text = registers.REGION[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    damaged = text[:start] + data.draw(NASTY) + text[end:]
    found = _found({name: damaged.encode("utf-8", "surrogatepass")})
    assert all(problem.message and problem.file for problem in found)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(registers.REGION)), content=st.binary(max_size=60))
def test_no_bytes_are_more_than_a_problem(name, content):
    assert all(problem.message for problem in _found({name: content}))


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=40))
def test_no_description_of_a_package_is_more_than_a_problem(content):
    try:
        assert all(problem.message for problem in _found({"datapackage.json": content}))
    except ReadError:
        pytest.fail("A package with tables can be read.")


def test_a_hundred_thousand_rows_are_checked_in_seconds(tmp_path):
    rows = [f"steel_slag,Cr_total,total,{number},{number % 997}.5,B,report" for number in range(100_000)]
    rows[77_777] = "steel_slag,Cr_total,total,77777,much,B,report"
    folder = registers.region(tmp_path / "mill", analyses=registers.lines("stream,component,kind,sample,value,grade,source", *rows))
    begun = time.process_time()
    with pytest.raises(CheckError) as raised:
        tables.load(folder, _library())
    assert time.process_time() - begun < 10.0  # about one second on one core
    assert [(problem.row, problem.column, problem.value) for problem in raised.value.problems] == [(77_779, "value", "much")]
