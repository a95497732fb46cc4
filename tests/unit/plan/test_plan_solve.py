"""Small plans whose answer can be seen."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from tests.engine.worlds import (
    ASH,
    DUST,
    ROCK,
    SLAG,
    accepts,
    at_most,
    base,
    bundled,
    cadmium,
    costs,
    dust_heap,
    fate,
    matched,
    planned,
    plant,
    priced,
    technology,
)

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind, NodeKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import CheckError, SolverError
from sivuvirta.links import build
from sivuvirta.lp.model import Model
from sivuvirta.match import match
from sivuvirta.plan.explain.obstacles import room
from sivuvirta.plan.explain.reasons import reasons
from sivuvirta.plan.open import compare
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import cost_of, emissions_of


@pytest.fixture(scope="module")
def three_sites():
    return planned(match(build(bundled("three_sites"))))


def flow(network, origin: str, destination: str) -> float:
    links, amounts = network.ledger.links, network.ledger.per_arc()
    start = [row for row in range(len(links.nodes.id)) if links.nodes.id[row] == origin]
    end = [row for row in range(len(links.nodes.id)) if links.nodes.id[row] == destination]
    return float(amounts[np.isin(links.arcs.origin, start) & np.isin(links.arcs.destination, end)].sum())


def streams(slag: float = 1000, ash: float = 300):
    return [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": slag},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": ash},
    ]


def two_streams(**more):
    """The road pays 20 EUR/t of rock; slag replaces 0.9 t of it and ash 0.5; every haul costs 3 EUR/t."""
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20, **more.pop("need", {})}]
    usual = {
        "fates": [fate("slag", "stored", 5), fate("ash", "landfill", 40)],
        "acceptances": [accepts("road", SLAG, 0.9), accepts("road", ASH, 0.5)],
        "links": costs(),
    }
    return base(more.pop("streams", streams()), needs, **{**usual, **more})


def test_three_sites_as_its_readme_works_it_out(three_sites):
    network = three_sites.proven
    assert network.status == "optimal"
    assert network.objective == pytest.approx(305_000)
    assert network.benefit == pytest.approx(357_000)
    assert network.carbon == pytest.approx(-329_000)
    assert flow(network, "ash", "granulator") == pytest.approx(3000)
    assert flow(network, "slag", "road") == pytest.approx(4000)
    assert flow(network, "ash", "ash_landfill") == pytest.approx(1000)
    worth = {(marginal.constraint, marginal.label): marginal.value for marginal in network.marginals}
    assert worth["supply", "supply(ash)"] == pytest.approx(-40)
    assert worth["supply", "supply(slag)"] == pytest.approx(-5)
    assert worth["need", "need(road)"] == pytest.approx(11)
    assert worth["build", "build(granulator,high)"] == pytest.approx(93)
    assert "One more tonne of 'Fly ash' a year is worth -40 EUR." in [marginal.text for marginal in network.marginals]


def test_a_marginal_value_says_how_far_it_holds(three_sites):
    """The heap takes any slag beyond the 4 000 t that the road uses; the granulator may grow until its ash is used up."""
    held = {marginal.label: (marginal.low, marginal.high) for marginal in three_sites.proven.marginals}
    assert held["supply(slag)"] == pytest.approx((4000, np.inf))
    assert held["supply(ash)"] == pytest.approx((5000, np.inf))
    assert held["build(granulator,high)"] == pytest.approx((0, 4000))


def test_reasons_of_three_sites(three_sites):
    told = [reason.text for reason in reasons(three_sites)]
    assert told[0] == "4,000 t/a go to 'Base layer of a road': 12 EUR/t better than 'Heap at the works'; no other route is open to it."
    assert told[1] == (
        "6,000 t/a stay with 'Heap at the works': the best route, 'Base layer of a road', would bring 12 EUR/t, "
        "but 'Base layer of a road' has all it needs."
    )
    assert any("'Granulator at the mill' is at its largest size" in text for text in told)


def test_haulage_is_named_where_it_keeps_a_stream_at_home():
    plan = planned(matched(two_streams(links=costs(30), fates=[fate("slag", "stored", 0), fate("ash", "landfill", 40)])))
    (slag,) = [reason.text for reason in reasons(plan) if reason.stream == "slag"]
    assert slag == "1,000 t/a stay with 'Stored of slag': the best route, 'Need road', is 12 EUR/t short, because haulage is 30 EUR/t."


def test_a_market_takes_up_to_its_amount_and_nothing_is_bought():
    plan = planned(matched(two_streams(need={"kind": "market", "price": None, "product": None})))
    assert flow(plan.proven, "p_road", "road") == 0
    assert plan.proven.ledger.to_frame()["kind"].tolist().count("buy") == 0


def test_a_need_that_is_not_met_is_bought():
    plan = planned(matched(two_streams(streams=streams(slag=100, ash=0))))
    assert flow(plan.proven, "p_road", "road") == pytest.approx(500 - 90)


def test_an_outlet_of_today_takes_no_more_than_today():
    sold = [fate("slag", "sold", -30, share=40), fate("slag", "stored", 5, share=60), fate("ash", "landfill", 40)]
    plan = planned(matched(two_streams(fates=sold)))
    assert flow(plan.proven, "slag", "sold_slag") == pytest.approx(400)


def test_the_minimum_of_a_need_and_of_a_contract_are_kept():
    dear = {"links": costs(100), "fates": [fate("slag", "stored", 0), fate("ash", "landfill", 0)]}
    assert flow(planned(matched(two_streams(**dear))).proven, "slag", "road") == 0
    promised = [{"contract": "promise", "origin": "ash", "destination": "road", "minimum": 50, "maximum": 60, "source": "invented"}]
    plan = planned(matched(two_streams(contracts=promised, need={"minimum": 100}, **dear)))
    assert flow(plan.proven, "ash", "road") == pytest.approx(50)
    assert flow(plan.proven, "slag", "road") == pytest.approx((100 - 50 * 0.5) / 0.9)


def test_a_contract_is_not_exceeded():
    promised = [{"contract": "promise", "origin": "ash", "destination": "road", "maximum": 60, "source": "invented"}]
    assert flow(planned(matched(two_streams(contracts=promised))).proven, "ash", "road") == pytest.approx(60)


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [("2010-01-01", "2012-12-31", False), ("2025", None, False), (None, "2024-03-31", True), ("2024-12", "2030", True), (None, None, True)],
)
def test_a_contract_binds_in_its_years(first, last, holds):
    """The vintage describes 2024. The contract sends ash over dear hauls, which nothing else would."""
    promised = [{"contract": "old", "origin": "ash", "destination": "road", "minimum": 50, "from": first, "to": last, "source": "invented"}]
    free = [fate("slag", "stored", 0), fate("ash", "landfill", 0)]
    plan = planned(matched(two_streams(contracts=[*promised], links=costs(100), fates=free)))
    assert flow(plan.proven, "ash", "road") == pytest.approx(50 if holds else 0)
    assert plan.links.notes.get("contracts not in force") == (None if holds else "Not in force in 2024, so they bind nothing: old.")


def test_a_contracts_price_is_not_used_and_a_note_says_so():
    agreed = [{"contract": "new", "origin": "ash", "destination": "road", "minimum": 50, "price": 7, "source": "invented"}]
    notes = matched(two_streams(contracts=agreed)).links.notes
    assert notes["prices of contracts"] == "Their price is not used; acceptances and needs state what is paid: new."


def test_a_share_counts_what_is_bought():
    acceptances = [accepts("road", ASH, 0.5, share_high=30)]
    plan = planned(matched(two_streams(acceptances=acceptances)))
    ash, bought = flow(plan.proven, "ash", "road"), flow(plan.proven, "p_road", "road")
    assert ash == pytest.approx(0.3 * (ash + bought))
    assert any(marginal.constraint == "share" and marginal.value > 0 for marginal in plan.proven.marginals)


def test_a_share_of_a_product_in_another_unit_never_reaches_a_plan():
    tables = two_streams(acceptances=[accepts("road", ASH, 250, share_high=30)])
    tables["products"][0]["unit"] = "l"
    with pytest.raises(CheckError, match="Leave the share empty, or name a product in the same unit"):
        matched(tables)


def test_where_no_cause_is_found_the_reason_says_what_is_compared(three_sites):
    """A route's gain counts it alone; that the best network does not take it is a statement on the whole."""
    found = room(three_sites, three_sites.proven)
    free = evolve(found, need_full=np.zeros_like(found.need_full), plant_full=np.zeros_like(found.plant_full))
    assert free.obstacle(0) == "that counts it alone: with every other flow adjusted to it, the network as a whole earns no more"
    assert found.obstacle(0) == "'Base layer of a road' has all it needs"


