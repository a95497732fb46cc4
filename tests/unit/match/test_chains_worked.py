"""A route of two plants worked by hand.

A tonne of slag at the works: its heap costs 4 EUR and 1 kg CO2e. The dryer at the works makes 0.8 t of dry slag of it, for 2 EUR and
5 kg. 10 km on, at 0.2 EUR and 0.1 kg per tkm, the press in the town takes it with 0.25 t of till per tonne, bought at 3 EUR, and makes
1 t of blocks of each tonne of either, for 1 EUR and 2 kg per tonne of dry slag. The road in the town takes blocks for rock, 12 EUR and
6 kg a tonne.
"""

from __future__ import annotations

import pytest

from chain_rows import chained, described, several, step
from match_rows import analysis, limit, need, stream
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause

DRYER = {"variable_opex": 2, "co2": 5}
PRESS = {"variable_opex": 1, "co2": 2, "till": 0.25, "site": "town"}


def worked(dryer=(), press=(), **changed):
    """The matches, and the one route through dryer and press."""
    rows = chained(step("dryer", "slag", "dry", 0.8, **{**DRYER, **dict(dryer)}), step("press", "dry", "block", **{**PRESS, **dict(press)}))
    matches = several(**{**rows, **changed})
    return matches, described(matches)["slag", "road", ("dryer", "press")]


def test_gain():
    """0.8 t of dry slag and 0.8 x 0.25 = 0.2 t of till make 1 t of blocks."""
    matches, at = worked()
    assert matches.chains.gain[at] == pytest.approx(1.0 * 12 - 2 - 0.8 * 10 * 0.2 - 0.8 * 1 - 0.2 * 3 + 4)
    assert matches.chains.gain[at] == pytest.approx(11.0)
    assert matches.chains.delivered[at] == pytest.approx(0.8)
    assert matches.chains.km[at] == 10


def test_carbon():
    matches, at = worked()
    assert matches.chains.carbon[at] == pytest.approx(5 + 0.8 * 10 * 0.1 + 0.8 * 2 - 1.0 * 6 - 1)
    assert matches.chains.carbon[at] == pytest.approx(0.4)


def test_netback_without_a_price_is_what_it_could_be_at_most():
    matches, at = worked()
    assert not matches.chains.priced[at]
    assert matches.chains.netback[at] == pytest.approx(11.0 - 4)


def test_netback_counts_the_price_for_the_streams_own_part():
    """The road pays 10 EUR/t instead of 12 for the 0.8 t that are slag's."""
    matches, at = worked(needs=[need("road", use_class="road", price=10)])
    assert matches.chains.priced[at]
    assert matches.chains.netback[at] == pytest.approx(11.0 - 4 + 0.8 * (10 - 12))


def test_a_value_forgone_at_the_gate_lowers_the_gain_and_not_the_netback():
    matches, at = worked(streams=[stream("slag", "slag", gate_price=1.5)])
    assert matches.chains.gain[at] == pytest.approx(11.0 - 1.5)
    assert matches.chains.netback[at] == pytest.approx(7.0)


def test_a_yield_that_is_not_sure_widens_all_that_comes_after_it():
    """0.7 to 0.9: after the dryer 7 + 2 EUR are to be earned with 0.8 t, 11.25 EUR a tonne; half of 0.2 t is worth 1.125 EUR."""
    rows = chained(step("dryer", "slag", "dry", 0.8, **DRYER), step("press", "dry", "block", **PRESS))
    for row in rows["recipe_outputs"]:
        if row["technology"] == "dryer" and row["output"] == "made":
            row |= {"yield_low": 0.7, "yield_high": 0.9}
    matches = several(**rows)
    at = described(matches)["slag", "road", ("dryer", "press")]
    assert matches.chains.gain_low[at] == pytest.approx(11.0 - 1.125)
    assert matches.chains.gain_high[at] == pytest.approx(11.0 + 1.125)


