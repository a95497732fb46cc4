"""Today's outlets, uses, purchases and prices, by hand."""

import numpy as np
import pytest
from link_rows import amount

from builders import region
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, NodeKind
from sivuvirta.links import build
from sivuvirta.links.money import factors, prices

EUR = {term: column for column, term in enumerate(EUR_TERMS)}
CO2 = {term: column for column, term in enumerate(CO2_TERMS)}


def arcs_of(links, kind):
    return np.flatnonzero(links.arcs.kind == kind)


def to(links, kind, key):
    """Row of the arc of a kind into the node of that key."""
    rows = arcs_of(links, kind)
    (found,) = rows[links.nodes.id[links.arcs.destination[rows]] == key]
    return int(found)


def test_a_fee_per_tonne_as_sent_is_paid_on_the_water_too(make, rows):
    links = build(make())
    arc = to(links, ArcKind.FATE, "heap")
    assert links.arcs.eur[arc, EUR["fee"]] == pytest.approx(4 * 1.25)
    assert links.arcs.eur[arc, EUR["tax"]] == pytest.approx(8 * 1.25)
    dry = build(make(fates=[{**rows["fates"][0], "basis": "dry", "revenue": 3, "revenue_low": 0, "revenue_high": 3.29}]))
    arc = to(dry, ArcKind.FATE, "heap")
    assert dry.arcs.eur[arc, [EUR["fee"], EUR["tax"], EUR["revenue"]]].tolist() == [4, 8, -3]
    assert dry.arcs.eur_sd[arc, EUR["revenue"]] == pytest.approx(1)


def test_an_outlet_on_the_spot_is_not_hauled_and_one_elsewhere_is(make, rows):
    links = build(make(fates=[{**rows["fates"][0], "share": 60}, {**rows["fates"][0], "fate": "far", "site": "mill", "share": 40}]))
    near, far = to(links, ArcKind.FATE, "heap"), to(links, ArcKind.FATE, "far")
    assert links.arcs.km[[near, far]].tolist() == [0, 23]
    assert links.arcs.eur[[near, far], EUR["transport"]] == pytest.approx([0, 0.1 * 23 * 1.25])
    assert links.arcs.today[[near, far]] == pytest.approx([600, 400])


def test_an_outlet_whose_way_is_not_known_stays(make, rows):
    links = build(make(fates=[{**rows["fates"][0], "zone": "nowhere"}], zones=[{"zone": "nowhere", "name": "n", "kind": "market"}]))
    arc = to(links, ArcKind.FATE, "heap")
    assert (links.arcs.km[arc], links.arcs.today[arc]) == (0, 1000)
    assert "outlets without a way" in links.notes


def test_an_outlet_takes_todays_amount_unless_it_is_a_disposal_or_says_otherwise(make, rows):
    kinds = {"sold": 500, "stored": np.inf, "landfill": np.inf, "recycled": 500}
    for kind, most in kinds.items():
        fates = [{**rows["fates"][0], "kind": kind, "share": 50}, {**rows["fates"][0], "fate": "rest", "share": 50}]
        links = build(make(fates=fates))
        assert links.arcs.capacity[to(links, ArcKind.FATE, "heap")] == most
    links = build(make(fates=[{**rows["fates"][0], "capacity": 1500}]))
    assert links.arcs.capacity[to(links, ArcKind.FATE, "heap")] == 1500


def test_shares_hold_for_their_vintage_and_are_scaled_to_the_whole(make, rows):
    fates = [
        {**rows["fates"][0], "share": 30},
        {**rows["fates"][0], "fate": "then", "share": 70, "vintage": "then"},
        {**rows["fates"][0], "fate": "now", "share": 60, "vintage": "now"},
    ]
    links = build(make(fates=fates))
    assert links.nodes.id[links.nodes.kind == NodeKind.FATE].tolist() == ["heap", "now"]
    assert links.arcs.today[arcs_of(links, ArcKind.FATE)] == pytest.approx([1000 / 3, 2000 / 3])
    assert "slag" in links.notes["shares"]


def test_a_stream_without_a_fate_goes_where_nobody_says(make):
    links = build(make(fates=[]))
    arc = to(links, ArcKind.FATE, "slag.unaccounted")
    assert (links.arcs.today[arc], links.arcs.capacity[arc]) == (1000, 1000)
    assert links.arcs.eur[arc].sum() == 0
    assert Grade(links.arcs.grade[arc]).name == "D"
    assert "slag" in links.notes["outlets not known"]


