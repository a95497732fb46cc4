"""The bundled region under the law of a day: named routes by their legal path, authority and time."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.errors import OptionError
from sivuvirta.match import legal_path, to_frame
from sivuvirta.match.market import to_frame as screened


@pytest.fixture(scope="module")
def links():
    return sv.links("kemi_tornio")


@pytest.fixture(scope="module")
def matches(links):
    return sv.match(links)


def _path(matches, stream, need, plant=None):
    frame = to_frame(matches, stream=stream, need=need)
    (route,) = frame.index[frame["plant"].isna() if plant is None else frame["plant"] == plant]
    return legal_path(matches, route)


def test_ferrochrome_slag_is_a_by_product_by_the_ruling(matches):
    found = _path(matches, "fecr_slag_air", "aggregate_sealapland")
    assert (found.path, found.verdict) == ("fi.by_product.ferrochrome_slag", Verdict.PASS)
    (step,) = found.steps
    assert (step.regulation, step.source, step.grade, step.verified, step.held) == ("KHO 2005:90", "kho_2005_90", Grade.B, True, True)
    assert (found.lead_low, found.lead_high) == (0, 0)
    assert {duty.kind for duty in found.duties} == {"reach", "construction_product"}


def test_dregs_in_a_till_seal_wait_for_a_permit(matches):
    """More than 20 000 t of wet dregs a year: the state decides."""
    found = _path(matches, "gld", "seal_gld", "sealing_kittila")
    (step,) = found.steps
    assert (found.verdict, found.path, step.kind, step.by_decision) == (Verdict.UNKNOWN, "fi.permit.state.2014", "permit", True)
    assert (found.lead_low, found.lead_high, step.lead_grade) == (8, 14, Grade.D)


def test_pickling_residue_needs_a_permit_for_hazardous_waste(matches):
    assert _path(matches, "pickling_sludge", "fecr_smelting").path == "fi.permit.hazardous.2014"


def test_dregs_to_sweden_need_a_consent_and_a_notification_there(matches):
    found = _path(matches, "gld", "seal_norrbotten")
    assert [(step.subject, step.path) for step in found.steps] == [
        ("use", "se.notification.construction"),
        ("shipment", "eu.shipment.consent.2007"),
    ]
    assert (found.verdict, found.lead_low, found.lead_high) == (Verdict.UNKNOWN, 2, 9)  # 1.5-3 and 2-6 months


@pytest.mark.parametrize(
    ("day", "path", "regulation", "authority", "verdict"),
    [
        ("2017-06-30", "fi.mara591.fly_ash", "VNa 591/2006", "Centre for Economic", Verdict.LIKELY),
        ("2018-01-01", "fi.mara.fly_ash.2018", "VNa 843/2017 (MARA)", "Centre for Economic", Verdict.PASS),
        ("2026-01", "fi.mara.fly_ash.2026", "VNa 843/2017 (MARA)", "Lupa- ja valvontavirasto", Verdict.PASS),
    ],
)
def test_fly_ash_in_a_road_by_the_decree_of_the_day(links, day, path, regulation, authority, verdict):
    found = _path(sv.match(links, on=day), "tovo_fly_ash", "road_stabil")
    assert (found.path, found.verdict, found.steps[0].regulation) == (path, verdict, regulation)
    assert found.steps[0].authority.startswith(authority)


@pytest.mark.parametrize(("day", "path"), [("2026-05-20", "eu.shipment.consent.2007"), ("2026-05-21", "eu.shipment.consent.2026")])
def test_shipments_by_the_regulation_of_the_day(links, day, path):
    assert path in [step.path for step in _path(sv.match(links, on=day), "gld", "seal_norrbotten").steps]


def test_limits_are_those_of_the_day(links):
    """MARA's leaching limits of roads hold from 2018."""
    road = {day: to_frame(sv.match(links, on=day), "tovo_fly_ash", "road_stabil") for day in ("2017-12-31", "2018-01-01")}
    assert [frame["limit"].iloc[0] is None or "mara" not in frame["limit"].iloc[0] for frame in road.values()] == [True, False]


def test_a_screening_goes_by_the_law_of_the_day():
    """MARA's leaching limits of roads hold from 2018, and fly ash lacks the test."""
    found = {}
    for day in ("2017-12-31", "2018-01-01"):
        frame = screened(sv.screen("kemi_tornio", None, ["tovo_fly_ash"], on=day))
        (found[day],) = frame.loc[frame["need"] == "road_stabil", "verdict"]
    assert found == {"2017-12-31": "likely", "2018-01-01": "unknown"}


def test_other_verbs_go_by_the_law_of_the_day(links):
    assert sv.gaps(sv.links("three_sites"), on="2020").links.region.on == "2020-12-31"
    assert sv.unknowns("three_sites", on="2020-06").links.region.on == "2020-06-30"
    asked = {day: sv.search(links, "", kinds=["streams"], of="road_stabil", verdict=["likely"], on=day) for day in ("2017", "2018")}
    assert ["tovo_fly_ash" in [hit.key for hit in hits] for hits in asked.values()] == [True, False]


def test_without_a_day_it_is_the_last_of_the_year_shown():
    assert sv.load("kemi_tornio").day == "2024-12-31"
    assert sv.load("kemi_tornio", "2018").day == "2018-12-31"


def test_a_plan_takes_the_law_of_a_day_and_keeps_it():
    plan = sv.plan("three_sites", on="2020")
    assert (plan.links.region.on, sv.plan("three_sites").links.region.on) == ("2020-12-31", None)


def test_what_is_no_date_is_refused(links):
    with pytest.raises(OptionError, match=r"Law can not be applied on 'yesterday'\. 'yesterday' is no date\. Write a day as 2024-05-13"):
        sv.match(links, on="yesterday")
    with pytest.raises(OptionError, match="'yesterday' is no date"):
        sv.search(links, "slag", on="yesterday")
    assert sv.match(links, on="2024-02").links.region.on == "2024-02-29"
