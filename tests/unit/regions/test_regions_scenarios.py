"""The scenarios of the bundled region as worked cases: figures with their arithmetic, and what the pages print of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import sivuvirta as sv

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def mills():
    return sv.compare(sv.load("kemi_tornio", "2018"), ["veitsiluoto_closes", "kemi_mill_opens", ["veitsiluoto_closes", "kemi_mill_opens"]])


@pytest.fixture(scope="module")
def today():
    return sv.compare("kemi_tornio", ["mine_expansion", "dregs_tax_2027", "carbon_price_160", "ferrochrome_at_55_percent"])


def totals(found, figure):
    table = found.figures
    return table[(table["figure"] == figure) & (table["evidence"] == "total")].iloc[0]


def test_the_tax_on_dregs_makes_the_plan_worth_what_it_avoids(today):
    benefit = totals(today, "benefit")
    avoided = 11_000 * 0.60 / 0.50 * 80  # t dry, share landfilled, dry part of what is sent, EUR/t: 1 056 000
    assert benefit["dregs_tax_2027"] - benefit["as registered"] == pytest.approx(avoided, abs=1)


def test_nothing_in_the_region_uses_what_the_expanded_mine_gives_off(today):
    benefit, cost = totals(today, "benefit"), totals(today, "cost")
    assert benefit["mine_expansion"] == pytest.approx(benefit["as registered"], abs=1)
    pond = 4_300_000 / 0.78 * 3  # t dry at 22 % water, EUR/t
    piles = 12_000_000 / 0.98 * 2
    liners = 420 * 2600
    binder = cost["mine_expansion"] - cost["as registered"] - pond - piles - liners
    assert 900 * 375 < binder < 1.4 * 900 * 375  # 900 t of calcium chloride with its water and haulage


def test_a_price_of_carbon_lowers_emissions_and_costs_money(today):
    benefit, emissions = totals(today, "benefit"), totals(today, "emissions")
    assert emissions["carbon_price_160"] < emissions["as registered"]
    gained = 160 * (emissions["as registered"] - emissions["carbon_price_160"])  # EUR/a at that price
    assert 0 < benefit["as registered"] - benefit["carbon_price_160"] < gained


def test_ferrochrome_at_part_load_has_fewer_gas_and_slag(today):
    region = sv.load("kemi_tornio").under("ferrochrome_at_55_percent")
    amount = {row["subject"]: row["value"] for row in region.table("quantities").rows() if row["vintage"] == "2024"}
    assert amount["fecr_slag"] == pytest.approx(0.55 * 650_000, rel=0.001)  # 650 000 t at full load
    assert amount["fecr_slag_gran"] + amount["fecr_slag_air"] == pytest.approx(amount["fecr_slag"])


def test_the_opening_adds_only_what_is_new(mills):
    region = mills.plans[2].links.region
    amount = {row["subject"]: row["value"] for row in region.table("quantities").rows() if row["vintage"] == "2018"}
    assert amount["gld"] == pytest.approx(11_000 * (1500 - 620) / 1500, abs=1)
    assert amount["tall_oil"] == 50_000


def test_the_closing_costs_no_more_than_the_shock_of_the_same_streams(mills):
    benefit = totals(mills, "benefit")
    lost = benefit["as registered"] - benefit["veitsiluoto_closes"]
    shock = sv.shock("kemi_tornio", of="site", only="veitsiluoto", evidence="potential")
    assert shock.shocks[0].loss == 0  # in 2024 the mill is closed already
    shock = sv.shock(sv.load("kemi_tornio", "2018"), of="site", only="veitsiluoto").shocks[0]
    assert 0 < lost <= shock.loss <= shock.alone  # planned anew, repaired, not repaired


def test_the_page_prints_what_is_computed(mills):
    page = (DOCS / "howto" / "close-a-mill.md").read_text(encoding="utf-8")
    worth = [f"{totals(mills, 'benefit')[name] / 1e6:.2f}" for name in mills.names]
    assert f"| worth to the region, million EUR/a | {' | '.join(worth)} |" in page
    tonnes = [f"−{-totals(mills, 'carbon')[name]:,.0f}".replace(",", " ") for name in mills.names]
    assert f"| change of emissions, t CO2e/a | {' | '.join(tonnes)} |" in page
    shock = sv.shock(sv.load("kemi_tornio", "2018"), of="site", only="veitsiluoto").shocks[0]
    assert f"leaves {shock.loss:,.0f} EUR/a".replace(",", " ") in page
    lost = totals(mills, "benefit")["as registered"] - totals(mills, "benefit")["veitsiluoto_closes"]
    assert f"{lost:,.0f}. The difference".replace(",", " ") in page