def test_a_fate_that_displaces_a_product_saves_its_emission(make, rows):
    fate = {**rows["fates"][0], "kind": "sold", "product": "rock", "ratio": 0.8, "ratio_low": 0.8, "ratio_high": 0.8 + 3.29, "co2": 2}
    links = build(make(fates=[fate]))
    arc = to(links, ArcKind.FATE, "heap")
    assert links.arcs.co2[arc, CO2["outlet"]] == 2
    assert links.arcs.co2[arc, CO2["displaced"]] == pytest.approx(-0.8 * 6)
    assert links.arcs.co2_sd[arc, CO2["displaced"]] == pytest.approx(6)
    assert np.isnan(links.arcs.ratio[arc])


def test_a_need_buys_its_product_and_the_price_between_parties_cancels(make):
    links = build(make())
    (buy,), (use,) = arcs_of(links, ArcKind.BUY), arcs_of(links, ArcKind.DIRECT)
    assert links.arcs.eur[buy, EUR["purchase"]] == 12
    assert links.arcs.eur_sd[buy, EUR["purchase"]] == pytest.approx(2)
    assert links.arcs.co2[buy, CO2["purchase"]] == 6
    assert (links.arcs.ratio[buy], links.arcs.today[buy], links.arcs.capacity[buy]) == (1, 600, np.inf)
    assert (links.arcs.ratio[use], links.arcs.payment[use], links.arcs.eur[use, EUR["revenue"]]) == (0.9, 2, 0)


def test_a_price_as_sent_and_a_price_of_the_need(make, rows):
    sent = build(make(acceptances=[{**rows["acceptances"][0], "price_basis": "as_sent"}]))
    assert sent.arcs.payment[to(sent, ArcKind.DIRECT, "road")] == pytest.approx(2.5)
    offered = build(make(acceptances=[{**rows["acceptances"][0], "price": None}], needs=[{**rows["needs"][0], "price": 10}]))
    assert offered.arcs.payment[to(offered, ArcKind.DIRECT, "road")] == pytest.approx(9)


def test_a_market_pays_the_region_and_buys_nothing(make, rows):
    needs = [{**rows["needs"][0], "kind": "market", "price": 20}]
    links = build(make(needs=needs, acceptances=[{**rows["acceptances"][0], "price": None}]))
    arc = to(links, ArcKind.DIRECT, "road")
    assert links.arcs.eur[arc, EUR["revenue"]] == pytest.approx(-18)
    assert links.arcs.payment[arc] == 0
    assert len(arcs_of(links, ArcKind.BUY)) == 0


def test_needs_share_the_node_of_their_product(make, rows):
    needs = [rows["needs"][0], {**rows["needs"][0], "need": "yard"}]
    links = build(make(needs=needs, quantities=[*rows["quantities"], amount("needs", "yard", 5)]))
    buys = arcs_of(links, ArcKind.BUY)
    assert len(set(links.arcs.origin[buys].tolist())) == 1
    assert links.nodes.id[links.nodes.kind == NodeKind.PRODUCT].tolist() == ["rock"]


def test_a_gate_price_is_lost_on_the_way_to_a_need_but_not_to_todays_fate(make, rows):
    links = build(make(streams=[{**rows["streams"][0], "gate_price": 7}]))
    gate = EUR["gate"]
    assert links.arcs.eur[to(links, ArcKind.DIRECT, "road"), gate] == 7
    assert links.arcs.eur[to(links, ArcKind.FATE, "heap"), gate] == 0


def test_the_most_specific_acceptance_holds_and_another_carrier_is_not_accepted(make, rows):
    accepted = [rows["acceptances"][0], {"need": "road", "material": "slag.steel", "ratio": 0.5, "share_low": 10, "share_high": 40}]
    streams = [
        {**rows["streams"][0], "material": "slag.steel.fines"},
        {"stream": "co", "name": "CO", "site": "works", "material": "gas.co"},
    ]
    links = build(
        make(
            acceptances=[*accepted, {"need": "road", "material": "gas", "ratio": 1}],
            streams=streams,
            quantities=[*rows["quantities"], amount("streams", "co", 5)],
        )
    )
    (arc,) = arcs_of(links, ArcKind.DIRECT)
    assert links.arcs.ratio[arc] == 0.5
    assert links.arcs.acceptance[arc] == 1
    assert links.arcs.share_low[arc] == pytest.approx(0.1)
    assert links.arcs.share_high[arc] == pytest.approx(0.4)
    assert links.materials[links.arcs.material[arc]] == "slag.steel.fines"


