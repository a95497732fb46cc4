"""Laws of prospects: no test harms, none is worth more than everything together, no bound lies, no plant that may be built harms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.worlds import ROCK, accepts, matched, random_tables, region

from sivuvirta import prospects
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.prospects import LabTest
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match.judge import match
from sivuvirta.prospects.gaps import Now
from sivuvirta.prospects.overlay import Place, absent, with_plants
from sivuvirta.prospects.pricing import alone, earnings
from sivuvirta.prospects.questions import questions
from sivuvirta.prospects.ranking import Ground, Start

SEEDS = st.integers(0, 10_000)
CATALOGUE = (LabTest(test="metals", name="Metals", kind="total", components=("Cd",), price=160),)
some = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def open_tables(seed):
    """A random region in which much is missing: figures, statuses, limits that no blend may meet."""
    rng, tables = np.random.default_rng(seed), random_tables(seed)
    for row in tables["streams"]:
        row["legal_status"] = str(rng.choice(["by_product", "by_product", "unknown"]))
    for row in tables.get("limits", []):
        row["blending"] = str(rng.choice(["yes", "no"]))
    kept = [row for row in tables.get("analyses", []) if rng.random() < 0.5]
    for row in kept:
        if rng.random() < 0.5:
            row |= {"low": row["value"] * 0.5, "high": row["value"] * 2, "grade": "C"}
    return {**{name: rows for name, rows in tables.items() if name != "analyses"}, **({"analyses": kept} if kept else {})}


def slack(amount):
    """What two solves may be off by, EUR/a."""
    return 2.0 + 1e-6 * abs(amount)


def started(seed):
    """Where values are counted from in a region with much missing."""
    matches = matched(open_tables(seed))
    asked = questions(matches, CATALOGUE)
    everything = match(matches.links, asked.passed(range(len(asked.all))))
    return Start.of(Ground(matches.links, reference(matches.links), PlanOptions(), asked, everything), frozenset())


@some
@given(SEEDS)
def test_a_test_is_worth_something_or_nothing_and_no_more_than_all_answers(seed):
    start = started(seed)
    whole = Start.of(start.ground, frozenset(range(len(start.ground.asked.all))))
    found = prospects.tests(start.matches, catalogue=CATALOGUE, top=None)
    most = {
        "proven": start.proven.at.objective - whole.proven.at.objective,
        "likely": start.likely.at.objective - whole.likely.at.objective,
    }
    for one in (*found.tests, *found.decisions, *found.bundles):
        for name, limit in most.items():
            assert 0 <= getattr(one, name) <= limit + slack(start.likely.at.objective)


@some
@given(SEEDS)
def test_no_bound_is_below_the_value(seed):
    start = started(seed)
    for number in range(len(start.ground.asked.all)):
        numbers = frozenset({number})
        then = start.ground.matches(numbers)
        gain = max(base.at.objective - start.ground.optimum(then, base.worst).objective for base in start.bases)
        assert start.promise(numbers).at_most + slack(start.likely.at.objective) >= gain


@some
@given(SEEDS)
def test_the_best_are_the_same_however_few_are_asked_for(seed):
    matches = matched(open_tables(seed))
    whole, best = (prospects.tests(matches, catalogue=CATALOGUE, top=top) for top in (None, 1))
    for part in ("tests", "decisions", "bundles"):
        every, first = getattr(whole, part), getattr(best, part)
        assert len(every) == len(first)
        if every:
            assert first[0].worth == pytest.approx(every[0].worth, abs=slack(whole.likely))


@some
@given(SEEDS)
def test_a_set_is_worth_at_least_each_of_its_parts(seed):
    found = prospects.tests(matched(open_tables(seed)), catalogue=CATALOGUE, top=None)
    alone = {one.questions[0].key: one for one in (*found.tests, *found.decisions)}
    for bundle in found.bundles:
        for question in bundle.questions:
            assert bundle.likely + slack(bundle.likely) >= alone[question.key].likely


@some
@given(SEEDS)
def test_a_plant_that_may_be_built_never_harms(seed):
    bare = region(random_tables(seed))
    found = prospects.gaps(bare, sites=1)
    assert all(gap.potential >= 0 and gap.likely >= 0 for gap in found.found)
    for gap in found.found:
        matches = match(build(with_plants(bare, [Place(gap.technology, gap.site)])))
        plan = prospects.networks.optimum(matches, 3, reference(matches.links), PlanOptions())
        assert plan.benefit == pytest.approx(found.potential + gap.potential, abs=slack(plan.objective))


def traded_tables(seed):
    """A random region in which some needs are markets or replace no product and take rock alone; its plant may stand already or not."""
    rng, tables = np.random.default_rng(seed), random_tables(seed)
    prices = {row["subject"]: row["value"] for row in tables["prices"]}
    for row in tables["needs"]:
        kind = rng.choice(["need", "market", "open"])
        if kind != "need":
            row |= {"product": None, "price": prices[row["product"]]}
            tables["acceptances"] = [one for one in tables["acceptances"] if one["need"] != row["need"] or one["material"] == ROCK]
        if kind == "market":
            row["kind"] = "market"
    tables["acceptances"] = tables["acceptances"] or [accepts("j0", ROCK)]
    return tables if rng.random() < 0.5 else {name: rows for name, rows in tables.items() if name != "plants"}


@settings(some, max_examples=25)
@given(SEEDS)
def test_no_gap_is_worth_more_than_its_bound(seed):
    """At any site where the world's plant is not: one that earns nothing gains no more than whole numbers cost the network."""
    bare = region(traded_tables(seed))
    now = Now.of(bare, PlanOptions(objective="value"))
    pairs = [pair for pair in absent(bare) if pair.technology == "crushing"]
    everywhere = alone(match(build(with_plants(bare, pairs))), now.matches)
    plants = everywhere.links.nodes.id[everywhere.links.works.node]
    most = earnings(everywhere, np.isin(plants, [pair.plant for pair in pairs]), 3, now.potential.objective, now.options).at_most
    assert pairs
    for pair in pairs:
        matches = match(build(with_plants(bare, [pair])))
        gain = now.potential.objective - prospects.networks.optimum(matches, 3, now.reference, now.options).objective
        assert gain <= most[plants == pair.plant][0] + slack(now.potential.objective)
