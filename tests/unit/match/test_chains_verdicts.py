"""The verdict of a route of several steps is the worst of its steps, whichever plant it is at."""

from __future__ import annotations

import pytest

from chain_rows import chained, described, several, step
from match_rows import amount, analysis, limit, matched, need, route, stream, tables
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.match import checks

OFF_SEASON = {"streams": [stream("slag", "slag", season="1-3")], "needs": [need("road", use_class="road", season="6-8")]}


def judged(first=(), second=(), **changed):
    """Verdict and cause of the route through a dryer and a press."""
    matches = _matches(first, second, **changed)
    at = described(matches)["slag", "road", ("dryer", "press")]
    return Verdict(int(matches.chains.verdict[at])), Cause(int(matches.chains.cause[at]))


def _matches(first=(), second=(), edit=None, **changed):
    rows = chained(step("dryer", "slag", "dry", **dict(first)), step("press", "dry", "block", **dict(second)))
    for name, technology, columns in edit or ():
        for row in rows[name]:
            if row["technology"] == technology:
                row.update(columns)
    return several(**{**rows, **changed})


def test_nothing_speaks_against_it():
    assert judged() == (Verdict.PASS, Cause.NOTHING)


@pytest.mark.parametrize("plant", ["dryer", "press"])
def test_a_recipe_that_is_an_assumption_is_likely_at_either_plant(plant):
    assert judged(edit=[("recipe_inputs", plant, {"grade": "D"})]) == (Verdict.LIKELY, Cause.CLASS)


def test_a_first_plant_may_not_take_hazardous_waste():
    assert judged(streams=[stream("slag", "slag", hazardous="yes")]) == (Verdict.FAIL, Cause.HAZARD)


def test_what_is_hazardous_stays_so_at_the_next_plant():
    """The dryer may treat it, and calls what it makes a by-product; the press may not take what was never rid of its hazard."""
    danger = [stream("slag", "slag", hazardous="yes")]
    assert judged(first={"hazardous_ok": True}, streams=danger) == (Verdict.FAIL, Cause.HAZARD)
    assert judged(first={"hazardous_ok": True}, second={"hazardous_ok": True}, streams=danger) == (Verdict.PASS, Cause.NOTHING)


def test_after_a_plant_that_takes_the_hazard_out_it_is_open():
    """A by-product has no hazard as a waste; waste waits for a classification."""
    danger = [stream("slag", "slag", hazardous="yes")]
    treated = {"hazardous_ok": True, "recovery": True}
    assert judged(first=treated, streams=danger) == (Verdict.PASS, Cause.NOTHING)
    assert judged(first={**treated, "output_status": "waste"}, streams=danger) == (Verdict.UNKNOWN, Cause.HAZARD)


def test_waste_that_the_last_plant_makes_asks_for_a_permit_and_what_the_first_makes_does_not():
    assert judged(second={"output_status": "waste"}) == (Verdict.UNKNOWN, Cause.LEGAL)
    assert judged(first={"output_status": "waste"}) == (Verdict.PASS, Cause.NOTHING)


@pytest.mark.parametrize(("moisture", "verdict"), [(30, Verdict.FAIL), (10, Verdict.PASS), (None, Verdict.LIKELY)])
def test_what_the_dryer_makes_must_be_dry_enough_for_the_press(moisture, verdict):
    edit = [("recipe_inputs", "press", {"moisture_max": 20}), ("recipe_outputs", "dryer", {"moisture": moisture})]
    found, cause = judged(edit=edit)
    assert found == verdict
    assert cause == (Cause.NOTHING if verdict == Verdict.PASS else Cause.MOISTURE)


def test_what_the_press_makes_must_be_as_fine_as_the_road_asks():
    assert judged(needs=[need("road", use_class="road", grain_max=10)]) == (Verdict.LIKELY, Cause.GRAIN)


def test_a_permit_that_lists_codes_lets_in_those_only():
    permits = [{"permit": "narrow", "low_codes": ("10 02 01",), "grade": "A"}]
    narrow = {"plant": {"permit": "narrow"}}
    waste = {"legal_status": "waste", "hazardous": "no"}
    other = [stream("slag", "slag", low_code="10 02 02", **waste)]
    assert judged(first=narrow, permits=permits, streams=other) == (Verdict.UNKNOWN, Cause.LEGAL)
    assert judged(first=narrow, permits=permits, streams=[stream("slag", "slag", low_code="10 02 01", **waste)])[0] == Verdict.PASS


def test_waste_without_a_code_waits_at_a_plant_whose_permit_lists_codes():
    """The slag at the dryer; at the press what the dryer makes, which has no code yet."""
    permits = [{"permit": "narrow", "low_codes": ("10 02 01",), "grade": "A"}]
    narrow, waste = {"plant": {"permit": "narrow"}}, [stream("slag", "slag", legal_status="waste", hazardous="no")]
    first = _matches(first=narrow, permits=permits, streams=waste)
    second = _matches(first={"output_status": "waste"}, second=narrow, permits=permits, streams=waste)
    said = []
    for matches in (first, second):
        assert (matches.chains.verdict[0], matches.chains.cause[0]) == (Verdict.UNKNOWN, Cause.LEGAL)
        check = next(each for each in checks(matches, len(matches.routes)) if each.verdict == Verdict.UNKNOWN)
        assert check.text.endswith("its permit lists codes, and its code of the list of waste is not stated.")
        said.append(check.missing)
    assert said == ["the code of the stream", "the code of what enters"]
    assert judged(second=narrow, permits=permits, streams=waste)[0] == Verdict.PASS


