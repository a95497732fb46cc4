"""Law, hazard, fit: every check that is no limit."""

from __future__ import annotations

import pytest

from match_rows import amount, made, matched, need, plant, price, route, stream, tables
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.links import build
from sivuvirta.match.grounds import grounds
from sivuvirta.match.legal import Ground, law
from sivuvirta.match.ways import ways


def _judged(**changed):
    matches = matched(**changed)
    at = route(matches, "slag", "road")
    return Verdict(int(matches.routes.verdict[at])), Cause(int(matches.routes.cause[at]))


def _ground(**changed):
    links = build(made(**changed))
    known = grounds(links)
    return Ground(int(law(links, known.streams, known.needs, ways(links)).ground[0]))


def _slag(**more):
    return {"streams": [stream("slag", "slag", **more)]}


def _rule(subject="scope", **more):
    row = {
        "rule": "r",
        "regulation": "Road law",
        "use_class": "road",
        "jurisdiction": "FI",
        "holds": True,
        "verified": True,
        "effect": "It may",
    }
    return {"subject": subject, "grade": "B", "source": "road_law", **row, **more}


@pytest.mark.parametrize("status", ["product", "by_product", "end_of_waste"])
def test_what_is_no_waste_may_be_used(status):
    assert _judged(**_slag(legal_status=status)) == (Verdict.PASS, Cause.NOTHING)


def test_an_assumed_status_is_likely():
    assert _judged(**_slag(grade="C")) == (Verdict.PASS, Cause.NOTHING)
    verdict, cause = _judged(**_slag(grade="D"))
    assert (verdict, cause in (Cause.LEGAL, Cause.HAZARD)) == (Verdict.LIKELY, True)


def test_a_status_has_a_grade_of_its_own():
    assert _judged(**_slag(grade="D", status_grade="B")) == (Verdict.PASS, Cause.NOTHING)
    verdict, cause = _judged(**_slag(grade="A", status_grade="D"))
    assert (verdict, cause in (Cause.LEGAL, Cause.HAZARD)) == (Verdict.LIKELY, True)


@pytest.mark.parametrize("status", ["waste", "unknown"])
def test_waste_without_a_rule_needs_a_permit(status):
    assert _judged(**_slag(legal_status=status)) == (Verdict.UNKNOWN, Cause.LEGAL)
    assert _ground(**_slag(legal_status=status)) == Ground.NO_RULE


def test_waste_in_the_scope_of_a_rule_may_be_used_if_its_limits_are_met():
    assert _judged(**_slag(legal_status="waste"), rules=[_rule()]) == (Verdict.PASS, Cause.NOTHING)


def test_a_rule_that_was_not_read_is_likely():
    assert _judged(**_slag(legal_status="waste"), rules=[_rule(verified=False)]) == (Verdict.LIKELY, Cause.LEGAL)


def test_waste_out_of_scope_needs_a_permit():
    assert _judged(**_slag(legal_status="waste"), rules=[_rule(holds=False)]) == (Verdict.UNKNOWN, Cause.LEGAL)


@pytest.mark.parametrize(
    ("rule", "ground"),
    [
        ({"material": "slag"}, Ground.IN_SCOPE),
        ({"material": "ash"}, Ground.NO_RULE),
        ({"use_class": "field"}, Ground.NO_RULE),
        ({"jurisdiction": "SE"}, Ground.NO_RULE),
        ({"jurisdiction": "EU"}, Ground.IN_SCOPE),
        ({"valid_to": "2020-01-01"}, Ground.NO_RULE),
    ],
)
def test_which_rule_speaks(rule, ground):
    assert _ground(**_slag(legal_status="waste"), rules=[_rule(**rule)]) == ground


def test_the_closest_rule_speaks():
    rules = [_rule(material="slag"), _rule(rule="closer", material="slag.fines", holds=False)]
    fines = {"streams": [stream("slag", "slag.fines", legal_status="waste")]}
    assert _ground(**fines, rules=rules) == Ground.OUT_OF_SCOPE
    assert _ground(**_slag(legal_status="waste"), rules=rules) == Ground.IN_SCOPE


def test_a_zone_excludes():
    rules = [_rule(), _rule("exclusion", rule="x", zone_kind="groundwater")]
    zones = [{"zone": "spring", "name": "Spring", "kind": "groundwater", "place": "p_town"}]
    town = [*tables()["sites"][:1], {**tables()["sites"][1], "zones": ("spring",)}]
    assert _ground(**_slag(legal_status="waste"), rules=rules, zones=zones, sites=town) == Ground.EXCLUDED
    assert _ground(**_slag(legal_status="waste"), rules=rules, zones=zones) == Ground.IN_SCOPE


