"""Stocks of what plants make, by hand: slag arises in summer and is crushed then; the road takes rock in winter, from a store.

A tonne of slag off the heap saves 30 EUR; crushing it costs 4 and its 0.1 t of dust 1.2: 24.8 EUR a tonne, which makes 0.9 t of rock.
The store takes 50 t of rock; putting in and taking out cost 1 EUR each, and 10 % is lost over half a year (19 % a year). A tonne of rock
replaces one of 20 EUR. A tonne of rock put in: 24.8 / 0.9 + 0.9 x 20 - 1 - 0.9 x 1.
"""

from __future__ import annotations

import pytest
from tests.engine.worlds import (
    DUST,
    ROCK,
    SLAG,
    accepts,
    at_most,
    base,
    cadmium,
    costs,
    dust_heap,
    fate,
    planned,
    plant,
    random_tables,
    region,
    technology,
)

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.errors import CheckError
from sivuvirta.links import build
from sivuvirta.lp.model import Model
from sivuvirta.lp.watch import Watch
from sivuvirta.match import match
from sivuvirta.plan.program.objective import cost_of

SEASONS = (("summer", "5-10"), ("winter", "11-4"))
SOURCED = {"grade": "A", "source": "invented"}
PUT = 24.8 / 0.9 + 0.9 * 20 - 1 - 0.9 * 1 - 0.1 * 30
"""EUR per tonne of rock put into the store; the tenth that is lost has no outlet and counts as slag on its heap at 30."""


def seasons(*years: int, **said: object) -> list[Period]:
    return [Period(year=year, period=name, months=months, **said) for year in years for name, months in SEASONS]


def store(**more: object) -> dict[str, object]:
    return {
        "stock": "store",
        "plant": "crusher",
        "output": "rock",
        "site": "s0",
        "capacity": 50,
        "handling": 2,
        "loss": 19,
        **SOURCED,
        **more,
    }


def quarry(slots=None, streams=None, **more: object):
    """100 t of slag in summer, 90 t of rock in winter, everything on one site."""
    made = technology(
        "crushing",
        slots or {"feed": (SLAG, 1, 1, None)},
        {"rock": (ROCK, "product", 0.9), "dust": (DUST, "residue", 0.1)},
        variable_opex=4,
        **dict.fromkeys(("electricity", "heat", "diesel", "water"), 0),
    )
    given = streams or [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 100, "season": "5-10"}]
    return base(
        given,
        [{"need": "road", "site": "s0", "amount": 90, "price": 20, "season": "11-4"}],
        **{
            "fates": [*(fate(str(row["stream"]), "stored", 30) for row in given), dust_heap()],
            "acceptances": [accepts("road", ROCK)],
            "links": costs(),
            "plants": [plant("crusher", "crushing", "s0", status="existing", capacity=1000)],
            "stocks": [store()],
            **made,
            **more,
        },
    )


def test_rock_waits_for_the_winter_in_a_store():
    course = sv.pathway(region(quarry()), seasons(2024)).proven
    assert course.status == "optimal"
    assert course.benefit == pytest.approx(50 * PUT)
    assert course.stocks["stream"].tolist() == ["crusher.rock"] * 2
    assert course.stocks["in"].tolist() == pytest.approx([50, 0])
    assert course.stocks["out"].tolist() == pytest.approx([0, 45])
    assert course.stocks["lost"].tolist() == pytest.approx([0, 5])
    assert course.stocks["level"].tolist() == pytest.approx([50, 0])
    assert course.stocks["cost"].tolist() == pytest.approx([50, 45 + 5 * 30])
    assert course.money["stocks"].tolist() == pytest.approx([95 + 5 * 30])
    assert cost_of(course.years[0]) == pytest.approx(course.money["cost"].iloc[0])
    (room,) = [one for one in course.marginals if one.constraint == "level"]
    assert room.value == pytest.approx(PUT)
    assert "One more tonne of room in stock 'store' is worth" in room.text


