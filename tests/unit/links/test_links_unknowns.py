"""What the register does not say: at grade D, marked where it counts as 0, and in the notes."""

import numpy as np
import pytest
from link_rows import amount

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import EUR_TERMS, ArcKind
from sivuvirta.links import build

REVENUE = EUR_TERMS.index("revenue")

CRUSHING = {
    "technology": "crushing",
    "name": "Crushing",
    "activity": "t",
    "reference_capacity": 1000,
    "capex": 1e5,
    "fixed_opex": 2,
    "variable_opex": 3,
    "electricity": 10,
    "heat": 0,
    "diesel": 0,
    "water": 0,
    "lifetime": 20,
    "co2": 0,
    "grade": "A",
}
CRUSHER = {"plant": "crusher", "name": "Crusher", "technology": "crushing", "site": "works", "status": "candidate", "grade": "A"}


def arc_of(links, kind):
    (arc,) = np.flatnonzero(links.arcs.kind == kind)
    return int(arc)


def evidence(part, row):
    """Grades of money and emission, and which of them are not known."""
    grades = Grade(part.grade_eur[row]).name + Grade(part.grade_co2[row]).name
    return grades, bool(part.unknown_eur[row]), bool(part.unknown_co2[row] or getattr(part, "unknown_displaced", part.unknown_co2)[row])


@pytest.fixture
def fate(make, rows):
    """Evidence of an outlet, and the notes."""

    def outlet(**changes):
        links = build(make(fates=[{**rows["fates"][0], "co2": 0, **changes}]))
        return evidence(links.arcs, arc_of(links, ArcKind.FATE)), links.notes

    return outlet


def test_an_outlet_whose_money_and_emission_are_stated_is_known(fate):
    known, notes = fate(tax=None)
    assert known == ("BB", False, False)
    assert "outlets without money" not in notes


@pytest.mark.parametrize(
    "changes", [{"fee": None}, {"kind": "landfill", "tax": None}, {"kind": "sold", "fee": 3}, {"kind": "recycled", "fee": None}]
)
def test_a_fee_a_tax_or_a_revenue_that_is_missing_is_told(fate, changes):
    known, notes = fate(**changes)
    assert known == ("DB", True, False)
    assert "heap" in notes["outlets without money"]


def test_an_outlet_whose_emission_is_missing_is_told(fate):
    known, notes = fate(co2=None)
    assert known == ("BD", False, True)
    assert "heap" in notes["outlets without emission"]


def test_a_stream_without_a_fate_has_an_outlet_of_which_nothing_is_known(make):
    links = build(make(fates=[]))
    assert evidence(links.arcs, arc_of(links, ArcKind.FATE)) == ("DD", True, True)


@pytest.mark.parametrize(("changes", "told"), [({}, ("BD", False, True)), ({"ratio": 1}, ("BB", False, False))])
def test_what_an_outlet_displaces_needs_a_ratio(fate, changes, told):
    assert fate(product="rock", **changes)[0] == told


@pytest.mark.parametrize(
    ("missing", "told"), [((), ("BB", False, False)), (("prices",), ("DB", True, False)), (("factors",), ("BD", False, True))]
)
def test_price_and_factor_of_a_purchase_have_grades_of_their_own(make, missing, told):
    links = build(make(**{key: [] for key in missing}))
    buy = arc_of(links, ArcKind.BUY)
    assert evidence(links.arcs, buy) == told
    assert links.arcs.grade[buy] == max(links.arcs.grade_eur[buy], links.arcs.grade_co2[buy])


def test_a_market_without_any_price_is_not_known(make, rows):
    needs = [{**rows["needs"][0], "kind": "market", "price": None}]
    for price, unknown in ((None, True), (2, False)):
        links = build(make(needs=needs, acceptances=[{**rows["acceptances"][0], "price": price}]))
        assert links.arcs.unknown_eur[arc_of(links, ArcKind.DIRECT)] == unknown


def test_the_price_agreed_in_an_acceptance_goes_before_that_of_the_market(make, rows):
    accepted = {**rows["acceptances"][0], "ratio_low": 0.5, "ratio_high": 1.3}
    needs = [{**rows["needs"][0], "kind": "market", "price": 20}]
    for price, earned, known in ((7, 7, True), (None, 18, False)):
        links = build(make(needs=needs, acceptances=[{**accepted, "price": price}]))
        sale = arc_of(links, ArcKind.DIRECT)
        assert links.arcs.eur[sale, REVENUE] == pytest.approx(-earned)
        assert (links.arcs.eur_sd[sale, REVENUE] == 0) == known


