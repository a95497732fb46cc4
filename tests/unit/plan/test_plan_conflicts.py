"""A region without a plan says which requirements conflict, in the user's words."""

from __future__ import annotations

import pytest
from tests.engine.worlds import ASH, SLAG, accepts, at_most, base, cadmium, costs, fate, matched, planned

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError


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
