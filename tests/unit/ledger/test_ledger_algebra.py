"""The algebra of ledgers on the teaching region, whose plan is small enough to count by hand.

Plan: 4 000 t of slag and 2 000 t of ash to the road, 3 000 t of ash to the granulator and as granules to the forest, 6 000 t of slag and
1 000 t of ash to their heaps, 250 t of fertiliser bought. Today: 10 000 t of slag and 6 000 t of ash to heaps, 1 000 t of fertiliser,
6 000 t of rock.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta.errors import CheckError, OptionError, ShapeError, UnknownNameError
from sivuvirta.ledger.algebra import attained, cells, compared, split, summed, throughput
from sivuvirta.ledger.difference import difference
from sivuvirta.ledger.dimensions import DIMENSIONS, NOWHERE, labels
from sivuvirta.ledger.realised import ledger_of, rows_behind


@pytest.fixture(scope="module")
def plan():
    return sv.plan("three_sites")


@pytest.fixture(scope="module")
def planned(plan):
    return plan.proven.ledger


@pytest.fixture
def region_with_ranges(tmp_path):
    """The teaching region with 9,000 to 12,000 t of slag; it is read anew each time."""
    folder = shutil.copytree(Path(sv.__file__).parent / "regions" / "teaching" / "three_sites", tmp_path / "three_sites")
    quantities = pd.read_csv(folder / "quantities.csv")
    slag = quantities["subject"] == "slag"
    quantities.assign(low=np.where(slag, 9_000, np.nan), high=np.where(slag, 12_000, np.nan)).to_csv(folder / "quantities.csv", index=False)
    return folder


def amounts(frame, key, column="amount"):
    return dict(zip(frame[key], frame[column], strict=True))


def test_by_what_leaves_a_site(planned):
    assert amounts(cells(planned, "origin.site"), "origin.site") == pytest.approx({"mill": 9000, "works": 10_000, NOWHERE: 250})


def test_by_organisation_a_plant_counts_for_its_owner(planned):
    found = amounts(cells(planned, "origin.organisation"), "origin.organisation")
    assert found == pytest.approx({"mill_ltd": 6000, "works_ltd": 10_000, "investor": 3000, NOWHERE: 250})


def test_by_levels_of_the_material_tree(planned):
    coarse = amounts(cells(planned, "material", material_level=1), "material")
    assert coarse == pytest.approx({"ash": 6000 + 3000, "slag": 10_000, "fert": 250})
    assert set(cells(planned, "material", material_level=2)["material"]) == {
        "ash.fly",
        "ash.granules",
        "slag.ferrochrome",
        "fert.forest_pk",
    }


def test_a_cell_keeps_its_arcs_and_they_lead_to_the_rows_of_the_register(planned):
    row = cells(planned, ("origin", "destination")).set_index(["origin", "destination"]).loc["stream:slag", "need:road"]
    links = planned.links
    (arc,) = row["arcs"]
    assert links.nodes.label(links.arcs.origin[arc]) == "stream:slag"
    rows = rows_behind(links, row["arcs"])
    assert rows["table"].tolist() == ["acceptances", "quantities", "quantities"]
    assert [key.split("/")[:2] for key in rows["key"]][1:] == [["streams", "slag"], ["needs", "road"]]
    quantities = links.region.table("quantities")
    for _, found in rows[rows["table"] == "quantities"].iterrows():
        assert found["says"] == f"value {quantities['value'][found['row']]:g}"
        assert found["source"] == quantities["source"][found["row"]]
        assert found["citation"]


def test_every_row_behind_a_cell_is_named_once(planned):
    everything = rows_behind(planned.links, planned.arc)
    assert not everything.duplicated(["table", "row"]).any()
    assert {"quantities", "fates", "plants", "prices", "acceptances"} >= set(everything["table"])


def test_a_dimension_that_is_not_there_is_named_with_those_that_are(planned):
    with pytest.raises(UnknownNameError, match=r"no dimension 'origin\.sight'\. Did you mean 'origin\.site'"):
        cells(planned, "origin.sight")


def test_every_dimension_labels_every_flow(planned):
    for name in DIMENSIONS:
        found = labels(planned, name)
        assert len(found) == len(planned)
        assert all(isinstance(label, str) for label in found)


def test_sectors_by_their_digits():
    ledger = sv.plan("kemi_tornio").reference
    fine, coarse = cells(ledger, "origin.sector"), cells(ledger, "origin.sector", nace_digits=2)
    assert {"24.10", "07.29"} <= set(fine["origin.sector"])
    assert {"24", "07"} <= set(coarse["origin.sector"])
    assert "24.10" not in set(coarse["origin.sector"])
    assert set(cells(ledger, "origin.municipality")["origin.municipality"]) >= {"Tornio", "Kemi", "Keminmaa"}


def test_two_ledgers_beside_each_other(plan, planned):
    found = compared(planned, plan.reference, "kind")
    assert amounts(found, "kind", "difference") == pytest.approx(
        {"buy": 250 - 7000, "deliver": 3000, "direct": 6000, "fate": 7000 - 16_000, "feed": 3000}
    )
    same = compared(planned, plan.reference).set_index(["origin", "destination"])["difference"]
    other = difference(planned, plan.reference).set_index(["origin", "destination"])["difference"]
    assert same.to_dict() == pytest.approx(other.to_dict())


def test_an_amount_on_which_both_rest_is_off_in_both_alike(region_with_ranges):
    """Slag of 10,000 t (9,000 to 12,000): the plan takes 4,000 of it off the heap, so the heap gets 4,000 less, 3,600 to 4,800."""
    found = sv.plan(region_with_ranges)
    told = compared(found.proven.ledger, found.reference, ("origin", "kind")).set_index(["origin", "kind"])
    heap = told.loc[("stream:slag", "fate")]
    assert heap[["difference", "low", "high"]].tolist() == pytest.approx([-4_000, -4_800, -3_600])
    again = compared(found.proven.ledger, sv.plan(region_with_ranges).reference, ("origin", "kind")).set_index(["origin", "kind"])
    assert again.loc[("stream:slag", "fate")][["low", "high"]].tolist() == [heap["low"], heap["high"]]  # read twice, it is the same region


def test_the_same_stream_sent_elsewhere_makes_no_difference(region_with_ranges):
    """10,000 t of slag leave the works today and in the plan, whatever the 10,000 t are."""
    found = sv.plan(region_with_ranges)
    told = compared(found.proven.ledger, found.reference, "origin.site").set_index("origin.site").loc["works"]
    assert told[["difference", "low", "high", "unknown"]].tolist() == [0.0, 0.0, 0.0, ""]
    cell = cells(found.proven.ledger, "origin.site").set_index("origin.site").loc["works"]
    assert cell[["amount", "low", "high"]].tolist() == pytest.approx([10_000, 9_000, 12_000])


@pytest.fixture
def surer_ash(region_with_ranges):
    """The teaching region with 5,400 to 6,600 t of ash (6,000 -+ 10 %) and, as before, 9,000 to 12,000 t of slag."""
    quantities = pd.read_csv(region_with_ranges / "quantities.csv")
    ash = quantities["subject"] == "ash"
    told = quantities.assign(low=quantities["low"].mask(ash, 5_400), high=quantities["high"].mask(ash, 6_600))
    told.to_csv(region_with_ranges / "quantities.csv", index=False)
    return sv.plan(region_with_ranges)


def test_what_a_plant_makes_and_what_is_then_bought_follow_what_feeds_it(surer_ash):
    """3,000 t of ash to the granulator, -+ 10 %: granules 2,700 to 3,300 t; they fill 750 t of fertiliser, which is bought less."""
    told = compared(surer_ash.proven.ledger, surer_ash.reference, ("kind", "destination")).set_index(["kind", "destination"])
    granules = told.loc[("deliver", "need:forest")]
    assert granules[["difference", "low", "high"]].tolist() == pytest.approx([3_000, 2_700, 3_300])
    bought = told.loc[("buy", "need:forest")]  # the demand of 1,000 t is off in both alike
    assert bought[["difference", "low", "high"]].tolist() == pytest.approx([-750, -825, -675])


def test_inputs_are_off_each_for_itself(surer_ash):
    """Less to both heaps: 4,000 t of slag (-400, +800) and 5,000 t of ash (-+500): sqrt(400^2 + 500^2) and sqrt(800^2 + 500^2)."""
    row = compared(surer_ash.proven.ledger, surer_ash.reference, "kind").set_index("kind").loc["fate"]
    assert row["difference"] == pytest.approx(-9_000)
    assert row["low"] == pytest.approx(-9_000 - np.sqrt(800**2 + 500**2))
    assert row["high"] == pytest.approx(-9_000 + np.sqrt(400**2 + 500**2))


def test_a_cell_is_blank_only_where_nothing_is_known_and_says_why(region_with_ranges, monkeypatch):
    """1,000 t of ash to its heap, grade A (2.44 %), no range stated: -+ 1,000 x 0.0244 x 3.29 / 2 = 40.138 t."""
    ledger = sv.plan(region_with_ranges).proven.ledger
    told = cells(ledger, ("origin", "kind")).set_index(["origin", "kind"]).loc[("stream:ash", "fate")]
    assert told[["low", "high"]].tolist() == pytest.approx([1_000 - 40.138, 1_000 + 40.138])
    monkeypatch.setattr("sivuvirta.ledger.moving.grade_shares", lambda region: {})
    row = cells(ledger, ("origin", "kind")).set_index(["origin", "kind"]).loc[("stream:ash", "fate")]
    assert np.isnan(row["low"])
    assert row["unknown"] == "No range: how sure stream:ash is, is not known."


def test_ledgers_on_other_links_are_off_each_for_itself():
    before, now = (sv.plan(sv.load("kemi_tornio", vintage)).reference for vintage in ("2018", "2024"))
    told = compared(now, before, "kind").set_index(["kind", "unit"]).loc[("fate", "t/a")]
    one, two = (cells(ledger, "kind").set_index(["kind", "unit"]).loc[("fate", "t/a")] for ledger in (now, before))
    assert told["difference"] - told["low"] == pytest.approx(np.hypot(one["amount"] - one["low"], two["high"] - two["amount"]))
    assert told["high"] - told["difference"] == pytest.approx(np.hypot(one["high"] - one["amount"], two["amount"] - two["low"]))


def test_vintages_with_other_links_can_be_compared():
    before, now = (sv.plan(sv.load("kemi_tornio", vintage)).reference for vintage in ("2018", "2024"))
    found = compared(now, before, ("origin", "material"))
    row = found[found["origin"] == "stream:veits_sawmill"]
    assert len(row) == 1
    assert before.links is not now.links
    assert found["first"].sum() == pytest.approx(now.amount.sum())
    assert found["second"].sum() == pytest.approx(before.amount.sum())
    known = found.dropna(subset=["first", "second"])
    assert known["difference"].tolist() == pytest.approx((known["first"] - known["second"]).tolist())


def test_a_stream_without_an_amount_in_one_vintage_is_not_nothing_there():
    """Table `quantities` has what the mine of Kevitsa gives off for 2024 alone, and of the plant of Rovaniemi for both."""
    before, now = (sv.plan(sv.load("kemi_tornio", vintage)).reference for vintage in ("2018", "2024"))
    for first, second, side in ((now, before, "second"), (before, now, "first")):
        found = compared(first, second, "origin.organisation").set_index(["origin.organisation", "unit"])
        mine = found.loc[("boliden_kevitsa", "t/a")]
        assert mine[[side, "difference", "low", "high"]].isna().all()
        assert mine["unknown"] == "How much there is of Tailings, Waste rock in 2018 is not known; nothing of it is counted there."
        chrome = found.loc[("outokumpu_chrome", "t/a")]
        assert chrome["difference"] == pytest.approx(chrome["first"] - chrome["second"])
        assert "How much" not in found.loc[("neve", "t/a"), "unknown"]
    assert not compared(now, now, "origin")["unknown"].str.contains("How much").any()


def test_a_stated_0_is_an_amount_and_none_is_not(tmp_path):
    """Slag of the exercise in two vintages: told as 10 000 t in 2024, and of another year not at all, or as 0."""
    folder = shutil.copytree(Path(sv.__file__).parent / "regions" / "teaching" / "three_sites", tmp_path / "three_sites")
    vintages, quantities = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("vintages", "quantities"))
    pd.concat([vintages, vintages.assign(vintage="2030", default="no")]).to_csv(folder / "vintages.csv", index=False)
    later = quantities.assign(vintage="2030")
    slag = later["subject"] == "slag"
    now = sv.plan(sv.load(folder, "2024")).reference
    for rows, expected in ((later[~slag], np.nan), (later.assign(value=later["value"].where(~slag, "0")), 10_000)):
        pd.concat([quantities, rows]).to_csv(folder / "quantities.csv", index=False)
        told = compared(now, sv.plan(sv.load(folder, "2030")).reference, "origin").set_index("origin").loc["stream:slag"]
        assert told["difference"] == pytest.approx(expected, nan_ok=True)
        assert ("How much there is of Slag in 2030" in told["unknown"]) is bool(np.isnan(expected))


def test_a_sum_over_periods(plan, planned):
    """Nine months as today and three as planned, in shares of a year."""
    year = summed([plan.reference, planned], [0.75, 0.25], "year")
    found = amounts(cells(year, "kind"), "kind")
    assert found == pytest.approx(
        {"buy": 0.75 * 7000 + 0.25 * 250, "deliver": 750, "direct": 1500, "fate": 0.75 * 16_000 + 0.25 * 7000, "feed": 750}
    )
    assert year.status == "mixed"
    assert year.operations.activity == pytest.approx(0.25 * planned.operations.activity)
    assert (year.operations.size == planned.operations.size).all()


def test_a_sum_needs_ledgers_that_fit(plan, planned):
    with pytest.raises(ShapeError, match="0 ledgers, 0 weights"):
        summed([])
    with pytest.raises(ShapeError, match="2 ledgers, 1 weights"):
        summed([planned, planned], [1.0])
    with pytest.raises(ShapeError, match="only over the same links"):
        summed([planned, sv.plan("three_sites").reference])


def test_a_node_taken_apart(planned):
    found = cells(planned, ("origin.site", "material"))
    parts = split(found, "origin.site", "mill", {"mill.bark": 0.25, "mill.recovery": 0.75})
    assert parts["amount"].sum() == pytest.approx(found["amount"].sum())
    assert amounts(parts[parts["material"] == "ash.granules"], "origin.site") == pytest.approx({"mill.bark": 750, "mill.recovery": 2250})


def test_a_split_that_loses_or_finds_nothing_is_refused(planned):
    found = cells(planned, "origin.site")
    with pytest.raises(OptionError, match=r"add up to 0\.9"):
        split(found, "origin.site", "mill", {"a": 0.4, "b": 0.5})
    with pytest.raises(OptionError, match="Nothing is 'mine'"):
        split(found, "origin.site", "mine", {"a": 1.0})


def realised(links, *rows):
    return ledger_of(links, pd.DataFrame(rows, columns=["origin", "destination", "amount"]))


def test_realised_against_planned(planned):
    done = realised(
        planned.links,
        ("stream:slag", "need:road", 1000.0),
        ("stream:ash", "need:road", 2050.0),
        ("stream:ash", "fate:ash_landfill", 4000.0),
        ("product:rock", "need:road", 500.0),
    )
    found = attained(done, planned).set_index(["origin", "destination"])
    assert found.loc["stream:slag", "need:road"][["share", "state"]].tolist() == [0.25, "short"]
    assert found.loc[("stream:ash", "need:road"), "state"] == "as planned"
    assert found.loc[("stream:ash", "fate:ash_landfill"), "state"] == "above"
    assert found.loc[("stream:ash", "plant:granulator"), "state"] == "not begun"
    assert found.loc[("product:rock", "need:road"), "state"] == "not planned"
    assert np.isnan(found.loc[("product:rock", "need:road"), "share"])
    assert done.status == "realised"


def test_flows_that_nothing_can_carry_are_told_all_at_once(planned):
    with pytest.raises(CheckError) as caught:
        realised(planned.links, ("stream:slag", "need:moon", 1.0), ("stream:slag", "need:road", 1.0), ("x", "y", 1.0))
    assert [(problem.row, problem.message) for problem in caught.value.problems] == [
        (2, "No arc joins 'stream:slag' and 'need:moon'."),
        (4, "No arc joins 'x' and 'y'."),
    ]


def test_throughput_of_nodes(planned):
    nodes = planned.links.nodes
    sent, taken = throughput(planned), throughput(planned, "destination")
    granulator = next(row for row in range(len(nodes.id)) if nodes.label(row) == "plant:granulator")
    assert sent[granulator] == taken[granulator] == 3000