def test_nobody_gains_by_losing():
    """A store that loses everything would take rock off the heap for nothing: what is lost counts as slag there, so none is put in."""
    course = sv.pathway(region(quarry(stocks=[store(loss=100, capacity=90, handling=0)])), seasons(2024)).proven
    assert course.benefit == pytest.approx(0)
    assert course.stocks["in"].sum() == pytest.approx(0)


def test_a_moist_product_is_handled_as_sent():
    """Rock of 20 % water: 1 / 0.8 t as sent a dry tonne, 50 t of it at 2 EUR a year for half a year."""
    tables = quarry()
    for row in tables["recipe_outputs"]:
        row["moisture"] = 20 if row["output"] == "rock" else row["moisture"]
    wet = sv.pathway(region(tables), seasons(2024)).proven
    assert wet.stocks["cost"].iloc[0] == pytest.approx(50 / 0.8 * 2 / 2)


def test_a_second_objective_that_was_stopped_is_not_called_optimal(monkeypatch):
    asked = []
    solve = Model.solve

    def counted(self, *options):
        asked.append(1)
        return solve(self, *options)

    monkeypatch.setattr(Model, "solve", counted)
    watch = Watch(stop=lambda: len(asked) > 1)
    found = sv.pathway(region(quarry()), seasons(2024), then=("traffic", "jobs"), evidence="potential", watch=watch)
    assert found.potential.status == "feasible"


def test_without_a_store_nothing_is_crushed():
    course = sv.pathway(region(quarry(stocks=[])), seasons(2024)).proven
    assert course.benefit == pytest.approx(0)


def test_the_season_of_each_flow():
    flows = sv.pathway(region(quarry()), seasons(2024)).flows("proven")
    amounts = {(row.period, row.kind): row.amount for row in flows.itertuples()}
    slag = 50 / 0.9
    want = {
        ("2024.summer", "feed"): slag,
        ("2024.summer", "residue"): 0.1 * slag,
        ("2024.summer", "fate"): 100 - slag,
        ("2024.winter", "deliver"): 45,
        ("2024.winter", "buy"): 45,
    }
    assert amounts == pytest.approx(want)


def test_a_store_lasts_from_year_to_year_but_not_beyond_what_a_year_stands_for():
    """The second winter may be served from both summers; a year that stands for three ends as it began, with an empty store."""
    one = sv.pathway(region(quarry()), seasons(2024)).proven.benefit
    three = sv.pathway(region(quarry()), seasons(2024, years=3)).proven.benefit
    assert three == pytest.approx(one * (1 + 1 / 1.05 + 1 / 1.05**2))


def test_what_has_no_outlet_cannot_be_left_in_the_store():
    """The last summer's rock would lie there for ever: only the first summer's is made for the winter between."""
    periods = [*seasons(2024), Period(year=2025, period="summer", months="5-10"), Period(year=2025, period="rest", months="11-4")]
    course = sv.pathway(region(quarry()), periods).proven
    assert course.stocks["level"].iloc[-1] == pytest.approx(0)


def test_an_outlet_of_the_product_is_paid_for_what_is_lost():
    tables = quarry()
    tables["fates"].append({**dust_heap("rock"), "fee": 40})
    course = sv.pathway(region(tables), seasons(2024)).proven
    assert course.benefit == pytest.approx(50 * (PUT + 0.1 * 30 - 0.1 * 40))
    assert course.stocks["cost"].tolist() == pytest.approx([50, 45 + 5 * 40])


def test_a_store_of_unknown_size_is_potential_alone():
    """With potential all 100 t of slag are crushed for 81 of 90 t of rock that are left of it in winter."""
    found = sv.pathway(region(quarry(stocks=[store(capacity=None)])), seasons(2024))
    assert found.proven.benefit == pytest.approx(0)
    assert found.potential.benefit == pytest.approx(90 * PUT)
    assert any("'store' has no known capacity" in note for note in found.notes)