def cadmium(bound, **more):
    """10 mg/kg of cadmium in the slag, against a limit of the road."""
    return {"analyses": [analysis("slag", "Cd", 10)], "limits": [limit("cd", "Cd", bound, **more)]}


@pytest.mark.parametrize(("bound", "verdict"), [(12.4, Verdict.FAIL), (12.6, Verdict.PASS)])
def test_contents_follow_the_solids_through_every_plant(bound, verdict):
    """What burns off leaves it behind: 10 / 0.8 = 12.5 mg/kg. The till of the press does not count."""
    matches, at = worked(**cadmium(bound))
    assert matches.chains.verdict[at] == verdict
    if verdict == Verdict.FAIL:
        assert matches.chains.value[at] == pytest.approx(12.5)
        assert matches.chains.bound[at] == pytest.approx(12.4)
        assert matches.chains.cause[at] == Cause.LIMIT


def test_contents_through_a_plant_that_takes_something_out():
    """40 % of it stays: 0.4 x 10 / 0.8 = 5 mg/kg."""
    kept = [{"technology": "dryer", "output": "made", "component": "Cd", "value": 40, "grade": "A"}]
    above, at = worked(dryer={"recovery": True}, recoveries=kept, **cadmium(4.9))
    assert above.chains.verdict[at] == Verdict.FAIL
    assert above.chains.value[at] == pytest.approx(5.0)
    below, at = worked(dryer={"recovery": True}, recoveries=kept, **cadmium(5.1))
    assert below.chains.verdict[at] == Verdict.PASS


def test_what_a_plant_takes_out_is_only_as_sure_as_its_recovery():
    kept = [{"technology": "dryer", "output": "made", "component": "Cd", "value": 40, "grade": "C"}]
    matches, at = worked(dryer={"recovery": True}, recoveries=kept, **cadmium(5.1))
    assert (matches.chains.verdict[at], matches.chains.grade[at]) == (Verdict.LIKELY, Grade.C)


def test_metal_is_paid_as_each_plant_leaves_it():
    """40 % of 10 mg/kg in a tonne are 4 g, at 500 000 EUR/t 2 EUR."""
    kept = [{"technology": "dryer", "output": "made", "component": "Cd", "value": 40, "grade": "A"}]
    paid = [{"need": "road", "material": "block", "ratio": 1, "payable_component": "Cd", "payable_rate": 500_000, "grade": "A"}]
    matches, at = worked(dryer={"recovery": True}, recoveries=kept, acceptances=paid, analyses=[analysis("slag", "Cd", 10)])
    plain, same = worked(dryer={"recovery": True}, recoveries=kept)
    # the price of the product is replaced by none: nothing but the metal is paid for the stream's own 0.8 t
    assert matches.chains.netback[at] == pytest.approx(plain.chains.netback[same] - 0.8 * 12 + 0.4 * 10 * 1e-6 * 500_000)


def test_an_outlet_of_a_by_product_on_the_way_is_paid():
    """The other 0.2 t of the dryer go to a landfill at 50 EUR/t."""
    fate = {"fate": "rest_landfill", "technology": "dryer", "output": "rest", "name": "Landfill", "kind": "landfill", "fee": 50, "co2": 0}
    heap = {"fate": "slag_heap", "stream": "slag", "name": "Heap", "kind": "stored", "fee": 4, "basis": "dry", "co2": 1, "grade": "A"}
    matches, at = worked(dryer={"residue": ("rest", "till", "residue")}, fates=[heap, {**fate, "basis": "dry", "grade": "A"}])
    assert matches.chains.gain[at] == pytest.approx(11.0 - 0.2 * 50)


def test_a_candidate_pays_its_capital_on_what_reaches_it():
    """A press of any size with 80 EUR/a of fixed cost is as large as the 800 t that reach it: 0.1 EUR a tonne of dry slag."""
    built = {"plant": {"status": "candidate", "capacity": None, "fixed_cost": 80, "variable_cost": 1}}
    matches, at = worked(press=built)
    assert matches.chains.gain[at] == pytest.approx(11.0 - 0.8 * 80 / 800)
