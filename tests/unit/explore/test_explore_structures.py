"""The best structures in order, on worlds that can be worked out by hand."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.engine.worlds import ASH, SLAG, accepts, base, bundled, costs, fate, matched

import sivuvirta as sv
from sivuvirta.errors import OptionError
from sivuvirta.plan.open import OpenPlan


def test_three_sites_has_two_structures():
    """The granulator is built or not; it brings 219 000 of 357 000 EUR/a."""
    found = sv.structures("three_sites")
    assert found.complete
    assert [one.built for one in found.found] == [("granulator",), ()]
    assert [one.loss for one in found.found] == [pytest.approx(0), pytest.approx(219_000)]
    assert found.found[1].dropped == ("granulator",)


def test_the_printed_warehouses_come_first_and_all_three_sets_are_found():
    """Ten stores, capacities 1 + 4 + 2 + 1 + 3 = 11: all five warehouses, all but Bonn, or all but Paris; 383 is printed."""
    found = sv.structures(bundled("warehouses_opl_1999"), 5)
    assert found.complete
    assert len(found) == 3
    assert found.found[0].network.objective == pytest.approx(383)
    assert "warehouse_paris" not in found.found[0].built
    assert [one.rank for one in found.found] == [1, 2, 3]


def test_fewer_than_there_are_is_not_complete():
    found = sv.structures("three_sites", 1)
    assert not found.complete
    assert len(found.to_frame()) == 1
    assert "best 1, of up to 2^1" in repr(found)


def test_a_region_without_candidates_has_one_structure():
    found = sv.structures("dantzig_1963", 3)
    assert found.complete
    assert [one.built for one in found.found] == [()]


def test_none_is_refused():
    with pytest.raises(OptionError, match="At least one"):
        sv.structures("three_sites", 0)


def test_exact_pooling_is_refused():
    with pytest.raises(OptionError, match="batches"):
        sv.structures("three_sites", pooling="exact")


def test_a_way_that_is_paid_makes_a_structure():
    """500 t of slag bring 22 EUR/t less 600 EUR for the way, 10 400; ash, which needs no paid way, 21 EUR/t, 10 500."""
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 1000},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate("slag", "stored", 5), fate("ash", "stored", 4)]
    links = [{**row, "fixed_cost": 600 if (row["origin"], row["destination"]) == ("s0", "s2") else None} for row in costs()]
    found = sv.structures(
        matched(base(streams, needs, fates=fates, acceptances=[accepts("road", SLAG), accepts("road", ASH)], links=links))
    )
    assert found.complete
    assert [one.built for one in found.found] == [(), ("s0 > s2",)]
    assert [one.network.benefit for one in found.found] == [pytest.approx(10_500), pytest.approx(10_400)]


def test_a_structure_tells_the_bound_that_its_search_ended_with(monkeypatch):
    """Two searches that end 1 000 EUR/a short: that much is open of each structure, of 357 000 and 138 000 EUR/a of benefit."""
    exactly = OpenPlan.best

    def early(self, *args, **more):
        answer = exactly(self, *args, **more)
        return answer and evolve(answer, bound=answer.objective - 1_000.0)

    monkeypatch.setattr(OpenPlan, "best", early)
    found = sv.structures("three_sites", 2).found
    assert [one.network.objective - one.bound for one in found] == [pytest.approx(1_000)] * 2
    assert [one.gap for one in found] == [pytest.approx(1_000 / 357_000), pytest.approx(1_000 / 138_000)]
    assert [one.network.gap for one in found] == [one.gap for one in found]
