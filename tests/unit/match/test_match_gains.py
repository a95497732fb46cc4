"""Gain, netback and carbon against figures worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from match_rows import amount, analysis, heap, limit, matched, need, plant, price, route, stream, tables, two_streams
from sivuvirta.domain.grades import Verdict


def _figures(matches, at):
    routes = matches.routes
    return {name: (float(getattr(routes, name)[at])) for name in ("gain", "netback", "carbon")}


def test_direct_route_by_hand():
    """Rock at 12 EUR saved, 10 km at 0.20 EUR paid, the heap at 4 EUR saved; 6 kg of rock saved, 1 kg of haulage, 1 kg of heap saved."""
    matches = matched()
    assert _figures(matches, 0) == {"gain": pytest.approx(14), "netback": pytest.approx(10), "carbon": pytest.approx(-6)}
    assert not matches.routes.priced[0]


def test_a_price_makes_the_netback():
    acceptances = [{"need": "road", "material": "slag", "ratio": 1, "price": 3, "grade": "A"}]
    matches = matched(acceptances=acceptances)
    assert _figures(matches, 0) == {"gain": pytest.approx(14), "netback": pytest.approx(1), "carbon": pytest.approx(-6)}
    assert matches.routes.priced[0]


def test_the_needs_own_price_holds_where_the_acceptance_has_none():
    matches = matched(needs=[need("road", price=5)], acceptances=[{"need": "road", "material": "slag", "ratio": 0.5, "grade": "A"}])
    assert _figures(matches, 0) == {"gain": pytest.approx(8), "netback": pytest.approx(0.5), "carbon": pytest.approx(-3)}


def test_a_market_pays_its_price():
    matches = matched(needs=[need("road", kind="market", product=None, price=9)])
    assert _figures(matches, 0) == {"gain": pytest.approx(11), "netback": pytest.approx(7), "carbon": pytest.approx(0)}


def test_moist_slag_hauls_its_water():
    matches = matched(streams=[stream("slag", "slag", moisture=20)])
    assert matches.routes.gain[0] == pytest.approx(12 - 2 / 0.8 + 4)


def test_the_value_forgone_at_the_gate_lowers_the_gain_but_not_the_netback():
    matches = matched(streams=[stream("slag", "slag", gate_price=3)])
    assert (matches.routes.gain[0], matches.routes.netback[0]) == (pytest.approx(11), pytest.approx(10))


def test_taking_a_sold_stream_away_loses_its_revenue_and_what_it_displaces():
    sold = {**heap("slag"), "kind": "sold", "fee": 0, "revenue": 5, "product": "rock", "ratio": 1, "co2": 0}
    matches = matched(fates=[sold])
    assert _figures(matches, 0) == {"gain": pytest.approx(10 - 5), "netback": pytest.approx(10), "carbon": pytest.approx(-5 + 6)}


def test_todays_fates_count_by_their_share():
    fates = [{**heap("slag"), "share": 75}, {**heap("slag"), "fate": "dump", "share": 25, "fee": 40, "tax": 80}]
    assert matched(fates=fates).routes.gain[0] == pytest.approx(10 + 0.75 * 4 + 0.25 * 120)


def test_range_is_the_root_of_the_sum_of_squares():
    """Price 12 (8.71 to 15.29) and fee 4 (2.355 to 5.645): standard deviations 2 and 1."""
    fates = [{**heap("slag"), "fee_low": 2.355, "fee_high": 5.645}]
    matches = matched(prices=[price("rock", 12, low=8.71, high=15.29)], fates=fates)
    half = 1.645 * np.sqrt(2**2 + 1**2)
    assert (matches.routes.gain_low[0], matches.routes.gain_high[0]) == (pytest.approx(14 - half), pytest.approx(14 + half))
    assert matches.routes.netback_high[0] == pytest.approx(10 + 1.645 * 2)


def test_uncertain_substitution_widens_the_gain():
    acceptances = [{"need": "road", "material": "slag", "ratio": 1, "ratio_low": 0.671, "ratio_high": 1.329, "grade": "A"}]
    matches = matched(acceptances=acceptances)
    assert matches.routes.gain_high[0] == pytest.approx(14 + 1.645 * 0.2 * 12, rel=1e-3)


def test_mixing_plant_by_hand():
    """A tonne of slag takes 4 t of till at 3 EUR and makes 5 t of mix at 10 EUR (rock less haulage).

    5 units of activity at 1 EUR of opex each, and, at the tonne a year of the vintage, 10 000 EUR x annuity over 1 000 t.
    """
    rows = plant()
    rows["plants"] = [{**rows["plants"][0], "capacity_min": 1000, "capacity_max": 1000}]
    matches = matched(**rows)
    at = route(matches, "slag", "road", "mixer")
    annuity = 0.05 / (1 - 1.05**-10)
    assert matches.routes.gain[at] == pytest.approx(5 * 10 - 4 * 3 - 5 * 1 - 5 * 10 * annuity + 4)
    assert matches.routes.delivered[at] == 1


def test_existing_plant_is_sunk():
    rows = plant()
    rows["plants"] = [{**rows["plants"][0], "status": "existing", "capacity": 5000}]
    matches = matched(**rows)
    assert matches.routes.gain[route(matches, "slag", "road", "mixer")] == pytest.approx(5 * 10 - 4 * 3 - 5 * 1 + 4)


def test_explicit_costs_of_a_plant():
    rows = plant()
    explicit = {"capacity_min": 0, "capacity_max": 100, "fixed_cost": 200, "capacity_cost": 3, "variable_cost": 0.5}
    rows["plants"] = [{**rows["plants"][0], **explicit}]
    matches = matched(**rows)
    assert matches.routes.gain[route(matches, "slag", "road", "mixer")] == pytest.approx(5 * 10 - 4 * 3 - 5 * (0.5 + 3 + 200 / 100) + 4)


def _three_outputs(**more):
    """Half a tonne of mix; 0.3 t of fines that the yard takes at 20 EUR less 2 EUR of haulage; 0.2 t of residue at 50 EUR."""
    rows = plant(mixes=False)
    rows["recipe_inputs"] = [{**rows["recipe_inputs"][0], "amount_low": 1, "amount_high": 1}]
    outputs = (("mix", "mix", "product", 0.5), ("fines", "slag.fines", "coproduct", 0.3), ("rest", "till", "residue", 0.2))
    rows["recipe_outputs"] = [
        {"technology": "mixing", "output": name, "slot": "feed", "makes": makes, "kind": kind, "yield": share, "grade": "A"}
        for name, makes, kind, share in outputs
    ]
    rows["plants"] = [{**rows["plants"][0], "status": "existing", "capacity": 5000}]
    given = {
        "needs": [need("road"), need("yard", product="stone")],
        "acceptances": [
            {"need": "road", "material": "mix", "ratio": 1, "grade": "A"},
            {"need": "yard", "material": "slag.fines", "ratio": 1, "grade": "A"},
        ],
        "products": [*rows["products"], {"product": "stone", "name": "Stone", "material": "aggregate", "unit": "t"}],
        "prices": [*rows["prices"], price("stone", 20)],
        "fates": [heap("slag"), _landfill("rest", 50)],
        "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 500), amount("needs", "yard", 500)],
    }
    return matched(**{**rows, **given, **more})


def _landfill(output, fee):
    row = {"fate": f"landfill_{output}", "technology": "mixing", "output": output, "name": "Landfill", "kind": "landfill"}
    return {**row, "fee": fee, "basis": "dry", "grade": "A"}


CLOSED = {"analyses": [analysis("slag", "Cd", 9)], "limits": [limit("cd", "Cd", 8, use_class=None, need="yard")]}
"""The yard takes no more cadmium than 8 mg/kg; slag holds 9."""


def test_residue_and_coproduct_count():
    matches = _three_outputs()
    at = route(matches, "slag", "road", "mixer")
    assert matches.routes.gain[at] == pytest.approx(0.5 * 10 + 0.3 * 18 - 0.2 * 50 - 1 + 4)
    assert matches.routes.gain[route(matches, "slag", "yard", "mixer")] == pytest.approx(matches.routes.gain[at])


def test_a_coproduct_earns_nothing_where_its_route_fails():
    matches = _three_outputs(**CLOSED)
    closed = route(matches, "slag", "yard", "mixer")
    assert matches.routes.verdict[closed] == Verdict.FAIL
    assert matches.routes.gain[route(matches, "slag", "road", "mixer")] == pytest.approx(0.5 * 10 - 0.2 * 50 - 1 + 4)
    assert matches.routes.gain[closed] == pytest.approx(0.5 * 10 + 0.3 * 18 - 0.2 * 50 - 1 + 4)


def test_a_coproduct_whose_route_fails_goes_to_its_fate():
    matches = _three_outputs(**CLOSED, fates=[heap("slag"), _landfill("rest", 50), _landfill("fines", 30)])
    assert matches.routes.gain[route(matches, "slag", "road", "mixer")] == pytest.approx(0.5 * 10 - 0.3 * 30 - 0.2 * 50 - 1 + 4)


def test_a_coproduct_goes_to_the_best_need_that_is_open_to_it():
    """A second yard that takes any fines pays 15 EUR."""
    open_ = {
        "needs": [need("road"), need("yard", product="stone"), need("lot", product="gravel")],
        "acceptances": [
            {"need": key, "material": material, "ratio": 1, "grade": "A"}
            for key, material in (("road", "mix"), ("yard", "slag.fines"), ("lot", "slag.fines"))
        ],
        "products": [
            {"product": key, "name": key, "material": material, "unit": "t"}
            for key, material in (("rock", "aggregate"), ("till", "till"), ("stone", "aggregate"), ("gravel", "aggregate"))
        ],
        "prices": [price("rock", 12), price("till", 3), price("stone", 20), price("gravel", 15)],
        "quantities": [amount("streams", "slag", 1000), *(amount("needs", key, 500) for key in ("road", "yard", "lot"))],
    }
    gain = {
        name: matches.routes.gain[route(matches, "slag", "road", "mixer")]
        for name, matches in (("both", _three_outputs(**open_)), ("one", _three_outputs(**open_, **CLOSED)))
    }
    assert gain["both"] - gain["one"] == pytest.approx(0.3 * (20 - 15))


def test_what_one_stream_may_not_do_another_may():
    """The yard is closed to the fines of slag, not to those of ash from the same plant."""
    rows = {
        "streams": [stream("slag", "slag"), stream("ash", "ash")],
        "recipe_inputs": [
            {"technology": "mixing", "slot": "feed", "material": key, "amount_low": 1, "amount_high": 1, "grade": "A"}
            for key in ("slag", "ash")
        ],
        "quantities": [
            *(amount("streams", key, 1000) for key in ("slag", "ash")),
            *(amount("needs", key, 500) for key in ("road", "yard")),
        ],
        "fates": [heap("slag"), heap("ash"), _landfill("rest", 50)],
        "analyses": [analysis("slag", "Cd", 9), analysis("ash", "Cd", 1)],
        "limits": CLOSED["limits"],
    }
    matches = _three_outputs(**rows)
    slag, ash = (matches.routes.gain[route(matches, key, "road", "mixer")] for key in ("slag", "ash"))
    assert ash - slag == pytest.approx(0.3 * 18)


def test_metal_is_paid_for():
    acceptances = [{"need": "road", "material": "slag", "ratio": 1, "payable_component": "Cr_total", "payable_rate": 1000, "grade": "A"}]
    matches = matched(acceptances=acceptances, analyses=[analysis("slag", "Cr_total", 20_000, low=10_000, high=40_000)])
    assert matches.routes.priced[0]
    assert matches.routes.netback[0] == pytest.approx(0.02 * 1000 - 2)
    assert not matched(acceptances=acceptances).routes.priced[0]


@pytest.mark.parametrize("gone", ["fates", "prices", "factors"])
def test_what_is_not_known_costs_nothing_and_breaks_nothing(gone):
    matches = matched(**{gone: []})
    assert np.isfinite(matches.routes.gain).all()
    assert np.isfinite(matches.routes.carbon).all()


def test_order_of_rows_does_not_matter():
    given = two_streams()
    one = matched(**given)
    other = matched(**{name: rows[::-1] for name, rows in {**tables(), **given}.items()})
    for key in ("slag", "ash"):
        assert _figures(one, route(one, key, "road")) == _figures(other, route(other, key, "road"))
