"""The rows that conflict while what nobody can relax holds, by hand."""

import numpy as np
import pytest
from tests.unit.lp.test_lp_conflicts import crowded, names, whole

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.fewest import Kinds, fewest
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.watch import Watch


def works(most=3.0):
    """Five at least from one plant of four and another of one; three at most are paid for."""
    program = Program("works")
    size = program.block("size", 2, 1.0, Bounds(size=4.0))
    both = gather(1, Term(np.zeros(2, int), size.columns, 1.0))
    program.rows("budget", both, upper=most)
    program.rows("least", both, lower=5.0)
    program.rows("size", gather(2, Term(np.arange(2), size.columns, 1.0)), upper=[4.0, 1.0])
    return program


CLOSED = np.array([0], dtype=np.int32)


def test_what_holds_at_any_rate_is_not_named():
    """Ten tonnes go nowhere while 3 and 4 are what the outlets hold."""
    assert names(fewest(crowded(), Kinds({"capacity"})).conflicts) == ["supply(ash)"]
    assert names(fewest(crowded(), Kinds()).conflicts) == ["supply(ash)", "capacity(a)", "capacity(b)"]


def test_a_limit_without_which_the_rest_conflicts_too_is_not_named():
    """With the plant of four closed one of five is reached, whatever is paid for; open, 4 + 1 are 5 once nothing is said of money."""
    found = fewest(works(), Kinds({"size"}, {"budget", "least"}), CLOSED)
    assert names(found.conflicts) == ["least(0)"]
    assert found.by_closed


def test_what_is_closed_is_not_at_fault_where_a_fact_keeps_it_from_helping():
    """The same, but that three at most can be paid for is a fact: with the plant of four open no five are reached either."""
    found = fewest(works(), Kinds({"size"}, {"least"}), CLOSED)
    assert names(found.conflicts) == ["least(0)"]
    assert not found.by_closed


def test_what_conflicts_with_everything_open_is_not_laid_on_what_is_closed():
    """Of five at least and three at most one has to go, and both are needed for that: 4 + 1 are 5."""
    found = fewest(works(), Kinds({"size"}))
    assert names(found.conflicts) == ["budget(0)", "least(0)"]
    assert not found.by_closed
    closed = fewest(works(most=0.5), Kinds({"size", "budget"}), CLOSED)
    assert names(closed.conflicts) == ["least(0)"]
    assert not closed.by_closed


def test_a_conflict_of_whole_numbers_is_named_as_it_is():
    assert names(fewest(whole(), Kinds({"else"})).conflicts) == ["need(0)"]


def test_large_families_are_left_out_as_a_whole():
    """Four rows ask for what a plant of one can give, a fifth for two: it alone conflicts with the plant's size."""
    program = Program("five")
    size = program.block("size", 1, 1.0)
    program.rows("least", gather(5, Term(np.arange(5), np.zeros(5, int), 1.0)), lower=[0.1, 0.2, 0.3, 0.4, 2.0])
    program.rows("size", gather(1, Term(np.zeros(1, int), size.columns, 1.0)), upper=1.0)
    assert names(fewest(program, Kinds({"size"})).conflicts) == ["least(4)"]


def test_a_stop_ends_the_search():
    with pytest.raises(SolverError, match="was stopped"):
        fewest(works(), Kinds({"size"}), CLOSED, watch=Watch(stop=lambda: True))