def test_streams_and_needs_that_do_not_flow_have_nodes_but_no_arcs(make, rows):
    links = build(make(quantities=[amount("streams", "slag", 0), amount("needs", "road", 600)]))
    assert links.nodes.id.tolist() == ["slag", "road", "rock"]
    assert [ArcKind(kind).name for kind in links.arcs.kind] == ["BUY"]
    links = build(make(needs=[{**rows["needs"][0], "status": "planned"}]))
    assert [ArcKind(kind).name for kind in links.arcs.kind] == ["FATE"]
    assert "road" in links.notes["needs not open"]


def priced(*rows, indices=()):
    products = [{"product": "rock", "name": "Rock", "material": "m", "unit": "t"}]
    table = [{"price": f"p{n}", "subject": "rock", "name": "", "kind": "product", "unit": "EUR/t", **row} for n, row in enumerate(rows)]
    return prices(region(products=products, prices=table, indices=indices))


def test_the_price_of_the_nearest_year_is_taken():
    found = priced({"value": 8, "year": 2018}, {"value": 10, "year": 2023}, {"value": 9, "year": 2021})
    assert found.value.tolist() == [10]
    assert found.unindexed.tolist() == [True]


def test_an_index_turns_money_of_one_year_into_that_of_another():
    levels = [{"index": "general", "year": 2020, "value": 100}, {"index": "general", "year": 2024, "value": 125}]
    found = priced({"value": 8, "low": 8, "high": 8 + 3.29, "year": 2020}, indices=levels)
    assert (found.value.tolist(), found.unindexed.tolist()) == ([10], [False])
    assert found.sd == pytest.approx([1.25])
    own = [{"index": "rock", "year": 2020, "value": 100}, {"index": "rock", "year": 2024, "value": 150}]
    assert priced({"value": 8, "year": 2020}, indices=[*levels, *own]).value.tolist() == [12]


def test_of_two_prices_of_one_year_the_better_evidence_holds_and_tax_is_left_out():
    rows = (
        {"value": 1, "year": 2024, "grade": "C"},
        {"value": 2, "year": 2024, "grade": "B"},
        {"value": 3, "year": 2024, "grade": "A", "vat": "included"},
    )
    assert priced(*rows).value.tolist() == [2]
    assert np.isnan(priced().value[0])


def test_biogenic_carbon_is_no_factor_and_one_without_a_year_comes_last():
    products = [{"product": "rock", "name": "Rock", "material": "m", "unit": "t"}]
    rows = [{"value": 9, "biogenic": True, "year": 2024}, {"value": 5}, {"value": 4, "year": 2010}]
    table = [{"factor": f"f{n}", "subject": "rock", "name": "", "kind": "product", "unit": "kgCO2e/t", **row} for n, row in enumerate(rows)]
    assert factors(region(products=products, factors=table)).value.tolist() == [4]


def test_a_price_as_sent_is_paid_on_the_water_of_the_product_too(make, rows):
    products = [{**rows["products"][0], "material": "granules"}]  # 5 % water
    for basis, wet in (("as_sent", 1 / 0.95), ("dry", 1)):
        links = build(make(products=products, prices=[{**rows["prices"][0], "basis": basis}]))
        (buy,) = arcs_of(links, ArcKind.BUY)
        assert links.arcs.eur[buy, EUR["purchase"]] == pytest.approx(12 * wet)
        assert links.arcs.eur_sd[buy, EUR["purchase"]] == pytest.approx(2 * wet)
        assert links.arcs.co2[buy, CO2["purchase"]] == pytest.approx(6)
        assert links.arcs.sent[buy] == pytest.approx(1 / 0.95)


def test_a_product_without_a_price_is_told(make):
    links = build(make(prices=[]))
    (buy,) = arcs_of(links, ArcKind.BUY)
    assert links.arcs.eur[buy].sum() == 0
    assert Grade(links.arcs.grade[buy]).name == "D"
    assert "rock" in links.notes["products without price"]