def test_waste_on_its_way_to_a_plant_across_the_border_waits_for_a_notification():
    """The press is in Sweden. What the dryer makes as a product goes there freely."""
    sites = [{**row, "country": "SE" if row["site"] == "town" else "FI"} for row in tables()["sites"]]
    abroad = {"second": {"site": "town"}, "sites": sites, "needs": [need("road", use_class="road", jurisdiction="SE")]}
    assert judged(first={"output_status": "waste"}, **abroad) == (Verdict.UNKNOWN, Cause.LEGAL)
    assert judged(first={"output_status": "product"}, **abroad) == (Verdict.PASS, Cause.NOTHING)


def test_what_comes_in_winter_and_is_used_in_summer_must_be_stored():
    assert judged(**OFF_SEASON) == (Verdict.LIKELY, Cause.SEASON)


@pytest.mark.parametrize("where", ["first", "second"])
def test_a_plant_that_stores_settles_it(where):
    assert judged(**{where: {"stores": True}}, **OFF_SEASON) == (Verdict.PASS, Cause.NOTHING)


def test_one_plant_that_stores_settles_it_too():
    rows = chained(step("shed", "slag", "block", stores=True), **OFF_SEASON)
    matches = matched(**rows)
    assert matches.routes.verdict[route(matches, "slag", "road", "shed")] == Verdict.PASS


STORE = {"stores": True, "output_status": "by_product", "grade": "A"}


@pytest.mark.parametrize(
    ("rows", "verdict", "cause"),
    [
        ({"streams": [stream("slag", "slag", legal_status="waste")]}, Verdict.UNKNOWN, Cause.LEGAL),
        ({"streams": [stream("slag", "slag", grade="D")]}, Verdict.LIKELY, Cause.LEGAL),
        ({"streams": [stream("slag", "slag", hazardous="yes")]}, Verdict.FAIL, Cause.HAZARD),
        (
            {
                "streams": [stream("slag", "slag", legal_status="product")],
                "analyses": [analysis("slag", "Cd", 10)],
                "limits": [limit("cd", "Cd", 8, applies_to="by_product")],
            },
            Verdict.PASS,
            Cause.NOTHING,
        ),
        (
            {"streams": [stream("slag", "slag", moisture=30)], "needs": [need("road", use_class="road", moisture_max=20)]},
            Verdict.FAIL,
            Cause.MOISTURE,
        ),
        (
            {"streams": [stream("slag", "slag", grain_max=30)], "needs": [need("road", use_class="road", grain_max=20)]},
            Verdict.FAIL,
            Cause.GRAIN,
        ),
        (
            {
                "streams": [stream("slag", "slag", legal_status="waste", low_code="10 02 02")],
                "permits": [{"permit": "licence", "site": "town", "low_codes": ("10 02 02",)}],
            },
            Verdict.PASS,
            Cause.NOTHING,
        ),
    ],
)
def test_what_one_plant_stored_is_what_came(rows, verdict, cause):
    """Status, hazard, code, moisture and grain are those of the slag, through one store as through two."""
    store = {**STORE, "hazardous_ok": True}
    one = matched(**chained(step("shed", "slag", "block", **store), **rows))
    at = route(one, "slag", "road", "shed")
    assert (one.routes.verdict[at], one.routes.cause[at]) == (verdict, cause)
    two = several(**chained(step("shed", "slag", "dry", **store), step("yard", "dry", "block", **store), **rows))
    assert (two.chains.verdict[0], two.chains.cause[0]) == (verdict, cause)
    assert checks(one, at)[0].text.startswith("What “Shed” makes") is False


def test_what_was_stored_is_what_came():
    """A leaching test of the slag still speaks for it, and so does its status; of what the press makes nothing is known."""
    rows = {
        "analyses": [analysis("slag", "leach_Cr", 0.2, kind="leaching")],
        "limits": [limit("leach", "leach_Cr", 0.5, kind="leaching", mixing="none")],
        "streams": [stream("slag", "slag", legal_status="product")],
    }
    stored = {"stores": True, "output_status": "waste", "grade": "D"}
    sheds = several(**chained(step("shed", "slag", "dry", **stored), step("yard", "dry", "block", **stored), **rows))
    assert sheds.chains.verdict.tolist() == [Verdict.PASS]
    pressed = several(**chained(step("shed", "slag", "dry", **stored), step("press", "dry", "block"), **rows))
    assert (pressed.chains.verdict[0], pressed.chains.cause[0]) == (Verdict.UNKNOWN, Cause.LIMIT)


