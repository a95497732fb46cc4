"""Declared grades in a plan (P6): a plant hands over what it makes as the best class whose limits the batch meets.

The crusher makes 0.95 t of rock of a tonne, and 0.05 t of dust for the heap at 12 EUR. Rock of at most 8 mg/kg of cadmium may go as first
class, for which a market pays 50 EUR; the road pays 20 for any. Slag has 4 mg/kg, skulls 16. Every haul between sites costs 3, and the
crusher's water, 0.1 t of a tonne, is the road's product at 20.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.linopy_model import optimum
from tests.engine.linopy_world import POTENTIAL, PROVEN
from tests.engine.worlds import ROCK, SAND, SLAG, accepts, at_most, cadmium, matched, planned, random_tables, region, write
from tests.golden.test_golden_families import crusher
from tests.unit.plan.program.test_plan_steps import several
from tests.unit.plan.program.test_plan_steps import world as chained

import sivuvirta as sv
from sivuvirta.domain.controls import Control
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import EUR_TERMS, ArcKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import CheckError, InfeasibleError
from sivuvirta.links import build
from sivuvirta.lp.text import family_text
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import cost_of

FIRST = f"{ROCK}.first"
SOURCED = {"grade": "A", "source": "invented"}


def handed_as(made: str = FIRST, **more: object) -> dict[str, object]:
    return {"technology": "crushing", "output": "rock", "makes": made, **SOURCED, **more}


def class_limit(value: float, blending: str = "yes", **more: object) -> dict[str, object]:
    return {**at_most("road", value, blending), "need": None, "limit": "first", "material": FIRST, **more}


def material(name: str, parent: str) -> dict[str, object]:
    return {"material": name, "parent": parent, "carrier": "solid", "unit": "t", "name_en": name, "source": "invented"}


def graded(mixes: str = "no", limit: float = 8, **more: object):
    """A crusher that stands, the road, and the market for first class."""
    tables = crusher(mixes=mixes)
    tables["plants"][0] |= {"status": "existing", "capacity": 10_000}
    tables["analyses"] = [cadmium("slag", 4), cadmium("skulls", 16)]
    tables["materials"].append(material(FIRST, ROCK))
    tables["technology_grades"] = [handed_as()]
    tables["limits"] = [class_limit(limit)]
    tables["needs"].append({**tables["needs"][0], "need": "fine", "name": "Fine", "kind": "market", "price": 50, "product": None})
    tables["quantities"].append({**next(row for row in tables["quantities"] if row["subject"] == "road"), "subject": "fine", "value": 2000})
    tables["acceptances"].append(accepts("fine", FIRST))
    return {**tables, **more}


def sent(matches, network) -> dict[tuple[str, str], float]:
    """Tonnes of each stream to each need, as routes carry them."""
    routes, ids = matches.routes, matches.links.nodes.id
    pairs = zip(routes.stream.tolist(), routes.need.tolist(), network.route_flow.tolist(), strict=True)
    found: dict[tuple[str, str], float] = {}
    for stream, need, flow in pairs:
        if flow > 1e-9:
            found[ids[stream], ids[need]] = found.get((ids[stream], ids[need]), 0.0) + flow
    return found


def test_a_plant_that_does_not_mix_sells_each_origin_by_its_own_grade():
    """Slag is first class, skulls are not: they go to the road, each with a third unit of water in fifteen."""
    matches = matched(graded())
    assert sent(matches, planned(matches).proven) == pytest.approx({("slag", "fine"): 700, ("skulls", "road"): 200})


def test_a_plant_that_mixes_lifts_what_a_batch_can_bear():
    """700 t of slag make room for 200 t of skulls: (700 x 4 + 200 x 16) / 900 = 6.67 mg/kg."""
    matches = matched(graded("yes"))
    assert sent(matches, planned(matches).proven) == pytest.approx({("slag", "fine"): 700, ("skulls", "fine"): 200})


def test_the_batch_takes_no_more_than_its_limit_allows():
    """At 5 mg/kg a tonne of slag leaves room for 1/11 of skulls: 700 / 11 = 63.6 t; the rest is for the road, which buys the rest."""
    matches = matched(graded("yes", 5))
    skulls = 700 / 11
    want = {("slag", "fine"): 700, ("skulls", "fine"): skulls, ("skulls", "road"): 200 - skulls}
    assert sent(matches, planned(matches).proven) == pytest.approx(want)


def test_the_money_of_the_better_grade():
    """A tonne of slag is off the heap at 5 and hauled at 3; with its water it makes 0.95 t at 50 - 3 and 0.05 t for the heap at 12."""
    tables = graded(limits=[class_limit(8)])
    tables["streams"] = [row for row in tables["streams"] if row["stream"] == "slag"]
    tables["quantities"] = [row for row in tables["quantities"] if row["subject"] != "skulls"]
    tables["fates"] = [row for row in tables["fates"] if row.get("stream") != "skulls"]
    tables["analyses"] = tables["analyses"][:1]
    plan = planned(matched(tables))
    # the more water the better: 0.2 t of it, at 20 EUR, make 0.19 t at 47, less 0.01 t at 12
    a_tonne = 5 - 3 - 0.2 * 20 + 1.2 * (0.95 * (50 - 3) - 0.05 * 12)
    assert plan.proven.benefit == pytest.approx(700 * a_tonne)
    assert cost_of(plan.proven.ledger) == pytest.approx(plan.proven.objective)
    assert sv.assess(plan).headline.set_index("figure").loc["benefit", "proven"] == pytest.approx(700 * a_tonne)


def test_one_need_takes_both_grades_each_at_its_price():
    """The market takes any rock at 10 and first class at 50: both leave for it, each over an arc of its own."""
    tables = graded()
    tables["acceptances"] = [accepts("fine", ROCK, price=10), accepts("fine", FIRST, price=50)]
    matches = matched(tables)
    links = matches.links
    out = np.flatnonzero(links.arcs.kind == ArcKind.DELIVER)
    assert [links.handed_over(arc) for arc in out] == ["crusher.rock", f"crusher.rock:{FIRST}"]
    assert links.arcs.eur[out, EUR_TERMS.index("revenue")].tolist() == [-10, -50]
    ledger = planned(matches).proven.ledger
    amounts = dict(zip(ledger.arc.tolist(), ledger.amount.tolist(), strict=True))
    assert amounts[out[0]] == pytest.approx(200 * 0.95 * 1.1)  # water at 20 makes rock at 7: as little as the recipe asks for
    assert amounts[out[1]] == pytest.approx(700 * 0.95 * 1.2)  # water at 20 makes rock at 47: as much as the recipe takes


def test_who_takes_the_output_as_it_is_needs_no_class():
    tables = graded()
    tables["acceptances"] = [accepts("fine", ROCK)]
    arcs = build(region(tables)).arcs
    assert (arcs.kind == ArcKind.DELIVER).sum() == 1


def test_the_rows_of_a_class():
    """(4 - 8) / 8 x 0.95 and (16 - 8) / 8 x 0.95 of a tonne that enters."""
    lp = program(matched(graded("yes"))).lp
    assert " ".join(family_text(lp, "blend").split()) == (
        "blend(crusher.rock_world.rock.first,fine,first): - 0.475 pair(slag,crusher.rock_world.rock.first,fine)"
        " + 0.95 pair(skulls,crusher.rock_world.rock.first,fine) <= 0"
    )


def test_of_a_limit_that_no_blend_may_meet_each_batch_is_of_one_kind():
    matches = matched(graded("yes", limits=[class_limit(8, "no")]))
    assert ("skulls", "fine") not in sent(matches, planned(matches).proven)


def test_a_class_limit_is_none_of_the_stream_itself():
    tables = graded()
    tables["acceptances"].append(accepts("fine", SLAG))
    matches = matched(tables)
    direct = matches.routes.plant < 0
    assert (matches.routes.verdict[direct] == Verdict.PASS).all()


def test_what_a_better_limit_is_worth_is_told():
    plan = planned(matched(graded("yes", 5)))
    (told,) = [one for one in plan.proven.marginals if one.constraint == "blend"]
    assert told.value > 0
    assert f"{FIRST}, from Plant crusher to Fine" in told.text


def test_a_conflict_with_a_class_is_said_in_words():
    wish = Control(origin="skulls", plant="crusher", destination="fine", least=190)
    with pytest.raises(InfeasibleError, match=r"handed over as world\.rock\.first, from Plant crusher to Fine must keep limit 'first'"):
        planned(matched(graded("yes", 5)), PlanOptions(controls=(wish,)))


def test_over_two_plants_a_class_keeps_its_limit():
    """The kiln's smoke leaves 10 mg/kg in 0.8 t: 12.5 mg/kg; as first class only where the limit is above that."""
    for limit, used in ((12.4, False), (12.6, True)):
        tables = chained(analyses=[cadmium("slag", 10)], limits=[class_limit(limit, "no")])
        tables["materials"].append(material(FIRST, ROCK))
        tables["technology_grades"] = [{"technology": "burning", "output": "rock", "makes": FIRST, **SOURCED}]
        tables["acceptances"] = [accepts("road", FIRST)]
        tables["fates"].append({**tables["fates"][-1], "fate": "rock", "technology": "burning", "output": "rock"})
        assert (planned(several(tables)).proven.chain_flow.sum() > 0) == used


