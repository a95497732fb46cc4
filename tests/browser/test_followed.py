"""Following a figure to its sources, in a real browser, by mouse and by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
FEE = '#money tr[data-trace="money/fee"] button.trace'


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_click_tells_parts_rows_and_citations(reports, open_report, width, theme):
    opened = open_report(reports["kemi_tornio-2024"], width, theme)
    page = opened.page
    page.locator(FEE).first.click()
    panel = page.get_by_role("dialog", name="Money: fees of outlets")
    panel.wait_for()
    assert "Landfill" in panel.inner_text() or "landfill" in panel.inner_text()
    assert panel.locator("tbody tr").count() > 10
    assert panel.locator(".trace-rows li").count() > 10
    assert "fates:" in panel.locator(".trace-rows").inner_text()
    assert panel.locator(".trace-rows .grade").count() > 10
    assert page.evaluate("document.querySelector('#trace').scrollWidth <= innerWidth")
    assert opened.errors == []


def test_by_keyboard_alone_into_a_part_back_and_out(reports, open_report):
    page = open_report(reports["three_sites-2024"]).page
    page.locator('li[data-trace="headline/benefit"] button.trace').first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Worth to the region").wait_for()
    part = page.locator("#trace tbody button.trace").first
    part.focus()
    page.keyboard.press("Enter")
    assert page.locator("#trace h2").inner_text().startswith("Money: ")
    assert page.evaluate("document.activeElement.id") == "trace-title"
    page.locator("#trace [data-back]").focus()
    page.keyboard.press("Enter")
    assert page.locator("#trace h2").inner_text() == "Worth to the region"
    page.keyboard.press("Escape")
    assert not page.locator("#trace").is_visible()
    assert page.evaluate("document.activeElement.closest('[data-trace]').dataset.trace") == "headline/benefit"


def test_a_mark_leads_to_its_row_with_the_citation(reports, open_report):
    page = open_report(reports["kemi_tornio-2024"]).page
    page.locator('#carbon tr[data-trace="carbon/purchase"] button.trace').first.click()
    page.locator("#trace .marks a").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "trace-row-2"
    assert "opened" in page.evaluate("document.activeElement.textContent")


def test_every_button_opens_a_panel_whose_sum_is_what_it_says(reports, open_report):
    page = open_report(reports["three_sites-2024"]).page
    found = page.evaluate(
        """() => [...document.querySelectorAll("[data-trace]")].map((holder) => {
          const button = holder.querySelector("button.trace");
          if (!button) return null;
          button.click();
          const open = document.querySelector("#trace").open;
          const text = document.querySelector("#trace .trace-body").textContent;
          document.querySelector("#trace").close();
          return [holder.dataset.trace, open, text.length];
        }).filter(Boolean)"""
    )
    assert len(found) > 20
    assert all(shown and length > 20 for _, shown, length in found)


@pytest.mark.parametrize(("width", "step", "least"), [(1280, 3, 600), (390, 25, 70)])
def test_numbers_of_every_section_open_their_panel(studied, open_report, width, step, least):
    opened = open_report(studied["small"], width)
    found = opened.page.evaluate(
        """(step) => [...document.querySelectorAll("section [data-trace] button.trace, section[data-trace] button.trace")]
          .filter((_, at) => at % step === 0).map((button) => {
          button.click();
          const dialog = document.querySelector("#trace");
          const told = [button.textContent, dialog.open, dialog.querySelector(".trace-body").textContent.length];
          dialog.close();
          return told;
        })""",
        step,
    )
    assert len(found) > least
    assert [each for each in found if not (each[1] and each[2] > 20)] == []
    assert opened.page.evaluate(
        "[...document.querySelectorAll('td.n')].every(cell => !cell.textContent.trim() || cell.querySelector('button'))"
    )
    assert opened.errors == []


TRACED = {
    "scenarios-section": "#scenarios-table",
    "shocks-section": "#shocks-table",
    "front-section": "#front-table, #front-changes, .plot",
    "alternatives-section": "#choices-table, #refusals-table, .bars",
    "structures-section": "#structures-table, .bars",
    "futures-section": "#sure-table, #kept-table",
    "lifecycle-section": "#lifecycle-cases",
    "metrics-section": "#metrics-table, #metrics-trend, #metrics-nodes",
    "traffic-section": "#traffic-sections",
}
"""Sections and what in them opens rows of its own."""

CITED = """([section, parts]) => {
  const dialog = document.querySelector("#trace");
  const own = document.getElementById(section).dataset.trace;
  const found = parts.split(", ").map((part) => `#${section} ${part} button.trace, #${section} ${part} .mark-trace`).join(", ");
  return [...document.querySelectorAll(found)].map((button) => {
    button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    const rows = [...dialog.querySelectorAll(".trace-rows li")].filter((row) => !row.textContent.includes("no source is named"));
    const told = [button.textContent, dialog.open, rows.length, button.closest("[data-trace]").dataset.trace !== own];
    dialog.close();
    return told;
  });
}"""
"""Clicks every figure of parts of a section: text, whether the panel opened, rows with a citation, whether they are its own."""


@pytest.mark.parametrize("section", TRACED)
def test_every_figure_of_a_section_opens_cited_rows(studied, open_report, section):
    opened = open_report(studied["small"])
    found = opened.page.evaluate(CITED, [section, TRACED[section]])
    assert found
    assert [each for each in found if not (each[1] and each[2])] == []
    assert any(each[3] for each in found)
    assert opened.errors == []


def test_reconciled_quantities_open_their_statements(reports, open_report):
    page = open_report(reports["kemi_tornio-2018"]).page
    section = page.evaluate("document.querySelector('#agreement-moved').closest('section').id")
    found = page.evaluate(CITED, [section, "#agreement-moved, #agreement-sources"])
    assert len(found) > 10
    assert [each for each in found if not (each[1] and each[2] and each[3])] == []


def test_each_scenario_opens_its_own_rows(studied, open_report):
    page = open_report(studied["mine"]).page
    page.locator("details:has(#scenarios-table) > summary").click()
    row = page.locator("#scenarios-table tr", has_text="Worth to the region").first
    row.locator("td[data-trace] button.trace").first.click()
    panel = page.locator("#trace")
    assert "scenarios:" in panel.locator(".trace-rows").inner_text()
    assert "Rests on:" in panel.inner_text()


def test_a_route_card_leads_to_the_rows_of_its_legs(reports, open_report):
    page = open_report(reports["three_sites-2024"], hash="#stream-ash").page
    page.locator("#stream-ash .routes li").first.locator("button.trace").first.click()
    panel = page.locator("#trace")
    assert "What its legs rest on".lower() in panel.inner_text().lower()
    assert panel.locator(".trace-rows li").count() >= 3
    assert "Invented for teaching" in panel.inner_text()