def test_a_ruling_on_the_material_makes_an_open_status_likely():
    rules = [_rule("status", use_class=None, material="slag")]
    assert _judged(**_slag(legal_status="unknown"), rules=rules) == (Verdict.LIKELY, Cause.LEGAL)
    assert _ground(**_slag(legal_status="waste"), rules=rules) == Ground.NO_RULE


def test_a_border_asks_for_a_notification_but_for_a_product():
    abroad = {"needs": [need("road", use_class="road", jurisdiction="SE")]}
    assert _judged(**_slag(legal_status="by_product"), **abroad) == (Verdict.UNKNOWN, Cause.LEGAL)
    assert _ground(**_slag(legal_status="by_product"), **abroad) == Ground.BORDER
    assert _judged(**_slag(legal_status="product"), **abroad) == (Verdict.PASS, Cause.NOTHING)


def test_waste_law_does_not_reach_heat():
    changed = {
        "streams": [stream("slag", "heat", legal_status="unknown", hazardous="unknown", temperature=60)],
        "needs": [need("road", site="works", material="heat", product="warmth", temperature_min=50)],
        "acceptances": [{"need": "road", "material": "heat", "ratio": 1, "grade": "A"}],
        "products": [{"product": "warmth", "name": "Warmth", "material": "heat", "unit": "MWh"}],
        "prices": [price("warmth", 40)],
    }
    assert _judged(**changed) == (Verdict.PASS, Cause.NOTHING)
    colder = {**changed, "streams": [{**changed["streams"][0], "temperature": 40}]}
    assert _judged(**colder) == (Verdict.FAIL, Cause.TEMPERATURE)
    unsaid = {**changed, "streams": [{**changed["streams"][0], "temperature": None}]}
    assert _judged(**unsaid) == (Verdict.UNKNOWN, Cause.TEMPERATURE)


def test_hazardous_streams_go_only_where_they_may():
    assert _judged(**_slag(hazardous="yes")) == (Verdict.FAIL, Cause.HAZARD)
    assert _judged(**_slag(hazardous="yes"), needs=[need("road", hazardous_ok=True)]) == (Verdict.PASS, Cause.NOTHING)


def test_an_open_hazard_of_waste_is_unknown():
    given = {"rules": [_rule()]}
    assert _judged(**_slag(hazardous="mirror", legal_status="waste"), **given) == (Verdict.UNKNOWN, Cause.HAZARD)
    assert _judged(**_slag(hazardous="unknown", legal_status="waste"), **given) == (Verdict.UNKNOWN, Cause.HAZARD)
    assert _judged(**_slag(hazardous="unknown", legal_status="by_product"), **given) == (Verdict.PASS, Cause.NOTHING)


@pytest.mark.parametrize(
    ("code", "listed", "entry", "verdict"),
    [
        ("10 02 07*", True, "absolute", Verdict.FAIL),
        ("10 02 02", False, "absolute_nonhazardous", Verdict.PASS),
        ("10 02 08", False, "mirror", Verdict.UNKNOWN),
    ],
)
def test_the_code_settles_an_open_hazard(code, listed, entry, verdict):
    codes = [{"low_code": code.replace("*", ""), "hazardous": listed, "entry": entry, "name_en": "Waste"}]
    given = _slag(hazardous="unknown", legal_status="waste", low_code=code)
    assert _judged(**given, rules=[_rule()], low_codes=codes)[0] == verdict


@pytest.mark.parametrize(
    ("technology", "status", "verdict"),
    [
        ({"mixes": False}, "candidate", Verdict.FAIL),
        ({"mixes": False, "hazardous_ok": True}, "candidate", Verdict.LIKELY),
        ({"mixes": False, "hazardous_ok": True}, "existing", Verdict.PASS),
        ({"mixes": True, "hazardous_ok": True}, "existing", Verdict.FAIL),
        ({"mixes": True, "hazardous_ok": True, "recovery": True}, "existing", Verdict.PASS),
    ],
)
def test_hazardous_streams_go_only_to_plants_that_may_treat_them(technology, status, verdict):
    rows = plant(**technology)
    rows["plants"] = [{**rows["plants"][0], "status": status, "capacity": 1000}]
    matches = matched(**_slag(hazardous="yes"), **rows)
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == verdict


