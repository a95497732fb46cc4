"""Ensembles of small regions, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import ASH, SLAG, accepts, at_most, base, cadmium, costs, fate, matched
from tests.ensemble_worlds import EXACT, ranged

import sivuvirta as sv
from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError, SolverError
from sivuvirta.futures.ensemble.running import ensemble, opened
from sivuvirta.futures.ensemble.stages import Wanted, two_stage
from sivuvirta.futures.ensemble.worker import Way, Worker
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.watch import Watch

HERE = Where(processes=1)


def trade(**amount):
    """100 t of slag for a fee of 30 or, hauled for 3, in place of 80 t at 10: 100 t save 30 · 80 + 10 · 80 - 3 · 80 = 2 960."""
    tables = base(
        [{"stream": "slag", "material": SLAG, "site": "s0", "amount": 100}],
        [{"need": "road", "site": "s1", "amount": 80, "price": 10}],
        fates=[fate("slag", share=100)],
        acceptances=[accepts("road", SLAG)],
        links=costs(),
    )
    for row in tables["quantities"]:
        row.update(amount.get(str(row["subject"]), {}))
    return tables


def run(tables, **asked):
    matches = matched(tables)
    return ensemble(matches, reference(matches.links), EXACT, EnsembleOptions(**{"draws": 40, **asked}), HERE)


def test_one_uncertain_demand_by_hand():
    """Each tonne of demand saves 37: 2 960 in the middle. Beyond the 100 t of slag it saves no more."""
    found = run(trade(road={"low": 60, "high": 100, "distribution": "bounds"}))
    assert [one.name for one in found.inputs] == ["demand:road"]
    demand = 80 + found.inputs[0].unit * found.values[:, 0]
    assert demand.min() >= 60
    assert demand.max() <= 100
    assert found.proven.draws["benefit"].to_numpy() == pytest.approx(37 * demand, rel=1e-9)
    figures = found.proven.figures.set_index("figure").loc["benefit"]
    assert figures["plan"] == pytest.approx(2960)
    assert figures["p5"] == pytest.approx(37 * np.quantile(demand, 0.05))
    link = found.proven.links.iloc[0]
    assert (link["origin"], link["destination"], link["probability"]) == ("stream:slag", "need:road", 1.0)
    assert found.proven.inputs["correlation"].tolist() == pytest.approx([1.0])


def test_tail_of_a_benefit_by_hand():
    """A quarter of four draws is the worst one, of which the tail is its own mean."""
    found = run(trade(road={"low": 60, "high": 100, "distribution": "bounds"}), draws=4, tail=0.25)
    benefit = found.proven.draws["benefit"]
    figures = found.proven.figures.set_index("figure").loc["benefit"]
    assert figures["value_at_risk"] == figures["tail_mean"] == benefit.min()


def test_a_larger_stream_goes_where_it_goes_today():
    """Its outlet holds 100 t today and follows it: 120 t cost 30 · 40, today 30 · 120 and 10 · 80 to buy; 80 t are hauled for 3."""
    matches = matched(trade(slag={"low": 60, "high": 140}))
    at = opened(matches, reference(matches.links), EXACT, EnsembleOptions(draws=4))
    worker = Worker(at.task)
    delta = np.array([20.0 / at.found.inputs[0].unit])
    piece = worker.piece((Way("proven"),), delta[None, :])
    assert piece.objective[0, 0] == pytest.approx(30 * 40 + 3 * 80)
    assert piece.benefit[0, 0] == pytest.approx(30 * 120 + 10 * 80 - 30 * 40 - 3 * 80)


def blended():
    """Slag with 4 to 16 mg/kg of cadmium and clean ash for a need that allows 8."""
    streams = [{"stream": name, "material": material, "site": "s0", "amount": 100} for name, material in (("slag", SLAG), ("ash", ASH))]
    return base(
        streams,
        [{"need": "road", "site": "s1", "amount": 300, "price": 10}],
        fates=[fate("slag", share=100), fate("ash", fee=-20, share=100)],
        acceptances=[accepts("road", SLAG), accepts("road", ASH)],
        analyses=[cadmium("slag", 10, low=4, high=16), cadmium("ash", 2)],
        limits=[at_most("road", 8) | {"compliance": "every_sample"}],
        links=costs(),
    )


def test_contents_move_the_rows_of_blends_by_hand():
    """By bounds slag counts (16 - 8)/8 = 1; in the middle (10 - 8)/8 = 0.25; a standard deviation is 12/3.29 mg/kg, 0.455927 of the row."""
    matches = matched(blended())
    at = opened(matches, reference(matches.links), EXACT, EnsembleOptions(draws=4))
    (one,) = [one for one in at.found.inputs if one.kind == "content"]
    assert (one.name, one.family) == ("content:slag,Cd,total", "beta")
    assert one.centre == pytest.approx(10e-6)
    assert at.task.value.base[-1] == pytest.approx(0.25) or at.task.value.base[0] == pytest.approx(0.25)
    assert np.abs(at.task.value.effect).max() == pytest.approx(12 / 3.29 / 8)


def test_a_plan_on_bounds_keeps_its_limits_in_most_draws():
    """The plan takes slag as if it held 16 mg/kg, its 95 % point: the limit is broken in about one draw of twenty."""
    found = run(blended(), draws=400)
    (limit,) = found.proven.limits.itertuples()
    assert limit.need == "road"
    assert 0.93 <= limit.probability <= 0.97
    held = run(blended(), draws=40, limits="bounds")
    assert [one.kind for one in held.inputs] == []


def test_an_input_that_nothing_uses_is_worth_nothing():
    found = run(ranged(3), builds="free", draws=50)
    idle = found.potential.inputs[found.potential.inputs["kind"].str.startswith("co2")]
    assert (found.potential.inputs["knowing"] >= 0).all()
    assert (idle["knowing"] == 0).all()


def test_a_decision_that_hangs_on_one_price_is_worth_knowing():
    """Free builds: what knowing everything is worth is at least what knowing one thing is, but for the errors."""
    found = run(ranged(20), builds="free", draws=100).potential
    assert found.perfect >= 0
    assert found.inputs["knowing"].max() <= found.perfect + 4 * (found.perfect_error + found.inputs["knowing_error"].max()) + 1e-6
    assert found.structures["structure"].iloc[0] == "plan"
    assert (found.structures["regret_mean"] >= -1e-6).all()


def test_kinds_of_input_may_be_chosen():
    assert {one.kind for one in run(ranged(3), kinds=("amount", "fee")).inputs} == {"amount", "fee"}
    with pytest.raises(OptionError, match=r"names .wind.\. It can name: amount"):
        EnsembleOptions(kinds=("wind",))


def test_only_money_is_made_largest():
    matches = matched(trade())
    with pytest.raises(OptionError, match="makes the value largest, not 'co2'"):
        ensemble(matches, reference(matches.links), PlanOptions(objective="co2"), EnsembleOptions(draws=2), HERE)


def test_two_stages_that_no_builds_can_keep():
    """The road was promised all 80 t; in some draws there is less slag, and nothing else."""
    tables = trade(slag={"low": 40, "high": 160})
    tables["needs"][0]["minimum"] = 80
    matches = matched(tables)
    with pytest.raises(SolverError, match="scenarios no network keeps all promises"):
        two_stage(matches, reference(matches.links), EXACT, EnsembleOptions(draws=20))


@pytest.mark.parametrize("seed", [1, 3, 12])
def test_regret_holds_where_the_least_of_a_scenario_is_not_proven(seed):
    """With an open search for each scenario's own best, regret is told at most and its bound is below the true least."""
    matches = matched(ranged(seed))
    today, asked = reference(matches.links), EnsembleOptions(draws=4, seed=seed)
    true, rough = (two_stage(matches, today, options, asked, Wanted(aim="regret")) for options in (EXACT, PlanOptions(gap=0.3)))
    assert rough.wait > true.wait * (1 + 1e-6)  # told at most, and open
    assert rough.bound <= true.regret + 1e-6 * abs(true.regret)
    assert rough.regret >= true.bound - 1e-6 * abs(true.bound)
    assert rough.gap > true.gap


