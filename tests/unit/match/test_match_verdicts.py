"""One figure against one limit, through a whole region: every verdict and who decides it."""

from __future__ import annotations

import pytest

from match_rows import analysis, limit, matched, need, plant, route, stream, two_streams
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.match import why


def _verdict(rows, limits, **more):
    matches = matched(analyses=rows, limits=limits, **more)
    return Verdict(int(matches.routes.verdict[route(matches, "slag", "road")]))


@pytest.mark.parametrize(
    ("figure", "rule", "verdict"),
    [
        ({"low": 3, "high": 5, "grade": "B"}, {}, Verdict.PASS),
        ({"low": 3, "high": 5, "grade": "C"}, {}, Verdict.LIKELY),
        ({"low": 3, "high": 5, "grade": "A"}, {"verified": False}, Verdict.LIKELY),
        ({"low": 3, "high": 9, "grade": "C"}, {}, Verdict.UNKNOWN),
        ({"low": 3, "high": 9, "grade": "B"}, {}, Verdict.FAIL),
        ({"low": 9, "high": 12, "grade": "D"}, {}, Verdict.FAIL),
        ({"low": 9, "high": 12, "grade": "D"}, {"verified": False}, Verdict.FAIL),
    ],
)
def test_figure_against_an_upper_limit(figure, rule, verdict):
    assert _verdict([analysis("slag", "Cd", 4, **figure)], [limit("cd", "Cd", 8, **rule)]) == verdict


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        ({"low": 9, "high": 12, "grade": "A"}, Verdict.PASS),
        ({"low": 9, "high": 12, "grade": "D"}, Verdict.LIKELY),
        ({"low": 3, "high": 12, "grade": "D"}, Verdict.UNKNOWN),
        ({"low": 3, "high": 12, "grade": "A"}, Verdict.FAIL),
        ({"low": 3, "high": 5, "grade": "D"}, Verdict.FAIL),
    ],
)
def test_figure_against_a_lower_limit(figure, verdict):
    assert _verdict([analysis("slag", "Ca", 4, **figure)], [limit("ca", "Ca", 8, comparator="min")]) == verdict


def test_exactly_at_the_limit_is_within():
    assert _verdict([analysis("slag", "Cd", 8)], [limit("cd", "Cd", 8)]) == Verdict.PASS


def test_no_figure_is_unknown_and_says_which_limit():
    matches = matched(limits=[limit("cd", "Cd", 8)])
    at = route(matches, "slag", "road")
    assert (matches.routes.verdict[at], matches.routes.cause[at], matches.routes.limit[at]) == (Verdict.UNKNOWN, Cause.LIMIT, 0)
    assert matches.routes.grade[at] == Grade.D


def test_deciding_limit_carries_value_bound_and_grade():
    limits = [limit("cd", "Cd", 8), limit("cr", "Cr_total", 100, grade="B")]
    matches = matched(analyses=[analysis("slag", "Cd", 2), analysis("slag", "Cr_total", 300, grade="C")], limits=limits)
    at, routes = route(matches, "slag", "road"), matches.routes
    assert (routes.limit[at], routes.value[at], routes.bound[at], routes.grade[at]) == (1, 300, 100, Grade.C)


def test_of_failed_limits_a_verified_one_decides():
    limits = [limit("a_worse", "Cr_total", 1, verified=False), limit("b_verified", "Cr_total", 100)]
    matches = matched(analyses=[analysis("slag", "Cr_total", 300)], limits=limits)
    assert matches.routes.limit[0] == 1


def test_total_content_is_no_leaching():
    """Slag with 9 % of chromium is not failed on a road by its content, but asked for a leaching test."""
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none")]
    assert _verdict([analysis("slag", "Cr_total", 90_000)], limits) == Verdict.UNKNOWN
    assert _verdict([analysis("slag", "Cr_total", 90_000), analysis("slag", "leach_Cr", 0.1, kind="leaching")], limits) == Verdict.PASS


def test_limit_for_waste_does_not_hold_for_a_by_product():
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none", applies_to="waste")]
    assert _verdict([], limits) == Verdict.PASS
    rules = [
        {
            "rule": "r",
            "subject": "scope",
            "use_class": "road",
            "holds": True,
            "verified": True,
            "effect": "Ok",
            "jurisdiction": "FI",
            "grade": "B",
        }
    ]
    waste = {"streams": [stream("slag", "slag", legal_status="waste")], "rules": rules}
    assert _verdict([], limits, **waste) == Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({}, True),
        ({"jurisdiction": "EU"}, True),
        ({"jurisdiction": "SE"}, False),
        ({"use_class": "field"}, False),
        ({"use_class": None, "need": "road"}, True),
        ({"use_class": None, "need": "yard"}, False),
        ({"valid_from": "2025-01-01"}, False),
        ({"valid_from": "2024"}, True),
        ({"valid_from": "2024-06-30"}, True),
        ({"valid_to": "2024-06-30"}, False),
        ({"valid_to": "2024"}, True),
        ({"valid_to": "2023-12-31"}, False),
    ],
)
def test_limits_that_hold(rule, holds):
    needs = [need("road", use_class="road"), need("yard", use_class="yard")]
    found = _verdict([analysis("slag", "Cd", 9)], [limit("cd", "Cd", 8, **rule)], needs=needs)
    assert found == (Verdict.FAIL if holds else Verdict.PASS)


