"""A bound that adds up over towns far from one another."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.whole.districts import Relaxed, districts
from sivuvirta.lp.whole.parts import parts
from sivuvirta.lp.whole.summed import Asked, shared, summed

TOWNS = 5
NEED = 10.0


def towns(haul: float | None = None) -> Program:
    """In each town ten tonnes from plants of 6, 6 and 7 that cost 3, 4 and 6 to open; with a haul, the third serves the next town too."""
    lp = Program("towns")
    plant, town = np.arange(3 * TOWNS), np.repeat(np.arange(TOWNS), 3)
    third = plant[2::3] if haul is not None else plant[:0]
    maker, taker = np.concatenate([plant, third]), np.concatenate([town, (town[third] + 1) % TOWNS])
    cost = np.concatenate([np.zeros(len(plant)), np.full(len(third), haul or 0.0)])
    flow = lp.block("flow", len(maker), cost, Bounds(size=NEED))
    opened = lp.block("open", len(plant), np.tile([3.0, 4.0, 6.0], TOWNS), Bounds(upper=1.0, integer=True))
    lp.rows("need", gather(TOWNS, Term(taker, flow.columns, 1.0)), NEED, NEED)
    room = np.tile([-6.0, -6.0, -7.0], TOWNS)
    lp.rows("room", gather(len(plant), Term(maker, flow.columns, 1.0), Term(plant, opened.columns, room)), upper=0.0)
    return lp


def known(lp: Program) -> Relaxed:
    """The relaxation, and the answer in which all plants are open."""
    model, arrays = Model(lp), lp.arrays()
    model.relax_integers()
    told = model.solve(SolveOptions(method="simplex"))
    model.bound(model.integers, np.ones(3 * TOWNS), np.ones(3 * TOWNS))
    answer = model.solve(SolveOptions(method="simplex")).x
    upper = implied_upper(arrays)
    proven = dual_bound(arrays, told.duals, upper)
    return Relaxed(told.x, proven, upper, model.integers, answer, float(arrays.cost @ answer) - proven.value)


def bound(lp: Program, at: Relaxed, district: np.ndarray) -> float:
    asked = Asked(least=0.0, go_on=lambda: True, ready=lambda highs: None, left=lambda: np.inf)
    return summed(lp.arrays(), parts(lp.arrays(), at.integers), at, district, asked)


def test_gaps_of_towns_add_up() -> None:
    # Relaxed, a town takes 6 t at 3/6 and 4 t at 4/6: 3 + 8/3. In whole plants it opens the first two: 3 + 4.
    lp = towns()
    at = known(lp)
    district = districts(parts(lp.arrays(), at.integers), at, 1.5)
    assert at.proven.value == pytest.approx(TOWNS * (3 + 8 / 3))
    assert bound(lp, at, district) == pytest.approx(TOWNS * 7.0)


def test_what_is_in_no_district_keeps_what_the_relaxation_proves() -> None:
    lp = towns()
    at = known(lp)
    district = np.repeat(np.where(np.arange(TOWNS) < 2, np.arange(TOWNS), -1), 3)
    assert bound(lp, at, district) == pytest.approx(2 * 7.0 + (TOWNS - 2) * (3 + 8 / 3))


def test_without_a_district_the_relaxation_is_what_is_proven() -> None:
    lp = towns()
    at = known(lp)
    assert bound(lp, at, np.full(3 * TOWNS, -1)) == at.proven.value


def test_districts_follow_what_competes_and_leave_out_what_does_not() -> None:
    # The third plant of a town costs 6/7 a tonne where the last tonne costs 4/6: it is not used, and open choices are the second ones.
    lp = towns()
    at = known(lp)
    district = districts(parts(lp.arrays(), at.integers), at, 1.5)
    assert np.flatnonzero(at.open).tolist() == [1, 4, 7, 10, 13]
    assert district[0::3].tolist() == district[1::3].tolist()
    assert len(set(district[1::3].tolist())) == TOWNS


def test_towns_with_hauls_between_share_out_all_costs_and_prove_no_more_than_the_best() -> None:
    # A haul of 0.01 lets the third plant of a town serve the next as well; two a town or fewer, 6 t or 7 t each, must give 50 t.
    lp = towns(0.01)
    at, arrays = known(lp), lp.arrays()
    district = np.repeat(np.arange(TOWNS), 3)
    shares = shared(parts(arrays, at.integers), at, district)
    left = arrays.cost - shares.cost.sum(axis=0)
    unpaid = np.where(shares.giver < 0, at.proven.duals, 0.0) @ parts(arrays, at.integers).by_row.toarray()
    best = Model(lp).solve(SolveOptions(method="simplex", gap=0.0)).objective
    assert left == pytest.approx(unpaid, abs=1e-9)
    assert at.proven.value + 1.0 < bound(lp, at, district) <= best * (1 + 1e-9)


def test_a_column_without_an_end_proves_nothing_and_breaks_nothing() -> None:
    lp = towns()
    at = known(lp)
    endless = Relaxed(at.x, at.proven, np.full(len(at.upper), np.inf), at.integers, at.known, at.missing)
    assert bound(lp, endless, np.repeat(np.arange(TOWNS), 3)) <= TOWNS * 7.0


def test_where_time_is_short_each_district_has_its_part_and_the_sum_still_holds() -> None:
    # The clock moves a second a look: 20 looks for all are a few a district, of which the first look alone proves nothing whole.
    lp = towns(0.01)
    at, clock = known(lp), iter(range(20, -10_000, -1))
    asked = Asked(least=0.0, go_on=lambda: True, ready=lambda highs: None, left=lambda: float(max(next(clock), 0)))
    proven = summed(lp.arrays(), parts(lp.arrays(), at.integers), at, np.repeat(np.arange(TOWNS), 3), asked)
    best = Model(lp).solve(SolveOptions(method="simplex", gap=0.0)).objective
    assert at.proven.value * (1 - 1e-9) <= proven <= best * (1 + 1e-9)
