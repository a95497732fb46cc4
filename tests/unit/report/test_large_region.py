"""A report of a large region stays small: sections where the plan brings most, rows for the rest, and it says what it leaves out."""

from __future__ import annotations

import re

import pytest
from attrs import evolve
from bench.generate import Size, write

import sivuvirta as sv
from sivuvirta.report.drawing.drawn import drawn
from sivuvirta.report.drawing.flows import states
from sivuvirta.report.drawing.geography import geography, undrawn
from sivuvirta.report.html import html
from sivuvirta.report.sections.courses import SECTIONS
from sivuvirta.report.tables import ROWS, Column, sheet

STREAMS = 200
MOST = 3_500_000
"""Bytes; with a section for every stream it was 4,880,979."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return sv.plan(write(tmp_path_factory.mktemp("large"), Size(streams=STREAMS)))


@pytest.fixture(scope="module")
def text(plan):
    return html(plan, sv.assess(plan))


def _sections(text):
    return re.findall(r'<details id="stream-(i\d+)"', text)


def test_the_page_is_small(text):
    assert len(text.encode()) < MOST


def test_every_stream_has_a_row_and_some_a_section(plan, text):
    table = text[text.index('<table id="stream-table"') : text.index("Stream by stream")]
    supply, ids = plan.links.supply, plan.links.nodes.id
    assert len(re.findall("<tr[ >]", table)) == STREAMS + 1
    assert all(f">{ids[node]}</td>" in table for node in supply.node)
    assert len(_sections(text)) == SECTIONS
    assert sorted(re.findall(r'href="#stream-(i\d+)"', table)) == sorted(_sections(text))


def test_sections_go_to_the_streams_for_which_the_plan_brings_most(plan, text):
    moves = re.findall(r'<li><a href="#stream-(i\d+)"', text)
    assert moves
    assert set(moves) <= set(_sections(text))
    routes, ids = plan.matches.routes, plan.links.nodes.id
    idle = set(ids[plan.links.supply.node]) - set(ids[routes.stream[plan.potential.route_flow > 0]])
    assert not idle & set(_sections(text))


def test_it_says_what_it_leaves_out_and_where_that_is(text):
    assert f"Of {STREAMS} streams the {SECTIONS} for which the plan brings most have a section" in text
    assert f"other {STREAMS - SECTIONS} is told by <code>sivuvirta match REGION --stream ID --why</code>" in text
    assert re.search(rf"The first {ROWS:,} of \d,\d\d\d rows; the others are left out", text)


def test_no_link_leads_nowhere(text):
    page = text[text.index("<body>") : text.index("<script")]
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_the_map_draws_the_widest_lines_and_says_how_many_there_are(plan):
    shown = states(plan)
    whole = geography(plan.links, shown)
    most = len(whole.ways["potential"]["t"])
    assert undrawn(whole) == ""
    flows = [evolve(flow, family=f"family {n}", amount=flow.amount / (n + 1)) for n in range(4) for flow in shown["potential"]]
    found = geography(plan.links, {**shown, "potential": flows})
    drawn = found.ways["potential"]["t"]
    assert len(drawn) == 300 < 4 * most == found.lines["potential"]["t"]
    assert drawn == sorted(drawn, key=lambda way: -way["amount"])
    assert undrawn(found) == f"Drawn are the 300 widest of {4 * most} lines for tonnes; the others are too thin to be told apart."


def test_what_both_plans_draw_is_told_once(plan):
    whole, found = geography(plan.links, states(plan)), drawn(plan, frozenset(), states(plan))["map"]["ways"]
    assert plan.potential.ledger.amount.tolist() == plan.proven.ledger.amount.tolist()  # nothing waits for a test
    assert found["potential"] == "proven"
    assert found["proven"] == whole.ways["proven"] == whole.ways["potential"]
    other = {state: rows[: len(rows) - (state == "potential")] for state, rows in states(plan).items()}
    assert drawn(plan, frozenset(), other)["map"]["ways"]["potential"] != "proven"


def test_two_reports_are_the_same_file(plan, text):
    again = sv.plan(plan.links.region)
    assert html(again, sv.assess(again)) == text


def test_a_long_table_says_how_much_of_it_is_shown():
    long = sheet("t", "Numbers.", [Column("n", "n", "number")], [{"n": float(n)} for n in range(ROWS + 1)])
    assert len(long) == ROWS
    assert long.caption.startswith("Numbers. The first 1,000 of 1,001 rows")
    assert sheet("t", "Numbers.", [Column("n", "n", "number")], [{"n": 1.0}]).caption == "Numbers."
