"""An emission that nobody knows is told in the same words by all six that tell emissions, of a small region and of the bundled one."""

from __future__ import annotations

import re

import numpy as np
import openpyxl
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.cli.measure.footprint import _missing
from sivuvirta.domain.burdens import EXPANSION
from sivuvirta.domain.unknowns import AT_LEAST, AT_MOST, KNOWN_PART, NEITHER, Unknown, bound, said, told, unknown_emissions

WORDS = "Of the known part, change at least, saving at most: not known is an emission of "


def blind(plan):
    """A plan whose new plants emit what nobody knows."""
    links = plan.links
    works = evolve(links.works, unknown_co2=plan.potential.ledger.operations.activity > 0)
    other = evolve(links, works=works)
    networks = {
        name: evolve(getattr(plan, name), ledger=evolve(getattr(plan, name).ledger, links=other)) for name in ("proven", "potential")
    }
    return evolve(plan, reference=evolve(plan.reference, links=other), matches=evolve(plan.matches, links=other), **networks)


@pytest.fixture(scope="module", params=["three_sites", "kemi_tornio"])
def plan(request):
    planned = sv.plan(request.param)
    return blind(planned) if request.param == "three_sites" else planned


def test_six_readers_say_the_same(plan, tmp_path):
    words = said(unknown_emissions(plan.potential.ledger, plan.reference))
    assert words.startswith(WORDS)
    head = sv.assess(plan).headline.set_index("figure").loc["carbon"]
    assert (head["bound"], head["unknown"]) == (AT_LEAST, words)
    drawn = sv.ranges(plan, draws=100).headline("potential").set_index("row").loc["carbon"]
    assert (drawn["bound"], drawn["missing"]) == (AT_LEAST, words)
    scores = sv.lifecycle(plan, runs=0).scores.set_index(["network", "system"]).loc[("potential", "change")]
    assert (scores["bound"], scores["unknown"]) == (AT_LEAST, words)
    sheet = sv.benefits(plan).sheet().set_index("indicator").loc["co2"]
    assert (sheet["bound"], sheet["unknown"]) == (AT_MOST, words.rstrip("."))
    assert np.isnan(sheet["value"])
    assert sheet["known_part"] == pytest.approx(-head["total"])
    page = sv.report(plan, tmp_path / "r.html").read_text(encoding="utf-8")
    assert re.search(r"Together <span[^>]*>at least −", page)
    book = openpyxl.load_workbook(sv.report(plan, tmp_path / "r.xlsx"))
    assert any(row[-1] == words for row in book["Summary"].iter_rows(values_only=True))


def test_a_footprint_says_it_by_the_allocation_that_misses_it():
    """Slag that goes to a plant of unknown emission: the credit can only shrink, so the footprint is at least what is known."""
    found = sv.footprint(sv.plan("kemi_tornio"), "stainless steel")
    result = found.result(EXPANSION, "potential")
    assert (result.bound, result.text().split()[:2]) == (AT_LEAST, ["at", "least"])
    assert {each.method for each in found.results if each.state == "potential" and each.missing} == {EXPANSION}
    (line,) = _missing([each for each in found.results if each.state == "potential"])
    assert line.startswith("By system expansion. Of the known part, at least: not known of it: emissions of ")
    assert found.difference(EXPANSION, "potential").bound == AT_LEAST


@pytest.mark.parametrize(
    ("ways", "emitted", "saved", "text"),
    [
        ([], "", "", "5 t"),
        ([True], AT_LEAST, AT_MOST, "at least 5 t"),
        ([False], AT_MOST, AT_LEAST, "at most 5 t"),
        ([True, False], NEITHER, NEITHER, f"5 t {KNOWN_PART}"),
    ],
)
def test_each_way_has_its_word(ways, emitted, saved, text):
    several = [Unknown(f"kiln {way}", way) for way in ways]
    assert (bound(several), bound(several, saving=True)) == (emitted, saved)
    assert told("5 t", bound(several)) == text
    assert bool(said(several)) is bool(ways)


def test_more_of_an_unknown_emission_adds_and_less_takes_away(plan):
    """The same pair turned round: what the plan began would end."""
    there, back = (unknown_emissions(*pair) for pair in ((plan.potential.ledger, plan.reference), (plan.reference, plan.potential.ledger)))
    assert {each.name for each in there} == {each.name for each in back}
    assert {each.adds for each in there} == {True}
    assert {each.adds for each in back} == {False}
    assert unknown_emissions(plan.reference, plan.reference) == ()


def test_an_unknown_displacement_acts_the_other_way(plan):
    """Whatever flows more than today replaces something that nobody knows: the saving can only be larger."""
    links = plan.links
    works = evolve(links.works, unknown_co2=np.zeros(len(links.works), dtype=bool))
    more = plan.potential.ledger.per_arc() > plan.reference.per_arc() * (1 + 1e-6)
    other = evolve(links, works=works, arcs=evolve(links.arcs, unknown_co2=np.zeros_like(more), unknown_displaced=more))
    planned, today = (evolve(ledger, links=other) for ledger in (plan.potential.ledger, plan.reference))
    assert bound(unknown_emissions(planned, today)) == AT_MOST
    assert bound(unknown_emissions(planned, today), saving=True) == AT_LEAST
