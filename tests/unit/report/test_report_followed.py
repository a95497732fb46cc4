"""Every number of a report leads to its sources, or says in words why it has none."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser

from tests.report_studies import small, study, tables

import sivuvirta as sv
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.report.following.basis import Basis, basis_of
from sivuvirta.report.following.packed import unpacked
from sivuvirta.report.html import html
from sivuvirta.report.sections.agreement import agreement
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.resting import overlaid
from sivuvirta.report.tables import Column, sheet

VOID = {"meta", "link", "input", "br", "img", "hr"}
LEAST = 40
"""Letters of an explanation."""


class Walker(HTMLParser):
    """Every number of a page with the keys of what it and the parts around it rest on, the nearest first."""

    def __init__(self):
        super().__init__()
        self.stack, self.numbers = [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        names = (found.get("class") or "").split()
        if tag not in VOID:
            self.stack.append((tag, found.get("data-trace"), (tag == "td" and "n" in names) or "num" in names or "trace" in names, []))

    def handle_startendtag(self, tag, attrs):
        """Nothing stands in it."""

    def handle_data(self, data):
        for _, _, number, texts in self.stack:
            if number:
                texts.append(data)

    def handle_endtag(self, tag):
        while self.stack:
            name, _, number, texts = self.stack.pop()
            if number and re.search(r"\d|not known", "".join(texts)):
                keys = [key for _, key, _, _ in [*self.stack, (name, _, number, texts)] if key]
                inside = [each for each, *_ in self.stack]
                self.numbers.append(("".join(texts), tuple(reversed(keys)), tuple(inside)))
            if name == tag:
                return


@cache
def page():
    """The report of the teaching region with every section that there is."""
    plan = small()
    return html(plan, sv.assess(plan), studies=Studies(**{name: study(name) for name in STUDIES}))


def read(text):
    """Numbers of a page, and what its panel knows."""
    walker = Walker()
    walker.feed(text)
    return walker.numbers, json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL).group(1))["traces"]


def opens(panel, key, seen=()):
    """Whether a click on a key leads to a citation, or to words that say how the number came about."""
    entry = panel["figures"].get(key)
    if entry is None or key in seen:
        return False
    rows = [*unpacked(entry.get("rows", ())), *(row for line in entry.get("lines", ()) for row in _rows(panel, line))]
    if entry.get("cited") or any(panel["origins"][row][4] >= 0 for row in rows) or len(_note(panel, entry)) >= LEAST:
        return True
    parts = [line[0] for line in entry.get("lines", ()) if isinstance(line[0], str)] + list(entry.get("of", ()))
    return any(opens(panel, part, (*seen, key)) for part in parts)


def _note(panel, entry):
    return panel["notes"][entry["note"]] if "note" in entry else ""


def _rows(panel, line):
    return [] if isinstance(line[0], str) else [*unpacked(panel["drivers"][line[0]][4]), *unpacked(panel["coefficients"][line[1]][3])]


def test_every_number_of_a_report_with_all_sections_opens_a_source_or_says_why_there_is_none():
    numbers, panel = read(page())
    cells = [each for each in numbers if "table" in each[2]]
    assert len(cells) > 1500
    assert len(numbers) - len(cells) > 100  # route cards, pictures, headline figures
    lost = [(text, keys) for text, keys, inside in numbers if not any(opens(panel, key) for key in keys) and "summary" not in inside]
    assert lost == []


def test_every_section_says_how_its_numbers_come_about():
    panel = read(page())[1]
    found = {match: panel["figures"][match] for match in re.findall(r'class="page study" data-trace="([\w-]+)"', page())}
    assert all(len(_note(panel, each)) >= LEAST for each in found.values())
    assert len(found) == len(STUDIES)


def test_route_cards_lead_to_the_rows_of_their_legs():
    numbers, panel = read(page())
    cards = [keys[0] for text, keys, inside in numbers if "ol" in inside and keys and keys[0].startswith("b")]
    assert len(cards) > 10
    tables = {panel["tables"][panel["origins"][row][0]] for key in cards for row in unpacked(panel["figures"][key].get("rows", ()))}
    assert {"quantities", "acceptances", "modes"} <= tables


def test_a_source_stands_on_the_page_once():
    _, panel = read(page())
    assert len({json.dumps(each) for each in panel["sources"]}) == len(panel["sources"])
    assert len({json.dumps(each) for each in panel["origins"]}) == len(panel["origins"])
    assert len(set(panel["notes"])) == len(panel["notes"])


def test_a_row_says_of_itself_what_its_numbers_rest_on():
    row = {"value": 1.0, "source": "one", "sources": "two; one", "row": "streams: slag; quantities: streams/slag/2024", "unknown": "grain"}
    basis = basis_of(row)
    assert basis == Basis(sources=("one", "two"), rows=(("streams", "slag"), ("quantities", "streams/slag/2024")), missing="grain")
    assert basis_of({"table": "headline", "row": "benefit"}).figures == ("headline/benefit",)
    table = sheet("t", "T", [Column("value", "Value", "number", "t")], [row, {"value": 2.0}])
    assert table.traces == (basis.key, "", "")
    assert table.bases == {basis.key: basis}


def rests(sheet, at=0):
    """What a row of a table rests on."""
    return sheet.bases[sheet.traces[at]]


def test_a_reconciled_quantity_leads_to_its_measurements_and_balances():
    found = agreement(sv.load("kemi_tornio", "2018"))
    at = next(at for at, row in enumerate(found.moved.rows) if row[0].text.startswith("Stainless steel slag"))
    basis = rests(found.moved, at)
    assert {("statements", "ss_slag.digipolis"), ("statements", "ss_slag.tekija")} <= set(basis.rows)
    assert "tekija_2019" in basis.sources
    assert any(table == "balances" for table, _ in basis.rows)
    assert all(rests(found.balances, at).rows for at in range(len(found.balances)))
    assert len(set(found.moved.traces[:-1])) > 1


def test_a_road_section_leads_to_its_row_and_its_flows():
    of = next(section for section in sections(Studies(roads=study("roads"))) if section.id == "traffic-section")
    table = tables(of)["traffic-sections"]
    road = str(study("roads").sections["road"].iloc[0])
    assert ("roads", road) in rests(table).rows
    assert rests(table).figures == (f"roads/{road}",)


def test_a_case_of_a_life_cycle_leads_to_what_is_replaced():
    table = tables(sections(Studies(lifecycle=study("lifecycle")))[0])["lifecycle-cases"]
    basis = rests(table, len(table) - 1)
    assert any(key.endswith("/displaced") for key in basis.figures)
    assert basis.sources


def test_a_shock_leads_to_the_rows_and_figures_of_what_is_gone():
    table = tables(sections(Studies(shock=study("shock")))[0])["shocks-table"]
    found = {(row[1].text, row[0].text): rests(table, at) for at, row in enumerate(table.rows)}
    ash = found["stream", "Fly ash"]
    assert ash.rows == (("streams", "ash"), ("quantities", "streams/ash/2024"))
    assert ash.figures == ("streams/ash",)
    link = found["link", "Fly ash to Granulator at the mill"]
    assert {("streams", "ash"), ("plants", "granulator")} <= set(link.rows)


def test_a_figure_of_scenarios_leads_to_the_rows_that_they_change():
    table = tables(sections(Studies(compare=study("compare")))[0])["scenarios-table"]
    keys = {figure for at in range(len(table)) for figure in rests(table, at).figures}
    assert {"headline/benefit", "headline/carbon"} <= keys
    rows = overlaid(sv.load("kemi_tornio"), ["as registered", "kiln_restart"])
    assert rows
    assert {key.split("/")[0] for _, key in rows} == {"kiln_restart"}
