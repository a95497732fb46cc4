"""Each figure of an assessment is the sum of the lines that it is traced to, and each line names the rows that it rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.worlds import planned, random_matches

import sivuvirta as sv
from sivuvirta.assess.figures import assessment

REGIONS = (("three_sites", None), ("two_seasons", None), ("kemi_tornio", "2018"), ("kemi_tornio", "2024"))
COUNTED = ("counted as it is", "bought", "counts as used; a residue that is disposed of is taken away")
"""Coefficients of 1 by definition, which no row states."""


@pytest.fixture(scope="module", params=REGIONS, ids=lambda param: "-".join(part for part in param if part))
def found(request):
    return sv.assess(sv.plan(sv.load(*request.param)))


def gap(traces, key):
    figure = traces.find(key)
    parts = [np.abs(traces.value(line)).max() for line in figure.lines]
    size = max([1.0, *np.abs(figure.amounts), *parts])
    return np.abs(np.subtract(traces.total(key), figure.amounts)).max() / size


def test_the_lines_of_each_figure_sum_to_it(found):
    gaps = {key: gap(found.traces, key) for key in found.traces.figures}
    assert max(gaps.values()) <= 1e-9, max(gaps, key=gaps.get)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_the_lines_of_each_figure_of_a_random_region_sum_to_it(seed):
    plan = planned(random_matches(seed))
    traces = assessment(plan.proven.ledger, plan.potential.ledger, plan.reference).traces
    assert max(gap(traces, key) for key in traces.figures) <= 1e-9


def test_the_figures_are_those_of_the_assessment(found):
    head = found.headline.set_index("figure")
    for name in ("benefit", "carbon", "could_be_used", "trucks"):
        assert found.traces.find(f"headline/{name}").amounts[1:] == pytest.approx((head.loc[name, "proven"], head.loc[name, "total"]))
    for row in found.potential.money.to_dict("records"):
        today, _, planned = found.traces.find(f"money/{row['term']}").amounts
        assert (today, planned) == pytest.approx((row["reference"], row["planned"]))


def test_every_amount_and_coefficient_names_a_row_and_every_row_a_cited_source(found):
    traces = found.traces
    assert all(driver.rows for driver in traces.drivers)
    assert all(each.rows for each in traces.coefficients if each.words not in COUNTED)
    assert all(row.source in traces.sources for row in traces.origins if row.source)
    assert all(source.citation for source in traces.sources.values())
    assert all(traces.cited(key) for key, figure in traces.figures.items() if figure.lines)


def test_costs_and_earnings_of_organisations_are_those_of_the_money_table_and_payments_cancel(found):
    traces = found.traces
    parts = np.array([traces.find(key).amounts for key in traces.groups["organisations"]]).sum(axis=0)
    whole = traces.find("money/sum").amounts
    assert parts == pytest.approx(np.array(whole), rel=1e-9, abs=1e-3)