def test_a_limit_of_its_own_need_holds_whatever_the_jurisdiction():
    assert _verdict([analysis("slag", "Cd", 9)], [limit("cd", "Cd", 8, use_class=None, need="road", jurisdiction="SE")]) == Verdict.FAIL


BLEND = {"blending": True}


def _blend(slag, ash, limits, **more):
    """Verdicts of slag and ash that both go to the road."""
    rows = [analysis("slag", key, value) if not isinstance(value, dict) else analysis("slag", key, **value) for key, value in slag.items()]
    rows += [analysis("ash", key, value) if not isinstance(value, dict) else analysis("ash", key, **value) for key, value in ash.items()]
    matches = matched(**two_streams(analyses=rows, limits=limits, **more))
    return [Verdict(int(matches.routes.verdict[route(matches, key, "road")])) for key in ("slag", "ash")]


def test_a_cleaner_partner_lets_a_stream_in():
    assert _blend({"Cd": 16}, {"Cd": 4}, [limit("cd", "Cd", 8, **BLEND)]) == [Verdict.BLEND, Verdict.PASS]


def test_a_partner_at_the_limit_lets_nothing_in():
    assert _blend({"Cd": 16}, {"Cd": 8}, [limit("cd", "Cd", 8, **BLEND)]) == [Verdict.FAIL, Verdict.PASS]


@pytest.mark.parametrize("rule", [{"blending": False}, {"blending": True, "mixing": "none"}])
def test_no_blend_where_the_law_or_the_figure_forbids_it(rule):
    assert _blend({"Cd": 16}, {"Cd": 4}, [limit("cd", "Cd", 8, **rule)]) == [Verdict.FAIL, Verdict.PASS]


def test_a_blend_on_weak_evidence_is_likely():
    weak = {"value": 4, "grade": "C"}
    assert _blend({"Cd": 16}, {"Cd": weak}, [limit("cd", "Cd", 8, **BLEND)])[0] == Verdict.LIKELY
    assert _blend({"Cd": {**weak, "value": 16}}, {"Cd": 4}, [limit("cd", "Cd", 8, **BLEND)])[0] == Verdict.LIKELY
    assert _blend({"Cd": 16}, {"Cd": 4}, [limit("cd", "Cd", 8, verified=False, **BLEND)])[0] == Verdict.LIKELY


def test_a_partner_that_fails_elsewhere_is_none():
    limits = [limit("cd", "Cd", 8, **BLEND), limit("cr", "Cr_total", 100)]
    assert _blend({"Cd": 16, "Cr_total": 1}, {"Cd": 4, "Cr_total": 300}, limits) == [Verdict.FAIL, Verdict.FAIL]


