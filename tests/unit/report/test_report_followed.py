"""Every number of a report leads to its sources, or says in words why it has none."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser

from tests.report_studies import section, small, study, tables

import sivuvirta as sv
from sivuvirta.domain.indicators import Input
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.report.following.basis import Basis, basis_of, fed, united
from sivuvirta.report.following.packed import unpacked
from sivuvirta.report.following.shelf import Shelf
from sivuvirta.report.html import html
from sivuvirta.report.sections.agreement import agreement
from sivuvirta.report.sections.register import sources
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.blocks import Bars
from sivuvirta.report.studies.feeding import indicated
from sivuvirta.report.studies.resting import overlaid
from sivuvirta.report.tables import Column, sheet

VOID = {"meta", "link", "input", "br", "img", "hr"}
BLANK = "No row of the register states anything that goes into it."
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
    return read_numbers(text), json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL).group(1))["traces"]


def read_numbers(text):
    """Numbers of a part of a page."""
    walker = Walker()
    walker.feed(text)
    return walker.numbers


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


def cites(panel, key):
    """Whether a click on a key tells a row or source of its own."""
    entry = panel["figures"].get(key, {})
    own = [*entry.get("rows", ()), *entry.get("cited", ()), *(row for line in entry.get("lines", ()) for row in _rows(panel, line))]
    return bool(own) or any(cites(panel, of) for of in entry.get("of", ()))


def test_figures_of_indicators_footprints_and_sources_have_rows_of_their_own_or_say_what_nobody_states():
    _, panel = read(page())
    for name in ("indicators-section", "sources"):
        part = re.search(rf'<section id="{name}".*?</section>', page(), re.DOTALL).group(0)
        found = read_numbers(part)
        assert len(found) > 10
        blank = [(text, keys[0]) for text, keys, _ in found if not cites(panel, keys[0])]
        assert all(BLANK in _note(panel, panel["figures"][key]) for _, key in blank)
        assert all(panel["figures"][key].get("lacks") for text, key in blank if text == "not known")
        assert {text for text, _ in blank} <= {"not known", "0\u202ft/a"}
        assert len(blank) < len(found) / 2


def test_figures_of_footprints_lead_to_the_rows_of_what_goes_in():
    of = study("footprint")
    plan = small()
    shelf = Shelf(sv.assess(plan).traces, sv.load(of[0].region, of[0].vintage))
    shown = section("footprint")
    found = [table.bases[key] for table in tables(shown).values() for key in table.traces if key]
    found += [row.basis for block in shown.blocks if isinstance(block, Bars) for row in block.rows]
    assert len(found) > 20
    assert all(any(shelf.told(basis)) for basis in found)
    assert all(all(key for key in table.traces[: len(table)]) for table in tables(shown).values())
    whole = tables(shown)["footprint-0"]
    first, last = (whole.bases[key].rows for key in whole.traces[:2])
    assert {"factors", "activities"} <= {name for name, _ in first}
    assert first != last


def test_a_source_opens_the_rows_that_it_is_counted_by():
    table = sources(small().links)
    assert len(table) > 5
    for row in table.rows:
        used = row[[column.key for column in table.columns].index("used")]
        rows = table.bases[used.trace].rows
        assert len(rows) == len(set(rows)) == int(used.text.replace(",", ""))
        assert all(name in small().links.region.tables or name in small().links.region.library for name, _ in rows)


def test_an_indicator_without_inputs_leads_to_what_was_looked_at():
    none = next(each for each in study("indicators").items if each.behind and not each.inputs)
    basis = indicated(none)
    assert none.value == 0.0 or none.missing
    assert basis.rows
    assert {table for table, _ in basis.rows} == {"quantities"}
    blind = next(each for each in study("indicators").items if not each.inputs and not each.behind)
    assert indicated(blind).rows == ()
    assert BLANK in indicated(blind).how


def test_inputs_tell_their_rows_and_sources_once():
    ash = Input("ash", 1.0, 1.0, 1.0, "t/a", "B", "one, two", "streams: ash: carriage; factors: lime")
    lime = Input("lime", 1.0, 1.0, 1.0, "t/a", "B", "two; three", "factors: lime")
    basis = fed([ash, lime], ["needs: road"], "By adding.", ["a price", "a price"])
    assert basis.rows == (("streams", "ash"), ("factors", "lime"), ("needs", "road"))
    assert basis.sources == ("one", "two", "three")
    assert basis.missing == "a price"
    both = united([basis, Basis("By adding.", rows=(("needs", "road"), ("plants", "mill")), missing="a fee; a price")])
    assert both.rows == (*basis.rows, ("plants", "mill"))
    assert (both.how, both.missing) == ("By adding.", "a price; a fee")


def test_a_row_named_by_the_first_part_of_its_key_is_all_rows_that_begin_with_it():
    plan = small()
    shelf = Shelf(sv.assess(plan).traces, plan.links.region)
    stream = str(plan.links.region.table("analyses")["stream"][0])
    rows, _ = shelf.told(Basis(rows=(("analyses", stream), ("analyses", "nothing"))))
    assert len(rows) == plan.links.region.table("analyses")["stream"].tolist().count(stream)
    assert {shelf.rows[at].key.split("/")[0] for at in rows} == {stream}


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


def test_few_figures_lead_no_further_than_to_what_is_said_of_their_whole_section():
    numbers, _ = read(page())
    whole = set(re.findall(r'<section[^>]*data-trace="([\w-]+)"', page()))
    bare = [text for text, keys, _ in numbers if keys and keys[0] in whole]
    assert len(bare) < len(numbers) / 20


def test_figures_in_the_opening_sentences_open_what_they_rest_on():
    text = html(plan := sv.plan("three_sites"), sv.assess(plan))
    short = text[text.index("In short") : text.index("</div>", text.index("In short"))]
    keys = re.findall(r'<p data-trace="([^"]+)">', short)
    assert keys[:2] == ["headline/benefit", "headline/could_be_used"]
    assert len(keys) == short.count("<p")
    figures = set(re.findall(r">([^<]*\d[^<]*)<", short))
    assert figures == set(re.findall(r'<span class="num">([^<]+)</span>', short))