@pytest.mark.parametrize(
    ("status", "grade", "verdict"),
    [
        ("product", "B", Verdict.PASS),
        ("by_product", "D", Verdict.LIKELY),
        ("unknown", "B", Verdict.UNKNOWN),
        ("waste", "B", Verdict.UNKNOWN),
    ],
)
def test_what_a_plant_makes_has_the_status_its_technology_gives(status, grade, verdict):
    matches = matched(**plant(output_status=status, grade=grade))
    assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == verdict


def test_a_permit_that_lists_codes_lets_in_those_alone():
    rows = plant()
    rows["plants"] = [{**rows["plants"][0], "permit": "permit"}]
    for codes, verdict in ((("10 08 09",), Verdict.PASS), (("10 02 02",), Verdict.UNKNOWN), (None, Verdict.PASS)):
        permits = [{"permit": "permit", "low_codes": codes}]
        matches = matched(**_slag(legal_status="waste", low_code="10 08 09"), permits=permits, **rows)
        assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == verdict


@pytest.mark.parametrize(
    ("wet", "verdict"),
    [
        ({"moisture": 20}, Verdict.PASS),
        ({"moisture": 40}, Verdict.FAIL),
        ({"moisture": 20, "moisture_low": 10, "moisture_high": 40}, Verdict.FAIL),
        ({"moisture": 20, "moisture_low": 10, "moisture_high": 40, "grade": "C"}, Verdict.UNKNOWN),
        ({"moisture": 20, "grade": "C"}, Verdict.LIKELY),
        ({"moisture": None}, Verdict.UNKNOWN),
    ],
)
def test_moisture(wet, verdict):
    assert _judged(**_slag(**wet), needs=[need("road", moisture_max=30)])[0] == verdict


def test_moisture_and_grain_of_a_slot():
    rows = plant(mixes=False)
    for limits, verdict in (
        ({"moisture_max": 30, "grain_max": 10}, Verdict.PASS),
        ({"moisture_max": 10}, Verdict.FAIL),
        ({"grain_max": 1}, Verdict.FAIL),
    ):
        rows["recipe_inputs"] = [{**row, **limits} if row["slot"] == "feed" else row for row in rows["recipe_inputs"]]
        matches = matched(**_slag(moisture=20, grain_max=5), **rows)
        assert matches.routes.verdict[route(matches, "slag", "road", "mixer")] == verdict


def test_a_plant_must_promise_the_grain_of_what_it_makes():
    matches = matched(needs=[need("road", grain_max=4)], **plant())
    at = route(matches, "slag", "road", "mixer")
    assert (matches.routes.verdict[at], matches.routes.cause[at]) == (Verdict.LIKELY, Cause.GRAIN)


@pytest.mark.parametrize(("grain", "verdict"), [(4, Verdict.PASS), (32, Verdict.FAIL), (None, Verdict.UNKNOWN)])
def test_grain(grain, verdict):
    assert _judged(**_slag(grain_max=grain), needs=[need("road", grain_max=8)])[0] == verdict


@pytest.mark.parametrize(
    ("arises", "used", "verdict"),
    [
        (None, None, Verdict.PASS),
        (None, "5-9", Verdict.PASS),
        ("5-9", None, Verdict.LIKELY),
        ("11-3", "5-9", Verdict.LIKELY),
        ("4-10", "5-9", Verdict.PASS),
    ],
)
def test_season(arises, used, verdict):
    assert _judged(**_slag(season=arises), needs=[need("road", season=used)])[0] == verdict


@pytest.mark.parametrize(("grade", "verdict"), [("C", Verdict.PASS), ("D", Verdict.LIKELY)])
def test_an_assumed_acceptance_is_at_best_likely(grade, verdict):
    found = _judged(acceptances=[{"need": "road", "material": "slag", "ratio": 1, "grade": grade}])
    assert found == (verdict, Cause.NOTHING if verdict == Verdict.PASS else Cause.CLASS)


def test_an_assumed_recipe_is_at_best_likely():
    rows = plant()
    rows["recipe_inputs"] = [{**row, "grade": "D"} for row in rows["recipe_inputs"]]
    matches = matched(**rows)
    at = route(matches, "slag", "road", "mixer")
    assert (matches.routes.verdict[at], matches.routes.cause[at]) == (Verdict.LIKELY, Cause.CLASS)
    assert matches.routes.verdict[route(matches, "slag", "road")] == Verdict.PASS


def test_the_worst_check_decides():
    given = {"needs": [need("road", moisture_max=10)], "quantities": [amount("streams", "slag", 1), amount("needs", "road", 1)]}
    assert _judged(**_slag(moisture=20, legal_status="waste"), **given) == (Verdict.FAIL, Cause.MOISTURE)
