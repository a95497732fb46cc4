"""Reasons in words, checks, and tables for people."""

from __future__ import annotations

import gc
import weakref

import pytest

from match_rows import amount, analysis, limit, matched, need, plant, route, stream, two_streams
from sivuvirta import library
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.errors import UnknownNameError
from sivuvirta.match import best, checks, ranked, to_frame, why
from sivuvirta.match.explainer import explainer


def _why(start="slag", end="road", through=None, **changed):
    matches = matched(**changed)
    return why(matches, route(matches, start, end, through))


def _bill(*tests):
    """Price and time of tests of one sample by the catalogue: prices add up, the longest time counts."""
    table = library.catalogue()["tests"]
    rows = [table.index[test] for test in tests]
    price, price_low, price_high = (f"{sum(table[name][rows]):.0f}" for name in ("price", "price_low", "price_high"))
    lead, lead_low, lead_high = (f"{max(table[name][rows]):.0f}" for name in ("lead", "lead_low", "lead_high"))
    grade = max(table["grade"][rows])
    return f" (about {price} EUR, {price_low} to {price_high}; about {lead} working days, {lead_low} to {lead_high}; grade {grade})"


def test_a_pass_names_the_tightest_limit():
    limits = [limit("cd", "Cd", 8), limit("cr", "Cr_total", 1000)]
    assert _why(analyses=[analysis("slag", "Cd", 6), analysis("slag", "Cr_total", 10)], limits=limits) == (
        "Pass: nothing speaks against it; all 2 limits that hold are met. The tightest: Cadmium is 6 mg/kg (grade A, lab); "
        "limit cd asks for at most 8 mg/kg (Road law, 1 §, grade B), so 2 mg/kg (25 %) is to spare."
    )


def test_a_pass_without_limits_says_what_the_law_says():
    assert _why() == "Pass: nothing speaks against it, and no limit holds for this use. It is a by-product by its status (grade A)."


def test_a_fail_names_limit_value_gap_grades_and_the_rest():
    limits = [limit("cd", "Cd", 8), limit("cr", "Cr_total", 1000, verified=False)]
    figures = [analysis("slag", "Cd", 16, low=12, high=20, grade="B"), analysis("slag", "Cr_total", 90_000)]
    assert _why(analyses=figures, limits=limits) == (
        "Fail: cadmium is 12 to 20 mg/kg (grade B, lab); limit cd asks for at most 8 mg/kg (Road law, 1 §, grade B): "
        "4 mg/kg (50 %) too much even at its better end; no blend may be used to meet it. It also fails on limit cr."
    )


def test_an_unverified_limit_says_so_and_what_is_missing():
    text = _why(analyses=[analysis("slag", "Cd", 6)], limits=[limit("cd", "Cd", 8, verified=False)])
    assert text.startswith("Likely: cadmium is 6 mg/kg (grade A, lab); limit cd asks for at most 8 mg/kg")
    assert "this limit is unverified" in text
    assert "What is missing: a reading of limit cd in Road law, 1 §." in text


def test_missing_leaching_names_the_test_and_what_else_it_answers():
    limits = [limit(key, "leach_Cr", value, kind="leaching", mixing="none") for key, value in (("strict", 0.5), ("loose", 5))]
    assert _why(limits=limits) == (
        "Unknown: leached chromium is not known; limit loose asks for at most 5 mg/kg (Road law, 1 §, grade B). "
        f"What is missing: an L/S 10 leaching test{_bill('leaching_batch')}, which also answers 1 other limit."
    )


def test_a_reading_of_the_law_has_no_price():
    text = _why(analyses=[analysis("slag", "Cd", 6)], limits=[limit("cd", "Cd", 8, verified=False)])
    assert "EUR" not in text


def test_what_the_catalogue_does_not_sell_has_no_price():
    assert "a test of strength" in _why(limits=[limit("s", "strength", 30, kind="property", comparator="min")])
    assert "EUR" not in _why(limits=[limit("s", "strength", 30, kind="property", comparator="min")])


def test_what_else_is_missing_is_told():
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none")]
    text = _why(limits=limits, streams=[stream("slag", "slag", legal_status="waste", hazardous="mirror")])
    assert text.endswith("Also missing: an environmental permit or a by-product decision and a hazard classification.")


