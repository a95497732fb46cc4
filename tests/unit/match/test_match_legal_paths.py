"""Legal paths: which one a route takes, by status, code, hazard, zone, quantity, border, permit and day."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from match_rows import amount, made, matched, need, path, plant, route, stream, tables
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.errors import OptionError
from sivuvirta.links import build
from sivuvirta.match import checks, lawful_max, legal_path, match, to_frame
from sivuvirta.match.legal_answers import Ground, use
from sivuvirta.match.legal_book import Book, Case

NONE = (Verdict.UNKNOWN, Cause.LEGAL)
PASSES = (Verdict.PASS, Cause.NOTHING)
CODES = [
    {"low_code": code, "hazardous": False, "entry": "absolute_nonhazardous", "name_en": "Waste"}
    for code in ("10 02 02", "10 01 03", "10 08 09")
]


CASE = Case(
    status="waste",
    grade=0,
    beyond=False,
    material="slag",
    country="FI",
    hazard="no",
    listed=None,
    tonnes=1000.0,
    held=False,
    use_class="road",
    used_as="aggregate",
    jurisdiction="FI",
    zones=frozenset(),
)


def _waste(**more):
    return {"streams": [stream("slag", "slag", legal_status="waste", **more)]}


def _judged(through=None, **changed):
    matches = matched(**changed)
    at = route(matches, "slag", "road", through)
    return Verdict(int(matches.routes.verdict[at])), Cause(int(matches.routes.cause[at]))


def _path(through=None, **changed):
    matches = matched(**changed)
    return legal_path(matches, route(matches, "slag", "road", through))


def test_a_notification_that_was_read_lets_waste_in():
    assert _judged(**_waste(), legal_paths=[path("notice")]) == PASSES
    found = _path(**_waste(), legal_paths=[path("notice", asks_for="Leaching tests", section="section 5")])
    assert (found.path, found.verdict, found.lead_low, found.lead_high) == ("notice", Verdict.PASS, 1, 2)
    assert found.text == "It is waste, and a legal path is open: Road act, section 5 (path notice, grade B)."
    (step,) = found.steps
    assert (step.subject, step.kind, step.authority, step.held, step.by_decision) == ("use", "notification", "The office", False, False)
    assert step.text == (
        "Notification by Road act, section 5 (path notice, grade B): no decision is needed (The office), 1 to 2 months; "
        "nobody has signed it off. Hand in: leaching tests."
    )
    assert found.note == "The software screens; a person decides."


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"verified": False}, (Verdict.LIKELY, Cause.LEGAL)),
        ({"grade": "C"}, (Verdict.LIKELY, Cause.LEGAL)),
        ({"by_decision": True}, NONE),
        ({"kind": "permit", "by_decision": True}, NONE),
        ({"kind": "registration"}, PASSES),
        ({"kind": "fertiliser_product", "leads_to": "product"}, PASSES),
        ({"kind": "end_of_waste", "leads_to": "end_of_waste"}, (Verdict.LIKELY, Cause.LEGAL)),
        ({"kind": "by_product", "leads_to": "by_product"}, (Verdict.LIKELY, Cause.LEGAL)),
        ({"kind": "reach", "leads_to": "product"}, NONE),
    ],
)
def test_what_each_kind_of_path_makes_of_waste(row, expected):
    kind = row.get("kind", "notification")
    assert _judged(**_waste(), legal_paths=[path("p", kind, **{key: value for key, value in row.items() if key != "kind"})]) == expected


@pytest.mark.parametrize(
    ("row", "open_"),
    [
        ({"material": "slag"}, True),
        ({"material": "ash"}, False),
        ({"material": "slag.fines"}, False),
        ({"use_classes": ("road", "field")}, True),
        ({"use_classes": ("field",)}, False),
        ({"used_as": ("aggregate",)}, True),
        ({"used_as": ("mix",)}, False),
        ({"jurisdiction": "SE"}, False),
        ({"jurisdiction": "EU"}, True),
        ({"starts_from": ("unknown",)}, False),
        ({"starts_from": None}, True),
        ({"low_codes": ("10 02 02", "10 08 09")}, True),
        ({"low_codes": ("10 01 03",)}, False),
        ({"quantity_min": 1000}, True),
        ({"quantity_min": 1001}, False),
        ({"border": "cross_border"}, False),
        ({"concerns": "plant"}, False),
        ({"valid_to": "2023-12-31"}, False),
        ({"valid_from": "2025-01-01"}, False),
        ({"valid_from": "2024-12-31", "valid_to": "2024-12-31"}, True),
    ],
)
def test_to_whom_a_path_is_open(row, open_):
    found = _judged(**_waste(low_code="10 02 02"), low_codes=CODES, legal_paths=[path("notice", **row)])
    assert found == (PASSES if open_ else NONE)


def test_a_path_that_names_codes_is_likely_where_the_code_is_not_known():
    given = {"low_codes": CODES, "legal_paths": [path("notice", low_codes=("10 02 02",))]}
    assert _judged(**_waste(), **given) == (Verdict.LIKELY, Cause.LEGAL)


def test_a_zone_closes_a_path():
    zones = [{"zone": "spring", "name": "Spring", "kind": "groundwater", "place": "p_town"}]
    town = [*tables()["sites"][:1], {**tables()["sites"][1], "zones": ("spring",)}]
    closed = [path("notice", excluded_zones=("groundwater", "housing"))]
    assert _judged(**_waste(), legal_paths=closed, zones=zones, sites=town) == NONE
    assert _judged(**_waste(), legal_paths=closed, zones=zones) == PASSES


def test_hazardous_waste_takes_no_path_that_is_closed_to_it():
    given = {**_waste(hazardous="yes"), "needs": [need("road", use_class="road", hazardous_ok=True)]}
    assert _judged(**given, legal_paths=[path("notice")]) == NONE
    assert _judged(**given, legal_paths=[path("notice", hazardous=True)]) == PASSES


def test_the_path_with_the_least_doubt_comes_first_then_the_shortest():
    slow, quick = path("slow", lead_high=5), path("quick", lead_high=3)
    permit, unread = path("permit", "permit", by_decision=True, lead_high=1), path("unread", verified=False, lead_high=1)
    assert _path(**_waste(), legal_paths=[permit, unread, slow, quick]).path == "quick"
    assert _path(**_waste(), legal_paths=[permit, unread]).path == "unread"
    assert _path(**_waste(), legal_paths=[permit]).path == "permit"


def test_a_member_state_goes_before_the_union():
    union, own = path("union", "permit", by_decision=True, jurisdiction="EU", lead_high=1), path("own", "permit", by_decision=True)
    assert _path(**_waste(), legal_paths=[union, own]).path == "own"
    assert _path(**_waste(), legal_paths=[union]).path == "union"


def test_a_rule_closes_the_paths_of_a_broader_material():
    """The decree lists slag; a rule says that its fines are not covered."""
    rule = {"rule": "r", "regulation": "Road act", "subject": "scope", "use_class": "road", "jurisdiction": "FI", "material": "slag.fines"}
    rules = [{**rule, "holds": False, "verified": True, "effect": "Fines are not covered", "grade": "B", "source": "road_law"}]
    given = {"legal_paths": [path("notice", material="slag")], "rules": rules}
    assert _judged(streams=[stream("slag", "slag.fines", legal_status="waste")], **given) == NONE
    assert _judged(**_waste(), **given) == PASSES


def test_a_rule_that_covers_the_material_does_not_outdo_the_conditions_of_its_paths():
    rule = {"rule": "r", "regulation": "Road act", "subject": "scope", "use_class": "road", "jurisdiction": "FI", "holds": True}
    rules = [{**rule, "verified": True, "effect": "It may", "grade": "B", "source": "road_law"}]
    given = {"rules": rules, "low_codes": CODES, "legal_paths": [path("notice", low_codes=("10 01 03",))]}
    assert _judged(**_waste(low_code="10 02 02"), **given) == NONE
    assert _judged(**_waste(low_code="10 01 03"), **given) == PASSES
    found = _path(**_waste(low_code="10 02 02"), **given)
    assert (
        found.text == "It is waste, and a rule covers such use, but not its code, hazard or quantity: It may (Road act, rule r, grade B)."
    )


def test_a_known_status_is_there_already_and_has_its_duties():
    paths = [
        path("ruling", "by_product", starts_from=("unknown",), lead_low=0, lead_high=0),
        path("decision", "by_product", by_decision=True),
        path("register", "reach", starts_from=("by_product",), leads_to="product"),
    ]
    found = _path(legal_paths=paths)
    assert (found.path, found.verdict, found.lead_low, found.lead_high) == ("ruling", Verdict.PASS, 0, 0)
    assert [(step.subject, step.held) for step in found.steps] == [("status", True)]
    assert [step.path for step in found.duties] == ["register"]
    assert found.steps[0].text == "By-product status by Road act (path ruling, grade B): it is there already; nobody has signed it off."


def test_an_assumed_status_must_be_decided_first():
    found = _path(streams=[stream("slag", "slag", grade="D")], legal_paths=[path("decision", "by_product", by_decision=True, lead_high=9)])
    assert (found.verdict, found.lead_low, found.lead_high) == (Verdict.LIKELY, 1, 9)
    assert not found.steps[0].held


# The border


def _abroad(status, **more):
    return {
        "streams": [stream("slag", "slag", legal_status=status, **more)],
        "needs": [need("road", use_class="road", jurisdiction="SE")],
    }


SHIP = {"jurisdiction": "EU", "border": "cross_border", "starts_from": ("waste", "by_product"), "lead_low": 2, "lead_high": 4}


@pytest.mark.parametrize(
    ("status", "paths", "expected"),
    [
        ("product", [], PASSES),
        ("by_product", [], NONE),
        ("by_product", [path("consent", "shipment", by_decision=True, **SHIP)], NONE),
        ("by_product", [path("green", "shipment", **SHIP)], PASSES),
        ("by_product", [path("green", "shipment", **{**SHIP, "verified": False})], (Verdict.LIKELY, Cause.LEGAL)),
        ("by_product", [path("green", "shipment", **{**SHIP, "material": "ash"})], NONE),
        ("waste", [path("green", "shipment", **SHIP)], NONE),
        ("waste", [path("green", "shipment", **SHIP), path("notice", jurisdiction="SE")], PASSES),
        ("waste", [path("green", "shipment", **SHIP), path("notice", jurisdiction="FI")], NONE),
    ],
)
def test_a_border_asks_for_a_shipment_path_and_the_law_of_the_receiver(status, paths, expected):
    assert _judged(**_abroad(status), legal_paths=paths) == expected


def test_both_steps_of_a_border_are_told_and_their_times_counted():
    """Side by side: the longer of 1 and 2 months; one after another: 2 + 4."""
    found = _path(**_abroad("waste"), legal_paths=[path("green", "shipment", **SHIP), path("notice", jurisdiction="SE")])
    assert [(step.subject, step.path) for step in found.steps] == [("use", "notice"), ("shipment", "green")]
    assert (found.lead_low, found.lead_high) == (2, 6)


def test_a_plant_abroad_needs_a_shipment_too():
    rows = plant()
    works = tables()["sites"][0]
    rows["sites"] = [works, tables()["sites"][1], {"site": "port", "name": "Port", "place": "p_works", "country": "SE"}]
    rows["plants"] = [{**rows["plants"][0], "site": "port"}]
    rows["needs"] = [need("road", use_class="road", jurisdiction="SE")]
    assert _judged("mixer", **_waste(), **rows) == NONE
    assert _judged("mixer", **_waste(), **rows, legal_paths=[path("green", "shipment", **SHIP)]) == PASSES
    assert _judged("mixer", **rows, streams=[stream("slag", "slag", legal_status="product")]) == PASSES


# Permits of receivers


def _permit(**more):
    return [{"permit": "licence", "site": "town", "low_codes": ("10 02 02",), **more}]


def test_a_permit_of_the_place_lets_in_the_codes_that_it_lists():
    assert _judged(**_waste(low_code="10 02 02"), permits=_permit()) == PASSES
    assert _judged(**_waste(low_code="10 08 09"), permits=_permit()) == NONE
    assert _judged(**_waste(), permits=_permit()) == NONE
    found = _path(**_waste(low_code="10 02 02"), permits=_permit(capacity=400, storage=50))
    assert (found.permit, found.lawful_max, found.storage_max) == ("licence", 400, 50)
    assert found.text == "It is waste, and a permit of the place lists its code (permit licence)."


@pytest.mark.parametrize(("dates", "expected"), [({"valid_to": "2023-12-31"}, NONE), ({"valid_from": "2025-01-01"}, NONE), ({}, PASSES)])
def test_a_permit_counts_only_on_days_on_which_it_is_valid(dates, expected):
    assert _judged(**_waste(low_code="10 02 02"), permits=_permit(**dates)) == expected


def _mixer(**permit):
    rows = plant()
    rows["plants"] = [{**rows["plants"][0], "permit": "licence", "status": "existing", "capacity": 5000}]
    return {**rows, "permits": [{"permit": "licence", "low_codes": ("10 02 02",), **permit}]}


def test_a_plants_permit_that_does_not_list_the_code_is_named():
    found = _path("mixer", **_waste(low_code="10 08 09"), **_mixer())
    assert (found.verdict, found.permit) == (Verdict.UNKNOWN, "licence")
    assert found.text == "The permit of “Mixer” does not list its code of the list of waste (permit licence)."
    assert _judged("mixer", **_waste(low_code="10 08 09"), **_mixer(valid_to="2020-12-31")) == PASSES


def test_waste_whose_code_is_not_stated_waits_where_the_plants_permit_lists_codes():
    found = _path("mixer", **_waste(), **_mixer())
    assert (found.verdict, found.permit) == (Verdict.UNKNOWN, "licence")
    assert found.text == "The permit of “Mixer” lists codes (permit licence), and its code of the list of waste is not stated."
    matches = matched(**_waste(), **_mixer())
    check = next(each for each in checks(matches, route(matches, "slag", "road", "mixer")) if each.subject == "law")
    assert check.missing == "the code of the stream"
    assert _judged("mixer", **_mixer(), streams=[stream("slag", "slag")]) == PASSES  # a by-product has no such code
    assert _judged("mixer", **_waste(), **_mixer(low_codes=None)) == PASSES


def test_a_plants_permit_lets_in_so_much_a_year():
    rows = {**_mixer(capacity=300), **_waste(low_code="10 02 02")}
    matches = matched(**rows, quantities=[amount("streams", "slag", 1000), amount("needs", "road", 5000)])
    through, direct = route(matches, "slag", "road", "mixer"), route(matches, "slag", "road")
    assert matches.routes.verdict[through] == Verdict.PASS
    assert lawful_max(matches)[[through, direct]].tolist() == [300, math.inf]


def test_a_path_for_small_quantities_lets_in_its_most():
    """1 000 t/a: the path for up to 600 t/a takes part of them; one that takes all of them goes before it."""
    small, whole = path("small", quantity_max=600, lead_high=1), path("whole", quantity_min=600)
    assert (_path(**_waste(), legal_paths=[small]).lawful_max, _path(**_waste(), legal_paths=[small]).path) == (600, "small")
    found = _path(**_waste(), legal_paths=[small, whole])
    assert (found.path, found.lawful_max) == ("whole", math.inf)


@pytest.mark.parametrize(
    ("tonnes", "row", "verdict"),
    [
        (1000.0, {"quantity_min": 500}, Verdict.PASS),
        (400.0, {"quantity_min": 500}, Verdict.UNKNOWN),
        (math.nan, {"quantity_min": 500}, Verdict.UNKNOWN),
        (math.nan, {"quantity_min": 0}, Verdict.PASS),
        (math.nan, {}, Verdict.PASS),
        (math.nan, {"quantity_max": 500}, Verdict.PASS),
    ],
)
def test_a_path_from_a_quantity_on_is_unknown_where_the_tonnes_are_not_known(tonnes, row, verdict):
    answer = use(Book.of(made(legal_paths=[path("large", **row)])), evolve(CASE, tonnes=tonnes))
    assert answer.verdict == verdict
    assert answer.most == row.get("quantity_max", math.inf)


def test_a_rule_does_not_outdo_a_quantity_that_is_not_known():
    rule = {"rule": "r", "regulation": "Road act", "subject": "scope", "use_class": "road", "jurisdiction": "FI", "holds": True}
    rules = [{**rule, "verified": True, "effect": "It may", "grade": "B", "source": "road_law"}]
    book = Book.of(made(legal_paths=[path("large", quantity_min=500)], rules=rules))
    found = [use(book, evolve(CASE, tonnes=tonnes)) for tonnes in (1000.0, 400.0, math.nan)]
    assert [(each.verdict, each.ground) for each in found] == [
        (Verdict.PASS, Ground.IN_SCOPE),
        (Verdict.UNKNOWN, Ground.CONDITIONS),
        (Verdict.UNKNOWN, Ground.CONDITIONS),
    ]


def test_wet_tonnes_count_against_a_quantity():
    """1 000 t dry at 20 % water are 1 250 t as sent."""
    assert _judged(**_waste(moisture=20), legal_paths=[path("large", quantity_min=1250)]) == PASSES
    assert _judged(**_waste(moisture=20), legal_paths=[path("large", quantity_min=1251)]) == NONE


def test_a_new_plant_needs_a_permit_and_an_old_one_has_it():
    permit = path("treatment", "permit", by_decision=True, lead_low=6, lead_high=12)
    found = _path("mixer", **_waste(), **plant(), legal_paths=[permit])
    assert [(step.subject, step.path) for step in found.steps] == [("receiver", "treatment")]
    assert (found.verdict, found.lead_low, found.lead_high) == (Verdict.PASS, 6, 12)
    old = plant()
    old["plants"] = [{**old["plants"][0], "status": "existing", "capacity": 5000}]
    assert _path("mixer", **_waste(), **old, legal_paths=[permit]).steps == ()


def test_one_decision_on_plant_and_use_counts_once():
    permit = path("treatment", "permit", by_decision=True, lead_low=6, lead_high=12)
    found = _path("mixer", **_waste(), **plant(output_status="waste"), legal_paths=[permit])
    assert [(step.subject, step.path) for step in found.steps] == [("use", "treatment")]
    assert (found.verdict, found.lead_low, found.lead_high) == (Verdict.UNKNOWN, 6, 12)


# The day


def test_the_day_chooses_the_law():
    paths = [path("old", valid_to="2017-12-31", lead_high=3), path("new", valid_from="2018-01-01")]
    world = made(**_waste(), legal_paths=paths)
    for day, name in (("2017-06-30", "old"), ("2017-12-31", "old"), ("2018-01-01", "new"), (None, "new")):
        matches = match(build(world.dated(day)))
        found = legal_path(matches, 0)
        assert (found.path, found.day) == (name, day or "2024-12-31")


def test_a_table_of_routes_says_kind_authority_and_time():
    paths = [path("notice", use_classes=("road",)), path("permit", "permit", by_decision=True, authority="The state", lead_high=9)]
    frame = to_frame(matched(**_waste(), legal_paths=paths))
    assert frame.loc[0, ["legal_kind", "authority", "lead_low", "lead_high"]].tolist() == ["notification", "The office", 1, 2]
    none = to_frame(matched(**_waste())).loc[0, ["legal_kind", "authority", "lead_low"]].tolist()
    assert none[:2] == [None, None]
    assert math.isnan(none[2])


def test_a_sign_off_is_told():
    signed = path("notice", signed_off_by="Legal counsel of the works", signed_off_on="2024-05-13")
    (step,) = _path(**_waste(), legal_paths=[signed]).steps
    assert "; signed off by Legal counsel of the works on 2024-05-13." in step.text
    assert (step.signed_off_by, step.signed_off_on) == ("Legal counsel of the works", "2024-05-13")


def test_the_check_of_a_path_has_its_grade_source_and_whether_it_was_read():
    matches = matched(**_waste(), legal_paths=[path("notice", verified=False, grade="C")])
    check = next(check for check in checks(matches, 0) if check.subject == "law")
    assert (check.grade, check.verified, check.sources) == (Grade.C, False, ("road_law",))
    assert check.missing == "a reading of the conditions of the legal path in the law"


def test_a_route_of_several_steps_has_the_legal_path_of_each_step():
    matches = matched()
    with pytest.raises(OptionError, match="that of each step"):
        legal_path(matches, len(matches.routes))
