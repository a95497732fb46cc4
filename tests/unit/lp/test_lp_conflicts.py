"""The smallest set of rows that cannot hold together."""

import numpy as np
from pytest import approx  # noqa: PT013

from sivuvirta.lp import conflicts as room
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Bounds, Program


def crowded():
    """Ten tonnes into outlets of 3 and 4; a third outlet for another stream has nothing to do with it."""
    program = Program("crowded")
    flow = program.block("flow", 3, 1.0, Bounds(size=10.0))
    program.rows("supply", gather(2, Term(np.array([0, 0, 1]), flow.columns, 1.0)), [10.0, 2.0], [10.0, 2.0], ["ash", "slag"].__getitem__)
    program.rows("capacity", gather(3, Term(np.arange(3), flow.columns, 1.0)), upper=[3.0, 4.0, 5.0], label=["a", "b", "c"].__getitem__)
    return program


def whole():
    """Feasible with a part of a plant, not with whole ones: between 12 and 18 from plants of exactly 10."""
    program = Program("whole")
    built = program.block("built", 3, 1.0, Bounds(upper=1.0, integer=True))
    other = program.block("other", 1, 1.0)
    program.rows("need", gather(1, Term(np.zeros(3, int), built.columns, 10.0)), 12.0, 18.0)
    program.rows("else", gather(1, Term(np.zeros(1, int), other.columns, 1.0)), 1.0)
    return program


def names(found):
    return [f"{conflict.family}({conflict.label})" for conflict in found]


def test_only_the_rows_that_conflict_are_named():
    assert names(conflicts(crowded())) == ["supply(ash)", "capacity(a)", "capacity(b)"]


def test_elastic_filter_finds_the_same_set():
    rows = room._by_elastic_filter(Model(crowded()), 10.0)
    assert sorted(rows.tolist()) == [0, 2, 3]


def test_conflict_of_whole_numbers():
    found = conflicts(whole())
    assert names(found) == ["need(0)"]


def test_a_feasible_program_has_no_conflict():
    program = crowded()
    model = Model(program)
    model.limit(np.array([2]), -np.inf, 6.0)
    assert model.solve().objective == approx(12.0)
    program.families[1].upper[0] = 6.0
    assert conflicts(program) == ()


def test_without_any_one_of_the_rows_the_others_hold():
    for conflict in conflicts(crowded()):
        model = Model(crowded())
        model.limit(np.array([conflict.row]), -np.inf, np.inf)
        assert model.solve().found
