"""A plan kept open: what is held, forbidden, closed or made the goal, and that all of it can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.worlds import ROCK, SLAG, accepts, base, costs, fate, matched, planned, plant, random_matches, technology

from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError, SolverError
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import Goal, cost_of, emissions_of
from sivuvirta.plan.program.variables import Measured

some = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def direct_world():
    """1 000 t of slag; a road uses 500 t at 20 EUR/t bought, slag replaces it one to one; haul 3 EUR/t; the heap costs 5 EUR/t."""
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    return base(streams, needs, fates=[fate("slag", "stored", 5)], acceptances=[accepts("road", SLAG)], links=costs())


def crusher_world():
    made = technology("crushing", {"feed": (SLAG, 1, 1, None)}, {"rock": (ROCK, "product", 1.0)}, staff=2)
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 700}]
    needs = [{"need": "road", "site": "s2", "amount": 800, "price": 60}]
    built = [plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)]
    fates = [fate("slag", "stored", 5)]
    return base(streams, needs, fates=fates, acceptances=[accepts("road", ROCK)], links=costs(), plants=built, **made)


def opened(tables, options=None) -> OpenPlan:
    matches = matched(tables)
    return OpenPlan(matches, reference(matches.links), options)


def test_a_flow_that_is_bounded_costs_what_it_forgoes():
    """Each tonne brings 20 + 5 - 3 = 22 EUR: 500 t bring 11 000; at most 200 t bring 4 400; forbidden, nothing."""
    for most, benefit in ((np.inf, 11_000), (200, 4_400), (0, 0)):
        plan = planned(matched(direct_world()), PlanOptions(controls=[Control(origin="slag", destination="road", most=most)]))
        assert plan.potential.benefit == pytest.approx(benefit)


def test_a_hold_can_be_undone():
    at = opened(direct_world())
    before = at.best()
    at.hold([Control(origin="slag", destination="road", most=200)])
    held = at.best(prices=False)
    at.reset()
    after = at.best()
    assert held.objective - before.objective == pytest.approx(300 * 22)
    assert after.objective == pytest.approx(before.objective)


def test_a_plant_may_be_forced_and_forbidden():
    free = planned(matched(crusher_world())).potential
    forbidden = planned(matched(crusher_world()), PlanOptions(controls=[Control(plant="crusher", built=False)])).potential
    forced = planned(matched(crusher_world()), PlanOptions(controls=[Control(plant="crusher", built=True, least=200, most=600)])).potential
    assert not forbidden.ledger.operations.built.any()
    assert forced.ledger.operations.built.all()
    assert forced.ledger.operations.activity == pytest.approx([600])
    assert free.objective <= min(forbidden.objective, forced.objective) + 1e-6


def test_what_stands_stays_when_its_stream_falters():
    """The builds of the best answer are kept; with half of the slag the plant is as large as before and idles."""
    at = opened(crusher_world())
    best = at.best()
    built = at.at.blocks.size.of(best.x)
    assert built[0] >= 700 * (1 - 1e-9)
    at.stand(best.x)
    at.amounts("supply", [0], 350, 350)
    shocked = at.best(prices=False)
    assert at.at.blocks.size.of(shocked.x) == pytest.approx(built)
    assert at.at.blocks.activity.of(shocked.x) == pytest.approx([350])
    at.reset()
    assert at.best(prices=False).objective == pytest.approx(best.objective, rel=1e-9)


def test_controls_that_conflict_are_named():
    controls = [Control(origin="slag", destination="road", least=400), Control(destination="road", most=100)]
    with pytest.raises(InfeasibleError, match="as you asked"):
        planned(matched(direct_world()), PlanOptions(controls=controls))


def test_names_that_are_not_there_are_told_all_at_once():
    controls = [Control(origin="slags", destination="road"), Control(plant="castle")]
    with pytest.raises(OptionError) as error:
        planned(matched(direct_world()), PlanOptions(controls=controls))
    assert "Did you mean 'slag'?" in str(error.value)
    assert "castle" in str(error.value)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({}, "names nothing"),
        ({"origin": "a", "least": 3, "most": 2}, "at least 3 and at most 2"),
        ({"origin": "a", "built": True}, "Only a plant"),
    ],
)
def test_a_control_that_says_nothing_is_refused(asked, part):
    with pytest.raises(OptionError, match=part):
        Control(**asked)


def test_objectives_follow_one_another():
    """Posts first: the crusher runs as hard as it can; then the least cost at that many posts."""
    plan = planned(matched(crusher_world()), PlanOptions(objective="jobs")).potential
    assert plan.objective == pytest.approx(-700 * 2 / 1000)
    assert MEASURES["jobs"].of(plan.ledger) == pytest.approx(1.4)
    value = planned(matched(crusher_world())).potential
    assert plan.benefit <= value.benefit * (1 + 1e-9)


def test_a_weight_counts_in_the_objective():
    """10 EUR for each tonne bought: without slag 500 t cost 5 000 EUR more, which the plan saves."""
    plain = planned(matched(direct_world())).potential
    weighed = planned(
        matched(direct_world()), PlanOptions(weights={"virgin": 10.0}, controls=[Control(destination="road", most=0)])
    ).potential
    assert weighed.objective == pytest.approx(plain.objective + 11_000 + 5_000)


@some
@given(st.integers(0, 10_000), st.sampled_from(list(MEASURES)))
def test_a_measure_is_the_same_in_the_program_and_in_the_ledger(seed, name):
    at = OpenPlan(matches := random_matches(seed), reference(matches.links), PlanOptions(objective=name))
    answer = at.best(prices=False)
    book = at.network(answer, "potential").ledger
    assert MEASURES[name].of(book) == pytest.approx(float(at.at.coefficients.by[name] @ answer.x), rel=1e-7, abs=1e-6)


@some
@given(st.integers(0, 10_000))
def test_lexicographic_objectives_do_not_spoil_the_former(seed):
    matches = random_matches(seed)
    one = planned(matches, PlanOptions(objective="co2", gap=1e-9)).potential
    two = planned(matches, PlanOptions(objective="co2", then=("diversion",), gap=1e-9)).potential
    assert emissions_of(two.ledger) == pytest.approx(emissions_of(one.ledger), rel=1e-6, abs=1e-3)
    assert MEASURES["diversion"].of(two.ledger) <= MEASURES["diversion"].of(one.ledger) * (1 + 1e-6) + 1e-6
    assert cost_of(two.ledger) >= cost_of(one.ledger) * (1 - 1e-9) - 1e-3 - 1e-6 * abs(cost_of(one.ledger))


def test_a_measure_is_worked_out_when_it_is_asked_for():
    asked = []
    measures = Measured(lambda name: np.full(2, float(asked.append(name) or len(asked))))
    assert list(measures) == list(MEASURES)
    assert (measures["co2"][0], measures["co2"][0], asked) == (1.0, 1.0, ["co2"])


@pytest.mark.parametrize("options", [{}, {"objective": "co2"}, {"method": "guided"}, {"method": "ipm"}])
@pytest.mark.parametrize("world", [direct_world, crusher_world])
def test_a_plan_without_time_is_todays_network_with_a_proven_bound(world, options):
    """Stopped before anything was found: all slag to the heap, all rock bought, and the best plan is not below the bound."""
    matches = matched(world())
    best, at = (
        planned(matches, PlanOptions(**options)),
        OpenPlan(matches, reference(matches.links), PlanOptions(time_limit=1e-9, **options)),
    )
    answer = at.best()
    assert answer.status in {"feasible", "optimal"}  # presolve alone may solve so small a program
    assert answer.bound <= best.potential.objective + 1e-6 * abs(best.potential.objective)
    assert answer.objective >= best.potential.objective - 1e-6 * abs(best.potential.objective)
    if answer.status == "feasible" and np.isclose(answer.objective, at.goals[0].today):
        assert np.delete(answer.x, np.concatenate([at.at.blocks.fate.columns, at.at.blocks.buy.columns])).max() == 0


def test_an_open_plan_answers_again_when_it_gets_time_after_having_had_none():
    matches = matched(crusher_world())
    at = OpenPlan(matches, reference(matches.links), PlanOptions(time_limit=1e-9))
    at.best()
    at.options = PlanOptions()
    assert at.best().objective == pytest.approx(planned(matches, PlanOptions()).potential.objective)


def test_a_solve_that_fails_leaves_the_plan_as_it_was(monkeypatch):
    """The solver dies at the second goal: the next question has its answer as if nothing had been asked before."""
    at = opened(crusher_world(), PlanOptions(objective="co2"))
    sound = type(at.model).solve
    for dies in (2, 3, 4):
        calls = iter(range(1, dies + 1))

        def failing(model, options=None, calls=calls, dies=dies):
            if next(calls) == dies:
                raise SolverError("out of time")
            return sound(model, options)

        monkeypatch.setattr(type(at.model), "solve", failing)
        with pytest.raises(SolverError):
            at.best()
        assert at.model.cuts == 0
    monkeypatch.setattr(type(at.model), "solve", sound)
    assert at.best().objective == pytest.approx(opened(crusher_world(), PlanOptions(objective="co2")).best().objective)


def test_outlets_that_cost_the_same_stay_apart_where_another_goal_tells_them_apart():
    """1 000 t, half to each of two outlets of 5 EUR/t, one of 100 kg CO2e/t: the front to the least carbon uses the clean one alone."""
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}]
    fates = [fate("slag", "stored", 5, share=50, co2=0), fate("slag", "landfill", 5, share=50, co2=100)]
    at = opened(base(streams, [], fates=fates, links=costs()))
    at.goals = (Goal("co2", at.at.coefficients.carbon, 50_000.0), Goal("value", at.at.coefficients.cost, 5_000.0))
    answer = at.best(prices=False)
    assert answer.objective == pytest.approx(0.0, abs=1e-6)
    assert float(at.at.coefficients.cost @ answer.x) == pytest.approx(5_000)
