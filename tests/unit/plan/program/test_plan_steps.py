"""Plans over routes of several steps: a press makes blocks of slag, a kiln makes rock of blocks, a road takes rock."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from tests.engine.worlds import (
    DUST,
    ROCK,
    SAND,
    SLAG,
    Rows,
    Tables,
    accepts,
    at_most,
    base,
    cadmium,
    costs,
    dust_heap,
    fate,
    matched,
    planned,
    plant,
    technology,
)

import sivuvirta as sv
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.plans import Control, PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.ledger.gaps import gaps
from sivuvirta.match.chains import with_chains
from sivuvirta.plan.explain.reasons import reasons
from sivuvirta.plan.explain.worth import worth
from sivuvirta.plan.program.objective import cost_of, emissions_of

PRESS = {"feed": (SLAG, 1, 1, None)}
BLOCKS = {"blocks": (SAND, "product", 0.9), "dust": (DUST, "residue", 0.1)}
KILN = {"rock": (ROCK, "product", 0.8), "smoke": (DUST, "emission", 0.2)}

HAUL, OPEX, LANDFILL, ROAD = 3, 3, 30, 60
GAIN = (LANDFILL - HAUL - OPEX - 0.1 * 12) + 0.9 * (-HAUL - OPEX) + 0.9 * 0.8 * (ROAD - HAUL)
"""EUR per tonne of slag: off the landfill, hauled, pressed, dust to a heap; blocks hauled and burnt; rock hauled, and none bought."""


def works(press: dict[str, tuple[str, float, float, str | None]] | None = None) -> Tables:
    """Press and kiln, standing; each tonne of intake costs 3 EUR."""
    made = [
        technology("pressing", press or PRESS, BLOCKS, variable_opex=OPEX),
        technology("burning", {"feed": (SAND, 1, 1, None)}, KILN, variable_opex=OPEX),
    ]
    standing = {"status": "existing", "capacity": 100_000}
    plants = [plant("press", "pressing", "s1", **standing), plant("kiln", "burning", "s2", **standing)]
    return {**{table: [row for one in made for row in one[table]] for table in made[0]}, "plants": plants}


def world(press: dict[str, tuple[str, float, float, str | None]] | None = None, ash: float = 0, **more: Rows) -> Tables:
    """1 000 t of slag at 30 EUR/t to landfill, and some ash; a road takes 500 t of rock at 60 EUR/t."""
    streams = [
        {"stream": key, "site": "s0", "material": material, "amount": amount}
        for key, material, amount in (("slag", SLAG, 1000), ("ash", f"{SLAG}.ash", ash))
        if amount
    ]
    needs = [{"need": "road", "site": "s3", "amount": 500, "price": ROAD}]
    fates = [*(fate(row["stream"], fee=LANDFILL) for row in streams), dust_heap(of="pressing")]
    tables = base(streams, needs, **{"fates": fates, "acceptances": [accepts("road", ROCK)], "links": costs(HAUL), **works(press), **more})
    tables["materials"].append({**tables["materials"][-1], "material": f"{SLAG}.ash", "parent": SLAG, "name_en": "Ash in slag"})
    tables["products"].append({"product": "p_binder", "name": "Binder", "material": "world", "unit": "t"})
    tables["prices"].append({**tables["prices"][0], "price": "binder", "subject": "p_binder", "value": 10})
    return tables


def several(tables: Tables, steps: int = 2):
    return with_chains(matched(tables), steps)


def flow_between(network, kind):
    ledger = network.ledger
    rows = ledger.links.arcs.kind[ledger.arc] == kind
    return ledger.amount[rows]


def test_a_route_through_two_plants_is_worth_what_the_hand_says():
    plan = planned(several(world()))
    slag = 500 / (0.9 * 0.8)
    assert plan.proven.chain_flow == pytest.approx([slag])
    assert plan.proven.benefit == pytest.approx(slag * GAIN)
    assert flow_between(plan.proven, ArcKind.PASS) == pytest.approx([0.9 * slag])
    assert flow_between(plan.proven, ArcKind.DELIVER) == pytest.approx([500])
    assert gaps(plan.proven.ledger)["relative"].abs().max() <= 1e-9
    assert cost_of(plan.proven.ledger) == pytest.approx(plan.proven.objective)
    assert plan.proven.carbon == pytest.approx(emissions_of(plan.proven.ledger) - emissions_of(plan.reference))


def test_the_gain_of_the_match_is_that_of_the_plan():
    matches = several(world())
    assert matches.chains.gain == pytest.approx([GAIN])


def test_without_steps_nothing_flows():
    plan = planned(matched(world()))
    assert plan.proven.benefit == pytest.approx(0)
    assert len(plan.proven.chain_flow) == 0


def test_what_a_route_of_two_plants_brings_is_the_benefit():
    plan = planned(several(world()))
    brought = worth(plan, plan.proven)
    assert brought.several == pytest.approx([plan.proven.benefit])
    assert brought.every.sum() + brought.rest == pytest.approx(plan.proven.benefit)
    assert brought.per_unit(plan.proven.flow)[-1] == pytest.approx(GAIN)


def test_a_reason_names_both_plants():
    texts = [reason.text for reason in reasons(planned(several(world())))]
    assert texts[0].startswith(
        "694 t/a go to 'Need road' through 'Plant press' and 'Plant kiln': 58.4 EUR/t better than 'Landfill of slag'"
    )


def test_what_fails_keeps_out_though_another_stream_goes_the_same_way():
    """Ash of 20 mg/kg may not be in rock of at most 15; recoveries are unknown, so contents rise with each loss: slag of 4 makes 5.6."""
    tables = world(ash=5000, analyses=[cadmium("slag", 4), cadmium("ash", 20)], limits=[at_most("road", 15, "no")])
    tables["quantities"][0] |= {"value": 300}
    plan = planned(several(tables))
    chains, nodes = plan.matches.chains, plan.links.nodes
    verdicts = dict(zip(nodes.id[chains.stream].tolist(), chains.verdict.tolist(), strict=True))
    assert verdicts["ash"] == Verdict.FAIL
    assert verdicts["slag"] < Verdict.FAIL
    assert flow_between(plan.potential, ArcKind.DELIVER) == pytest.approx([0.72 * 300])
    assert flow_between(plan.potential, ArcKind.FEED) == pytest.approx([300])


def test_what_is_likely_is_only_in_the_potential_network():
    tables = world(analyses=[cadmium("slag", 4, grade="D")], limits=[at_most("road", 15, "no")])
    plan = planned(several(tables))
    assert plan.proven.chain_flow.sum() == 0
    assert plan.potential.chain_flow.sum() == pytest.approx(500 / 0.72)
    assert plan.proven.benefit == pytest.approx(0)


def test_a_binder_goes_on_with_what_it_was_mixed_with():
    """A tonne of slag takes 0.25 t of binder at 10 EUR/t: 1.25 t of intake make 1.125 t of blocks and 0.9 t of rock."""
    plan = planned(several(world({"feed": (SLAG, 0.8, 0.8, None), "binder": ("world", 0.2, 0.2, "p_binder")})))
    slag = 500 / 0.9
    assert plan.proven.chain_flow == pytest.approx([slag])
    assert flow_between(plan.proven, ArcKind.REAGENT) == pytest.approx([0.25 * slag])
    each = LANDFILL - HAUL - 0.25 * 10 + 1.25 * (-OPEX - 0.1 * 12) + 1.125 * (-HAUL - OPEX) + 0.9 * (ROAD - HAUL)
    assert plan.proven.benefit == pytest.approx(slag * each)


def test_no_binder_leaves_the_second_plant_without_its_slag():
    """Binder alone would be cheaper rock than the bought one: 1 t of it makes 0.72 t of rock. It may not go where slag may not."""
    tables = world({"feed": (SLAG, 0.1, 1, None), "binder": ("world", 0, 0.9, "p_binder")})
    tables["needs"].append({**tables["needs"][0], "need": "yard", "product": "p_road"})
    tables["quantities"].append({**tables["quantities"][-1], "table": "needs", "subject": "yard", "value": 400})
    tables["acceptances"].append(accepts("yard", ROCK))
    tables |= {"analyses": [cadmium("slag", 4)], "limits": [at_most("yard", 1, "no")]}
    plan = planned(several(tables))
    ledger, arcs, ids = plan.potential.ledger, plan.links.arcs, plan.links.nodes.id
    ends = ids[arcs.destination[ledger.arc[arcs.kind[ledger.arc] == ArcKind.DELIVER]]].tolist()
    assert ends == ["road"]


def test_a_candidate_behind_another_plant_is_built():
    tables = world()
    tables["plants"][1] |= {"status": "candidate", "capacity": None, "capacity_min": 10, "capacity_max": 5000}
    free = planned(several(tables), PlanOptions(gap=1e-9))
    built = free.proven.ledger.operations
    kiln = int(np.flatnonzero(free.links.works.candidate)[0])
    assert built.size[kiln] == pytest.approx(0.9 * 500 / 0.72)
    assert built.built[kiln]
    without = planned(several(tables), PlanOptions(budget=0))
    assert without.proven.chain_flow.sum() == 0


def test_a_control_holds_a_route_of_several_steps():
    matches = several(world())
    held = planned(matches, PlanOptions(controls=[Control(origin="slag", plant="kiln", destination="road", most=100)]))
    assert held.proven.chain_flow == pytest.approx([100])
    shut = planned(matches, PlanOptions(controls=[Control(plant="press", most=0)]))
    assert shut.proven.chain_flow == pytest.approx([0])


def test_a_way_between_plants_has_a_capacity():
    tables = world()
    row = next(row for row in tables["links"] if (row["origin"], row["destination"]) == ("s1", "s2"))
    row["capacity"] = 90
    plan = planned(several(tables))
    assert plan.proven.chain_flow == pytest.approx([100])
    assert [marginal.constraint for marginal in plan.proven.marginals if marginal.constraint == "capacity"] == ["capacity"]


def test_a_plan_takes_the_steps_of_its_matches_unless_told_otherwise():
    matches = sv.match("three_sites", steps=2)
    assert len(sv.plan(matches).proven.chain_flow) == len(matches.chains)
    assert len(sv.plan(matches, steps=1).matches.chains) == 0
    with pytest.raises(OptionError, match="one step at least"):
        sv.plan(matches, steps=0)


def test_steps_bring_nothing_more_to_the_reference_region():
    """Its routes through one plant are worth more; the figures stay those without steps."""
    matches = sv.match("kemi_tornio", steps=3)
    several, single = sv.plan(matches), sv.plan(evolve(matches, chains=type(matches.chains).none()))
    assert (matches.chains.verdict < Verdict.FAIL).sum() > 50
    assert several.potential.benefit == pytest.approx(single.potential.benefit, rel=1e-6)


def test_a_minimum_that_only_steps_can_meet_is_named_without_them():
    tables = world(contracts=[{"contract": "rock", "origin": "kiln", "destination": "road", "minimum": 50, "source": "invented"}])
    assert planned(several(tables)).proven.chain_flow.sum() > 0
    with pytest.raises(InfeasibleError, match="rock"):
        planned(matched(tables))