@pytest.fixture
def crusher(make, rows):
    """Links of a region with one plant."""

    def plant(technology=(), tables=(), **changes):
        start = {
            "technologies": [{**CRUSHING, **dict(technology)}],
            "recipe_inputs": [
                {"technology": "crushing", "slot": "in", "material": "slag", "kind": "feed", "amount_low": 1, "amount_high": 1}
            ],
            "recipe_outputs": [
                {"technology": "crushing", "output": "out", "slot": "in", "makes": "granules", "kind": "product", "yield": 1}
            ],
            "plants": [{**CRUSHER, **changes}],
            "acceptances": [{"need": "road", "material": "granules", "ratio": 1, "grade": "B"}],
        }
        return build(make(**{**start, **dict(tables)}))

    return plant


def test_a_plant_of_which_all_is_stated_is_known(crusher):
    works = crusher().works
    assert evidence(works, 0) == ("BB", False, False)  # electricity is of grade B


@pytest.mark.parametrize(
    ("missing", "told", "note"),
    [
        ("variable_opex", ("DB", True, False), "plants without opex"),
        ("fixed_opex", ("DB", True, False), "plants without upkeep"),
        ("electricity", ("DD", True, True), "plants without energy"),
        ("co2", ("BD", False, True), "plants without emission"),
    ],
)
def test_what_a_technology_does_not_say_is_told(crusher, missing, told, note):
    links = crusher(technology={missing: None})
    grades, *unknown = evidence(links.works, 0)
    assert (grades.replace("A", "B"), *unknown) == told
    assert "crusher" in links.notes[note]


def test_a_stated_cost_of_running_needs_neither_opex_nor_price_of_energy(crusher):
    works = crusher(technology={"variable_opex": None}, tables={"prices": []}, variable_cost=9).works
    assert evidence(works, 0) == ("AB", False, False)


@pytest.mark.parametrize(
    ("table", "told", "note"),
    [("prices", ("DB", True, False), "energy without price"), ("factors", ("BD", False, True), "energy without factor")],
)
def test_energy_without_a_price_or_a_factor_is_told(crusher, table, told, note):
    links = crusher(tables={table: []})
    assert evidence(links.works, 0) == told
    assert "electricity" in links.notes[note]


def test_an_existing_plant_of_unknown_capacity_takes_any_amount_at_grade_d(crusher):
    links = crusher(status="existing")
    assert np.isinf(links.works.capacity[0])
    assert Grade(links.works.grade[0]).name == "D"
    assert "crusher" in links.notes["plants without capacity"]
    known = crusher(status="existing", capacity=500)
    assert Grade(known.works.grade[0]).name == "B"
    assert "plants without capacity" not in known.notes


def test_what_is_taken_for_dry_is_hauled_at_grade_d(make, rows):
    streams = [{"stream": "rubble", "name": "Rubble", "site": "works", "material": "slag.steel"}]
    for water, grade in ((None, "D"), (0, "B")):
        links = build(
            make(streams=[{**streams[0], "moisture": water}], fates=[], quantities=[amount("streams", "rubble", 9), rows["quantities"][1]])
        )
        use = arc_of(links, ArcKind.DIRECT)
        assert links.arcs.sent[use] == 1
        assert evidence(links.arcs, use) == (2 * grade, False, False)
        assert ("moisture" in links.notes) == (water is None)


def test_a_way_to_a_site_whose_access_is_not_stated_is_of_grade_d(make, rows):
    for access, grade in ((None, "D"), (0, "B")):
        links = build(make(sites=[{**site, "access_km": access} if site["site"] == "town" else site for site in rows["sites"]]))
        use = arc_of(links, ArcKind.DIRECT)
        assert (links.arcs.km[use], Grade(links.arcs.grade_km[use]).name) == (51, grade)
        assert ("town" in links.notes.get("access roads", "")) == (access is None)


def test_a_ban_of_hauls_closes_no_outlet_on_the_spot_unless_it_names_it(make):
    for destination, left in (("works", 1), ("heap", 0)):
        links = build(make(links=[{"origin": "p_works", "destination": destination, "cost": 5, "banned": True}]))
        assert int((links.arcs.kind == ArcKind.FATE).sum()) == left