def test_a_leaching_limit_that_was_failed_before_the_till_is_failed_after_it_and_shows_what_was_tested():
    rows = {
        "analyses": [analysis("slag", "leach_Cr", 0.9, kind="leaching")],
        "limits": [limit("leach", "leach_Cr", 0.5, kind="leaching", mixing="none")],
    }
    mixed = {"mixes": True, "till": 19.0}
    matches = _matches(first=mixed, second=mixed, **rows)
    assert (matches.chains.verdict[0], matches.chains.cause[0]) == (Verdict.FAIL, Cause.LIMIT)
    assert (matches.chains.value[0], matches.chains.bound[0], matches.chains.grade[0]) == (0.9, 0.5, Grade.B)


def test_a_limit_for_waste_stays_with_it_whatever_the_plants_on_the_way_claim():
    """10 mg/kg against 8 for waste: neither the dryer's nor the press's by-product rids it of that."""
    rows = {
        "analyses": [analysis("slag", "Cd", 10)],
        "limits": [limit("waste_cd", "Cd", 8, applies_to="waste")],
        "streams": [stream("slag", "slag", legal_status="waste")],
    }
    assert judged(**rows) == (Verdict.FAIL, Cause.LIMIT)
    kept = [{"technology": "press", "output": "made", "component": "Cd", "value": 100, "grade": "A"}]
    assert judged(second={"recovery": True}, recoveries=kept, **rows) == (Verdict.PASS, Cause.NOTHING)


def test_the_better_verdict_goes_before_the_better_gain():
    """Two dryers: the cheap one only dries, and the press may not take what the mill makes of that; the dear one takes the hazard out."""
    plants = (
        step("cheap", "slag", "dry", hazardous_ok=True),
        step("dear", "slag", "dry", hazardous_ok=True, recovery=True, variable_opex=5),
        step("mill", "dry", "mix", hazardous_ok=True),
        step("press", "mix", "block"),
    )
    rows = chained(*plants, streams=[stream("slag", "slag", hazardous="yes")])
    for count in (1, 2):
        matches = several(3, count, **rows)
        assert described(matches)["slag", "road", ("dear", "mill", "press")] == 0
        assert matches.chains.verdict[0] == Verdict.PASS
        assert matches.chains.rank.tolist() == list(range(count))


def test_a_label_is_not_beaten_by_one_that_has_been_where_the_way_leads():
    """The kiln makes sinter of scrap, and dry slag of slag; the mill makes scrap of dry slag.

    From slag the kiln's dry slag is cheaper than the dryer's, but only by way of the dryer is the kiln still free for the scrap.
    """
    rows = chained(
        step("dryer", "slag", "dry", variable_opex=3), step("mill", "dry", "scrap"), step("kiln", "slag", "dry"), ends=("sinter",)
    )
    rows["materials"] = [*rows["materials"], {"material": "scrap", "carrier": "solid", "unit": "t", "name_en": "Scrap"}]
    rows["recipe_inputs"].append({**rows["recipe_inputs"][2], "slot": "scrap", "material": "scrap"})
    rows["recipe_outputs"].append({**rows["recipe_outputs"][2], "slot": "scrap", "output": "sinter", "makes": "sinter"})
    rows["materials"] = list({row["material"]: row for row in rows["materials"]}.values())
    for count in (1, 2):
        assert set(described(several(3, count, **rows))) == {("slag", "road", ("dryer", "mill", "kiln"))}


def test_the_best_of_each_need_and_the_next_best_through_other_plants():
    """Three dryers at 1, 2 and 4 EUR, two presses at 1 and 5: 1 + 1, then 2 + 1."""
    dryers = [step(f"d{cost}", "slag", "dry", variable_opex=cost) for cost in (1, 2, 4)]
    presses = [step(f"p{cost}", "dry", "block", variable_opex=cost) for cost in (1, 5)]
    matches = several(**chained(*dryers, *presses))
    assert described(matches) == {("slag", "road", ("d1", "p1")): 0, ("slag", "road", ("d2", "p1")): 1}
    assert matches.chains.gain.tolist() == pytest.approx([12 - 2 - 2 + 4, 12 - 2 - 3 + 4])
    assert matches.chains.km.tolist() == [10, 10]
    more = several(2, 10, **chained(*dryers, *presses))
    assert len(more.chains) == 6
    assert more.chains.rank.tolist() == [0, 1, 2, 3, 4, 5]


def test_each_need_has_its_own():
    rows = chained(step("dryer", "slag", "dry"), step("press", "dry", "block"), step("kiln", "dry", "sinter"))
    rows["needs"] = [need("road", use_class="road"), need("yard", use_class="yard")]
    accepted = [("road", "block"), ("yard", "sinter")]
    rows["acceptances"] = [{"need": key, "material": material, "ratio": 1, "grade": "A"} for key, material in accepted]
    rows["quantities"] = [amount("streams", "slag", 1000), amount("needs", "road", 500), amount("needs", "yard", 500)]
    assert set(described(several(**rows))) == {("slag", "road", ("dryer", "press")), ("slag", "yard", ("dryer", "kiln"))}
