"""What a search proves where its answers are not taken."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sivuvirta.lp.bounds import implied_upper
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.methods import Methods
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.whole.core import Core
from sivuvirta.lp.whole.method import Guided
from sivuvirta.lp.whole.tree import Found, Search, search


def plants() -> Program:
    """Ten tonnes from plants of 6, 6 and 7 that cost 3, 4 and 6 to open: 3 + 4 is best."""
    program = Program("plants")
    flow = program.block("flow", 3, bounds=Bounds(size=10.0))
    opened = program.block("open", 3, np.array([3.0, 4.0, 6.0]), Bounds(upper=1.0, integer=True))
    program.rows("need", gather(1, Term(np.zeros(3, int), flow.columns, 1.0)), 10.0, 10.0)
    room = gather(3, Term(np.arange(3), flow.columns, 1.0), Term(np.arange(3), opened.columns, np.array([-6.0, -6.0, -7.0])))
    program.rows("room", room, upper=0.0)
    return program


def searched(*, taken: bool) -> Found:
    arrays = plants().arrays()
    integers = np.flatnonzero(arrays.integer).astype(np.int32)
    asked = Search(
        core=(core := Core(arrays, integers)),
        arrays=evolve(arrays, upper=implied_upper(arrays)),
        integers=integers,
        enough=lambda value, bound: value - bound <= 1e-9,
        go_on=lambda value, bound: True,
        holds=lambda x: taken,
    )
    found = search(asked, None, np.inf, (np.zeros(3), np.ones(3)))
    core.close()
    return found


def test_a_search_finds_the_best_and_proves_it():
    found = searched(taken=True)
    assert (found.value, found.bound) == (pytest.approx(7.0), pytest.approx(7.0))


def test_a_whole_node_whose_answer_is_not_taken_still_holds_the_bound_down():
    """Every answer breaks a row by rounding, say: none is known, and nothing above the best of 7 is proven."""
    found = searched(taken=False)
    assert found.x is None
    assert found.value == np.inf
    assert found.bound <= 7.0 + 1e-9


def test_the_guided_way_alone_is_no_instance():
    """Whoever runs it says how interior point is done."""
    with pytest.raises(TypeError, match=r"abstract.*_inside"):
        Guided(plants())
    assert Methods(plants()).program.name == "plants"