def disposed(network) -> float:
    return sum(flow(network, name, fate_name) for name, fate_name in (("slag", "stored_slag"), ("ash", "landfill_ash")))


def test_a_limit_on_disposal_binds_and_says_what_it_costs():
    """With hauls at 30 EUR/t nothing moves of itself; slag is the cheaper to move, at 30 - 5 - 18 = 7 EUR/t."""
    matches = matched(two_streams(links=costs(30), fates=[fate("slag", "stored", 5), fate("ash", "landfill", 0)]))
    assert disposed(planned(matches).proven) == pytest.approx(1300)
    network = planned(matches, PlanOptions(disposal_limit=1200)).proven
    assert disposed(network) == pytest.approx(1200)
    (told,) = [marginal for marginal in network.marginals if marginal.constraint == "disposal"]
    assert told.value == pytest.approx(7)
    assert told.text == "One more tonne of disposal allowed is worth 7 EUR a year."


def test_a_limit_on_carbon_binds():
    """A tonne of rock emits 5 kg, a haul 1 kg a tonne; slag saves 3.5 kg a tonne."""
    matches = matched(two_streams(links=costs(30)))
    today = 2500.0
    free = planned(matches).proven
    limit = (today + free.carbon) / 1000 - 0.1
    network = planned(matches, PlanOptions(co2_limit=limit)).proven
    assert network.carbon == pytest.approx(free.carbon - 100)
    (told,) = [marginal for marginal in network.marginals if marginal.constraint == "carbon"]
    assert told.unit == "EUR/t"
    assert told.value > 0


