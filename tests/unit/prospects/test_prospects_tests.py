"""What missing tests and decisions are worth, by hand.

1 000 t of slag go to a heap at 4 EUR/t; on the road, 10 km away at 0.2 EUR/tkm, they replace rock at 12 EUR/t:
12 - 2 + 4 = 14 EUR/t, 14 000 EUR/a.
"""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from match_rows import Rows, amount, analysis, heap, limit, matched, need, plant, stream, two_streams
from sivuvirta import prospects
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.prospects import LabOrders, LabTest, Prospect
from sivuvirta.ledger.reference import reference
from sivuvirta.match.judge import match
from sivuvirta.prospects.bounds import bounds
from sivuvirta.prospects.questions import questions
from sivuvirta.prospects.ranking import Ground, Start, valued

METALS = LabTest(
    test="metals", name="Metals", kind="total", components=("Cd", "Cr_total"), price=160, price_low=90, price_high=280, lead=10
)
BATCH = LabTest(test="batch", name="Leaching", kind="leaching", components=("leach_Cr",), price=400, lead=15)
DEAR = LabTest(test="percolation", name="Percolation", kind="leaching", components=("leach_Cr",), price=1800, lead=45)
CATALOGUE = (METALS, DEAR, BATCH)

CADMIUM, LEACHING = limit("cd", "Cd", 3), limit("cr", "leach_Cr", 1, kind="leaching")
OPEN = [stream("slag", "slag", legal_status="unknown")]

VALUE = 14_000
TWO_NEEDS: dict[str, Rows] = {
    "needs": [need("road", use_class="road"), need("yard", use_class="yard")],
    "acceptances": [{"need": key, "material": "slag", "ratio": 1, "grade": "A"} for key in ("road", "yard")],
    "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 5000), amount("needs", "yard", 5000)],
}


def orders(top: int | None = None, **changed: Rows) -> LabOrders:
    return prospects.tests(matched(**changed), catalogue=CATALOGUE, top=top)


def only(found: tuple[Prospect, ...]) -> Prospect:
    assert len(found) == 1
    return found[0]


def test_the_one_missing_test_is_worth_all_that_the_slag_would_earn():
    found = orders(limits=[CADMIUM])
    one = only(found.tests)
    assert (found.proven, found.likely) == (0, 0)
    assert (one.proven, one.likely, one.decided) == pytest.approx((VALUE, VALUE, VALUE))
    assert (one.tonnes, one.opens, one.waiting) == (pytest.approx(1000), (0,), 1)
    assert (one.total("price"), one.total("price_low"), one.total("lead")) == (160, 90, 10)


def test_the_change_of_emissions_is_that_of_the_network():
    """Rock of 6 kg CO2e/t and a heap of 1 kg are saved, 10 km at 0.1 kg/tkm are driven: -6 - 1 + 1 = -6 kg/t."""
    assert only(orders(limits=[CADMIUM]).tests).carbon == pytest.approx(-6000)


def test_an_unread_limit_lets_nothing_be_proven():
    one = only(orders(limits=[limit("cd", "Cd", 3, verified=False)]).tests)
    assert (one.proven, one.likely) == (0, pytest.approx(VALUE))


def test_an_estimate_waits_for_a_test_too():
    """2 mg/kg on grade C are likely within 3: the route is in the network with likely already, and proven only with the test."""
    found = orders(limits=[CADMIUM], analyses=[analysis("slag", "Cd", 2, grade="C")])
    assert (found.proven, found.likely) == (0, pytest.approx(VALUE))
    assert (only(found.tests).proven, only(found.tests).likely) == (pytest.approx(VALUE), 0)


def test_a_test_that_opens_two_routes_counts_once():
    """Cadmium is asked for on the road and in the yard: one analysis opens both, and 1 000 t can be used once."""
    found = orders(**TWO_NEEDS, limits=[CADMIUM, limit("cd_yard", "Cd", 3, use_class="yard")])
    one = only(found.tests)
    assert len(one.opens) == 2
    assert one.likely == pytest.approx(VALUE)


def test_a_test_of_a_stream_that_has_a_use_already_is_worth_nothing():
    found = orders(**TWO_NEEDS, limits=[CADMIUM])
    assert found.proven == pytest.approx(VALUE)
    one = only(found.tests)
    assert (one.proven, one.likely, one.decided) == (0, 0, 0)
    assert len(one.opens) == 1
    assert len(found.order()) == 0


def test_several_limits_that_one_test_settles_are_one_test():
    found = orders(limits=[CADMIUM, limit("cr", "Cr_total", 100)])
    assert only(found.tests).questions[0].settles == ("Cd", "Cr_total")
    assert only(found.tests).likely == pytest.approx(VALUE)