def test_a_blend_names_partner_and_share():
    given = two_streams(analyses=[analysis("slag", "Cd", 16), analysis("ash", "Cd", 4)], limits=[limit("cd", "Cd", 8, blending=True)])
    assert _why(**given) == (
        "Blend: cadmium is 16 mg/kg (grade A, lab); limit cd asks for at most 8 mg/kg (Road law, 1 §, grade B): 8 mg/kg (100 %) too much; "
        "a blend may meet it: with Ash, this may be up to 33.3 % of the dry mix."
    )


def test_a_minimum_is_told_the_right_way_round():
    text = _why(analyses=[analysis("slag", "Ca", 6, low=5, high=7)], limits=[limit("ca", "Ca", 8, comparator="min")])
    assert "calcium is 5 to 7 mg/kg (grade A, lab); limit ca asks for at least 8 mg/kg" in text
    assert "1 mg/kg (12.5 %) short even at its better end" in text


def test_the_law_in_words():
    assert _why(streams=[stream("slag", "slag", legal_status="waste")]) == (
        "Unknown: it is waste, and no rule in the library covers this use of it. "
        "What is missing: an environmental permit or a by-product decision."
    )
    rule = {"rule": "roads.slag", "regulation": "Road law", "subject": "scope", "use_class": "road", "holds": False, "grade": "B"}
    text = _why(
        streams=[stream("slag", "slag", legal_status="waste")], rules=[{**rule, "jurisdiction": "FI", "effect": "Slag is not listed"}]
    )
    assert "the rule on this use does not cover it: Slag is not listed (Road law, rule roads.slag, grade B)" in text


def test_hazard_in_words():
    assert _why(streams=[stream("slag", "slag", hazardous="yes")]) == "Fail: it is hazardous, and “Road” may not take hazardous waste."


def test_a_hazardous_stream_is_told_so_where_it_may_go():
    given = {"needs": [need("road", use_class="road", hazardous_ok=True)]}
    text = _why(streams=[stream("slag", "slag", legal_status="waste", hazardous="yes", low_code="11 01 09*")], **given)
    assert text.startswith(
        "Unknown: it is waste, and no rule in the library covers this use of it. It is hazardous (11 01 09*), which “Road”"
    )
    assert "hazardous" not in _why(streams=[stream("slag", "slag", legal_status="waste")], **given)


def test_conditions_of_the_receiver_are_told_once():
    acceptances = [{"need": "road", "material": "slag", "ratio": 1, "grade": "B", "conditions": "Sieved at 0/32"}]
    assert _why(acceptances=acceptances).endswith("It is a by-product by its status (grade A). Conditions: sieved at 0/32.")
    guessed = _why(acceptances=[{**acceptances[0], "grade": "D"}])
    assert guessed.count("sieved at 0/32") == 1


def test_what_a_plant_makes_in_words():
    limits = [limit("s", "strength", 30, kind="property", comparator="min", mixing="none")]
    text = _why(through="mixer", limits=limits, **plant())
    assert text == (
        "Unknown: strength of what “Mixer” makes of it is not known; limit s asks for at least 30 MPa (Road law, 1 §, grade B). "
        "What is missing: a test of strength of what “Mixer” makes. It makes up 20 % of the mix as sent."
    )


def test_an_assumed_acceptance_in_words():
    acceptances = [{"need": "road", "material": "slag", "ratio": 1, "grade": "D", "conditions": "Sieved at 0/32"}]
    assert _why(acceptances=acceptances) == (
        "Likely: “Road” takes slag, which is an assumption (grade D); conditions: sieved at 0/32. What is missing: the receiver's word."
    )


def test_checks_are_complete_and_the_decider_is_first():
    limits = [limit("cd", "Cd", 8), limit("cr", "Cr_total", 1000)]
    given = {"analyses": [analysis("slag", "Cd", 6), analysis("slag", "Cr_total", 90_000)], "limits": limits}
    matches = matched(**given, needs=[need("road", use_class="road", moisture_max=5, grain_max=9, season="5-9")])
    found = checks(matches, 0)
    assert [check.subject for check in found] == ["limit", "grain", "limit", "law", "hazard", "class", "moisture", "season"]
    first = found[0]
    assert (first.limit, first.verdict, first.value, first.bound, first.gap) == ("cr", Verdict.FAIL, 90_000, 1000, 89_000)
    assert (first.unit, first.gap_share, first.grade, first.limit_grade, first.verified) == ("mg/kg", 8900, Grade.A, Grade.B, True)
    assert first.sources == ("lab", "road_law")