def test_a_carbon_price_is_in_the_objective_and_not_in_the_benefit():
    network = planned(matched(two_streams()), PlanOptions(carbon_price=100)).proven
    assert network.objective == pytest.approx(cost_of(network.ledger) + 0.1 * emissions_of(network.ledger))


def test_the_rounded_capex_of_a_plant_is_on_its_chords():
    plan = planned(matched(crusher(binder=1.0)))
    done = plan.proven.ledger.operations
    works = plan.links.works
    assert done.built.tolist() == [True]
    on_chord = np.interp(done.size[0], works.curve_size[0], works.curve_capex[0])
    assert done.capex[0] == pytest.approx(on_chord)
    assert done.fixed[0] == pytest.approx(works.annuity[0] * on_chord)
    assert done.activity[0] == pytest.approx(done.size[0])


def test_a_budget_keeps_the_plant_small_and_earns_its_marginal_value():
    matches = matched(crusher(binder=1.0))
    free = planned(matches)
    budget = 0.7 * float(free.proven.ledger.operations.capex[0])
    network = planned(matches, PlanOptions(budget=budget)).proven
    assert network.ledger.operations.capex[0] == pytest.approx(budget)
    (told,) = [marginal for marginal in network.marginals if marginal.constraint == "budget"]
    assert told.value > 0
    assert told.text.startswith("One more euro of budget is worth ")


def crusher(binder: float, **more):
    """Slag with 1 to 4 parts of a binder becomes rock; half of what enters leaves as dust."""
    made = technology(
        "crushing",
        {"feed": (SLAG, 1, 1, None), "binder": ("world", 1, 4, "p_binder")},
        {"rock": (ROCK, "product", 0.5), "dust": (DUST, "residue", 0.5)},
        capex=30_000,
    )
    tables = two_streams(
        acceptances=[accepts("road", ROCK)],
        fates=[fate("slag", "stored", 5), fate("ash", "landfill", 40), dust_heap()],
        plants=[plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)],
        **{**made, **more},
    )
    tables["products"].append({"product": "p_binder", "name": "Binder", "material": "world", "unit": "t"})
    tables["prices"].append(priced("p_binder", binder))
    return tables


def test_a_reagent_leaves_only_with_the_stream_that_it_was_mixed_with():
    """Rock of dirty slag may go nowhere; if binder could leave alone, it would be sold as rock for 20 EUR/t."""
    clean = matched(crusher(binder=1.0))
    dirty = matched(crusher(binder=1.0, analyses=[cadmium("slag", 500)], limits=[at_most("road", 8)]))
    assert flow(planned(clean).proven, "p_binder", "crusher") > 0
    assert flow(planned(dirty).potential, "p_binder", "crusher") == 0