@pytest.mark.parametrize(("declared", "verdict"), [(0.4, Verdict.PASS), (0.6, Verdict.FAIL), (None, Verdict.UNKNOWN)])
def test_leaching_that_is_declared_settles_the_limit_of_a_need(declared, verdict):
    tables = graded(limits=[{**at_most("fine", 0.5, "no"), "kind": "leaching", "component": "leach_Cd", "limit": "leached"}])
    if declared is not None:
        tables["technology_grades"] = [handed_as(component="leach_Cd", kind="leaching", value=declared, unit="mg/kg")]
    matches = matched(tables)
    ids = matches.links.nodes.id
    fine = [int(v) for v, need in zip(matches.routes.verdict, matches.routes.need, strict=True) if ids[need] == "fine"]
    assert fine == [verdict, verdict]


def chromium_paid(market: bool, **more: object):
    """Rock as first class holds 2 % of chromium (1 to 4) by declaration; 1 000 EUR a tonne of it are 20 EUR a tonne of rock."""
    tables = graded(limits=[])
    tables["technology_grades"] = [handed_as(component="Cr_total", kind="total", value=2, low=1, high=4, unit="%") | more]
    tables["acceptances"][-1] |= {"payable_component": "Cr_total", "payable_rate": 1000}
    tables["needs"][-1] |= {"kind": "market" if market else "need", "price": None}
    tables.pop("limits")
    return tables


