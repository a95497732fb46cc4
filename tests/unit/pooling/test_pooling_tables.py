"""Pooling problems from tables: what is wrong is told at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sivuvirta import cases
from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.errors import CheckError, OptionError, ReadError
from sivuvirta.pooling.solve import solve
from sivuvirta.pooling.tables import problem

NODES = pd.DataFrame(
    [("i", "input", np.nan, 10, 1), ("p", "pool", np.nan, 10, np.nan), ("o", "output", np.nan, 10, -3)],
    columns=["node", "kind", "low", "high", "price"],
)
QUALITIES = pd.DataFrame([("i", "k", 2.0, np.nan), ("o", "k", np.nan, 3.0)], columns=["node", "quality", "value", "high"])
ARCS = pd.DataFrame([("i", "p"), ("p", "o")], columns=["origin", "destination"])


def tables(**changes):
    return {"nodes": NODES, "qualities": QUALITIES, "arcs": ARCS} | changes


def test_ten_go_through_and_earn_two_each():
    answer = solve(problem("line", "EUR", tables()))
    assert answer.objective == pytest.approx(-20)
    assert answer.flows()["amount"].tolist() == pytest.approx([10, 10])


def test_every_problem_is_told_at_once():
    nodes = pd.concat([NODES, pd.DataFrame([("i", "tank", np.nan, 1, 1), ("j", "input", np.nan, 1, 1)], columns=NODES.columns)])
    arcs = pd.DataFrame([("o", "p"), ("i", "x")], columns=["origin", "destination"])
    with pytest.raises(CheckError) as caught:
        problem("bad", "EUR", tables(nodes=nodes.reset_index(drop=True), arcs=arcs))
    told = str(caught.value)
    for part in ("'i' is there twice", "'tank' is no kind", "no node 'x'", "leaves an output", "Input 'j' has no value of 'k'"):
        assert part in told


def test_a_missing_table_or_column_is_told():
    with pytest.raises(ReadError, match="'arcs' is missing"):
        problem("bad", "EUR", {"nodes": NODES, "qualities": QUALITIES})
    with pytest.raises(ReadError, match="lacks destination"):
        problem("bad", "EUR", tables(arcs=ARCS[["origin"]]))


def test_a_limit_that_cannot_be_met_leaves_nothing_or_is_infeasible():
    strict = QUALITIES.assign(high=[np.nan, 1.0])
    assert solve(problem("strict", "EUR", tables(qualities=strict))).objective == pytest.approx(0)
    asked = NODES.assign(low=[np.nan, np.nan, 1.0])
    for method in ("scip", "mccormick"):
        answer = solve(problem("strict", "EUR", tables(qualities=strict, nodes=asked)), PoolingOptions(method=method))
        assert answer.status == "infeasible"
        assert not answer.found
        assert answer.flows().empty


def test_treatment_by_hand():
    """4 of quality 2 treated by a half is 1 at a price of 0.5 a unit; the limit of 1.5 lets half of it pass untreated: 5 treated, 5 not."""
    qualities = pd.DataFrame(
        [("i", "k", 2.0, np.nan, np.nan), ("p", "k", np.nan, np.nan, 0.5), ("o", "k", np.nan, 1.5, np.nan)],
        columns=["node", "quality", "value", "high", "removed"],
    )
    nodes = NODES.assign(price=[0.0, 0.5, -3.0])
    arcs = pd.concat([ARCS, pd.DataFrame([("i", "o")], columns=["origin", "destination"])], ignore_index=True)
    answer = solve(problem("treated", "EUR", tables(nodes=nodes, qualities=qualities, arcs=arcs)))
    assert answer.objective == pytest.approx(-3 * 10 + 0.5 * 5)
    assert answer.compositions().set_index("node")["value"].to_dict() == pytest.approx({"p": 1.0, "o": 1.5})


def test_a_circle_without_a_size_is_refused():
    nodes = pd.concat([NODES.assign(high=[10, np.nan, 10]), pd.DataFrame([("r", "pool", np.nan, np.nan, np.nan)], columns=NODES.columns)])
    arcs = pd.concat([ARCS, pd.DataFrame([("p", "r"), ("r", "p")], columns=["origin", "destination"])])
    qualities = pd.concat([QUALITIES, pd.DataFrame([{"node": "p", "quality": "k", "removed": 0.5}])])
    made = tables(nodes=nodes.reset_index(drop=True), arcs=arcs.reset_index(drop=True), qualities=qualities.reset_index(drop=True))
    with pytest.raises(OptionError, match="recycles"):
        solve(problem("circle", "EUR", made))


def test_out_of_time_the_best_answer_comes_with_its_bound_and_is_not_called_optimal():
    tables, said = cases.pooling("adhya_2")
    told = []
    answer = solve(problem("adhya_2", "money", tables), PoolingOptions(method="mccormick", gap=1e-9, time_limit=1.0, watch=told.append))
    assert answer.status in {"feasible", "unknown"}
    assert answer.bound <= said["value"]
    assert answer.objective >= said["value"] - 1e-4
    bounds = [progress.bound for progress in told]
    assert bounds == sorted(bounds)
