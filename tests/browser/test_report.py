"""What a person does with a report, in a real browser, from a file without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
ALL = ["three_sites-2024", "kemi_tornio-2018", "kemi_tornio-2024"]
WIDTHS = [1280, 390]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ALL)
def test_it_opens_offline_without_a_complaint_and_fits(reports, open_report, name, width):
    opened = open_report(reports[name], width)
    assert opened.errors == []
    assert opened.requests == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert "side streams" in opened.page.locator("h1").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ALL)
def test_the_map_shows_land_markers_and_flows_by_state(reports, open_report, name, width):
    page = open_report(reports[name], width).page
    assert page.locator("#map path.land").count() > 5
    assert page.locator("#map path.marker").count() >= 3
    assert page.locator("#map path.way").count() > 0
    planned = page.locator("#map path.way.new").count()
    assert planned > 0
    assert page.locator("#map path.way.new").first.get_attribute("stroke-dasharray")
    page.locator("#map-section input[value=today]").check()
    assert page.locator("#map path.way.new").count() == 0


def test_a_marker_opens_by_keyboard_and_tells_its_flows(reports, open_report):
    page = open_report(reports["three_sites-2024"]).page
    marker = page.locator("#map path.marker").first
    marker.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert "t/a" in popup.inner_text()


def test_the_heart_and_the_whole_of_the_region(reports, open_report):
    page = open_report(reports["kemi_tornio-2024"]).page
    scale = page.locator(".leaflet-control-scale-line").first
    near = scale.inner_text()
    page.get_by_role("button", name="Whole region").click()
    assert scale.inner_text() != near
    page.get_by_role("button", name="Heart of the region").click()
    assert scale.inner_text() == near


@pytest.mark.parametrize("name", ALL)
def test_the_sankey_is_drawn_and_follows_the_switch(reports, open_report, name):
    page = open_report(reports[name]).page
    paths = page.locator("#sankey svg path")
    assert paths.count() > 4
    before = page.locator("#sankey").get_attribute("aria-label")
    page.locator("#sankey-section input[value=today]").check()
    assert page.locator("#sankey").get_attribute("aria-label") != before
    assert page.locator("#map-section input[value=today]").is_checked()  # one switch for both pictures
    page.get_by_label("what is bought too").check()
    assert "Bought" in page.locator("#sankey svg").text_content()


def test_a_table_sorts_both_ways_with_unknown_last(reports, open_report):
    page = open_report(reports["kemi_tornio-2024"]).page
    head = page.locator("#stream-table thead th", has_text="Amount")
    cells = (
        "[...document.querySelectorAll('#stream-table tbody tr')].map(row => row.cells[2])"
        ".map(cell => parseFloat((cell.title || cell.textContent).replaceAll(',', '')))"
    )
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    down = [float(value) for value in page.evaluate(cells)]
    assert down == sorted(down, reverse=True)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(value) for value in page.evaluate(cells)] == sorted(down)


def test_where_the_slag_fines_go_and_why(reports, open_report):
    page = open_report(reports["kemi_tornio-2024"]).page
    page.get_by_label("Find", exact=True).fill("0/1 mm")
    shown = page.locator("#stream-list > details:visible")
    assert shown.count() >= 1
    story = page.locator("#stream-ss_slag_fines")
    story.locator("summary").click()
    text = story.inner_text()
    for word in ("Today", "Plan, proven", "Plan, with potential", "Why", "Missing to know", "Who can use it", "haulage"):
        assert word in text
    assert story.locator(".note").count() >= 1


def test_a_link_to_a_stream_opens_it(reports, open_report):
    page = open_report(reports["three_sites-2024"], hash="#stream-ash").page
    assert page.locator("#stream-ash").get_attribute("open") is not None
    assert page.locator("#stream-ash .routes").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_system_is_followed(reports, open_report, theme):
    page = open_report(reports["three_sites-2024"], theme=theme).page
    red, green, blue = (int(part) for part in page.evaluate("getComputedStyle(document.body).backgroundColor").strip("rgb()").split(","))
    assert (red + green + blue > 700) == (theme == "light")


def test_it_prints_to_pages_of_a4_with_everything_open(reports, open_report, tmp_path):
    opened = open_report(reports["kemi_tornio-2024"])
    path = tmp_path / "report.pdf"
    opened.page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    assert opened.errors == []
    content = path.read_bytes()
    pages = content.count(b"/Type /Page\n")
    assert 10 <= pages <= 60
    assert b"/MediaBox [0 0 594" in content or b"/MediaBox [0 0 595" in content
    assert path.stat().st_size < 12_000_000


def test_paper_opens_every_stream_and_closes_it_again(reports, open_report):
    page = open_report(reports["kemi_tornio-2024"]).page
    closed = page.locator("#stream-list > details:not([open])").count()
    assert closed > 10
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#stream-list > details:not([open])").count() == 0
    assert page.locator("#map-whole path.way").count() > 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#stream-list > details:not([open])").count() == closed


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["three_sites-2024", "kemi_tornio-2024"])
def test_nothing_keeps_a_person_out(reports, open_report, name, width, theme):
    page = open_report(reports[name], width, theme).page
    if name == "three_sites-2024":
        page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    else:
        page.evaluate("document.querySelector('#stream-ss_slag_fines').open = true")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    bad = [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == []


def test_every_control_is_reached_by_the_keyboard(reports, open_report):
    page = open_report(reports["three_sites-2024"]).page
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.dataset.show || document.activeElement.getAttribute('class') || ''"))
    assert {"state", "skip"} <= seen
    assert any("marker" in one for one in seen)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_sankey_is_drawn_of_a_component_and_in_euros_with_what_is_not_known(reports, open_report, width, theme):
    opened = open_report(reports["kemi_tornio-2024"], width, theme)
    page = opened.page
    choice = page.get_by_label("Drawn in")
    assert "Phosphorus" in choice.inner_text()
    choice.select_option("Cr_total")
    assert "Not analysed" in page.locator("#sankey svg").text_content()
    assert page.locator("#sankey svg pattern").count() >= 1
    assert "is not taken for nothing" in page.locator("#sankey-told").inner_text()
    assert not page.locator("#sankey-section .ticks").is_visible()
    before = page.locator("#sankey svg").text_content()
    page.locator("#sankey-section input[value=today]").check()
    assert page.locator("#sankey svg").text_content() != before
    choice.select_option("EUR")
    assert "€/a" in page.locator("#sankey svg").text_content()
    choice.select_option("t")
    assert page.locator("#sankey-told").inner_text() == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.errors == []


MEETING_NAMES = """() => {
    const names = [...document.querySelectorAll('#sankey svg text')].filter(item => item.textContent.trim());
    const boxes = names.map(item => item.getBoundingClientRect());
    const shared = (a, b, near, far) => Math.min(a[far], b[far]) - Math.max(a[near], b[near]) > 1;
    const meet = (a, b) => shared(a, b, 'left', 'right') && shared(a, b, 'top', 'bottom');
    return names.flatMap((item, at) => boxes.slice(0, at).flatMap((box, other) =>
        meet(box, boxes[at]) ? [[names[other].textContent, item.textContent]] : []));
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("measure", ["t", "MWh", "Si", "EUR"])
def test_names_of_the_sankey_meet_no_other_and_one_without_room_is_told_below(reports, open_report, width, measure):
    page = open_report(reports["kemi_tornio-2024"], width).page
    page.get_by_label("Drawn in").select_option(measure)
    drawn = int(page.locator("#sankey").get_attribute("aria-label").split(",")[1].split()[0])
    named = len([text for text in page.locator("#sankey svg text").all_text_contents() if text.strip()])
    told = page.locator("#sankey-unnamed")
    unnamed = told.locator("span").text_content().split("; ") if told.is_visible() else []
    assert page.evaluate(MEETING_NAMES) == []
    assert named >= 0.7 * drawn
    assert named + len(unnamed) == drawn