def test_stages_tell_how_far_they_are_and_stop_with_the_best_so_far():
    """Two draws: each is told alone and with each of three known builds; stopped once the program of both has begun, these stay."""
    said: list[str] = []
    best = sv.two_stage("kemi_tornio", 2, evidence="potential", tell=said.append, gap=1e-6)
    assert said[:2] == ["each scenario alone, 1 of 2", "each scenario alone, 2 of 2"]
    assert set(said[2:]) == {"known builds in each scenario, 1 of 2", "known builds in each scenario, 2 of 2"}
    begun: list[object] = []
    early = sv.two_stage("kemi_tornio", 2, evidence="potential", watch=Watch(tell=begun.append, stop=lambda: bool(begun)), gap=1e-6)
    assert best.bound - 1e-6 * abs(best.bound) <= early.objective
    assert early.objective <= 0
    assert early.bound <= best.objective + 1e-6 * abs(best.objective)
    assert early.expected <= early.wait + 1e-6 * abs(early.wait)


class Counted:
    """Counts how often a stop is asked for after each thing that is told; says stop at the n-th question after the m-th of them."""

    def __init__(self, thing: int = -1, question: int = 0) -> None:
        self.said: list[str] = []
        self.asked = [0]
        self.at = thing, question

    def tell(self, text: str) -> None:
        self.said.append(text)
        self.asked.append(0)

    def stop(self) -> bool:
        self.asked[-1] += 1
        return (len(self.said), self.asked[-1]) >= self.at and self.at[0] >= 0

    def staged(self, **asked):
        return sv.two_stage("kemi_tornio", 2, evidence="potential", tell=self.tell, watch=Watch(stop=self.stop), gap=1e-6, **asked)


