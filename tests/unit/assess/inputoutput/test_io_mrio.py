"""A user's multi-regional table by pymrio: the same figures as by tables, and as pymrio's own."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pymrio
import pytest
from tests.builders import region

import sivuvirta as sv
from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.mrio import read_mrio
from sivuvirta.assess.inputoutput.tables import input_output
from sivuvirta.errors import CheckError

SECTORS = pd.MultiIndex.from_product([["north", "south"], ["rock", "haul"]], names=["region", "sector"])
FLOWS = [[0, 50, 5, 0], [4, 8, 0, 6], [10, 0, 20, 30], [0, 2, 0, 15]]
OUTPUT = [120.0, 100.0, 200.0, 150.0]
BOUGHT = [28.0, 12.0, 3.0, 1.0]  # by households of the north
JOBS, VALUE, WAGES = [10.0, 20.0, 25.0, 30.0], [90.0, 40.0, 150.0, 90.0], [40.0, 30.0, 70.0, 50.0]


@pytest.fixture
def folder(tmp_path):
    """A system of two regions, as a user has it."""
    final = pd.DataFrame(0.0, index=SECTORS, columns=pd.MultiIndex.from_product([["north", "south"], ["households", "rest"]]))
    final[("north", "households")] = BOUGHT
    final[("south", "rest")] = np.array(OUTPUT) - np.sum(FLOWS, axis=1) - BOUGHT
    rows = pd.DataFrame([np.array(JOBS) / 1000, VALUE, WAGES], index=["Employment", "Value added", "Wages"], columns=SECTORS)
    system = pymrio.IOSystem(Z=pd.DataFrame(FLOWS, index=SECTORS, columns=SECTORS, dtype=float), Y=final)
    system.factors = pymrio.Extension("factors", F=rows)
    system.calc_all()
    system.save_all(tmp_path / "system")
    (tmp_path / "terms.csv").write_text("term,subject,sector,share\ntransport,,haul,80\npurchase,,rock,50\nfee,,,0\n", encoding="utf-8")
    settings = {
        "folder": "system",
        "at": "north",
        "year": 2024,
        "terms": "terms.csv",
        "jobs": {"extension": "factors", "rows": ["Employment"], "factor": 1000},
        "value_added": {"extension": "factors", "rows": ["Value added"]},
        "income": {"extension": "factors", "rows": ["Wages"]},
        "households": ["households"],
        "household_income": 140,
    }
    (tmp_path / "mrio.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_the_inverse_is_that_of_pymrio(folder):
    table, _ = read_mrio(folder / "mrio.json")
    system = pymrio.load_all(folder / "system").calc_all()
    assert Solved.of(table).open == pytest.approx(system.L.to_numpy())
    assert table.accounts["jobs"] == pytest.approx(JOBS)
    everywhere = table.accounts["value_added"] / table.output @ Solved.of(table).open
    assert everywhere == pytest.approx(system.factors.M.loc["Value added"].to_numpy())


def test_both_ways_tell_the_same(folder):
    """The south as sectors of the region's own table that have no value added, wages and jobs there."""
    table, _ = read_mrio(folder / "mrio.json")
    sourced = {"grade": "C", "source": "s", "kind": "industry", "year": 2024}
    names = [f"{place}_{sector}" for place, sector in SECTORS]
    inside = [place == "north" for place, _ in SECTORS]
    rows = [
        {
            "sector": name,
            "name": name,
            "output": output,
            "value_added": value if here else 0,
            "income": wage if here else 0,
            "jobs": job if here else 0,
            **sourced,
        }
        for name, here, output, value, wage, job in zip(names, inside, OUTPUT, VALUE, WAGES, JOBS, strict=True)
    ]
    home = {**sourced, "sector": "home", "name": "home", "kind": "households", "output": 140}
    flows = [{"origin": names[i], "destination": names[j], "value": FLOWS[i][j]} for i in range(4) for j in range(4)] + [
        {"origin": name, "destination": "home", "value": value} for name, value in zip(names, BOUGHT, strict=True)
    ]
    own = Solved.of(input_output(region(io_sectors=[*rows, home], io_flows=flows)))
    for name in ("jobs", "value_added", "income"):
        first, second = own.multipliers(name), Solved.of(table).multipliers(name)
        assert first.type1 == pytest.approx(second.type1)
        assert first.type2 == pytest.approx(second.type2)


def test_a_plan_is_measured_by_it(folder):
    found = sv.economy(sv.plan("three_sites"), mrio=folder / "mrio.json")
    effects = found.effects[(found.effects["network"] == "potential") & (found.effects["when"] == "a year")]
    jobs = effects.set_index(["indicator", "kind"])
    table, _ = read_mrio(folder / "mrio.json")
    type1 = Solved.of(table).multipliers("jobs").type1
    # haulage 20 000 + 14 000 + 21 000 EUR more, 80 % of it here; the town buys 297 000 EUR less, half of it here
    assert jobs.loc[("jobs", "type1"), "gross"] == pytest.approx(0.8 * 55_000 / 1e6 * type1[1])
    assert jobs.loc[("jobs", "type1"), "displaced"] == pytest.approx(0.5 * 297_000 / 1e6 * type1[0])
    assert set(found.multipliers["sector"]) == {"north/rock", "north/haul", "south/rock", "south/haul"}


def test_everything_wrong_in_the_settings_is_told_at_once(folder):
    said = json.loads((folder / "mrio.json").read_text(encoding="utf-8"))
    said |= {"at": "west", "households": ["people"], "jobs": {"extension": "labour", "rows": ["x"]}}
    said |= {"income": {"extension": "factors", "rows": ["Pay"]}}
    (folder / "mrio.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(CheckError) as caught:
        read_mrio(folder / "mrio.json")
    text = str(caught.value)
    assert len(caught.value.problems) == 4
    for part in ("'west'", "people", "labour", "Pay"):
        assert part in text


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("mrio.json", "{", "cannot be read"),
        ("mrio.json", '{"folder": "system"}', "lack at, year, terms"),
        ("mrio.json", '{"folder": "nowhere", "at": "north", "year": 2024, "terms": "terms.csv"}', "pymrio cannot read 'nowhere'"),
        ("terms.csv", "term,sector,share\ntransport,moon,100\n", "north/moon"),
        ("terms.csv", "term,share\ntransport,100\n", "lacks sector"),
    ],
)
def test_a_broken_file_says_what_and_where(folder, name, content, part):
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(CheckError, match=part):
        read_mrio(folder / "mrio.json")
