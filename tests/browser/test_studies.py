"""Sections of studies in a real browser: drawn, readable, within reach, on a screen and a phone."""

from __future__ import annotations

import itertools

import pytest
from tests.browser.test_report import AXE, WIDTHS

IDS = [
    "vintages-section",
    "scenarios-section",
    "shocks-section",
    "front-section",
    "alternatives-section",
    "structures-section",
    "futures-section",
    "pathway-section",
    *(f"{name}-section" for name in ("ranges", "economy", "benefits", "lifecycle", "footprint", "indicators", "metrics", "traffic")),
]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_all_sections_open_offline_without_a_complaint_and_fit(studied, open_report, width, theme):
    opened = open_report(studied["small"], width, theme)
    assert opened.errors == []
    assert opened.requests == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.evaluate("[...document.querySelectorAll('section.study')].map(item => item.id)") == IDS
    for name in IDS:
        assert opened.page.locator(f"#{name} h2").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["small", "mine", "mills"])
def test_no_label_leaves_its_picture(studied, open_report, name, width):
    page = open_report(studied[name], width).page
    bad = page.evaluate(
        """() => [...document.querySelectorAll('.study .picture')].flatMap(picture => {
            const box = picture.getBoundingClientRect();
            return [...picture.querySelectorAll('text, p, figcaption')]
                .map(item => [item.textContent.trim(), item.getBoundingClientRect()])
                .filter(([, one]) => one.width && (one.left < box.left - 2 || one.right > box.right + 2)).map(([text]) => text);
        })"""
    )
    assert bad == []


@pytest.mark.parametrize("width", WIDTHS)
def test_ticks_of_an_axis_do_not_touch(studied, open_report, width):
    page = open_report(studied["small"], width).page
    bad = page.evaluate(
        """() => [...document.querySelectorAll('.plot')].flatMap(plot => {
            const boxes = [...plot.querySelectorAll('text[text-anchor=middle]')].map(item => item.getBoundingClientRect());
            return boxes.slice(1).filter((box, k) => box.left < boxes[k].right + 1).map(() => plot.getAttribute('aria-label'));
        })"""
    )
    assert bad == []


def test_every_picture_has_its_text(studied, open_report):
    page = open_report(studied["small"]).page
    assert page.locator(".study figure").count() >= 12
    assert page.locator(".study figure").count() == page.locator(".study figure > figcaption").count()
    told = "svg[role=img], svg[role=group]"  # a picture; a picture with marks that open their sources
    for label in page.evaluate(f"[...document.querySelectorAll('.study :is({told})')].map(item => item.getAttribute('aria-label'))"):
        assert len(label) > 40
    assert page.evaluate(f"[...document.querySelectorAll('.study svg:not({told})')].every(item => item.ariaHidden === 'true')")
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(item => Number(item.tagName[1]))")
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_bar_is_as_long_as_its_figure(studied, open_report):
    page = open_report(studied["small"]).page
    rows = page.locator("#scenarios-section figure", has_text="Worth to the region").locator("li")
    first, second = (rows.nth(k).locator("rect.look-solid").bounding_box()["width"] for k in range(2))
    assert rows.nth(0).locator(".bars-text").inner_text().replace("\u202f", " ") == "357 k€/a"
    assert second / first == pytest.approx(219 / 357, abs=0.01)


def test_the_mine_and_the_mills_are_shown(studied, open_report):
    mine = open_report(studied["mine"]).page
    assert mine.get_by_role("heading", name="Mine expansion: what changes").is_visible()
    mills = open_report(studied["mills"]).page
    for name in ("Veitsiluoto closes", "Kemi mill opens"):
        assert mills.get_by_role("heading", name=f"{name}: what changes").is_visible()
    worth = mills.locator("#scenarios-section figure", has_text="Worth to the region")
    closed = [text for text in worth.locator("li").all_inner_texts() if text.startswith("Veitsiluoto closes")]
    assert len(closed) == 1
    assert "17.4 M€/a" in closed[0].replace("\u202f", " ")


def test_a_folded_table_opens_by_keyboard_and_is_found_in(studied, open_report):
    page = open_report(studied["small"]).page
    fold = page.locator("#shocks-section details.fold").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    fold.locator("input[type=search]").fill("town")
    shown = fold.locator("tbody tr:visible")
    assert shown.count() == 2  # the site and its organisation


def test_a_column_of_words_sorts(studied, open_report):
    page = open_report(studied["small"]).page
    page.evaluate("document.querySelectorAll('#shocks-section details').forEach(item => item.open = true)")
    head = page.locator("#shocks-table thead th").first
    head.get_by_role("button").click()
    names = [text.lower() for text in page.locator("#shocks-table tbody th").all_inner_texts()]
    assert names == sorted(names)


def test_paper_has_every_section_open(studied, open_report, tmp_path):
    opened = open_report(studied["small"])
    opened.page.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True, print_background=True)
    assert opened.errors == []
    assert 10 <= (tmp_path / "r.pdf").read_bytes().count(b"/Type /Page\n") <= 40
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator(".study details:not([open])").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_keeps_a_person_out(studied, open_report, width, theme):
    page = open_report(studied["small"], width, theme).page
    page.evaluate("document.querySelectorAll('.study details').forEach(item => item.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('main', {resultTypes: ['violations']})")
    bad = [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == []
