"""The page with sections of studies: whole, safe, and every picture with its text."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest
from tests.report_studies import small, study

import sivuvirta as sv
from sivuvirta.domain.studies import STUDIES, Studies

TABLES = ("vintages-section", "ranges-section", "benefits-section", "indicators-section", "metrics-section")
"""Sections that are tables alone; the teaching region's figures are sure, so that no tornado is drawn, and it has one vintage."""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "r.html"
    studies = Studies(**{name: study(name) for name in STUDIES})
    return sv.report(small(), path, studies=studies).read_text(encoding="utf-8")


def sections(text):
    return re.findall(r'<section id="([\w-]+)" class="page study"[^>]*>(.*?)</section>', text, re.DOTALL)


def test_each_section_is_there_and_in_the_contents(text):
    ids = [name for name, _ in sections(text)]
    assert len(ids) == len(STUDIES)
    assert all(f'<li><a href="#{name}">' in text for name in ids)
    every = re.findall(r'\bid="([^"]+)"', text)
    assert len(every) == len(set(every))


def test_every_picture_has_a_caption_and_words(text):
    plots = 0
    for name, body in sections(text):
        figures = re.findall(r"<figure.*?</figure>", body, re.DOTALL)
        assert figures or name in TABLES
        for each in figures:
            assert re.search(r"<figcaption>[^<]+(<span class=\"of\">[^<]+</span>)?</figcaption>", each)
            svgs = re.findall(r"<svg.*?</svg>", each, re.DOTALL)
            for svg in svgs:
                ElementTree.fromstring(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'))  # noqa: S314 - our own text
            if "plot-picture" in each:
                plots += 1
                assert re.search(r'role="(img|group)" aria-label="[^"]{40,}"', each)
            else:
                assert each.count('aria-hidden="true" focusable="false"') == each.count("bars-label")
                assert each.count("bars-label") == each.count("bars-text") > 0
    assert plots == 7  # a front, two histograms, two courses, two of a programme's years; nothing is invested


def test_every_section_and_picture_names_its_vintage_and_network(text):
    for name, body in sections(text):
        (scope,) = re.findall(r'<div class="scope">([^<]+)</div>', body)
        assert scope.startswith("2024")
        assert "plan" in scope or scope == "2024: today", name
        for caption in re.findall(r"<figcaption>(.*?)</figcaption>", body):
            assert "2024" in caption
            assert any(word in caption for word in ("today", "proven", "potential")), caption
        for svg in re.findall(r'<svg class="plot".*?</svg>', body, re.DOTALL):
            assert re.search(r"<title>[^<]*2024[^<]*</title>", svg)
    for title in ("Where does it flow?", "Which plants?", "What is it worth, and to whom?", "How many trucks, on which roads?"):
        assert re.search(rf'<h2>{re.escape(title)}</h2>\s*<div class="scope">2024: ', text)


def test_a_table_stands_beside_the_pictures(text):
    assert all("<table id=" in body for _, body in sections(text))


def test_headings_go_down_one_by_one(text):
    levels = [int(level) for level in re.findall(r"<h(\d)\b", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_report_without_studies_has_none(tmp_path):
    plain = sv.report(small(), tmp_path / "r.html").read_text(encoding="utf-8")
    assert sections(plain) == []
    assert "Shocks</a>" not in plain


def test_a_name_cannot_become_markup(tmp_path):
    region = sv.load("three_sites")
    region.tables["streams"]["name"][0] = "<img src=x onerror=alert(1)>"
    plan = sv.plan(region)
    told = sv.report(plan, tmp_path / "r.html", studies=sv.study(plan, ["shock", "alternatives", "pareto"])).read_text(encoding="utf-8")
    assert "<img" not in told
    assert "&lt;img src=x" in told