def test_every_open_check_says_what_is_missing():
    limits = [
        limit("cd", "Cd", 8),
        limit("cr", "leach_Cr", 1, kind="leaching", mixing="none"),
        limit("s", "strength", 1, kind="property", mixing="none"),
    ]
    matches = matched(
        limits=limits,
        streams=[stream("slag", "slag", legal_status="unknown", hazardous="unknown", moisture=None, season="1-4")],
        needs=[need("road", use_class="road", moisture_max=5, grain_max=9, season="5-9")],
    )
    open_ = [check for check in checks(matches, 0) if check.verdict in (Verdict.LIKELY, Verdict.UNKNOWN)]
    assert len(open_) == 8
    assert all(check.missing for check in open_)


def test_a_plant_says_what_else_it_takes():
    matches = matched(**plant())
    recipe = next(check for check in checks(matches, route(matches, "slag", "road", "mixer")) if check.subject == "recipe")
    assert (
        recipe.text
        == "With each unit of it “Mixer” takes 4 units of till, which may be bought (Till); it makes up 20 % of the mix as sent."
    )


def test_frame_is_ranked_by_verdict_then_gain():
    given = two_streams(analyses=[analysis("slag", "Cd", 9), analysis("ash", "Cd", 1)], limits=[limit("cd", "Cd", 8)])
    frame = to_frame(matched(**given))
    assert frame["stream"].tolist() == ["ash", "slag"]
    assert frame["verdict"].tolist() == ["pass", "fail"]
    assert frame.loc[frame.index[1], ["limit", "value", "bound", "plant"]].tolist() == ["cd", 9.0, 8.0, None]


def test_frame_can_be_narrowed():
    matches = matched(**two_streams())
    assert to_frame(matches, stream="ash")["stream"].tolist() == ["ash"]
    assert len(to_frame(matches, need="road")) == 2
    with pytest.raises(UnknownNameError, match=r"There is no stream 'mud'. There are: ash, slag."):
        ranked(matches, stream="mud")


def test_best_leaves_out_what_fails_or_loses():
    given = two_streams(analyses=[analysis("slag", "Cd", 9), analysis("ash", "Cd", 1)], limits=[limit("cd", "Cd", 8)])
    assert matched(**given).routes.stream[best(matched(**given))].tolist() == [1]
    dear = [{"material": "slag", "need": "road", "ratio": 0, "grade": "A"}]
    assert len(best(matched(acceptances=dear, fates=[]))) == 0


def test_routes_are_judged_once_for_all_words_and_forgotten_with_their_matches():
    matches = matched(**two_streams(analyses=[analysis("slag", "Cd", 6)], limits=[limit("cd", "Cd", 8)]))
    known = explainer(matches)
    assert why(matches, 0).startswith("Pass:")
    assert explainer(matches) is known
    assert known.judged.verdict.tolist() == matches.routes.verdict.tolist()
    assert explainer(matched(**two_streams())) is not known
    ended = weakref.ref(matches)
    del matches
    gc.collect()
    assert ended() is None


def test_a_blend_among_several_needs_finds_its_own_partner():
    given = two_streams(analyses=[analysis("slag", "Cd", 16), analysis("ash", "Cd", 4)], limits=[limit("cd", "Cd", 8, blending=True)])
    given["needs"] = [need("yard", use_class="yard"), need("road", use_class="road")]
    given["acceptances"] = [
        {"need": name, "material": material, "ratio": 1, "grade": "A"} for name in ("yard", "road") for material in ("slag", "ash")
    ]
    given["quantities"] = [*given["quantities"], amount("needs", "yard", 10)]
    matches = matched(**given)
    texts = {end: why(matches, route(matches, "slag", end)) for end in ("road", "yard")}
    assert "a blend may meet it: with Ash, this may be up to 33.3 % of the dry mix" in texts["road"]
    assert texts["yard"].startswith("Pass: nothing speaks against it, and no limit holds for this use.")
