"""What keeps a route in the search that looks worse halfway: each case holds by one part of the comparison alone.

Routes are compared where they meet, in what the mill makes; the press then lies ahead.
"""

from __future__ import annotations

import pytest

from chain_rows import chained, described, several, step
from match_rows import amount, analysis, limit, need, path, price, stream, tables
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.match import checks

FREE = {"product": "free", "name": "Free", "material": "aggregate", "unit": "t"}


def needs(**yard):
    """The road for rock at 12 EUR/t, and a yard in the town for something that costs nothing: the way there is a loss of 2 EUR/t."""
    return {
        "needs": [need("road", use_class="road"), need("yard", use_class="yard", product="free", **yard)],
        "products": [*tables()["products"], FREE],
        "prices": [price("rock", 12), price("free", 0)],
        "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 5000), amount("needs", "yard", 5000)],
    }


def gains(matches):
    """Gain of each route of several steps."""
    return {name: float(matches.chains.gain[at]) for name, at in described(matches).items()}


@pytest.mark.parametrize("jurisdiction", ["FI", "EU"])
def test_a_route_that_brings_enough_for_the_law_is_kept_beside_one_that_earns_more(jurisdiction):
    """A notification for 500 t/a and more: of 1 000 t the small plant leaves 100, the large one all, for 20 EUR/t.

    The small one earns 0.1 x (12 - 2) + 4 = 5 EUR, the large one 12 - 2 - 20 + 4 = -6. A path that asks for nothing would open both.
    """
    plants = [
        step("small", "slag", "mid", 0.1, output_status="waste"),
        step("large", "slag", "mid", 1.0, output_status="waste", variable_opex=20),
        step("mill", "mid", "pre", 1.0, output_status="waste"),
        step("press", "pre", "block", 1.0, output_status="waste"),
    ]
    rows = chained(*plants, streams=[stream("slag", "slag", legal_status="waste")])
    paths = [path("large_only", quantity_min=500, jurisdiction=jurisdiction)]
    for count in (1, 2):
        chains = several(3, count, **rows, legal_paths=paths).chains
        assert chains.verdict.tolist() == [Verdict.PASS, Verdict.UNKNOWN][:count]
        assert chains.gain.tolist() == pytest.approx([-6.0, 5.0][:count])
    assert several(3, 1, **rows, legal_paths=[path("any")]).chains.gain.tolist() == pytest.approx([5.0])


def test_more_tonnes_are_not_better():
    """From 500 t/a the country asks for a decision, below it the Union's notification holds: the small plant's route is the lawful one."""
    plants = [
        step("large", "slag", "mid", 1.0, output_status="waste"),
        step("small", "slag", "mid", 0.4, output_status="waste", variable_opex=1),
        step("mill", "mid", "pre", 1.0, output_status="waste"),
        step("press", "pre", "block", 1.0, output_status="waste"),
    ]
    paths = [path("own", quantity_min=500, by_decision=True), path("union", jurisdiction="EU")]
    rows = chained(*plants, streams=[stream("slag", "slag", legal_status="waste")], legal_paths=paths)
    matches = several(3, 1, **rows)
    assert set(described(matches)) == {("slag", "road", ("small", "mill", "press"))}
    assert matches.chains.verdict.tolist() == [Verdict.PASS]


@pytest.mark.parametrize(("least", "verdict"), [(400, Verdict.PASS), (401, Verdict.UNKNOWN)])
def test_the_law_of_the_need_asks_for_what_the_last_plant_makes(least, verdict):
    """Of 1 000 t the dryer makes 800 and the press 400 of them; the words say the same as the verdict."""
    plants = [step("dryer", "slag", "dry", 0.8), step("press", "dry", "block", 0.5, output_status="waste")]
    matches = several(2, **chained(*plants), legal_paths=[path("notice", quantity_min=least)])
    assert matches.chains.verdict.tolist() == [verdict]
    assert matches.chains.delivered.tolist() == pytest.approx([0.4])
    said = [check.verdict for check in checks(matches, len(matches.routes)) if check.subject == "law"]
    assert said == [verdict]
    assert (matches.chains.cause[0] == Cause.LEGAL) == (verdict > Verdict.PASS)


def test_little_is_better_where_the_way_ahead_costs():
    """Road: all of it earns 12 - 2 = 10 EUR, a tenth 1 - 1. Yard: all of it costs 2 EUR, a tenth 0.2 + 1. The heap costs 4."""
    plants = [step("all", "slag", "mid"), step("tenth", "slag", "mid", 0.1, variable_opex=1)]
    plants += [step("mill", "mid", "pre"), step("press", "pre", "block")]
    accepted = [{"need": key, "material": "block", "ratio": 1, "grade": "A"} for key in ("road", "yard")]
    found = gains(several(3, 1, **{**chained(*plants), **needs(), "acceptances": accepted}))
    assert found == {
        ("slag", "road", ("all", "mill", "press")): pytest.approx(14.0),
        ("slag", "yard", ("tenth", "mill", "press")): pytest.approx(4 - 1.2),
    }


def test_the_less_clean_is_better_where_a_by_product_would_be_taken_at_a_loss():
    """Of each tonne the press makes half a tonne of blocks, 5 EUR, and half a tonne of ash, which only the yard takes, 1 EUR of loss.

    With 4 mg/kg of cadmium the ash may go there, and goes; with 10 it may not. The clean dryer costs nothing, the other 0.5 EUR:
    5 - 1 + 4 = 8 against 5 - 0.5 + 4 = 8.5.
    """
    plants = [
        step("clean", "slag", "mid", recovery=True),
        step("plain", "slag", "mid", recovery=True, variable_opex=0.5),
        step("mill", "mid", "pre"),
        step("press", "pre", "block", 0.5, residue=("ashes", "ash", "coproduct")),
    ]
    rows = {
        **chained(*plants),
        **needs(),
        "acceptances": [{"need": key, "material": made, "ratio": 1, "grade": "A"} for key, made in (("road", "block"), ("yard", "ash"))],
        "analyses": [analysis("slag", "Cd", 10)],
        "limits": [limit("cd", "Cd", 5, use_class="yard", blending=True)],
        "recoveries": [
            {"technology": key, "output": "made", "component": "Cd", "value": share, "grade": "A"}
            for key, share in (("clean", 40), ("plain", 100))
        ],
    }
    for count in (1, 2):
        found = gains(several(3, count, **rows))
        assert found["slag", "road", ("plain", "mill", "press")] == pytest.approx(8.5)
    assert found["slag", "road", ("clean", "mill", "press")] == pytest.approx(8.0)