def test_only_clean_slag_goes_to_the_road_and_takes_its_binder_along():
    both = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 100},
        {"stream": "ash", "site": "s0", "material": SLAG, "amount": 50},
    ]
    analyses = [cadmium("slag", 500), cadmium("ash", 1)]
    plan = planned(matched(crusher(binder=1.0, streams=both, analyses=analyses, limits=[at_most("road", 8, blending="no")])))
    network = plan.potential
    clean = flow(network, "ash", "crusher")
    assert flow(network, "slag", "crusher") == 0
    assert clean == pytest.approx(50)
    assert flow(network, "crusher", "road") == pytest.approx(0.5 * (clean + flow(network, "p_binder", "crusher")))
    assert flow(network, "p_binder", "crusher") <= 4 * clean * (1 + 1e-9)


def test_what_is_likely_waits_in_the_potential_network():
    guessed = {"analyses": [cadmium("slag", 2, grade="D"), cadmium("ash", 2)], "limits": [at_most("road", 8)]}
    plan = planned(matched(two_streams(**guessed)))
    assert flow(plan.proven, "slag", "road") == 0
    assert flow(plan.potential, "slag", "road") > 0
    assert plan.proven.benefit < plan.potential.benefit
    ledger = plan.potential.ledger
    carried = ledger.arc[ledger.verdict == Verdict.LIKELY]
    assert plan.links.nodes.id[plan.links.arcs.origin[carried]].tolist() == ["slag"]
    assert ledger.grade[ledger.verdict == Verdict.LIKELY].tolist() == [Grade.D]
    assert plan.totals()["potential"][0] == pytest.approx(plan.potential.benefit - plan.proven.benefit)


def test_a_ledger_has_the_verdict_of_its_routes_and_none_for_outlets_and_purchases():
    ledger = planned(matched(crusher(binder=1.0))).proven.ledger
    kinds = ledger.links.arcs.kind[ledger.arc]
    none = np.isin(kinds, (ArcKind.FATE, ArcKind.BUY))
    assert (ledger.verdict[none] == -1).all()
    assert (ledger.verdict[~none] == Verdict.PASS).all()
    assert {ArcKind.FEED, ArcKind.DELIVER, ArcKind.RESIDUE, ArcKind.REAGENT} <= {ArcKind(kind) for kind in kinds}


def test_a_ledger_that_misses_a_flow_is_refused():
    plan = planned(matched(two_streams()))
    at, book = program(plan.matches), plan.proven.ledger
    x = Model(at.lp).solve().x
    compare(at, x, book)
    lost = evolve(book, amount=np.where(np.arange(len(book)) == int(book.amount.argmax()), 0.0, book.amount))
    with pytest.raises(SolverError, match="look for an amount, price or factor in a wrong unit"):
        compare(at, x, lost)


def test_no_row_for_a_capacity_that_cannot_bind():
    found = program(matched(two_streams())).lp.family("capacity")
    assert found.count == 0


def test_rows_are_found_by_node():
    at = program(matched(two_streams()))
    assert at.lp.family("need").label(0) == "road"
    assert at.links.nodes.find(NodeKind.NEED, "road") == at.links.demand.amounts.node[0]


def test_a_region_without_needs_keeps_its_streams_where_they_are():
    plan = planned(matched(base(streams(), [], fates=[fate("slag", "stored", 5), fate("ash", "landfill", 40)])))
    assert plan.proven.benefit == 0
    assert flow(plan.proven, "slag", "stored_slag") == pytest.approx(1000)
    assert next(iter(reasons(plan))).text.endswith("no need in the register takes it, neither straight nor through a plant.")


def test_a_region_without_streams_buys_what_it_needs():
    plan = planned(matched(base([], [{"need": "road", "site": "s2", "amount": 500, "price": 20}])))
    assert plan.proven.benefit == 0
    assert flow(plan.proven, "p_road", "road") == pytest.approx(500)
    assert reasons(plan) == ()


def test_a_region_of_sites_alone_has_an_empty_plan():
    plan = planned(matched(base([], [])))
    assert len(plan.proven.ledger) == 0
    assert plan.proven.objective == 0
    assert plan.proven.marginals == ()