def test_a_partner_with_an_open_question_leaves_it_open():
    streams = [stream("slag", "slag"), stream("ash", "ash", hazardous="unknown", legal_status="waste")]
    found = _blend({"Cd": 16}, {"Cd": 4}, [limit("cd", "Cd", 8, **BLEND)], streams=streams)
    assert found == [Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_a_hazardous_stream_enters_no_blend():
    streams = [stream("slag", "slag", hazardous="yes"), stream("ash", "ash")]
    needs = [need("road", use_class="road", hazardous_ok=True)]
    limits = [limit("cd", "Cd", 8, **BLEND)]
    assert _blend({"Cd": 16}, {"Cd": 4}, limits, streams=streams, needs=needs) == [Verdict.FAIL, Verdict.PASS]
    assert _blend({"Cd": 4}, {"Cd": 16}, limits, streams=streams, needs=needs) == [Verdict.PASS, Verdict.FAIL]


def test_two_that_break_different_limits_may_help_each_other():
    limits = [limit("cd", "Cd", 8, **BLEND), limit("cr", "Cr_total", 100, **BLEND)]
    assert _blend({"Cd": 10, "Cr_total": 20}, {"Cd": 1, "Cr_total": 120}, limits) == [Verdict.BLEND, Verdict.BLEND]


def test_two_that_break_different_limits_too_far_do_not():
    limits = [limit("cd", "Cd", 8, **BLEND), limit("cr", "Cr_total", 100, **BLEND)]
    assert _blend({"Cd": 80, "Cr_total": 1}, {"Cd": 1, "Cr_total": 1000}, limits) == [Verdict.FAIL, Verdict.FAIL]


def test_minima_are_blended_in_the_mirror():
    assert _blend({"Ca": 2}, {"Ca": 20}, [limit("ca", "Ca", 8, comparator="min", **BLEND)]) == [Verdict.BLEND, Verdict.PASS]


def test_no_detour_through_a_mixing_plant_dilutes():
    """Slag with 9 mg/kg in four parts of till would hold 1.8 mg/kg; the law looks at the slag alone."""
    matches = matched(analyses=[analysis("slag", "Cd", 9)], limits=[limit("cd", "Cd", 8)], **plant())
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == Verdict.FAIL
    assert matches.routes.value[route(matches, "slag", "road", "mixer")] == 9


def test_a_stated_recovery_cannot_clean_what_a_plant_merely_mixes():
    recovery = [{"technology": "mixing", "output": "mix", "component": "Cd", "value": 10, "grade": "A"}]
    given = {"analyses": [analysis("slag", "Cd", 9)], "limits": [limit("cd", "Cd", 8)], "recoveries": recovery}
    matches = matched(**given, **plant())
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == Verdict.FAIL
    matches = matched(**given, **plant(recovery=True))
    at = route(matches, "slag", "road", "mixer")
    assert (matches.routes.verdict[at], matches.routes.limit[at]) == (Verdict.PASS, -1)


def test_what_burns_off_leaves_metals_behind():
    """Half of the input leaves as gas, so what is left holds twice the cadmium."""
    rows = plant(mixes=False)
    rows["recipe_outputs"] = [
        {"technology": "mixing", "output": name, "slot": "feed", "makes": makes, "kind": kind, "yield": 0.5, "grade": "A"}
        for name, makes, kind in (("mix", "mix", "product"), ("smoke", "gas", "emission"))
    ]
    rows["recipe_inputs"] = rows["recipe_inputs"][:1]
    matches = matched(analyses=[analysis("slag", "Cd", 5)], limits=[limit("cd", "Cd", 8)], **rows)
    at = route(matches, "slag", "road", "mixer")
    assert (matches.routes.verdict[at], matches.routes.value[at]) == (Verdict.FAIL, 10)


def test_leaching_of_what_a_plant_makes_is_unknown_until_declared():
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none")]
    clean = [analysis("slag", "leach_Cr", 0.1, kind="leaching")]
    matches = matched(analyses=clean, limits=limits, **plant())
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == Verdict.UNKNOWN


def test_mixing_does_not_lift_a_leaching_limit_that_the_stream_fails():
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none")]
    dirty = [analysis("slag", "leach_Cr", 0.9, kind="leaching")]
    matches = matched(analyses=dirty, limits=limits, **plant())
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == Verdict.FAIL


def _waste(**technology):
    """Waste slag of 9 mg/kg cadmium, a waste limit of 8 that no blend may meet, and a plant that calls what it makes a product."""
    limits = [limit("cd", "Cd", 8, applies_to="waste")]
    rows = {"analyses": [analysis("slag", "Cd", 9)], "limits": limits, "streams": [stream("slag", "slag", legal_status="waste")]}
    return {**rows, **plant(**{"output_status": "product", "mixes": False, **technology})}


def _through(**rows):
    matches = matched(**rows)
    return Verdict(int(matches.routes.verdict[route(matches, "slag", "road", "mixer")]))


@pytest.mark.parametrize("mixes", [True, False])
@pytest.mark.parametrize("grade", ["A", "D"])
@pytest.mark.parametrize("status", ["product", "end_of_waste", "by_product", "waste", "unknown"])
def test_no_status_that_a_plant_claims_lifts_the_waste_limits_of_its_input(status, grade, mixes):
    assert _through(**_waste(output_status=status, grade=grade, mixes=mixes)) == Verdict.FAIL


def test_a_plant_that_recovers_leaves_the_waste_limits_of_its_input_behind():
    assert _through(**_waste(recovery=True)) == Verdict.PASS


def test_waste_that_meets_its_limits_goes_on_as_a_product():
    assert _through(**{**_waste(), "analyses": [analysis("slag", "Cd", 7)]}) == Verdict.PASS


def test_a_waste_limit_that_a_blend_may_meet_ends_with_the_waste_unless_the_plant_merely_mixes():
    open_ = {"limits": [limit("cd", "Cd", 8, applies_to="waste", blending=True)]}
    assert _through(**{**_waste(), **open_}) == Verdict.PASS
    assert _through(**{**_waste(mixes=True), **open_}) == Verdict.FAIL


def test_a_waste_limit_on_leaching_asks_for_a_test_of_what_the_plant_makes():
    leaching = {"limits": [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none", applies_to="waste")]}
    dirty = {"analyses": [analysis("slag", "leach_Cr", 0.9, kind="leaching")]}
    assert _through(**{**_waste(), **leaching, **dirty}) == Verdict.UNKNOWN
    assert _through(**{**_waste(mixes=True), **leaching, **dirty}) == Verdict.FAIL


def test_a_share_that_is_badly_known_does_not_excuse_an_input_that_fails():
    """The worse end exceeds the limit on grade A; a stated share of grade D on the way leaves that as it is."""
    recovery = [{"technology": "mixing", "output": "mix", "component": "Cd", "value": 100, "grade": "D"}]
    rows = {**_waste(), "analyses": [analysis("slag", "Cd", 9, low=7, high=9)], "recoveries": recovery}
    assert _through(**rows) == Verdict.FAIL


def test_the_limit_that_a_product_still_carries_says_whose_it_is():
    matches = matched(**_waste())
    text = why(matches, route(matches, "slag", "road", "mixer"))
    assert "limit cd, meant for waste, asks for at most 8 mg/kg" in text