def test_a_stop_of_stages_is_asked_for_before_each_scenario_and_within_its_solve():
    """Two questions after a thing is told come when its solve begins and when it is over: whatever is more comes within it.

    The first known builds are tried whatever is said, so that something is known afterwards: nobody is asked in the midst of them.
    """
    whole = Counted()
    whole.staged()
    assert whole.asked[0] > 2  # while the plan is looked for that the draws stand around
    assert min(whole.asked[1:3]) > 2
    assert whole.asked[3] == 0
    assert min(whole.asked[5:]) > 2


def test_a_stop_within_the_solve_of_a_scenario_ends_there():
    """The third question after the second thing told is one within its solve: no scenario is told after it, and one was done."""
    early = Counted(2, 3)
    with pytest.raises(SolverError, match="Stopped at each scenario alone, 1 of 2: no builds are known yet"):
        early.staged()
    assert early.said == ["each scenario alone, 1 of 2", "each scenario alone, 2 of 2"]


@pytest.mark.parametrize("thing", [3, 5])
def test_a_stop_while_known_builds_are_tried_keeps_what_was_tried(thing):
    """From the third thing on the first known builds are tried; these are tried to their end, the others no more."""
    early, whole = Counted(thing, 1).staged(), Counted().staged()
    assert np.isfinite(early.benefits).all()
    assert early.objective >= whole.bound - 1e-6 * abs(whole.bound)
    assert early.bound <= whole.objective + 1e-6 * abs(whole.objective)


def test_stages_stopped_before_any_builds_are_known_say_so():
    with pytest.raises(SolverError, match="Stopped at each scenario alone, 0 of 2: no builds are known yet"):
        sv.two_stage("three_sites", 2, watch=Watch(stop=lambda: True))


def test_stages_tell_what_is_better_than_today():
    told: list[float] = []
    found = sv.two_stage("kemi_tornio", 2, watch=Watch(tell=lambda progress: told.append(progress.found)), gap=1e-6)
    assert told[-1] == pytest.approx(-found.expected, rel=1e-4)


def test_the_verbs_on_a_bundled_region():
    found = sv.futures("three_sites", draws=20, processes=1)
    assert found.options.draws == 20
    assert "20 draws" in repr(found)
    staged = sv.two_stage("three_sites", 3)
    assert len(staged.benefits) == 3
    assert staged.wait >= staged.expected - 1e-6 * abs(staged.expected)
    with pytest.raises(OptionError, match="It can aim at: expected, tail, regret"):
        sv.two_stage("three_sites", aim="luck")
    with pytest.raises(OptionError, match="A plan has no option 'drawz'"):
        sv.futures("three_sites", drawz=3)


def test_with_fixed_builds_nothing_is_worth_knowing_that_could_be_told():
    found = run(ranged(3), draws=10).potential
    assert found.inputs["knowing"].isna().all()
    assert np.isnan(found.perfect)
    assert 0 < found.noise < 1


def test_links_and_plants_have_names_and_units():
    found = run(ranged(3), draws=4).potential
    nodes = matched(ranged(3)).links.nodes
    assert set(found.links["origin_name"]) <= set(nodes.name)
    assert set(found.plants["name"]) <= set(nodes.name)
    assert found.plants["unit"].str.endswith("/a").all()