def test_a_binder_is_stored_with_the_batch_that_it_is_in():
    """A quarter of a tonne of binder at 8 EUR with each of slag: 1.25 t of inputs make 1.125 t of rock and 0.125 t of dust.

    For 50 t of rock 50 / 1.125 t of slag are off the heap, crushed, and mixed.
    """
    tables = quarry(slots={"feed": (SLAG, 1, 1, None), "binder": ("world", 0.25, 0.25, "p_binder")})
    tables["products"].append({"product": "p_binder", "name": "Binder", "material": "world", "unit": "t"})
    tables["prices"].append({**tables["prices"][0], "price": "binder", "subject": "p_binder", "value": 8})
    course = sv.pathway(region(tables), seasons(2024)).proven
    slag = 50 / 1.125
    assert course.benefit == pytest.approx(slag * (30 - 4 - 0.25 * 8 - 0.125 * 12) + 45 * 20 - 50 - 45 - 5 * 30)
    assert course.stocks["out"].tolist() == pytest.approx([0, 45])


def test_what_comes_out_of_a_store_keeps_its_origin():
    """Skulls of 16 mg/kg may not go to the road, which takes at most 8 and no blends: their rock is not made, however mixed the store."""
    streams = [{"stream": name, "site": "s0", "material": SLAG, "amount": 30, "season": "5-10"} for name in ("slag", "skulls")]
    analyses = [cadmium("slag", 4), cadmium("skulls", 16)]
    course = sv.pathway(region(quarry(streams=streams, analyses=analyses, limits=[at_most("road", 8, "no")])), seasons(2024)).proven
    assert course.stocks["in"].tolist() == pytest.approx([27, 0])
    assert course.benefit == pytest.approx(27 * PUT)


def test_a_plant_may_hand_over_more_than_it_can_make_in_the_season():
    """40 t a year are 20 t of slag in summer, 18 t of rock; the winter's own 20 t have no slag."""
    tables = quarry(links=[{**row, "fixed_cost": 1} for row in costs()])
    tables["plants"][0] |= {"capacity": 40}
    tables["needs"][0] |= {"site": "s1"}
    course = sv.pathway(region(tables), [*seasons(2024), *seasons(2025)]).proven
    assert max(course.stocks["out"]) == pytest.approx(0.9 * 18)


@pytest.mark.parametrize("limits", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_free_stores_of_streams_and_products_make_the_seasons_one(seed, limits):
    """Everything arises in summer and is used in winter; with free stores the year is planned as if it had no seasons.

    With limits on potential evidence alone: a blend whose partner comes in another season is not proven until then.
    """
    tables = random_tables(seed)
    if not limits:
        tables.pop("limits", None)
    tables["plants"][0] |= {"status": "existing", "capacity": 10**7}
    whole = planned_cost(tables)
    for name, when in (("streams", "5-10"), ("needs", "11-4")):
        for row in tables[name]:
            row["season"] = when
    free = {"capacity": 10**7, "handling": 0, "loss": 0, **SOURCED}
    tables["stocks"] = [{"stock": f"of_{row['stream']}", "stream": row["stream"], **free} for row in tables["streams"]]
    tables["stocks"] += [{"stock": "store", "plant": "crusher", "output": "rock", **free}]
    course = sv.pathway(region(tables), seasons(2024), gap=1e-9, leads="none")
    assert course.potential.objective == pytest.approx(whole[1], rel=1e-6, abs=1e-4)
    if not limits:
        assert course.proven.objective == pytest.approx(whole[0], rel=1e-6, abs=1e-4)


def planned_cost(tables) -> list[float]:
    matches = match(build(region(tables)))
    plan = planned(matches)
    return [plan.proven.objective, plan.potential.objective]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"plant": None, "output": None}, "It holds neither a stream nor a plant's output"),
        ({"stream": "slag"}, "It holds a stream and a plant's output at once"),
        ({"output": "sand"}, "'crusher' runs 'crushing', which has no output 'sand'"),
    ],
)
def test_a_wrong_stock_is_refused_in_words(change, message):
    with pytest.raises(CheckError) as found:
        region(quarry(stocks=[store(**change)]))
    assert message in str(found.value)
