"""The report's text: complete, self-contained, safe, and the same figures as the records."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

import sivuvirta as sv
from sivuvirta.domain.grades import Verdict
from sivuvirta.report.drawing.basemap import Box, basemap
from sivuvirta.report.drawing.flows import states
from sivuvirta.report.drawing.geography import width_key
from sivuvirta.report.drawing.sankey import sankey
from sivuvirta.report.html import _embedded, html
from sivuvirta.report.words import SPACE, figure

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


class Reader(HTMLParser):
    """Text, ids and what is loaded from elsewhere."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loaded, self.words, self.inside = set(), [], [], [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.inside.append(tag) if tag in ("script", "style") else None
        if "id" in found:
            assert found["id"] not in self.ids, found["id"]
            self.ids.add(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        self.loaded += [found[name] for name in ("src", "srcset", "data", "poster") if name in found] if tag != "a" else []
        if tag == "link":
            self.loaded.append(found["href"])

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def _read(text):
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.fixture(scope="module", params=["three_sites", "kemi_tornio"])
def plan(request):
    return sv.plan(request.param)


@pytest.fixture(scope="module")
def assessment(plan):
    return sv.assess(plan)


@pytest.fixture(scope="module")
def text(plan, assessment):
    return html(plan, assessment)


@pytest.fixture(scope="module")
def page(text):
    return _read(text)


def test_nothing_is_loaded_from_elsewhere(page, text):
    assert page.loaded == []
    assert "default-src 'none'" in text
    assert not re.search(r"url\((?!data:|#)", DATA.sub("", text))
    assert "@import" not in text


def test_every_inner_link_leads_somewhere(page):
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inner) > 10
    assert [link for link in inner if link not in page.ids] == []
    assert all(link.startswith(("#", "http://", "https://")) for link in page.links)


def test_every_stream_has_its_section_with_its_reason(plan, page, text):
    supply, nodes = plan.links.supply, plan.links.nodes
    flowing = [nodes.id[node] for node, value in zip(supply.node, supply.value, strict=True) if value > 0]
    assert len(flowing) >= 2
    for stream in flowing:
        assert f"stream-{stream}" in page.ids
        part = text[text.index(f'id="stream-{stream}"') :]
        part = part[: part.index("</details>")]
        assert 'class="note"' in part
        assert "<dt>Today</dt>" in part


def test_the_headline_prints_the_assessment(assessment, page):
    assert len(assessment.headline) == 5
    for row in assessment.headline.to_dict("records"):
        signed = row["figure"] == "carbon"
        for value in (row["proven"], row["total"]):
            assert figure(value, row["unit"], sign=signed).number in page.text


def test_the_mix_of_grades_is_never_silent(page, assessment):
    for figures in (assessment.proven, assessment.potential):
        for grade, amount in zip(figures.grades["grade"], figures.grades["exchanges_t"], strict=True):
            assert f"evidence grade {grade} {figure(amount, 't/a').text.replace(SPACE, ' ')}".split()[-2] in page.text
    assert page.text.count("evidence grade A") >= 2
    assert page.text.count("evidence grade D") >= 2


def test_sums_of_money_and_carbon_are_the_records(assessment, page):
    assert figure(assessment.potential.benefit, "EUR/a", sign=True).number in page.text
    assert figure(-assessment.potential.emissions, "kg CO2e/a", sign=True).number in page.text


def test_the_vintage_objective_and_day_stand_in_the_head(plan, page):
    head = page.text[:1500]
    assert str(plan.links.region.year) in head
    assert "the most value for the region" in head
    assert re.search(r"20\d\d-\d\d-\d\d", head)


def test_the_drawn_flows_add_up_to_the_ledger(plan, text):
    data = json.loads(DATA.search(text).group(1))
    nodes = plan.links.nodes
    for state, ledger in (("today", plan.reference), ("proven", plan.proven.ledger), ("potential", plan.potential.ledger)):
        whole = "with rock and bought" if "with rock and bought" in data["sankey"] else "with bought"
        states_of = data["sankey"][whole]["t"]
        drawn = states_of[states_of[state]] if isinstance(states_of[state], str) else states_of[state]
        packed = drawn["links"]
        nodes_of = [data["ends"]["rows"][end][0] for end, _ in drawn["nodes"]["rows"]] if drawn["nodes"] else []
        links = [dict(zip(packed["keys"], row, strict=True)) for row in packed["rows"]] if packed else []
        from_streams = sum(link["value"] for link in links if nodes_of[link["source"]].startswith("stream:"))
        rows = [row for row, arc in enumerate(ledger.arc) if plan.links.units[arc] == "t" and nodes.kind[plan.links.arcs.origin[arc]] == 0]
        assert from_streams == pytest.approx(ledger.amount[rows].sum(), rel=1e-5)


def test_proven_draws_nothing_potential(plan):
    shown = states(plan)
    assert all(flow.evidence != "potential" for flow in shown["proven"])
    assert all(flow.evidence == "" and not flow.new for flow in shown["today"])
    fails = {flow.verdict for rows in shown.values() for flow in rows}
    assert Verdict.FAIL.word not in fails


def test_a_sankey_has_no_loop_and_no_dangling_end(plan):
    drawn = sankey(plan.links, states(plan))
    for by_state in drawn.values():
        for drawing in by_state.values():
            depth = {node["name"]: node["depth"] for node in drawing["nodes"]}
            assert len(depth) == len(drawing["nodes"])
            assert all(depth[link["source"]] < depth[link["target"]] for link in drawing["links"])


def test_the_key_of_widths_has_round_amounts():
    ways = {"today": {"t": [{"amount": 640_000.0}]}, "proven": {"t": [{"amount": 90.0}]}}
    assert [step["text"].replace(SPACE, " ") for step in width_key(ways, "t")["steps"]] == ["500 kt/a", "50 kt/a", "5,000 t/a"]
    assert width_key(ways, "MWh") == {"most": 1.0, "steps": []}


def test_data_cannot_end_the_script_it_stands_in():
    text = _embedded({"name": "</script><script>alert(1)</script> & \u2028"})
    assert "<" not in text
    assert json.loads(text)["name"].startswith("</script>")


def test_a_name_cannot_become_markup():
    region = sv.load("three_sites")
    region.tables["streams"]["name"][0] = "<img src=x onerror=alert(1)>"
    plan = sv.plan(region)
    reader = _read(html(plan, sv.assess(plan)))
    assert reader.loaded == []
    assert "<img src=x" in reader.text


def test_the_ports_of_the_region_lie_on_land():
    sites = sv.load("kemi_tornio").table("sites")
    land = basemap(Box(23.5, 65.3, 25.2, 66.1))["land"]
    for port in ("port_ajos", "port_roytta", "sma_roytta", "outokumpu_fecr", "metsa_fibre_kemi"):
        row = sites.index[port]
        point = (float(sites["lon"][row]), float(sites["lat"][row]))
        assert any(_inside(point, ring) for ring in land), (port, point)


def _inside(point, ring):
    x, y = point
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum((y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in pairs) % 2 == 1
