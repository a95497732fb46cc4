"""Shocks of the teaching region, worked out by hand.

Haulage costs 0.10 EUR/tkm and 1 EUR/t. Planned: 4 000 t of slag (40 km) and 2 000 t of ash (60 km) to the road instead of rock at 12 EUR/t;
3 000 t of ash through the granulator (fixed 60 000 EUR/a, 15 EUR/t) to the forest (60 km) for 750 t of fertiliser at 300 EUR/t. The heap
costs 5 EUR/t, the landfill 15 + 25. A tonne brings

- slag to the road: 12 + 5 - 5 = 12 EUR, 4 000 t: 48 000
- ash to the road: 12 + 40 - 7 = 45 EUR, 2 000 t: 90 000; only beside slag, at most one part in three
- ash to the forest: 75 + 40 - 15 - 7 = 93 EUR, 3 000 t: 279 000, less 60 000 that stay when the plant stands idle
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.design.shock import alike
from sivuvirta.domain.shocks import NODES
from sivuvirta.errors import OptionError, SolverError, UnknownNameError
from sivuvirta.futures.removals import removals
from sivuvirta.futures.shocked import Standing
from sivuvirta.futures.shocking import shocks
from sivuvirta.plan.open import OpenPlan


@pytest.fixture(scope="module")
def plan():
    return sv.plan("three_sites")


@pytest.fixture(scope="module")
def found(plan):
    return sv.shock(plan)


@pytest.mark.parametrize(
    ("subject", "key", "alone", "loss"),
    [
        ("plant", "granulator", 279_000, 279_000),  # the road has no room for more ash
        ("need", "forest", 279_000, 279_000),
        ("link", "granulator > forest", 279_000, 279_000),
        ("stream", "slag", 138_000, 138_000),  # 48 000, and 90 000 of ash that has no slag beside it
        ("need", "road", 138_000, 138_000),
        ("link", "slag > road", 138_000, 138_000),
        ("link", "ash > road", 90_000, 66_000),  # repair: 2 000 t more of slag at 12 EUR
        ("stream", "ash", 369_000, 345_000),  # 90 000 + 279 000; repair as before
        ("organisation", "works_ltd", 138_000, 138_000),
        ("site", "town", 417_000, 417_000),  # the benefit of 357 000 and the 60 000 that still have to be paid
    ],
)
def test_losses_before_and_after_repair(found, subject, key, alone, loss):
    one = found.find(subject, key)
    assert (one.alone, one.loss) == (pytest.approx(alone), pytest.approx(loss))
    assert one.used


def test_what_stops_with_the_slag(found):
    shifts = {(shift.what, shift.subject): (shift.before, shift.after) for shift in found.find("stream", "slag").cascade}
    assert shifts == {
        ("disposal", "stream:ash"): (pytest.approx(1000), pytest.approx(3000)),
        ("purchase", "need:road"): (0, pytest.approx(6000)),
    }


def test_what_replaces_the_ash_of_the_road(found):
    one = found.find("link", "ash > road")
    assert [(shift.subject, shift.to, shift.before, shift.after) for shift in one.repair] == [
        ("stream:slag", "Base layer of a road", pytest.approx(4000), pytest.approx(6000))
    ]
    assert "Repair: Slag to Base layer of a road: 2,000 t/a more." in one.text
    assert "66,000 EUR/a are lost with the cheapest repair, 90,000 without repair." in one.text


def test_an_idle_plant_is_told(found):
    assert [shift.subject for shift in found.find("need", "forest").cascade if shift.what == "idle"] == ["plant:granulator"]


def test_what_has_to_be_kept_a_month(found):
    kept = {(each.side, each.subject): each for each in found.find("link", "slag > road").storage}
    assert kept["keep", "stream:slag"].month == pytest.approx(4000 / 12)
    assert kept["keep", "stream:ash"].month == pytest.approx(2000 / 12)
    assert kept["draw", "need:road"].month == pytest.approx(6000 / 12)
    assert np.isnan(kept["keep", "stream:slag"].capacity)
    repaired = {each.subject: each for each in found.find("link", "ash > road").storage if each.side == "draw"}
    assert repaired["need:road"].after_repair == pytest.approx(0)  # slag has taken its place


def stored(tables, name, **row):
    frame = pd.DataFrame([{"grade": "A", "source": "invented", **row}])
    return {**tables, name: frame}


def test_known_stores_say_how_many_months_they_last():
    tables = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    tables = stored(tables, "stocks", stock="pile", stream="slag", capacity=1000)
    tables = stored(tables, "permits", permit="works", site="works", storage=800, valid_from="2020-01-01")
    one = sv.shock(sv.region("stored", tables), of="link", only="slag > road").shocks[0]
    (kept,) = (each for each in one.storage if each.subject == "stream:slag")
    assert kept.capacity == 800  # the smaller of the pile and the permit
    assert kept.months == pytest.approx(2.4)  # 800 t at 333.3 t a month
    ended = stored(tables, "permits", permit="works", site="works", storage=800, valid_to="2023-12-31")
    assert sv.shock(sv.region("ended", ended), of="link", only="slag > road").shocks[0].storage[0].capacity == 1000


def test_frames_have_a_row_a_shock_the_largest_loss_first(found):
    frame = found.to_frame()
    assert len(frame) == len(found) == 15  # 2 streams, 2 needs, a plant, 3 sites, 3 organisations, 4 links
    assert frame["loss"].is_monotonic_decreasing
    assert frame["share"].iloc[0] == pytest.approx(417_000 / 357_000)
    assert set(found.cascades()["stage"]) == {"cascade", "repair"}
    assert {"shock", "month", "months"} <= set(found.storage())
    assert "15 tested" in repr(found)


def test_a_promise_that_cannot_be_kept_is_no_number():
    tables = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    tables["needs"]["minimum"] = [3000, np.nan]  # of the road
    one = sv.shock(sv.region("promised", tables), of="stream", only="slag").shocks[0]
    assert np.isnan(one.loss)
    assert one.text == "Without it what is promised cannot be kept, whatever else is done."
    assert sv.shock(sv.region("promised", tables), of="need", only="road").shocks[0].loss == pytest.approx(138_000)  # nobody holds to it


def test_wrong_names_are_refused(plan):
    with pytest.raises(OptionError, match="'mill'"):
        sv.shock(plan, of="mill")
    with pytest.raises(OptionError, match="pooling='batches'"):
        shocks(evolve(plan, options=evolve(plan.options, pooling="exact")))
    with pytest.raises(UnknownNameError, match="There is no"):
        sv.shock(plan, of="stream", only="slg")
    with pytest.raises(OptionError, match="It has: proven, potential"):
        sv.shock(plan, evidence="sure")
    with pytest.raises(KeyError):
        sv.shock(plan, of="plant").find("plant", "kiln")


def test_the_command_tells_and_writes(tmp_path):
    result = CliRunner().invoke(commands, ["shock", "three_sites", "--of", "link", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "279" in result.stdout
    assert len(pd.read_csv(tmp_path / "out" / "shocks.csv")) == 4
    body = json.loads(CliRunner().invoke(commands, ["shock", "three_sites", "--of", "plant", "--json"]).stdout)
    assert body["shocks"][0]["loss"] == pytest.approx(279_000)
    assert body["benefit"] == pytest.approx(357_000)


def test_a_refused_path_closes_the_routes_that_rest_on_it():
    found = sv.shock("kemi_tornio", of="path")
    one = found.shocks[0]
    assert one.used
    assert 0 < one.loss <= one.alone
    assert one.id in sv.load("kemi_tornio").table("legal_paths").row_keys()
    told = found.expected({one.id: (0.25, "an opinion of the counsel")})
    assert told["expected"].iloc[0] == pytest.approx(one.loss / 4)
    with pytest.raises(OptionError, match="has a reason"):
        found.expected({one.id: (0.25, " ")})
    with pytest.raises(OptionError, match="between 0 and 1"):
        found.expected({one.id: (1.25, "sure")})
    with pytest.raises(UnknownNameError, match="was not tested"):
        found.expected({"xx": (0.1, "why not")})


@pytest.mark.parametrize(
    ("of", "only", "told"),
    [
        ("plant", "slag", "'slag' is a stream, not a plant. Ask for shocks of that kind: --of stream."),
        (("plant", "need"), "mill", "'mill' is a site, not a plant or a need. Ask for shocks of that kind: --of site."),
        (NODES, "slags", "There is no 'slags' to take out. The nearest: slag."),
        (
            NODES,
            "slag > roat",
            "The network uses no link 'slag > roat'; only links that carry something can be taken out. The nearest: slag > road.",
        ),
        (
            NODES,
            "qqqq",
            "There is no 'qqqq' to take out. Ids are those of the register; without --only all are taken out, and --json tells each.",
        ),
    ],
)
def test_a_name_that_cannot_be_taken_out_is_told_in_a_sentence(plan, of, only, told):
    with pytest.raises(UnknownNameError) as error:
        sv.shock(plan, of, only)
    assert str(error.value).startswith(told.removesuffix("."))
    assert "\n" not in str(error.value)


def printed(*arguments):
    return " ".join(CliRunner().invoke(commands, ["shock", *arguments]).stdout.split())


def test_a_loss_beyond_the_benefit_has_a_word():
    """The town: 417 000 of 357 000 EUR/a, because the granulator of 60 000 EUR/a stands and is paid; the plant alone: 279 000, less."""
    assert "More than 100 % of the benefit: the region is then worse off than today, as what was built" in printed("three_sites")
    assert "More than 100 %" not in printed("three_sites", "--of", "plant")


def test_one_event_is_one_row():
    """Town 417 000, ash and mill 345 000, granulator and forest 279 000, slag, works and road 138 000, one link 66 000: five losses."""
    text = printed("three_sites")
    assert "15 matter, in 5 rows of one loss each;" in text
    assert "Town site, organisation 417" in text
    assert text.count("279 k€/a") == 2  # the loss, and the same before repair
    assert "Base layer of a road" not in printed("three_sites", "--limit", "1").partition("Before repair")[2].partition("Town (site")[0]


def test_events_keep_their_order_and_those_without_a_plan_apart(found):
    gone = [evolve(one, loss=float("nan"), alone=float("nan")) for one in found.shocks[:2]]
    events = alike([*gone, *found.shocks[2:]])
    assert [len(event) for event in events[:2]] == [1, 1]
    assert [event[0].loss for event in events[2:]] == sorted((event[0].loss for event in events[2:]), reverse=True)
    assert sum(len(event) for event in events) == len(found)


def test_a_network_that_has_nothing_to_lose_says_so():
    text = printed("kemi_tornio", "--evidence", "proven", "--of", "plant")
    assert "the proven network has nothing to lose there. Ask for --evidence potential to test the other." in text
    assert "Before repair Emissions" not in text
    assert "There is nothing of that kind to take out." in printed("three_sites", "--of", "path")


def test_losses_point_at_the_price_of_a_refusal():
    """The granulator: 279 000 after it is built, 219 000 before; each output says why the other differs."""
    assert "The price of a refusal (`sivuvirta alternatives`)" in sv.shock("three_sites", "plant").counted
    near = sv.alternatives("three_sites")
    assert {one.name: one.cost for one in near.refusals}["candidates without owner"] == pytest.approx(219_000)
    assert "`sivuvirta shock` tells what is lost when it goes after all is built" in near.counted


def test_what_was_taken_is_given_back_when_a_solve_fails(plan, monkeypatch):
    at = Standing(plan.matches, plan.reference, plan.options, "potential")
    arrays = at.open.model.arrays
    before = [values.tolist() for values in (arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper)]

    def fails(self, *args, **more):
        raise SolverError("lost")

    monkeypatch.setattr(OpenPlan, "best", fails)
    with pytest.raises(SolverError, match="lost"):
        at.without(removals(at.links, at.planned.arc)[0], repair=False)
    assert [values.tolist() for values in (arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper)] == before