def test_a_market_pays_for_what_a_product_is_declared_to_hold():
    """As first class the rock of a tonne earns 20 and costs 3: 17; the road saves 20, less 3. Equal, but the road takes 500 t alone."""
    plan = planned(matched(chromium_paid(market=True)))
    links = plan.links
    (arc,) = np.flatnonzero((links.arcs.kind == ArcKind.DELIVER) & (links.nodes.id[links.arcs.destination] == "fine"))
    assert links.arcs.eur[arc, EUR_TERMS.index("revenue")] == pytest.approx(-20)
    assert links.arcs.eur_sd[arc, EUR_TERMS.index("revenue")] == pytest.approx(30 / 3.29)
    assert not links.arcs.unknown_eur[arc]
    assert cost_of(plan.proven.ledger) == pytest.approx(plan.proven.objective)
    routes = plan.matches.routes
    fine = np.flatnonzero((links.nodes.id[routes.need] == "fine") & (links.nodes.id[routes.stream] == "slag"))
    # as in the worth of a route: a tenth of water, and dust; without today's heap of 5
    made = 1.1 * 0.95 * (20 - 3) - 1.1 * 0.05 * 12 - 0.1 * 20 - 3
    assert routes.netback[fine] == pytest.approx([made])
    assert routes.gain[fine] == pytest.approx([made + 5])
    assert routes.priced[fine].all()


def test_what_a_need_pays_for_a_declared_component_cancels():
    links = matched(chromium_paid(market=False)).links
    (arc,) = np.flatnonzero((links.arcs.kind == ArcKind.DELIVER) & (links.nodes.id[links.arcs.destination] == "fine"))
    assert links.arcs.payment[arc] == pytest.approx(20)
    assert links.arcs.eur[arc, EUR_TERMS.index("revenue")] == 0


def test_an_oxide_that_is_declared_pays_for_its_metal():
    links = matched(chromium_paid(market=True, component="Cr2O3", value=1, low=None, high=None)).links
    assert links.arcs.eur[:, EUR_TERMS.index("revenue")].min() == pytest.approx(-10_000 * 103.99 / 151.99 * 1e-3, rel=1e-3)


