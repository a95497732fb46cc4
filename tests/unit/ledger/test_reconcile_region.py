"""Reconciliation of a region: what counts as evidence, which balances there are, and the sources of 2018 on Kemi-Tornio."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from builders import region, table
from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.errors import OptionError
from sivuvirta.ledger.reconcile.region import reconcile_region

MATERIALS = [
    {"material": "slag", "carrier": "solid", "unit": "t", "name_en": "Slag"},
    {"material": "steel", "carrier": "solid", "unit": "t", "name_en": "Steel"},
]
SITES = [{"site": "works", "name": "Works"}]
GRADES = [{"evidence": "A", "factor": 1, "cv": 2}, {"evidence": "B", "factor": 1, "cv": 4}, {"evidence": "D", "factor": 1, "cv": 50}]


def make(**tables):
    given = {"materials": MATERIALS, "sites": SITES, "uncertainties": GRADES, "streams": [stream("slag")], **tables}
    return region(**given)


def stream(key, **more):
    return {"stream": key, "name": key.title(), "site": "works", "material": "slag", **more}


def amount(key, value, **more):
    return {"table": "streams", "subject": key, "vintage": "now", "value": value, "grade": "B", "source": "register", **more}


def says(key, value, source, **more):
    return {
        "statement": f"{key}.{source}",
        "table": "streams",
        "subject": key,
        "vintage": "now",
        "value": value,
        "grade": "B",
        "source": source,
        **more,
    }


def run(**tables):
    found = reconcile_region(make(**tables), ReconcileOptions())
    return found, found.quantities.set_index("name")


def test_statements_stand_in_for_the_registers_figure_which_stays_beside_them():
    """100 +- 4 and 110 +- 4.4: weights 1/16 and 1/19.36."""
    found, q = run(quantities=[amount("slag", 500)], statements=[says("slag", 100, "a"), says("slag", 110, "b")])
    mean = (100 / 16 + 110 / 19.36) / (1 / 16 + 1 / 19.36)
    assert q.loc["streams/slag", "reconciled"] == pytest.approx(mean)
    assert q.loc["streams/slag", "chosen"] == 500
    assert found.statements["source"].tolist() == ["a", "b"]
    assert found.statements["how"].tolist() == ["grade", "grade"]


def test_a_register_without_statements_is_its_own_evidence():
    found, q = run(quantities=[amount("slag", 500, low=400, high=729)])
    assert q.loc["streams/slag", "sigma"] == pytest.approx(100)  # 329 / 3.29
    assert q.loc["streams/slag", "known"] == "measured, not checked"
    assert found.freedom == 0


def test_figures_that_follow_from_others_or_are_planned_are_no_evidence():
    found, q = run(
        streams=[stream("slag"), stream("dust")], quantities=[amount("slag", 500, derived=True), amount("dust", 5, status="planned")]
    )
    assert q["known"].tolist() == ["unknown", "unknown"]
    assert len(found.statements) == 0
    assert q["chosen"].tolist() == [500, 5]


def test_split_parts_are_the_whole_of_their_parent():
    """60 +- 10 and 50 +- 10 of 100 +- 10: each moves by a third of 10."""
    parts = [stream("slag"), stream("fine", parent="slag", part="split"), stream("coarse", parent="slag", part="split")]
    wide = {"low": 0, "high": 32.9}
    rows = [amount("slag", 100, **wide), amount("fine", 60, **wide), amount("coarse", 50, **wide)]
    found, q = run(streams=parts, quantities=rows)
    assert q["reconciled"].tolist() == pytest.approx([100 + 10 / 3, 60 - 10 / 3, 50 - 10 / 3])
    assert found.balances["title"].tolist() == ["Parts of Slag"]


def yielded(**more):
    return [
        {
            "balance": "made",
            "title": "Slag made",
            "side": "in",
            "table": "activities",
            "subject": "works/production/steel",
            "grade": "D",
            "source": "s",
            **more,
        },
        {"balance": "made", "side": "out", "table": "streams", "subject": "slag", "grade": "B", "source": "s"},
    ]


def test_an_activity_of_the_year_and_a_yield_with_its_range():
    """1 000 t of steel at 0.3 +- 0.03 t/t; the slag was not measured: 300 t, its relative variance 0.02^2 + 0.1^2."""
    activities = [
        {
            "site": "works",
            "kind": "production",
            "product": "steel",
            "year": year,
            "value": value,
            "unit": "t/a",
            "grade": "A",
            "source": "s",
        }
        for year, value in ((2024, 1000), (2020, 7))
    ]
    found, q = run(
        activities=activities,
        quantities=[amount("slag", 9, derived=True)],
        balances=yielded(factor=0.3, factor_low=0.25065, factor_high=0.34935),
    )
    assert q.loc["streams/slag", "reconciled"] == pytest.approx(300)
    assert q.loc["streams/slag", "sd"] == pytest.approx(300 * np.hypot(0.02, 0.1))
    assert q.loc["streams/slag", "known"] == "computed"
    assert q.loc["activities/works/production/steel", "label"] == "Works: production of steel"
    assert found.balances.iloc[0]["grade"] == "D"


def test_a_factor_without_a_range_is_exact():
    _, q = run(statements=[says("slag", 30, "a")], balances=yielded(factor=0.3))
    assert q.loc["activities/works/production/steel", "reconciled"] == pytest.approx(100)
    assert not any(name.startswith("factors/") for name in q.index)


def test_a_balance_of_a_component_takes_contents_from_the_analyses():
    rows = [{**row, "component": "Cr"} for row in yielded(factor=0.1)]
    analyses = [
        {"stream": "slag", "component": "Cr", "kind": "total", "value": 50_000, "low": 40_000, "high": 60_000, "grade": "B", "source": "s"}
    ]
    tables = {"statements": [says("slag", 100, "a")], "balances": rows, "analyses": analyses}
    found, q = run(**tables)
    assert q.loc["contents/slag/Cr", "measured"] == pytest.approx(0.05)
    assert q.loc["activities/works/production/steel", "reconciled"] == pytest.approx(50)  # 100 t of 5 % in 10 %
    assert found.balances["component"].tolist() == ["Cr"]
    without = reconcile_region(make(**tables), ReconcileOptions(components=False))
    assert len(without.balances) == 0


def exchange(**more):
    return {
        "exchange": "x",
        "donor": "Works",
        "stream": "slag",
        "receiver": "Road",
        "quantity": 80,
        "year": 2024,
        "grade": "B",
        "source": "other",
        **more,
    }


def test_an_exchange_of_the_year_bounds_its_stream():
    """80 of 100 t go to the road, 20 t elsewhere; were it 120, nothing is left and the two meet."""
    _, q = run(statements=[says("slag", 100, "a", sd=1)], exchanges=[exchange()])
    assert q.loc["streams/slag:rest", "reconciled"] == pytest.approx(20)
    found, q = run(statements=[says("slag", 100, "a", sd=4.8)], exchanges=[exchange(quantity=120)])
    assert q.loc["streams/slag:rest", "reconciled"] == 0
    assert q.loc["streams/slag", "reconciled"] == pytest.approx(110)
    assert found.freedom == 1


def test_an_exchange_that_its_source_tells_elsewhere_is_one_statement():
    found, _ = run(statements=[says("slag", 80, "other")], exchanges=[exchange()])
    assert found.statements["name"].tolist() == ["streams/slag"]


def test_parts_of_a_year_add_up():
    rows = [amount("slag", 60, period="summer", low=50, high=70), amount("slag", 40, period="winter", low=30, high=50)]
    _, q = run(quantities=rows)
    assert q.loc["streams/slag", "measured"] == pytest.approx(100)
    assert q.loc["streams/slag", "sigma"] == pytest.approx(2 * np.hypot(10, 10) / 3.29)


def test_a_figure_of_another_year_says_so():
    found, _ = run(statements=[says("slag", 80, "a", year=2019, note="Slides")])
    assert found.statements.iloc[0]["note"] == "Figure of 2019. Slides"


def test_a_stock_change_may_be_negative():
    rows = [
        {"balance": "heap", "side": "in", "table": "streams", "subject": "slag", "grade": "B", "source": "s"},
        {"balance": "heap", "side": "out", "table": "flows", "subject": "sold_slag", "grade": "B", "source": "s"},
        {"balance": "heap", "side": "out", "table": "stocks", "subject": "pile", "grade": "B", "source": "s"},
    ]
    sold = {**says("sold_slag", 130, "b"), "table": "flows"}
    _, q = run(statements=[says("slag", 100, "a"), sold], balances=rows, stocks=[{"stock": "pile", "stream": "slag"}])
    assert q.loc["stocks/pile", "reconciled"] == pytest.approx(-30)


def test_options_by_name():
    with pytest.raises(OptionError, match=r"A reconciliation has no option 'levels'\. Did you mean 'level'"):
        sv.reconcile("three_sites", levels=0.1)
    assert sv.reconcile("three_sites", level=0.1).level == 0.1


def test_the_builder_knows_the_new_tables():
    assert table("uncertainties", GRADES)["cv"].tolist() == [2, 4, 50]


@pytest.fixture(scope="module")
def found():
    return sv.reconcile(sv.load("kemi_tornio", "2018"))


def test_the_slag_of_2018_two_sources_each(found):
    """650 000 and 700 000 t at 3.91 % (grade B): mean by precision 673 151 t; 400 000 and 300 000 t: 336 000 t, as 1/16 to 1/9."""
    q = found.quantities.set_index("name")
    weights = np.array([650e3**-2, 700e3**-2])
    assert q.loc["streams/fecr_slag", "measured"] == pytest.approx(weights @ [650e3, 700e3] / weights.sum())
    assert q.loc["streams/ss_slag", "measured"] == pytest.approx(336e3)
    assert q.loc["streams/fecr_slag", "statements"] == q.loc["streams/ss_slag", "statements"] == 2


def test_the_sources_of_2018_contradict_each_other_in_the_steel_slag_alone(found):
    assert not found.passed
    assert found.suspects["name"].tolist() == ["streams/ss_slag"]
    (left,) = found.suspects["probability"]
    assert left > 0.05
    assert "streams/ss_slag" in found.suspects.iloc[0]["alike"]  # which of the two years is wrong nothing says


def test_what_2018_leaves_open_is_computed_or_unknown(found):
    q = found.quantities.set_index("name")
    assert q.loc["streams/kemi_tailings", "known"] == "computed"
    x = q["reconciled"]
    ore, concentrate = (x[f"activities/kemi_mine/production/mining.{name}.chromite"] for name in ("ore", "concentrate"))
    assert x["streams/kemi_tailings"] == pytest.approx(ore - concentrate - x["streams/kemi_lumpy_reject"])
    assert x["streams/veits_fly_ash"] == pytest.approx(22_000 - 6_000)
    assert q.loc["streams/fecr_slag_gran", "known"] == "unknown"


def test_every_balance_of_2018_closes(found):
    assert found.balances["relative"].abs().max() < 1e-9
    assert found.freedom == 7


def test_the_reconciled_slag_of_2018_has_room_for_both_of_its_sources(found):
    """15 640 and 11 730 t of deviation for 400 000 and 300 000 t: ratio 100 000 / 19 550 = 5.115, so 9 384 x 5.115 = 48 000 t."""
    row = found.quantities.set_index("name").loc["streams/ss_slag"]
    assert row["widened"] == pytest.approx(100_000 / np.hypot(15_640, 11_730), rel=1e-3)
    assert row["low"] < 300_000
    assert row["high"] > 400_000
    assert found.quantities.set_index("name").loc["streams/kemi_lumpy_reject", "widened"] == 1
