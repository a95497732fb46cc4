"""Programs inside another program: positions, names, costs, entries that join them."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta.errors import ShapeError
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.text import family_text, lp_text


def year(demand: float, price: float) -> Program:
    """Buy x at a price to meet a demand, at most 10."""
    alone = Program("year")
    bought = alone.block("buy", 1, price, Bounds(upper=10.0), label=["lime"].__getitem__)
    alone.rows("need", gather(1, Term(np.zeros(1, int), bought.columns, 1.0)), demand, demand, ["field"].__getitem__)
    return alone


def both() -> Program:
    """Two years joined by a store: what is put in in the first may be taken out in the second."""
    whole = Program("store")
    kept = whole.block("kept", 1, 0.5, label=["lime"].__getitem__)
    for name, sign, alone in (("2030", -1.0, year(4.0, 2.0)), ("2031", 1.0, year(6.0, 5.0))):
        whole.add(name, alone, {"need": Term(np.zeros(1, int), kept.columns, sign)})
    return whole


def test_a_part_keeps_its_positions_and_bears_its_name() -> None:
    whole = both()
    assert whole.shape == (2, 3)
    assert [(part.name, part.column, part.row) for part in whole.parts] == [("2030", 1, 0), ("2031", 2, 1)]
    assert whole.family("need", "2031").text(0) == "need(2031,field)"
    assert whole.blocks[1].text(0) == "buy(2030,lime)"
    assert family_text(whole, "need", "2030") == " need(2030,field): 1 buy(2030,lime) - 1 kept(lime) = 4\n"
    assert "cost: 0.5 kept(lime) + 2 buy(2030,lime) + 5 buy(2031,lime)" in lp_text(whole)


def test_parts_are_solved_together() -> None:
    # The store costs 0.5 and saves 5 - 2 = 3 a unit; 2030 can buy 10, of which it needs 4, so 6 are kept and nothing is bought in 2031.
    whole = both()
    found = Model(whole).solve()
    assert found.x.tolist() == pytest.approx([6.0, 10.0, 0.0])
    assert found.objective == pytest.approx(6 * 0.5 + 10 * 2.0)
    assert [part.of(found.x).tolist() for part in whole.parts] == [[pytest.approx(10.0)], [pytest.approx(0.0)]]
    assert whole.parts[1].of_rows(found.activity).tolist() == pytest.approx([6.0])


def test_what_was_minimised_alone_is_minimised_as_a_part() -> None:
    alone = year(4.0, 2.0)
    alone.minimise(np.array([7.0]))
    whole = Program("one")
    whole.add("2030", alone)
    assert whole.arrays().cost.tolist() == [7.0]


def test_a_part_has_a_name_of_its_own_and_joins_families_that_exist() -> None:
    whole = both()
    with pytest.raises(ShapeError, match="2030"):
        whole.add("2030", year(1.0, 1.0))
    with pytest.raises(ShapeError):
        whole.add("", year(1.0, 1.0))
    with pytest.raises(KeyError, match="grade"):
        whole.add("2032", year(1.0, 1.0), {"grade": Term(np.zeros(1, int), np.zeros(1, int), 1.0)})
    with pytest.raises(KeyError):
        whole.family("need")


def test_a_conflict_names_its_part() -> None:
    whole = Program("store")
    whole.add("2030", year(4.0, 2.0))
    whole.add("2031", year(16.0, 5.0))
    found = conflicts(whole)
    assert [(each.part, each.family, each.label) for each in found] == [("2031", "need", "field")]


def test_bounds_of_a_family_change_before_it_is_added() -> None:
    alone = year(4.0, 2.0)
    alone.bound("need", 1.5, [2.5])
    assert (alone.family("need").lower.tolist(), alone.family("need").upper.tolist()) == ([1.5], [2.5])
    with pytest.raises(ShapeError):
        alone.bound("need", [1.0, 2.0], 3.0)


def test_whole_numbers_of_a_part_may_be_freed() -> None:
    alone = Program("choice")
    alone.block("chosen", 2, bounds=Bounds(upper=1.0, integer=True))
    whole = Program("all")
    whole.add("a", alone)
    whole.add("b", alone, relaxed=("chosen",))
    assert whole.arrays().integer.tolist() == [1, 1, 0, 0]
