"""A region without a plan says which requirements conflict, in the user's words."""

from __future__ import annotations

import pytest
from tests.engine.worlds import ASH, SLAG, accepts, at_most, base, cadmium, costs, fate, matched, planned

import sivuvirta as sv
from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.solve import PROVEN_ONLY


def region(need=None, **more):
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 100},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 300},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20, **(need or {})}]
    usual = {
        "fates": [fate("slag", "stored", 5), fate("ash", "landfill", 40)],
        "acceptances": [accepts("road", SLAG, 0.9)],
        "links": costs(),
    }
    return matched(base(streams, needs, **{**usual, **more}))


def conflicts(matches, options=None):
    with pytest.raises(InfeasibleError) as caught:
        planned(matches, options)
    return list(caught.value.conflicts)


def test_a_minimum_that_no_stream_can_fill():
    assert conflicts(region(need={"minimum": 200})) == [
        "stream 'Stream slag' (100 t/a) must have an outlet for every tonne",
        "need 'Need road' must get at least 200 t/a",
    ]


def test_a_contract_above_the_demand():
    promised = [{"contract": "promise", "origin": "slag", "destination": "road", "minimum": 90, "source": "invented"}]
    found = conflicts(region(need={"minimum": 0, "amount": 50}, contracts=promised))
    assert found == ["need 'Need road' must get 50 t/a", "contract 'promise' must carry at least 90 a year"]


def test_disposal_that_is_not_enough():
    assert conflicts(region(), PlanOptions(disposal_limit=250)) == [
        "stream 'Stream ash' (300 t/a) must have an outlet for every tonne",
        "at most 250 t/a may go to landfill, stock and other disposal",
    ]


def test_a_limit_on_carbon_that_cannot_be_kept():
    found = conflicts(region(), PlanOptions(co2_limit=0.5))
    assert "emissions may be at most 0.5 t CO2e/a" in found
    assert "need 'Need road' must get 500 t/a" in found


def test_a_minimum_that_proven_evidence_does_not_reach():
    guessed = {"analyses": [cadmium("slag", 2, grade="D")], "limits": [at_most("road", 8)]}
    assert conflicts(region(need={"minimum": 50}, **guessed)) == [
        "need 'Need road' must get at least 50 t/a",
        "only routes on proven evidence (pass or blend) may be used",
    ]


def test_a_contract_that_no_way_can_carry():
    promised = [{"contract": "promise", "origin": "ash", "destination": "road", "minimum": 50, "source": "invented"}]
    assert conflicts(region(contracts=promised)) == ["contract 'promise' must carry at least 50 a year"]


def test_a_share_against_a_minimum():
    acceptances = [accepts("road", SLAG, 0.9), accepts("road", ASH, 0.5, share_high=10)]
    promised = [{"contract": "promise", "origin": "ash", "destination": "road", "minimum": 200, "source": "invented"}]
    found = conflicts(region(acceptances=acceptances, contracts=promised))
    assert "contract 'promise' must carry at least 200 a year" in found
    assert "the share of 'world.ash' in what 'road' takes must not be too high" in found


def crowd(count):
    """So many streams of 10 t a year, and no disposal allowed."""
    streams = [{"stream": f"heap{n}", "site": "s0", "material": ASH, "amount": 10} for n in range(count)]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate(f"heap{n}", "landfill", 5) for n in range(count)]
    return matched(base(streams, needs, fates=fates, acceptances=[accepts("road", SLAG)], links=costs()))


def test_many_streams_are_told_in_one_sentence():
    """Six streams together are 60 t; any five of them would fit into 55 t."""
    found = conflicts(crowd(6), PlanOptions(disposal_limit=55))
    names = "'Stream heap0', 'Stream heap1', 'Stream heap2' and 3 more"
    assert sorted(found) == [
        f"6 streams must each have an outlet for every tonne: {names}",
        "at most 55 t/a may go to landfill, stock and other disposal",
    ]


def test_a_few_streams_are_told_one_by_one():
    found = conflicts(crowd(3), PlanOptions(disposal_limit=25))
    assert sum("must have an outlet for every tonne" in text for text in found) == 3


GUESSED = {"analyses": [cadmium("slag", 2, grade="D")], "limits": [at_most("road", 8)]}


def test_a_limit_that_only_the_potential_network_keeps_can_be_planned():
    """At most 320 t to disposal: of 400 t 80 must go to the road, which takes up to 100 t of slag, by a route that needs a test."""
    matches, limit = region(**GUESSED), 320.0
    with pytest.raises(InfeasibleError, match="evidence='potential'") as caught:
        planned(matches, PlanOptions(disposal_limit=limit))
    assert caught.value.conflicts[-1] == "only routes on proven evidence (pass or blend) may be used"
    plan = planned(matches, PlanOptions(disposal_limit=limit, evidence="potential"))
    assert plan.potential.ledger.per_arc().sum() > 0
    assert plan.potential.benefit == pytest.approx(planned(matches).potential.benefit)
    assert plan.proven.status == "not planned"
    assert (plan.proven.benefit, plan.proven.carbon) == (0, 0)
    assert plan.proven.ledger is plan.reference


def test_advice_is_given_only_where_it_helps():
    with pytest.raises(InfeasibleError) as caught:
        planned(region(), PlanOptions(disposal_limit=250))
    assert caught.value.advice == ""
    with pytest.raises(InfeasibleError):
        planned(region(), PlanOptions(disposal_limit=250, evidence="potential"))


def test_controls_that_conflict_are_the_fewest():
    """200 t of slag are asked for where 100 t are; the other controls have no part in it."""
    asked = [Control(destination="road", least=200), Control(origin="slag", most=90), Control(origin="ash", destination="landfill_ash")]
    found = conflicts(region(), PlanOptions(controls=asked))
    assert len(found) == 2
    assert found[0].startswith("'road' must carry at least 200")
    assert found[1].startswith("'slag' must carry at most 90")


def test_a_setting_without_which_the_rest_conflicts_too_is_not_named():
    """Of 50 posts proven evidence gives none, whatever is invested; with potential the plants can give more than 50 (planned here)."""
    with pytest.raises(InfeasibleError) as caught:
        sv.plan("kemi_tornio", jobs_least=50, budget=1e6)
    assert caught.value.conflicts == ("plants must give at least 50 posts", PROVEN_ONLY)
    assert sv.plan("kemi_tornio", jobs_least=50, evidence="potential", gap=0.5).potential.status in {"optimal", "feasible"}


def test_proven_evidence_is_not_named_where_potential_does_not_help_either():
    """21.574 Mt of waste rock, of which the one need that might take some takes 237 500 t: no evidence brings disposal below 1 000 t."""
    with pytest.raises(InfeasibleError) as caught:
        sv.plan("kemi_tornio", budget=0, co2_limit=-100_000, jobs_least=40, disposal_limit=1000)
    rock = "stream 'Waste rock' (21,574,000 t/a) must have an outlet for every tonne"
    assert set(caught.value.conflicts) == {"at most 1,000 t/a may go to landfill, stock and other disposal", rock}
