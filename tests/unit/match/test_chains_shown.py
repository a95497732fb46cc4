"""Routes of several steps where people see them: in the table, in words, and for a whole region."""

from __future__ import annotations

import numpy as np
import pytest

from chain_rows import chained, described, several, step
from match_rows import analysis, limit, matched
from sivuvirta import verbs
from sivuvirta.domain.grades import Verdict
from sivuvirta.errors import OptionError
from sivuvirta.match import best, checks, to_frame, why
from sivuvirta.match.chains import chains, with_chains

TWO = (step("dryer", "slag", "dry", 0.5), step("press", "dry", "block"))


def test_no_region_pays_for_what_it_does_not_have():
    matches = matched()
    assert len(chains(matches)) == 0
    assert len(matches.chains) == 0
    assert "several" not in repr(matches)


def test_they_are_found_where_they_are_asked_for():
    matches = verbs.match(matched(**chained(*TWO)), steps=2)
    assert len(matches.chains) == 1
    assert repr(matches).endswith("0 routes, 1 of several steps>")
    assert len(verbs.match(matched(**chained(*TWO))).chains) == 0


def test_as_many_steps_as_were_asked_for():
    three = chained(step("dryer", "slag", "dry"), step("press", "dry", "mix"), step("kiln", "mix", "block"))
    assert len(several(2, **three).chains) == 0
    assert list(described(several(3, **three))) == [("slag", "road", ("dryer", "press", "kiln"))]
    assert list(described(several(30, **three))) == [("slag", "road", ("dryer", "press", "kiln"))]


@pytest.mark.parametrize(("steps", "count"), [(0, 2), (3, 0), (-1, 1)])
def test_less_than_one_step_or_route_is_no_question(steps, count):
    with pytest.raises(OptionError, match="at least"):
        with_chains(matched(), steps, count)
    with pytest.raises(OptionError, match="one step at least"):
        verbs.match(matched(), steps=0)


def test_the_table_names_all_plants_in_their_order():
    frame = to_frame(several(**chained(*TWO, step("mixer", "slag", "block"))))
    assert frame["via"].tolist() == ["mixer", "dryer > press"]
    assert frame["plant_name"].tolist() == ["Mixer", "Dryer > Press"]
    assert frame["plant"].tolist() == ["mixer", "dryer"]
    assert frame["delivered"].tolist() == [1.0, 0.5]
    assert frame.index.tolist() == [0, 1]
    assert (frame["gain"].diff().dropna() <= 0).all()


def test_the_table_can_be_narrowed():
    matches = several(**chained(*TWO))
    assert len(to_frame(matches, stream="slag", need="road")) == 1
    assert len(best(matches)) == 0


def test_a_route_says_step_by_step_why():
    rows = {"analyses": [analysis("slag", "Cd", 4)], "limits": [limit("cd", "Cd", 7.5)]}
    matches = several(**chained(*TWO, **rows))
    found = checks(matches, 0)
    assert (found[0].subject, found[0].limit, found[0].verdict) == ("limit", "cd", Verdict.FAIL)
    assert (found[0].value, found[0].bound, found[0].gap) == pytest.approx((8.0, 7.5, 0.5))
    assert found[0].sources == ("lab", "road_law")
    assert [check.text for check in found if check.subject == "class"] == [
        "Into “Dryer”: it takes slag (grade A).",
        "Into “Press”: it takes dry (grade A).",
        "What “Press” makes: “Road” takes block (grade A).",
    ]
    assert why(matches, 0).startswith("Fail: cadmium in what “Press” makes of it is 8 mg/kg (grade A, lab); limit cd asks for at most 7.5")


def test_what_each_plant_takes_beside_it_is_said_of_each():
    matches = several(**chained(step("dryer", "slag", "dry", till=0.1), step("press", "dry", "block", till=0.2)))
    fed = [check.text for check in checks(matches, 0) if check.subject == "recipe"]
    assert len(fed) == 2
    assert "“Dryer” takes 0.1 units of till" in fed[0]
    assert "“Press” takes 0.2 units of till" in fed[1]


def test_every_route_of_the_bundled_region_is_explained_as_it_was_judged():
    matches = verbs.match("kemi_tornio", steps=3)
    offset = len(matches.routes)
    assert len(matches.chains) > 50
    for at in range(len(matches.chains)):
        found = checks(matches, offset + at)
        assert max(check.verdict for check in found) == matches.chains.verdict[at]
        assert found[0].verdict == matches.chains.verdict[at]
        if matches.chains.limit[at] >= 0:
            assert found[0].limit == matches.links.region.table("limits")["limit"][matches.chains.limit[at]]
            assert found[0].value == pytest.approx(matches.chains.value[at], nan_ok=True)


def test_the_bundled_region_has_the_chains_that_its_works_run():
    """Dust of the ferrochrome works is briquetted, and the slag furnace takes briquettes."""
    matches = verbs.match("kemi_tornio", steps=2)
    assert ("fecr_dust", "fecr_smelting", ("briquetting_tornio", "slag_furnace_tornio")) in described(matches)
    assert ("sewage_sludge", "veg_kemi", ("digestion_jakala", "compost_jakala")) in described(matches)


def test_the_plan_is_the_same_with_and_without_them():
    plain, more = verbs.match("three_sites"), verbs.match("three_sites", steps=3)
    one, other = verbs.plan(plain), verbs.plan(more)
    assert np.array_equal(one.potential.ledger.per_arc(), other.potential.ledger.per_arc())
