"""Traces of the teaching region, against arithmetic from its rows by hand."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.errors import UnknownNameError


@pytest.fixture(scope="module")
def traces():
    return sv.assess(sv.plan("three_sites")).traces


def test_a_figure_has_a_frame_of_its_lines(traces):
    frame = traces.frame("money/transport")
    assert (frame["amount_potential"] * frame["coefficient"]).tolist() == pytest.approx(frame["potential"].tolist())
    assert frame["potential"].sum() == pytest.approx(traces.find("money/transport").amounts[2])
    assert frame["sources"].str.len().min() > 0


def test_a_figure_of_figures_names_its_parts(traces):
    frame = traces.frame("headline/benefit")
    assert frame["potential"].sum() == pytest.approx(traces.find("headline/benefit").amounts[2])
    assert frame["amount_unit"].isna().all()
    assert set(traces.frame("money/sum")["part"]) >= {"transport", "fee", "purchase"}


def test_haulage_tells_rate_length_and_water(traces):
    rates = [each for each in traces.coefficients if each.words.startswith("haulage") and each.formula]
    assert rates
    for each in rates:
        rate = float(each.formula.split(" EUR")[0])
        factors = [float(part.split()[0]) for part in each.formula.split(" × ")[1:]]
        product = rate
        for factor in factors:
            product *= factor
        assert product == pytest.approx(each.value, rel=2e-3)  # the words are rounded to four digits


def test_rows_say_table_key_and_grade(traces):
    rows = traces.rows("money/transport")
    assert {"modes", "quantities"} <= {row.table for row in rows}
    assert all(row.key for row in rows)
    assert {row.grade for row in rows} <= {"A", "B", "C", "D", ""}


def test_an_unknown_figure_is_told_with_its_neighbours(traces):
    with pytest.raises(UnknownNameError, match="money/fee"):
        traces.find("money/none")