def test_of_two_tests_that_settle_as_much_the_cheaper_is_ordered():
    assert only(orders(limits=[LEACHING]).tests).questions[0].test is BATCH


def test_a_figure_that_no_laboratory_of_the_catalogue_measures_has_no_price():
    found = orders(limits=[limit("ucs", "strength", 5, kind="property", comparator="min", mixing="none")])
    one = only(found.tests)
    assert math.isnan(one.total("price"))
    assert one.likely == pytest.approx(VALUE)


def test_two_tests_that_one_route_needs_are_worth_something_together_only():
    found = orders(limits=[CADMIUM, LEACHING])
    assert [one.likely for one in found.tests] == [0, 0]
    bundle = only(found.bundles)
    assert bundle.likely == pytest.approx(VALUE)
    assert bundle.proven == pytest.approx(VALUE)
    assert (bundle.total("price"), bundle.total("lead")) == (160 + 400, 15)
    assert {one.misses for one in found.tests} == {("Metals",), ("Leaching",)}
    assert found.order()["in_bundle"].tolist() == pytest.approx([VALUE, VALUE])


def test_a_decision_is_no_test():
    """Slag of unknown status on a road without a rule: a permit or a by-product decision is missing."""
    found = orders(streams=OPEN)
    assert found.tests == ()
    one = only(found.decisions)
    assert one.likely == pytest.approx(VALUE)
    assert math.isnan(one.decided)
    assert math.isnan(one.total("price"))
    assert found.decided == pytest.approx(VALUE)


def test_a_test_that_waits_for_a_decision_is_worth_something_once_it_is_granted():
    found = orders(streams=OPEN, limits=[CADMIUM])
    one = only(found.tests)
    assert (one.proven, one.likely, one.decided) == (0, 0, pytest.approx(VALUE))
    assert only(found.decisions).likely == 0
    assert only(found.bundles).likely == pytest.approx(VALUE)


def test_what_fails_has_no_test():
    found = orders(limits=[CADMIUM], analyses=[analysis("slag", "Cd", 5)])
    assert (found.tests, found.decisions, found.bundles) == ((), (), ())


def test_a_hazard_classification_is_a_decision():
    waste = [stream("slag", "slag", hazardous="mirror", legal_status="waste")]
    rule = {"rule": "r", "regulation": "Road law", "subject": "scope", "use_class": "road", "jurisdiction": "FI", "holds": True}
    found = orders(streams=waste, rules=[{**rule, "verified": True, "grade": "B"}])
    assert only(found.decisions).questions[0].name == "A hazard classification"
    assert only(found.decisions).likely == pytest.approx(VALUE)


def test_a_measurement_of_moisture_is_a_test():
    found = orders(streams=[stream("slag", "slag", moisture=None)], needs=[need("road", use_class="road", moisture_max=10)])
    one = only(found.tests)
    assert one.questions[0].settles == ("moisture",)
    assert one.likely > 0


def test_what_a_plant_makes_is_a_sample_of_its_own():
    """The mix of slag and till waits for its own leaching test, the slag itself for that of the slag."""
    found = orders(**plant(), limits=[LEACHING])
    samples = {one.questions[0].sample for one in found.tests}
    assert {tuple(sample) for sample in samples} == {("slag", "", ""), ("slag", "mixer", "mix")}


def test_a_partner_that_is_tested_lets_another_into_a_blend():
    """Slag with 5 mg/kg of cadmium may go on the road in a blend, 3 are allowed. Ash is between 0 and 4, estimated.

    Passed, ash counts with 3: it goes itself, but gives no credit to slag. Its 1 000 t are worth 14 EUR/t.
    """
    rows = two_streams(
        limits=[limit("cd", "Cd", 3, blending=True)],
        analyses=[analysis("slag", "Cd", 5), analysis("ash", "Cd", 2, low=0, high=4, grade="C")],
    )
    found = orders(**rows)
    assert [one.questions[0].sample.stream for one in found.tests] == ["ash"]
    assert found.tests[0].likely == pytest.approx(VALUE)


def test_the_best_are_exact_and_the_others_have_a_bound():
    """Ash may earn 14 000, slag 7 000 (500 t): asked for the best one, slag keeps a bound."""
    rows = two_streams(limits=[CADMIUM])
    rows["quantities"] = [amount("streams", "slag", 500), amount("streams", "ash", 1000), amount("needs", "road", 5000)]
    whole, best = orders(**rows), orders(top=1, **rows)
    assert [one.likely for one in whole.tests] == pytest.approx([VALUE, VALUE / 2])
    assert best.tests[0].likely == pytest.approx(VALUE)
    assert math.isnan(best.tests[1].likely)
    assert best.tests[1].at_most == pytest.approx(VALUE / 2)
    assert best.solved < whole.solved