def test_a_content_that_is_not_declared_stays_in_the_netback():
    tables = chromium_paid(market=True)
    tables["technology_grades"] = [handed_as()]
    links = matched(tables).links
    assert links.arcs.eur[:, EUR_TERMS.index("revenue")].min() == 0
    assert "fine" in links.notes["payable components"]


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("technology_grades", {"output": "sand"}, "'crushing' has no output 'sand'"),
        ("technology_grades", {"makes": "heat"}, "'rock' of 'crushing' is 'world.rock', solid in t; 'heat' is heat in MWh"),
        ("technology_grades", {"component": "Cd"}, "A declared content needs component, kind and value; kind and value are empty"),
        ("limits", {"need": "road"}, "one of the class 'world.rock.first' and one of the need 'road' at once"),
    ],
)
def test_a_wrong_row_is_refused_in_words(table, change, message):
    tables = graded()
    tables[table][0] |= change
    with pytest.raises(CheckError) as found:
        region(tables)
    assert message in str(found.value)


def test_a_class_that_nothing_makes_is_pointed_out(tmp_path):
    tables = graded(limits=[class_limit(8, material=SAND)])
    told = sv.check(write(tmp_path / "world", tables))
    assert [(one.level, one.column) for one in told if one.rule == "class_without_maker"] == [("warning", "material")]


def elsewhere(tmp_path, makes):
    tables = graded()
    tables["technology_grades"][0] |= {"makes": makes}
    found = sv.check(write(tmp_path / "world", tables))
    return [(one.level, one.column, one.message) for one in found if one.rule == "class_elsewhere"]


@pytest.mark.parametrize("makes", [ROCK, f"{ROCK}.first"])
def test_a_class_of_what_is_made_is_in_order(tmp_path, makes):
    assert elsewhere(tmp_path, makes) == []


def test_a_class_beside_what_is_made_is_pointed_out(tmp_path):
    told = [("warning", "makes", f"'rock' of 'crushing' is '{ROCK}'; '{SAND}' is not a class of it.")]
    assert elsewhere(tmp_path, SAND) == told


def random_grades(seed: int):
    """A random region whose crusher stands, mixes or not, and may hand over as one of two classes with limits and prices of their own."""
    rng, tables = np.random.default_rng([seed, 6]), random_tables(seed)
    tables["technologies"][0]["mixes"] = str(rng.choice(["yes", "no"]))
    names = [f"{ROCK}.{name}" for name in ("first", "second")]
    tables["materials"] += [material(name, ROCK) for name in names]
    tables["technology_grades"] = [handed_as(name) for name in names]
    tables["limits"] = tables.get("limits", []) + [
        class_limit(round(float(rng.uniform(4, 18)), 2), str(rng.choice(["yes", "no"])), limit=f"cd_{n}", material=name)
        for n, name in enumerate(names)
    ]
    for need in tables["needs"]:
        tables["acceptances"] += [
            accepts(str(need["need"]), name, round(float(rng.uniform(1, 2)), 2)) for name in names if rng.random() < 0.7
        ]
    return tables


@pytest.mark.parametrize("seed", range(12))
def test_a_second_engine_agrees_on_random_grades(seed):
    matches = matched(random_grades(seed))
    plan = planned(matches, PlanOptions(gap=1e-9))
    for network, worst in ((plan.proven, PROVEN), (plan.potential, POTENTIAL)):
        assert network.objective == pytest.approx(optimum(matches, worst), rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_every_batch_meets_the_limits_of_its_class(seed):
    """Mean content of what streams bring over each arc, each with what it had in 0.9 + 0.1 t of solids: no plant here loses any."""
    matches = matched(random_grades(seed))
    links, register = matches.links, matches.links.region
    content = dict(zip(register.table("analyses")["stream"], register.table("analyses")["value"], strict=True))
    limits = register.table("limits")
    bound = {name: value for name, value in zip(limits["material"], limits["value"], strict=True) if name}
    network, routes = planned(matches).proven, matches.routes
    for arc in np.unique(routes.arc_out[routes.arc_out >= 0]):
        most = bound.get(links.materials[links.arcs.material[arc]])
        rows = np.flatnonzero((routes.arc_out == arc) & (network.route_flow > 1e-9))
        if most is None or len(rows) == 0:
            continue
        given = network.route_flow[rows]
        mean = (
            sum(flow * content[str(links.nodes.id[stream])] for flow, stream in zip(given, routes.stream[rows], strict=True)) / given.sum()
        )
        assert mean <= most * (1 + 1e-7)
