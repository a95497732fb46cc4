"""Every figure of the region on paper (see conftest), done by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from attrs import evolve

from sivuvirta.assess.figures import assessment, figures
from sivuvirta.assess.terms import CARBON, CASH, cost, emissions
from sivuvirta.domain.grades import Grade
from sivuvirta.errors import ShapeError
from sivuvirta.units.ranges import HALF_WIDTH as Z

MILL, SLUDGE = 3, 9  # nodes of the region on paper


@pytest.fixture(scope="module")
def measured(planned, today):
    return figures(planned, today)


def row(frame, **keys):
    for column, value in keys.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_cost_and_emissions_are_amount_times_coefficient(planned, today):
    # heap 500, pile 1000, boiler -1000, gravel 720
    assert cost(today) == pytest.approx(1220, rel=1e-12)
    # heap 50, pile 1000, boiler -1000, road 240, market 135 - 1350, sludge 180, gravel 240, soda 1000, mill 300 + 50, fixed 130
    assert cost(planned) == pytest.approx(975, rel=1e-12)
    assert emissions(today) == pytest.approx(60 * 5 - 50 * 100, rel=1e-12)
    assert emissions(planned) == pytest.approx(20 * 5 - 5000 + 40 + 90 + 40 + 1500 + 50 * 9, rel=1e-12)


def test_money_lists_every_term_and_adds_up_to_the_benefit(measured):
    money = measured.money
    assert tuple(money["term"]) == CASH
    assert row(money, term="fee")["saving"] == pytest.approx(500 - 50 - 80)
    assert row(money, term="purchase")["planned"] == pytest.approx(240 + 1000)
    assert row(money, term="capital")["planned"] == pytest.approx(100)
    assert row(money, term="upkeep")["planned"] == pytest.approx(30)
    assert measured.benefit == pytest.approx(245)


def test_ranges_sum_sources_cautiously_inside_a_term_and_terms_as_independent(measured):
    money = measured.money
    purchase = row(money, term="purchase")  # gravel 40 t x 1, soda 5 t x 10: opposite signs do not cancel
    assert purchase["high"] - purchase["saving"] == pytest.approx(Z * 90)
    transport = row(money, term="transport")  # one mode, one draw
    assert transport["saving"] - transport["low"] == pytest.approx(Z * (40 * 0.3 + 45 * 0.2))
    benefit = row(measured.headline, figure="benefit")
    assert benefit["high"] - benefit["value"] == pytest.approx(Z * sqrt(90**2 + 45**2 + 21**2 + 10**2 + 20**2 + 6**2))


def test_what_does_not_change_adds_no_uncertainty(today):
    same = figures(today, today)
    assert (same.money["low"] == same.money["high"]).all()
    assert (same.carbon["low"] == same.carbon["high"]).all()
    assert same.benefit == 0


def test_organisations_bear_their_terms_and_payments_cancel(measured):
    table = measured.organisations
    works = table[table["organisation"] == "works"].set_index("term")["planned"].to_dict()
    assert works == pytest.approx({"transport": 160, "handling": 80, "fee": 50, "revenue": -1000, "payment": -120})
    town = table[table["organisation"] == "town"].set_index("term")["saving"].to_dict()
    assert town == pytest.approx({"purchase": 480, "payment": -120})
    investor = table[table["organisation"] == "investor"]["planned"].sum()
    assert investor == pytest.approx(135 - 1350 + 180 + 1000 + 350 + 130)
    assert set(table["name"]) == {"Works Ltd", "Mine Ltd", "Town", "Investor"}
    assert table["saving"].sum() == pytest.approx(measured.benefit, rel=1e-12)
    assert table.loc[table["term"] == "payment", "planned"].sum() == pytest.approx(0, abs=1e-9)


def test_carbon_lists_every_term_with_the_range_of_the_difference(measured):
    table = measured.carbon
    assert tuple(table["term"]) == CARBON
    assert row(table, term="displaced")["difference"] == 0
    purchase = row(table, term="purchase")
    assert purchase["difference"] == pytest.approx(1500 - 200)
    assert purchase["high"] - purchase["difference"] == pytest.approx(Z * (5 * 30 + 40 * 0.5))
    assert row(table, term="process")["planned"] == pytest.approx(350)
    assert measured.emissions == pytest.approx(-2780 - (300 - 5000))


def test_fates_add_up_to_the_supply_in_both_ledgers(measured):
    table = measured.fates
    streams = table[(table["origin"] == "streams") & (table["unit"] == "t/a")]
    assert streams["reference"].sum() == pytest.approx(1100)
    assert streams["planned"].sum() == pytest.approx(1100)
    assert row(table, fate="need")["planned"] == 40
    assert row(table, fate="plant")["planned"] == 50
    assert row(table, fate="stored", extractive=False)["difference"] == -90
    assert row(table, fate="stored", extractive=True)["difference"] == 0
    assert row(table, fate="landfill", origin="plants")["planned"] == 10
    assert row(table, fate="energy")["unit"] == "MWh/a"


def test_diverted_counts_disposal_and_stock_alone_and_takes_residues_away(measured):
    table = measured.diverted
    assert row(table, stream="slag")["diverted"] == 90
    assert row(table, name="Residues of plants")["diverted"] == -10
    assert row(table, stream="rock")["extractive"]
    assert "gas" not in set(table["stream"])


def test_products_bought_reagents_and_what_outlets_displace(measured):
    table = measured.products
    assert row(table, product="gravel", role="bought")["saved"] == 40
    assert row(table, product="soda", role="reagent")["saved"] == -5
    oil = row(table, product="oil", role="displaced")
    assert (oil["reference"], oil["planned"], oil["saved"]) == (25, 25, 0)


def test_transport_by_mode(measured):
    table = measured.transport
    assert row(table, measure="hauled, as sent")["planned"] == 85
    assert row(table, measure="tonne-kilometres")["planned"] == 40 * 10 + 45 * 20
    assert row(table, measure="loaded trips")["planned"] == pytest.approx(40 * 3.65 + 45 * 7.3)
    assert (table["reference"] == 0).all()


def test_what_is_sold_to_an_unknown_place_is_told_because_no_trips_are_counted_for_it(planned, today, links):
    fates = links.region.tables["fates"]
    sold = evolve(fates, columns={**fates.columns, "kind": np.array(["sold", "stored", "energy", "landfill"], dtype=object)})
    other = evolve(links, region=evolve(links.region, tables={**links.region.tables, "fates": sold}))
    table = figures(evolve(planned, links=other), evolve(today, links=other)).transport
    lost = row(table, measure="sold, way not known")
    assert (lost["mode"], lost["unit"], lost["reference"], lost["planned"]) == ("", "t/a", 100, 10)
    assert table.groupby("measure")["unit"].nunique().max() == 1


def test_roads_count_loads_a_day_on_each_section_of_the_way(measured):
    table = measured.roads
    west, east = row(table, road="west"), row(table, road="east")
    assert west["planned"] == pytest.approx(0.4 + 0.9)
    assert east["planned"] == pytest.approx(0.9)
    assert west["vehicles"] == pytest.approx(2.6)  # the empty way back too
    assert west["share"] == pytest.approx(0.26)
    assert west["over"] is True  # 10 + 2.6 > 12
    assert east["over"] is None  # nobody counted the traffic there
    assert (west["grade"], east["grade"]) == ("B", "D")
    assert "north" not in set(table["road"])


def test_trips_off_the_road_graph_have_a_row_of_their_own(planned, today, links):
    lost = evolve(links.arcs, pair=np.where(links.arcs.pair == 1, -1, links.arcs.pair))
    other = evolve(links, arcs=lost)
    table = figures(evolve(planned, links=other), evolve(today, links=other)).roads
    assert table["planned"].tolist() == pytest.approx([0.4, 0.9])
    assert table["number"].tolist() == ["1", "within one place, or off the road graph"]


def test_investment_of_what_runs(measured):
    mill = row(measured.investment, plant="mill")
    assert (mill["capacity"], mill["built"], mill["activity"], mill["utilisation"]) == (100, 100, 50, 0.5)
    assert (mill["capex_low_EUR"], mill["capex_high_EUR"]) == pytest.approx((1000 - Z * 200, 1000 + Z * 200))
    assert (mill["fixed_EUR"], mill["staff"], mill["unit"]) == (130, 2, "t/a")


def test_grades_are_never_silent(measured, today):
    table = measured.grades
    assert table["grade"].tolist() == ["A", "B", "C", "D"]
    assert table["exchanges_t"].tolist() == [0, 40, 50, 0]
    assert table["outlets_t"].tolist() == [1000, 10, 0, 0]
    assert table["outlets_MWh"].tolist() == [0, 0, 50, 0]
    assert table["money_EUR"].tolist() == pytest.approx([1000, 50 + 240 + 1000, 1000 + 1215 + 240 + 480, 180])
    assert table["supply_t"].tolist() == [1000, 100, 0, 0]
    assert figures(today, today).grades["exchanges_t"].tolist() == [0, 0, 0, 0]


def test_headline_is_the_five_figures_with_range_and_grade(measured):
    table = measured.headline.set_index("figure")
    assert table.index.tolist() == ["used_today", "could_be_used", "benefit", "carbon", "trucks"]
    assert table["value"].tolist() == pytest.approx([0, 80, 245, (-2780 + 4700) / 1000, 1.3])
    assert table.loc["could_be_used", "high"] == pytest.approx(80 + Z * sqrt(9**2 + 1**2))  # slag ± 10 %
    assert table["grade"].tolist() == ["", "D", "C", "C", "C"]  # the residue, a tenth of what is used, is known at D
    assert table["unit"].tolist() == ["t/a", "t/a", "EUR/a", "t CO2e/a", "loads/d"]


def test_a_benefit_whose_range_includes_zero_is_flagged(measured, planned, today, links):
    """A revenue ten times as unsure as all is worth: 245 less 1.645 times its deviation is below 0; emissions that rise claim nothing."""
    assert not measured.headline["alarm"].any()
    wide = links.arcs.eur_sd + 10.0 * (links.arcs.eur != 0)
    unsure = evolve(links, arcs=evolve(links.arcs, eur_sd=wide, co2_sd=links.arcs.co2_sd + 1e3))
    plan, reference = (evolve(ledger, links=unsure) for ledger in (planned, today))
    table = figures(plan, reference).headline.set_index("figure")
    assert table.loc["benefit", "low"] < 0 < table.loc["benefit", "high"]
    assert table["alarm"].tolist() == [False, False, True, False, False]
    assert assessment(plan, plan, reference).headline["alarm"].tolist() == [False, False, True, False, False]


def known_but_for(planned, today, links, **marks):
    """The same ledgers where something of arcs or plants is marked as not known, or graded otherwise."""
    arcs = {name: value for name, value in marks.items() if len(value) == len(links.arcs)}
    works = {name: value for name, value in marks.items() if len(value) == len(links.works)}
    other = evolve(links, arcs=evolve(links.arcs, **arcs), works=evolve(links.works, **works))
    return figures(evolve(planned, links=other), evolve(today, links=other))


def test_what_is_not_known_makes_a_figure_d_and_is_named(planned, today, links):
    sludge = np.arange(len(links.arcs)) == 6
    found = known_but_for(planned, today, links, unknown_eur=sludge, unknown_co2=~sludge).headline.set_index("figure")
    assert found.loc["benefit", ["grade", "unknown"]].tolist() == ["D", f"Not known and counted as 0: part of {links.nodes.name[SLUDGE]}."]
    assert found.loc["carbon", "grade"] == "D"
    assert found.loc["carbon", "unknown"].startswith("Of the known part, change and saving more or less: not known is an emission of ")
    assert found.loc["could_be_used", "unknown"] == ""


def test_what_does_not_change_may_stay_unknown(planned, today, links):
    boiler = np.arange(len(links.arcs)) == 2
    found = known_but_for(planned, today, links, unknown_eur=boiler, unknown_co2=boiler).headline.set_index("figure")
    assert found["unknown"].tolist() == [""] * 5
    assert found.loc[["benefit", "carbon"], "grade"].tolist() == ["C", "C"]


def test_a_plant_that_runs_at_a_cost_nobody_knows_is_named(planned, today, links):
    found = known_but_for(planned, today, links, unknown_eur=np.array([True])).headline.set_index("figure")
    assert found.loc["benefit", "grade"] == "D"
    assert links.nodes.name[MILL] in found.loc["benefit", "unknown"]
    assert found.loc["carbon", "unknown"] == ""


def test_money_and_emissions_are_borne_by_grades_of_their_own(planned, today, links):
    best, worst = np.zeros(len(links.arcs), dtype=np.int8), np.full(len(links.arcs), Grade.D, dtype=np.int8)
    plain = (evolve(ledger, evidence=np.zeros(len(ledger), dtype=np.int8)) for ledger in (planned, today))
    works = evolve(links.works, grade_eur=np.zeros(1, dtype=np.int8))
    other = evolve(links, arcs=evolve(links.arcs, grade_eur=best, grade_co2=worst), works=works)
    ledgers = [evolve(ledger, links=other) for ledger in plain]
    found = figures(*ledgers).headline.set_index("figure")
    assert found.loc[["benefit", "carbon"], "grade"].tolist() == ["A", "D"]


def test_proven_and_potential_add_up(proven, planned, today):
    pair = assessment(proven, planned, today)
    table = pair.headline.set_index("figure")
    assert np.allclose(table["proven"] + table["potential"], table["total"], rtol=1e-12)
    assert table.loc["benefit", "proven"] == pytest.approx(60 * 12 - 20 * 12 + 40 * 5 - 40 * 6)
    assert table.loc["could_be_used", ["proven", "potential", "total"]].tolist() == pytest.approx([40, 40, 80])
    assert (table["proven_low"] <= table["proven"]).all()
    assert "245" not in repr(pair)
    assert "440 + -195" in repr(pair)
    assert "Worth to the region" in pair._repr_html_()


def test_ledgers_of_different_links_do_not_compare(planned, today, links):
    with pytest.raises(ShapeError, match="same links"):
        figures(planned, evolve(today, links=evolve(links)))