def test_the_second_wins_by_a_fifth_where_the_bound_of_the_first_was_too_good():
    """Slag fills 600 t of the road's 1 000, proven. Ash, 1 000 t, would fill the other 400 and then only drive slag back to its heap.

    The bound of ash is 1 000 x 14 = 14 000 EUR, its value 400 x 14 = 5 600. Mix for the yard, 480 t, has bound and value 480 x 14 = 6 720:
    not half the bound of ash, and a fifth more than its value.
    """
    rows: dict[str, Rows] = {
        "streams": [stream("slag", "slag"), stream("ash", "ash"), stream("blend", "mix")],
        "needs": TWO_NEEDS["needs"],
        "acceptances": [
            {"need": need, "material": key, "ratio": 1, "grade": "A"} for need, key in (("road", "slag"), ("road", "ash"), ("yard", "mix"))
        ],
        "fates": [heap("slag"), heap("ash"), heap("blend")],
        "quantities": [
            *(amount("streams", key, value) for key, value in (("slag", 600), ("ash", 1000), ("blend", 480))),
            *(amount("needs", key, value) for key, value in (("road", 1000), ("yard", 5000))),
        ],
        "limits": [CADMIUM, limit("cd_yard", "Cd", 3, use_class="yard")],
        "analyses": [analysis("slag", "Cd", 1)],
    }
    for top in (1, None):
        found = orders(top=top, **rows)
        assert [one.questions[0].sample.stream for one in found.tests] == ["blend", "ash"]
        assert [one.likely for one in found.tests] == pytest.approx([6_720, 5_600])
    first = valued_from(rows)
    assert first.promise(frozenset({number_of(first, "ash")})).at_most == pytest.approx(VALUE)
    assert first.promise(frozenset({number_of(first, "blend")})).at_most == pytest.approx(6_720)


def valued_from(rows: dict[str, Rows], options: PlanOptions | None = None) -> Start:
    """Where values are counted from; with options, the bounds are those of a plan that has them."""
    matches = matched(**rows)
    asked = questions(matches, CATALOGUE)
    everything = match(matches.links, asked.passed(range(len(asked.all))))
    start = Start.of(Ground(matches.links, reference(matches.links), PlanOptions(), asked, everything), frozenset())
    if options is None:
        return start
    closed = matches.routes.verdict > start.likely.worst
    again = bounds(everything, closed, start.likely.worst, start.likely.at.objective, options)
    return evolve(start, proven=None, likely=evolve(start.likely, bounds=again))


def number_of(start: Start, name: str) -> int:
    """Number of the one question that a stream waits for."""
    (number,) = (number for number, one in enumerate(start.ground.asked.all) if one.sample.stream == name)
    return number


def test_a_bound_that_time_did_not_allow_removes_no_test(monkeypatch):
    with monkeypatch.context() as late:
        late.setattr("sivuvirta.prospects.bounds.relaxed", lambda *_: None)
        start = valued_from({"limits": [CADMIUM]}, PlanOptions())
    assert start.promise(frozenset({0})).at_most == math.inf
    values = valued(start, [frozenset({0})], 1, lambda _: None)
    assert [value.likely for value in values] == pytest.approx([VALUE])


def test_a_need_that_is_full_bounds_what_a_test_is_worth():
    """The road takes 400 t: 400 x 14 EUR."""
    found = orders(limits=[CADMIUM], quantities=[amount("streams", "slag", 1000), amount("needs", "road", 400)])
    assert only(found.tests).likely == pytest.approx(5600)


def test_nothing_missing_is_an_empty_list():
    found = orders()
    assert len(found) == 0
    assert list(found.to_frame("bundles").columns) == list(found.to_frame().columns)
    assert "0 tests" in repr(found)


def test_rows_say_what_is_ordered():
    row = orders(limits=[CADMIUM]).to_frame().iloc[0]
    assert (row["stream"], row["test"], row["name"], row["settles"], row["price"]) == ("slag", "metals", "Metals", "Cd", 160)
    assert row["value_likely"] == pytest.approx(VALUE)
    assert row["key"] == "metals:slag"


def test_matches_are_left_as_they_were():
    matches = matched(limits=[CADMIUM])
    before = matches.routes.verdict.copy()
    prospects.tests(matches, catalogue=CATALOGUE)
    assert (matches.routes.verdict == before).all()
    assert before.tolist() == [Verdict.UNKNOWN]
