"""Roles of links and plants, the price of a refusal, different networks; figures worked out by hand."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.engine.worlds import ASH, SLAG, accepts, base, costs, fate, matched, random_siting_matches

import sivuvirta as sv
from sivuvirta.errors import OptionError, SolverError
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.explore.costs import reach, surroundings
from sivuvirta.explore.different import others
from sivuvirta.explore.items import items
from sivuvirta.explore.linear import Linear, Prices
from sivuvirta.lp.model import Model
from sivuvirta.plan.open import OpenPlan


def two_streams(haul=3):
    """1 000 t of slag and 1 000 t of ash; a road uses 500 t at 20 EUR/t bought. Heap of slag 5, of ash 4 EUR/t; haul 3 EUR/t.

    Slag brings 20 + 5 - 3 = 22 EUR/t, ash 20 + 4 - 3 = 21 EUR/t: the best sends 500 t of slag, 11 000 EUR/a.
    """
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 1000},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate("slag", "stored", 5), fate("ash", "stored", 4)]
    return matched(base(streams, needs, fates=fates, acceptances=[accepts("road", SLAG), accepts("road", ASH)], links=costs(haul)))


def choice(found, origin):
    return next(each for each in found.choices if each.origin == origin)


def test_ash_may_take_the_place_of_slag_for_500_euros():
    """Without slag 500 t of ash bring 10 500 EUR/a: 500 EUR less, within 5 % (550). Forced to a tenth of 500 t, ash costs 50 EUR."""
    found = sv.alternatives(two_streams(), 0.05)
    slag, ash = choice(found, "slag"), choice(found, "ash")
    assert found.allowed == pytest.approx(550)
    assert (slag.role, ash.role) == ("swappable", "swappable")
    assert (slag.amount, slag.least, slag.most) == (pytest.approx(500), pytest.approx(0), pytest.approx(500))
    assert (ash.amount, ash.least, ash.most) == (pytest.approx(0), pytest.approx(0), pytest.approx(500))
    assert slag.without == pytest.approx(500)
    assert slag.without_bound == pytest.approx(500)
    assert ash.without == 0
    assert ash.asked == pytest.approx(50)
    assert ash.forced == pytest.approx(50)


def test_within_one_per_cent_slag_is_needed():
    """110 EUR: up to 110 t of slag may be ash; without slag 500 EUR are lost."""
    found = sv.alternatives(two_streams(), 0.01)
    slag, ash = choice(found, "slag"), choice(found, "ash")
    assert slag.role == "must-have"
    assert (slag.least, slag.least_bound) == (pytest.approx(390), pytest.approx(390))
    assert ash.role == "swappable"
    assert (ash.most, ash.most_bound) == (pytest.approx(110), pytest.approx(110))


def test_within_nothing_ash_is_never_used():
    found = sv.alternatives(two_streams(), 0.0)
    assert choice(found, "slag").role == "must-have"
    assert choice(found, "ash").role == "never"
    assert choice(found, "ash").most == pytest.approx(0)
    assert found.others == ()


def test_a_very_different_network_uses_ash_alone():
    found = sv.alternatives(two_streams(), 0.05)
    (other,) = found.others[:1]
    assert other.different == 1.0
    assert other.cost == pytest.approx(500)
    assert "closed: 'Stream slag' to 'Need road' (-500 t/a)" in other.text


def test_the_price_of_a_refusal():
    """Three sites: the granulator brings 219 000 of 357 000 EUR/a; without the works' slag 138 000 are lost, without the town all."""
    found = sv.alternatives("three_sites")
    prices = {(one.kind, one.key): one.cost for one in found.refusals}
    assert prices["organisation", "works_ltd"] == pytest.approx(138_000)
    assert prices["organisation", "investor"] == pytest.approx(219_000)
    assert prices["organisation", "town"] == pytest.approx(357_000)
    assert [one.cost for one in found.refusals] == sorted(prices.values(), reverse=True)


def test_a_fee_that_must_be_met_leaves_no_network():
    """A road that must get 400 t has no network without the only stream that fits."""
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20, "minimum": 400}]
    tables = base(streams, needs, fates=[fate("slag", "stored", 5)], acceptances=[accepts("road", SLAG)], links=costs())
    found = sv.alternatives(matched(tables))
    assert choice(found, "slag").without == float("inf")
    assert choice(found, "slag").role == "must-have"


