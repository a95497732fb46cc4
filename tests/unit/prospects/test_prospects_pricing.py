"""What absent plants could earn: bounds by hand, and none where a program is not solved."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve

from match_rows import Rows, made, need, plant
from sivuvirta import prospects
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.links import build
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Program
from sivuvirta.match.judge import match
from sivuvirta.prospects.gaps import Now, best_of, promised
from sivuvirta.prospects.overlay import Place, absent, with_plants
from sivuvirta.prospects.relaxed import solved

WORKS, TOWN = Place("mixing", "works"), Place("mixing", "town")
AT_TOWN, AT_WORKS = 45_000 - 3_275, 37_000 - 3_275
"""EUR/a: see the first test."""


def bare(**changed: Rows) -> Region:
    """Slag may go on the road only as a mix with four parts of bought till; no mixer stands, two may be built."""
    return made(**{**plant(), "plants": [], "acceptances": [{"need": "road", "material": "mix", "ratio": 1, "grade": "A"}], **changed})


def market(**more: object) -> Region:
    """The road as a market, which takes up to 5 000 t a year at 12 EUR/t and buys nothing else."""
    row = {key: value for key, value in need("road", use_class="road").items() if key != "product"}
    return bare(needs=[{**row, "kind": "market", "price": 12.0, **more}])


def bounds_of(region: Region, now: Now) -> dict[Place, float]:
    pairs = absent(region)
    return dict(promised(match(build(with_plants(region, pairs))), pairs, now))


def now_of(region: Region) -> Now:
    return Now.of(region, PlanOptions(objective="value"))


def test_a_market_that_only_new_plants_reach_bounds_each_of_them_alone():
    """In the town a tonne of slag earns 60 of the market for 5 t of mix, less 2 for the way, 12 for till and 5 to mix, 4 of the heap saved.

    That is 45 EUR, 45 000 EUR/a, less 3 275 of investment (see the test of figures). At the works 5 t of mix go the 10 km instead of 1 t
    of slag: 10 EUR instead of 2, 37 EUR. Nothing else reaches the market, so each plant alone may fill it: neither bound takes from the
    other's, and each is the gain itself.
    """
    region = market()
    bounds = bounds_of(region, now_of(region))
    assert bounds == {TOWN: pytest.approx(AT_TOWN, abs=1), WORKS: pytest.approx(AT_WORKS, abs=1)}


def test_of_a_market_the_gap_is_found_as_of_a_need():
    gap = prospects.gaps(market()).found[0]
    assert (gap.site, gap.potential, gap.at_most) == ("town", pytest.approx(AT_TOWN, abs=1), pytest.approx(AT_TOWN, abs=1))


def test_the_second_site_wins_where_the_bound_of_the_first_was_too_good():
    """The works come first with a bound of 50 000 EUR and gain 33 725; the town, bound by 42 000, gains a fifth more."""
    region = bare()
    now = now_of(region)
    gap = best_of(now, region, [(WORKS, 50_000.0), (TOWN, 42_000.0)])
    assert gap is not None
    assert (gap.site, gap.potential, gap.at_most) == ("town", pytest.approx(AT_TOWN, abs=1), 42_000)
    assert gap.others == (("works", pytest.approx(AT_WORKS, abs=1)),)


def test_a_site_whose_bound_is_reached_already_is_not_worked_out():
    region = bare()
    now = now_of(region)
    gap = best_of(now, region, [(TOWN, 50_000.0), (WORKS, 40_000.0)])
    assert gap is not None
    assert (gap.site, gap.others, now.counted) == ("town", (), [TOWN])


def test_what_whole_numbers_cost_the_network_is_in_the_bound():
    """A mixer may be built at the works already, for 10 000 t/a or not at all, of which the road takes 5 000.

    It costs 39 811 EUR, 5 156 EUR/a, so the region has 37 000 - 5 156 = 31 844 EUR/a, and one in the town adds 41 725 - 31 844 = 9 881.
    Its whole numbers cost nothing; were the network itself 1 000 EUR/a dearer for them, the town could add as much more.
    """
    region = bare(plants=[{**plant()["plants"][0], "site": "works", "capacity_min": 10_000, "capacity_max": 10_000}])
    now = now_of(region)
    bounds = bounds_of(region, now)
    gap = best_of(now, region, list(bounds.items()))
    assert now.potential.benefit == pytest.approx(31_844, abs=1)
    assert bounds == {TOWN: pytest.approx(9_881, abs=1)}
    assert gap is not None
    assert gap.potential == pytest.approx(9_881, abs=1)
    assert gap.at_most == bounds[TOWN]
    dearer = evolve(now, potential=evolve(now.potential, objective=now.potential.objective + 1_000))
    assert bounds_of(region, dearer) == {TOWN: pytest.approx(10_881, abs=1)}


def test_a_program_without_an_answer_bounds_nothing():
    """x <= 1 and x >= 2 has no answer, and x without a limit no smallest cost."""
    for cost, lower, upper in ((1.0, 2.0, 1.0), (-1.0, -np.inf, np.inf)):
        program = Program("none")
        x = program.block("x", 1, cost=cost)
        program.rows("between", gather(2, Term(np.arange(2), x.columns[[0, 0]], 1.0)), [lower, -np.inf], [np.inf, upper])
        assert solved(Model(program), PlanOptions()) is None


def test_where_time_runs_out_every_pair_may_gain_anything():
    region = market()
    now = now_of(region)
    hurried = Now(now.matches, now.reference, PlanOptions(objective="value", time_limit=1e-9), now.likely, now.potential)
    bounds = bounds_of(region, hurried)
    assert bounds == {TOWN: math.inf, WORKS: math.inf}
