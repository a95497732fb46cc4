"""Laws of legality: what must hold for every region, whatever its law says."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from match_rows import made, need, path, stream
from sivuvirta.domain.grades import Verdict
from sivuvirta.links import build
from sivuvirta.match.grounds import grounds
from sivuvirta.match.legal import law
from sivuvirta.match.legal_answers import Ground
from sivuvirta.match.ways import ways

lawful = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

DAY = "2024-12-31"
CODES = ("10 02 02", "10 01 03")
KINDS = ("product", "by_product", "end_of_waste", "notification", "registration", "permit", "fertiliser_product", "reach", "shipment")
STATUSES = ("waste", "unknown", "by_product", "end_of_waste", "product")


@st.composite
def paths(draw, key):
    """A legal path of any kind, for anything, open to anybody."""
    kind = draw(st.sampled_from(KINDS))
    return path(
        key,
        kind,
        jurisdiction=draw(st.sampled_from(["FI", "SE", "EU"])),
        material=draw(st.sampled_from([None, "slag", "slag.fines", "ash"])),
        low_codes=draw(st.sampled_from([None, CODES[:1], CODES])),
        starts_from=draw(st.sampled_from([None, ("waste",), STATUSES])),
        hazardous=draw(st.booleans()),
        border=draw(st.sampled_from([None, "domestic", "cross_border"])),
        excluded_zones=draw(st.sampled_from([None, ("groundwater",)])),
        quantity_min=draw(st.sampled_from([None, 500, 5000])),
        quantity_max=draw(st.sampled_from([None, 500, 5000])),
        by_decision=draw(st.booleans()),
        verified=draw(st.booleans()),
        grade=draw(st.sampled_from("ABCD")),
    )


@st.composite
def worlds(draw):
    """One stream and one road, with permits and legal paths, at home or across the border."""
    place = draw(st.sampled_from([None, ("spring",)]))
    return {
        "streams": [
            stream(
                "slag",
                "slag",
                legal_status=draw(st.sampled_from(STATUSES)),
                hazardous=draw(st.sampled_from(["no", "yes", "mirror"])),
                low_code=draw(st.sampled_from([None, *CODES])),
                grade=draw(st.sampled_from("ABCD")),
            )
        ],
        "needs": [need("road", use_class="road", jurisdiction=draw(st.sampled_from(["FI", "SE"])), hazardous_ok=draw(st.booleans()))],
        "zones": [{"zone": "spring", "name": "Spring", "kind": "groundwater", "place": "p_town"}],
        "sites": [
            {"site": "works", "name": "Works", "organisation": "steel_ltd", "place": "p_works"},
            {"site": "town", "name": "Town", "organisation": "the_town", "place": "p_town", "zones": place},
        ],
        "low_codes": [{"low_code": code, "hazardous": False, "entry": "mirror", "name_en": "Waste"} for code in CODES],
        "permits": draw(st.sampled_from([[], [{"permit": "licence", "site": "town", "low_codes": CODES[:1]}]])),
        "legal_paths": [draw(paths(f"p{number}")) for number in range(draw(st.integers(0, 4)))],
    }


def _law(tables):
    links = build(made(**tables))
    known = grounds(links)
    found = law(links, known.streams, known.needs, ways(links))
    named = [None if row < 0 else links.region.table("legal_paths")["path"][row] for row in found.path.tolist()]
    return found, named


def _told(tables):
    """All that the law says of the ways, so that two answers can be compared; what is unknown equals itself."""
    found, named = _law(tables)
    figures = [np.nan_to_num(getattr(found, name), nan=-1.0).tolist() for name in ("ground", "rule", "lead_low", "lead_high", "most")]
    return [*figures, found.opinion.verdict.tolist(), named]


@lawful
@given(worlds(), paths("late"), st.sampled_from([{"valid_to": "2024-12-30"}, {"valid_from": "2025-01-01"}, {"valid_to": "2020"}]))
def test_a_path_that_does_not_hold_on_the_day_changes_nothing(tables, late, dates):
    assert _told({**tables, "legal_paths": [*tables["legal_paths"], {**late, **dates}]}) == _told(tables)


@lawful
@given(worlds(), st.sampled_from([{"valid_to": "2024-12-30"}, {"valid_from": "2025-01-01"}]), st.sampled_from([None, 1.0]))
def test_a_permit_that_is_not_valid_on_the_day_changes_nothing(tables, dates, capacity):
    expired = {"permit": "expired", "site": "town", "low_codes": CODES, "capacity": capacity, **dates}
    assert _told({**tables, "permits": [*tables["permits"], expired]}) == _told(tables)


@lawful
@given(worlds())
def test_hazardous_waste_never_goes_along_a_path_that_is_closed_to_it(tables):
    found, named = _law({**tables, "streams": [{**tables["streams"][0], "hazardous": "yes"}]})
    closed = {row["path"] for row in tables["legal_paths"] if not row["hazardous"]}
    for at, name in enumerate(named):
        if found.ground[at] == Ground.PATH:
            assert name not in closed


@lawful
@given(worlds())
def test_nothing_but_a_product_passes_a_border_without_a_shipment_path(tables):
    found, _ = _law(tables)
    row, abroad = tables["streams"][0], tables["needs"][0]["jurisdiction"] == "SE"
    shipped = any(
        each["kind"] == "shipment" and not each["by_decision"] and each["border"] != "domestic" and each["jurisdiction"] in ("SE", "EU")
        for each in tables["legal_paths"]
    )
    if abroad and row["legal_status"] != "product" and not shipped:
        assert (found.opinion.verdict > Verdict.LIKELY).all()


@lawful
@given(worlds(), paths("more"))
def test_another_path_of_the_same_kind_and_place_never_makes_the_law_stricter(tables, more):
    """Of the receiver's own jurisdiction; a member state's path may close one of the Union's."""
    assume(more["jurisdiction"] == tables["needs"][0]["jurisdiction"])
    assume(more["kind"] not in ("shipment", "product", "by_product", "end_of_waste"))
    national = [each for each in tables["legal_paths"] if each["kind"] != more["kind"] or each["jurisdiction"] != "EU"]
    before, after = _law({**tables, "legal_paths": national}), _law({**tables, "legal_paths": [*national, more]})
    assert (after[0].opinion.verdict <= before[0].opinion.verdict).all()


@lawful
@given(worlds())
def test_the_law_judges_ways_one_by_one_as_it_judges_them_together(tables):
    links = build(made(**tables))
    known, every = grounds(links), ways(links)
    together = law(links, known.streams, known.needs, every)
    twice = law(links, known.streams, known.needs, every.take(np.arange(len(every)).repeat(2)))
    assert twice.opinion.verdict.tolist() == together.opinion.verdict.repeat(2).tolist()
    assert twice.path.tolist() == together.path.repeat(2).tolist()