def test_frames_have_a_row_each():
    found = sv.alternatives(two_streams(), 0.05)
    assert found.to_frame()["role"].tolist() == ["swappable", "swappable"]
    assert list(found.refusals_frame()["kind"].unique()) == ["organisation", "site"]
    assert len(found.others_frame()) == len(found.others)
    assert "2 swappable" in repr(found)


def test_a_plan_keeps_its_options():
    plan = sv.plan(two_streams(), disposal_limit=1_600.0)
    assert sv.alternatives(plan).best.objective == pytest.approx(plan.potential.objective)


@pytest.mark.parametrize(("changes", "part"), [({"slack": -1}, "slack"), ({"networks": -1}, "networks")])
def test_what_cannot_be_asked_is_refused(changes, part):
    with pytest.raises(OptionError, match=part):
        sv.alternatives(two_streams(), **changes)


def heard(word=None):
    """What is told while alternatives are looked for; somebody says stop when a text begins with a word."""
    texts = []
    found = sv.alternatives(
        two_streams(), 0.05, tell=texts.append, stop=lambda: word is not None and any(text.startswith(word) for text in texts)
    )
    return found, texts


def test_who_says_stop_keeps_what_was_found():
    """Two links, slag in use: its price of 500 EUR is known before ash is forced, and with it that of its site."""
    found, _ = heard("step 3")
    assert [each.origin for each in found.choices] == ["slag"]
    assert choice(found, "slag").without == pytest.approx(500)
    assert [(each.key, each.cost) for each in found.refusals] == [("s0", pytest.approx(500))]  # all that is its is slag's link: known
    assert found.stopped
    assert found.unasked == (1, 2)  # ash; the firm, and the site of the road


def test_who_says_stop_at_once_keeps_the_best_network():
    found, _ = heard("the best")
    assert found.best.benefit == pytest.approx(11_000)
    assert (found.choices, found.refusals, found.others, found.stopped) == ((), (), (), True)


def test_who_says_stop_at_the_parties_has_all_roles():
    found, _ = heard("step 5")
    assert sorted(each.role for each in found.choices) == ["swappable", "swappable"]
    assert choice(found, "ash").most == pytest.approx(500)
    assert found.stopped


def test_each_step_says_how_many_there_are():
    """Two links of which one is in use, at one firm and two sites."""
    found, texts = heard()
    assert not found.stopped
    assert found.unasked == (0, 0)
    assert "step 2 of 5, 1 of 1 in use, without 'Stream slag' to 'Need road'" in texts
    assert "step 3 of 5, 2 of 2 links and plants" in texts
    assert any(text.startswith("step 4 of 5, range of 'Stream") and text.endswith(", 2 of 2") for text in texts)
    assert "step 5 of 5, 3 of 3 parties" in texts


def opened(**options):
    """The program of two streams, and its link from ash: nothing of it in the best network, 500 t at most."""
    plan = sv.plan(two_streams(), **options)
    asking = Asking(Asked(plan.matches, plan.reference, plan.options))
    best = asking.optimum()
    every = items(asking)
    ids = plan.matches.links.nodes.id
    ash = next(item for item in every if ids[plan.matches.links.arcs.origin[item.row]] == "ash")
    return asking, best, every, ash


def test_a_region_in_which_nothing_fits_has_no_alternatives():
    found = sv.alternatives(random_siting_matches(4))
    assert [choice for choice in found.choices if choice.kind == "link"] == []
    assert found.others == ()


def test_what_only_one_change_allows_costs_all_of_it():
    """With one change ash is not beside slag but in its place, best with all 500 t: 500 EUR, more than 1 % of 11 000."""
    found = sv.alternatives(two_streams(), 0.01, changes=1, networks=0)
    ash = choice(found, "ash")
    assert ash.forced == pytest.approx(500)
    assert ash.role == "never"
    assert ash.proven
    assert choice(found, "slag").role == "must-have"


def test_a_change_that_is_left_opens_a_link():
    """Two changes, of which slag takes one: 10 % of ash beside it cost 50 EUR, and within 110 EUR 110 t may be ash; no search needed."""
    found = sv.alternatives(two_streams(), 0.01, changes=2, networks=0)
    ash = choice(found, "ash")
    assert ash.forced == pytest.approx(50)
    assert (ash.most, ash.most_bound) == (pytest.approx(110), pytest.approx(110))
    assert ash.role == "swappable"


