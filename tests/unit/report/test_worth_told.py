"""What a report tells of worth: routes in the plan, marginal values with their range, and figures as published."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.plans import Marginal
from sivuvirta.plan.explain.worth import worth
from sivuvirta.report.drawing.flows import states
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.sections.answer import as_published, missing_sheet
from sivuvirta.report.sections.marginals import holds, marginals
from sivuvirta.report.sections.routes import cards
from sivuvirta.report.words import SPACE


@pytest.fixture(scope="module")
def plan():
    return sv.plan("kemi_tornio")


def test_a_card_tells_what_its_route_is_worth_in_the_plan(plan):
    worths = worth(plan, plan.potential).per_unit(plan.potential.route_flow)
    legs = Legs.of(plan.links)
    told = [card for node in plan.links.supply.node for card in cards(plan, int(node), worths, legs)]
    assert sum(card.worth is not None for card in told) > 10
    assert all((card.worth is None) == (card.flow is None) for card in told)
    assert all(card.worth.value >= 0 for card in told if card.worth is not None)


def test_what_waits_for_tests_adds_up_to_the_potential_of_the_head(plan):
    sheet = missing_sheet(plan, frozenset())
    column = [column.key for column in sheet.columns].index("worth")
    told = sum(float(row[column].sort) for row in sheet.rows)
    behind = [{name for name, _ in sheet.bases[key].rows} for key in sheet.traces[: len(sheet)]]
    assert all({"quantities", "acceptances"} & tables for tables in behind)
    head = sv.assess(plan).headline.set_index("figure").loc["benefit"]
    assert (plan.proven.route_flow == 0).all()  # else the proven routes would have to be added
    assert told == pytest.approx(head["potential"], rel=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (7622.0, 9000.0, "EUR/t", "from 7,620 to 9,000 t/a"),
        (0.0, float("inf"), "EUR/t", "for any amount"),
        (1422.0, float("inf"), "EUR/t", "from 1,420 t/a up"),
        (-63.0, 2.0, "EUR/%", "from −63 to 2 % looser"),
        (float("nan"), 9.0, "EUR/t", ""),
    ],
)
def test_from_which_amount_to_which_a_value_holds(low, high, unit, words):
    assert holds(Marginal("supply", "", -1, 1.0, unit, "", low, high)).replace(SPACE, " ") == words


def test_needs_that_nothing_serves_are_no_marginal_values(plan):
    told = [row[0].text for row in marginals(plan).rows]
    assert any("Metal in returned residues" in text for text in told)
    assert not any("Nickel from pickling residue" in text for text in told)


def test_a_list_is_told_as_published_beside_its_dry_tonnes(plan):
    (line,) = as_published(sv.plan(sv.load("kemi_tornio", "2018")).links)
    assert f"1,639,000{SPACE}t/a as reported" in line
    assert as_published(plan.links) == ()


def test_what_a_plant_makes_has_the_colour_of_its_main_feed(plan):
    rows = states(plan)["potential"]
    feeds = {flow.destination: flow for flow in reversed(rows) if flow.kind == ArcKind.FEED}
    made = [flow for flow in rows if flow.origin in feeds and flow.kind == ArcKind.DELIVER]
    assert len(made) > 3
    assert all(flow.family == feeds[flow.origin].family and flow.made_of for flow in made)
