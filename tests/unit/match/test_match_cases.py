"""The cases that the region's companies ask about: each verdict by its deciding limit's id, value and grade, not by its text."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.match import checks, to_frame


@pytest.fixture(scope="module")
def matches():
    return sv.match(sv.load("kemi_tornio", "2024"))


def route(matches, stream, need, plant=None):
    nodes, routes = matches.links.nodes, matches.routes
    through = np.append(nodes.id[matches.links.works.node], [None])[routes.plant]
    same = np.array([name == plant for name in through.tolist()], dtype=bool)
    (row,) = np.flatnonzero((nodes.id[routes.stream] == stream) & (nodes.id[routes.need] == need) & same).tolist()
    return row


def deciding(matches, row):
    """Id of the limit that decides, its figure and bound as the routes hold them, and the check that tells of it."""
    routes, check = matches.routes, checks(matches, row)[0]
    name = matches.links.region.table("limits")["limit"][routes.limit[row]]
    assert (check.limit, check.verdict) == (name, Verdict(int(routes.verdict[row])))
    return name, float(routes.value[row]), float(routes.bound[row]), check


def of(matches, row, subject):
    return next(check for check in checks(matches, row) if check.subject == subject)


def test_slag_as_fertiliser_fails_on_total_chromium(matches):
    row = route(matches, "ss_slag_fines", "agri_lime")
    name, value, bound, check = deciding(matches, row)
    assert Verdict(int(matches.routes.verdict[row])) == Verdict.FAIL
    assert (name, value, bound) == ("mmm964.liming.cr_total", 40_000.0, 400.0)
    assert (check.low, check.high, check.gap) == (4_000.0, 40_000.0, 39_600.0)  # 40 000 - 400; even the better end is over the limit
    assert (check.grade, check.limit_grade, check.verified) == (Grade.D, Grade.B, True)


def test_slag_fines_on_a_waste_rock_pile_wait_for_a_leaching_test(matches):
    for need in ("cover_kittila", "cover_kevitsa"):
        row = route(matches, "ss_slag_fines", need)
        name, value, bound, check = deciding(matches, row)
        assert Verdict(int(matches.routes.verdict[row])) == Verdict.UNKNOWN
        assert (name, bound) == (f"kt.{need}.leach_cr", 0.5)
        assert np.isnan(value)
        assert (check.missing, check.verified) == ("an L/S 10 leaching test", False)


def test_dregs_in_a_till_seal_wait_for_conductivity_and_leaching(matches):
    row = route(matches, "gld", "seal_gld", "sealing_kittila")
    name, value, bound, _ = deciding(matches, row)
    assert Verdict(int(matches.routes.verdict[row])) == Verdict.UNKNOWN
    assert (name, bound) == ("kt.seal_gld.leach_cr", 0.5)
    assert np.isnan(value)
    open_ = {check.limit for check in checks(matches, row) if check.subject == "limit" and check.verdict == Verdict.UNKNOWN}
    assert open_ == {"kt.seal_gld.leach_cr", "kt.seal_gld.leach_ni", "kt.seal_gld.k"}
    assert of(matches, row, "law").verdict == Verdict.UNKNOWN


def test_dregs_make_up_five_to_twenty_per_cent_of_the_seal_as_sent(matches):
    """Dregs at 50 % and till at 10 % moisture, 7.2 to 34.2 t till per t dry: 2/(2 + 7.2/0.9) = 20 %, 2/(2 + 34.2/0.9) = 5 %."""
    mix = of(matches, route(matches, "gld", "seal_gld", "sealing_kittila"), "recipe")
    assert (mix.low, mix.high) == (pytest.approx(5.0), pytest.approx(20.0))
    assert (mix.unit, mix.sources) == ("%", ("paperchain_dregs",))


def test_pickling_residue_is_hazardous_and_has_a_way_of_recovery(matches):
    row = route(matches, "pickling_sludge", "ni_recovery", "crisolteq_hydromet")
    plant = int(matches.routes.plant[row])
    assert matches.links.region.table("streams")["hazardous"][matches.links.region.table("streams").index["pickling_sludge"]] == "yes"
    assert matches.links.works.recovery[plant]
    assert matches.links.works.hazardous_ok[plant]
    assert Verdict(int(matches.routes.verdict[row])) == Verdict.LIKELY
    assert of(matches, row, "hazard").verdict == Verdict.LIKELY


def test_pickling_residue_goes_nowhere_without_treatment(matches):
    frame = to_frame(matches)
    direct = frame[(frame["stream"] == "pickling_sludge") & frame["plant"].isna()]
    assert set(direct["verdict"]) == {"fail"}


def test_ferrochrome_slag_is_an_aggregate_as_a_by_product_by_a_ruling(matches):
    for stream in ("fecr_slag_gran", "fecr_slag_air"):
        row = route(matches, stream, "aggregate_sealapland")
        law = of(matches, row, "law")
        assert Verdict(int(matches.routes.verdict[row])) == Verdict.PASS
        assert matches.routes.limit[row] == -1  # the limits of waste do not hold for a by-product
        assert (law.verdict, law.grade, law.sources) == (Verdict.PASS, Grade.B, ("kho_2005_90",))