def widened(monkeypatch, by):
    """Solves of the plan that end with a bound that is so much too low."""
    exactly = OpenPlan.best

    def best(self, *args, **more):
        answer = exactly(self, *args, **more)
        return None if answer is None else evolve(answer, bound=answer.objective - by)

    monkeypatch.setattr(OpenPlan, "best", best)


def test_a_role_that_rests_on_what_was_found_alone_is_not_proven(monkeypatch):
    """Within 110 EUR slag, at 500 EUR, is must-have; a search that ended with 450 EUR open proves 50 EUR only."""
    widened(monkeypatch, 450.0)
    slag = choice(sv.alternatives(two_streams(), 0.01), "slag")
    assert (slag.without, slag.without_bound) == (pytest.approx(500), pytest.approx(50))
    assert (slag.role, slag.proven) == ("must-have", False)


def test_what_forcing_costs_at_least_is_the_bound_and_not_what_was_found(monkeypatch):
    """One change: 50 t of ash cost 500 EUR, the relaxed program says 50; a search with 300 EUR open proves 200."""
    widened(monkeypatch, 300.0)
    ash = choice(sv.alternatives(two_streams(), 0.01, changes=1, networks=0), "ash")
    assert (ash.forced, ash.forced_bound) == (pytest.approx(500), pytest.approx(200))
    assert ash.role == "never"
    assert ash.proven


def test_an_answer_short_of_the_optimum_is_no_bound(monkeypatch):
    """The relaxed program, ended 40 EUR short: 50 t of ash cost 50 EUR at least, of which 10 are proven; 500 t at most, 540 proven."""
    asking, best, _, ash = opened()
    exactly = Model.solve

    def early(self, options=None):
        found = exactly(self, options)
        return evolve(found, status="feasible", bound=found.objective - 40.0)

    below, above = Linear(asking), Linear(asking, best.x)
    monkeypatch.setattr(Model, "solve", early)
    assert below.at_least(ash.form, 50.0) - best.objective == pytest.approx(10)
    assert above.at_least(ash.form, 50.0) - best.objective == pytest.approx(50)
    assert below.extreme(ash.form, most=True) == pytest.approx(540)
    assert above.extreme(ash.form, most=True) == pytest.approx(500)


def test_prices_prove_what_their_duals_prove():
    """A tonne of ash costs 1 EUR: 110 t within 110 EUR. Worse duals prove less, and nothing false."""
    asking, best, _, ash = opened()
    linear = Linear(asking)
    arrays, duals = linear.program, linear.optimum().duals
    good = Prices.of(arrays, duals)
    assert good.proven == pytest.approx(best.objective)
    assert good.proven <= best.objective
    assert good.most(ash.form, best.objective + 110) == pytest.approx(110)
    worse = Prices.of(arrays, 0.99 * duals)
    assert worse.proven < good.proven
    assert worse.most(ash.form, best.objective + 110) >= 110


def test_a_linear_program_is_as_before_when_a_solve_fails(monkeypatch):
    asking, best, _, ash = opened(changes=2)
    linear = Linear(asking, best.x)
    before = linear.model.arrays.lower.copy()

    def fails(self, options=None):
        raise SolverError("lost")

    monkeypatch.setattr(Model, "solve", fails)
    with pytest.raises(SolverError, match="lost"):
        linear.at_least(ash.form, 1.0, linear.model.integers)
    assert linear.model.cuts == 0
    assert linear.model.arrays.lower.tolist() == before.tolist()


def test_a_plan_keeps_no_slack_when_the_search_for_others_fails(monkeypatch):
    asking, best, every, _ = opened()

    def fails(self, options=None):
        raise SolverError("lost")

    monkeypatch.setattr(Model, "solve", fails)
    with pytest.raises(SolverError, match="lost"):
        others(asking, best, best.objective + 100, every, 2)
    assert asking.open.model.cuts == 0


def test_reach_is_what_rows_prove_where_the_solver_proves_nothing(monkeypatch):
    """The road takes 500 t."""
    exactly = Model.solve

    def early(self, options=None):
        return evolve(exactly(self, options), status="feasible", bound=-float("inf"))

    plan = sv.plan(two_streams())
    around = surroundings(Asked(plan.matches, plan.reference, plan.options), 0.01)
    monkeypatch.setattr(Model, "solve", early)
    assert reach(around, items(around.asking)).tolist() == [pytest.approx(500)] * 2
