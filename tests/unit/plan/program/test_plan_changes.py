"""How many links a plan adds to those of today, worked out by hand.

A tonne of ash saves 40 EUR of landfill and half a tonne of rock at 20, and is hauled for 3: 47. A tonne of slag saves 5 and 0.9 tonnes of
rock, and is hauled for 3: 20. Together all 300 t of ash meet 150 t of the road's 500, and 350 / 0.9 t of slag the rest.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import at_most, cadmium, matched, planned, random_chains, random_matches
from tests.golden.test_golden_families import crusher, two_streams, with_running

from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.agreements import new_links
from sivuvirta.plan.program.candidates import candidates

ASH, SLAG = 300 * 47, 350 / 0.9 * 20


def runs(stream: str, **more: object) -> dict[str, object]:
    told = {"exchange": stream, "donor": "Firm", "stream": stream, "need": "road", "text": stream, "grade": "A", "source": "invented"}
    return {**told, "outcome": "running", **more}


@pytest.mark.parametrize(("most", "benefit"), [(0, 0), (1, ASH), (2, ASH + SLAG), (9, ASH + SLAG), (None, ASH + SLAG)])
def test_the_best_changes_are_made_first(most, benefit):
    plan = planned(matched(two_streams()), PlanOptions(changes=most))
    assert plan.proven.benefit == pytest.approx(benefit)


@pytest.mark.parametrize(
    ("tables", "benefit"),
    [
        ({"exchanges": [runs("ash", quantity=10, year=2020)]}, ASH),
        ({"exchanges": [runs("ash", year=2025)]}, 0),  # after the vintage, 2024
        ({"exchanges": [runs("ash", outcome="ended")]}, 0),
        ({"contracts": [{"contract": "c", "origin": "ash", "destination": "road", "source": "invented"}]}, ASH),
        ({"contracts": [{"contract": "c", "origin": "ash", "destination": "road", "to": "2020-12-31", "source": "invented"}]}, 0),
    ],
)
def test_what_runs_today_is_no_change(tables, benefit):
    plan = planned(matched(two_streams(**tables)), PlanOptions(changes=0))
    assert plan.proven.benefit == pytest.approx(benefit)


def test_an_exchange_may_run_through_a_plant_that_stands():
    tables = {**crusher(), "exchanges": [runs("slag")]}
    assert len(new_links(candidates(matched(tables))).first) == 3  # the crusher is not built: slag and skulls to it, and it to the road
    tables["plants"][0] |= {"status": "existing", "capacity": 800}
    found = candidates(matched(tables))
    links, fresh = found.links, new_links(found)
    ids, arcs = links.nodes.id, links.arcs
    assert [(ids[arcs.origin[arc]], ids[arcs.destination[arc]]) for arc in fresh.first] == [("skulls", "crusher")]


def test_a_link_is_a_pair_of_ends():
    """Slag straight to the road, slag and skulls to the crusher, the crusher to the road, skulls to the road; the ash runs already."""
    assert len(new_links(candidates(matched(with_running()))).first) == 5


@pytest.mark.parametrize(
    ("quantity", "benefit"), [(200, ASH + SLAG), (500, 500 * 20 + 100 * 47), (5000, 500 / 0.9 * 20), (None, ASH + SLAG)]
)
def test_what_runs_keeps_what_it_carries(quantity, benefit):
    """500 t of slag leave 50 t of the road to 100 t of ash; more than the road takes, 500 / 0.9 t, nobody carries."""
    matches = matched(two_streams(exchanges=[runs("slag", quantity=quantity)]))
    assert planned(matches, PlanOptions(keep_running=True)).proven.benefit == pytest.approx(benefit)


def test_of_an_exchange_told_twice_the_latest_amount_counts():
    rows = [
        runs("slag", exchange=str(year), quantity=amount, year=year) for year, amount in ((2018, 450), (2020, 500), (2022, None), (2030, 9))
    ]
    plan = planned(matched(two_streams(exchanges=rows)), PlanOptions(keep_running=True))
    assert plan.proven.benefit == pytest.approx(500 * 20 + 100 * 47)


def test_what_lacks_a_test_is_not_held_to_run():
    """The limit of the road has no analysis of slag, so that its route is unknown."""
    tables = two_streams(analyses=[cadmium("ash", 2)], limits=[at_most("road", 8, "no")], exchanges=[runs("slag", quantity=500)])
    assert planned(matched(tables), PlanOptions(keep_running=True)).proven.benefit == pytest.approx(ASH)


def test_conflicts_name_the_number_of_changes():
    wish = Control(origin="ash", destination="road", least=100)
    with pytest.raises(InfeasibleError, match="at most 0 links may be new against today"):
        planned(matched(two_streams()), PlanOptions(changes=0, controls=(wish,)))


def test_one_more_tonne_of_a_stream_whose_link_is_new_has_its_whole_worth():
    plan = planned(matched(two_streams()), PlanOptions(changes=1))
    told = {marginal.label: marginal.value for marginal in plan.proven.marginals if marginal.constraint == "supply"}
    assert told["supply(ash)"] == pytest.approx(47 - 40)  # 7 beyond its landfill, which it would pay otherwise


@pytest.mark.parametrize("changes", [-1, 1.5, True, "2"])
def test_changes_are_counted_in_whole_numbers(changes):
    with pytest.raises(OptionError, match="whole number"):
        PlanOptions(changes=changes)


@pytest.mark.parametrize("matches", [*map(random_matches, range(6)), random_chains(2), random_chains(5)])
def test_one_change_is_the_best_of_all_single_ones(matches):
    """Every link is tried alone, all others being held at 0; then none, then all."""
    today = reference(matches.links)
    free = OpenPlan(matches, today, PlanOptions(gap=1e-9))
    fresh = new_links(free.at.found)
    parts = list(free.at.carrying(np.flatnonzero(fresh.number >= 0)))
    arc, column = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    upper = free.model.arrays.upper.copy()
    tried = [np.inf]
    for link in range(-1, len(fresh.first)):
        closed = np.unique(column[fresh.number[arc] != link])
        free.model.bound(closed, 0.0, 0.0)
        answer = free.best(prices=False)
        tried.append(np.inf if answer is None else answer.objective)
        free.model.bound(closed, 0.0, upper[closed])
    one = OpenPlan(matches, today, PlanOptions(gap=1e-9, changes=1)).best(prices=False)
    assert one.objective == pytest.approx(min(tried), rel=1e-7)
    every = OpenPlan(matches, today, PlanOptions(gap=1e-9, changes=len(fresh.first))).best(prices=False)
    assert every.objective == pytest.approx(OpenPlan(matches, today, PlanOptions(gap=1e-9)).best(prices=False).objective, rel=1e-7)
