"""Scenarios side by side: the figures are those of the plans, flows and plants are joined by their ids, changes are told."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.futures.comparing import _joined


def changed(*rows):
    return pd.DataFrame(rows, columns=["table", "key", "column", "value"])


NO_SLAG = changed(("quantities", "streams/slag/2024/", "value", "0"))
LESS_ASH = changed(("quantities", "streams/ash/2024/", "value", "*0.5"))


def test_a_figure_that_is_not_known_is_not_nothing_and_a_flow_that_is_not_there_is():
    keys = ["figure", "unit"]
    first = pd.DataFrame({"figure": ["benefit", "jobs"], "unit": "", "value": [1.0, float("nan")]})
    frames = [first, pd.DataFrame({"figure": ["water"], "unit": "", "value": [2.0]})]
    unknown = _joined(frames, keys, ["a", "b"], float("nan")).set_index(keys)
    assert unknown.isna().to_numpy().tolist() == [[False, True], [True, True], [True, False]]
    assert _joined(frames, keys, ["a", "b"]).set_index(keys)["b"].tolist() == [0.0, 0.0, 2.0]


@pytest.fixture(scope="module")
def found():
    return sv.compare("three_sites", [NO_SLAG, [NO_SLAG, LESS_ASH]])


def test_figures_are_those_of_each_plan(found):
    whole = found.figures.set_index(["figure", "evidence"])
    for name, plan in zip(found.names, found.plans, strict=True):
        assert whole.loc[("benefit", "total"), name] == pytest.approx(plan.potential.benefit)
        assert whole.loc[("benefit", "proven"), name] == pytest.approx(plan.proven.benefit)
        today, now = whole.loc[("cost", "today"), name], whole.loc[("cost", "total"), name]
        assert today - now == pytest.approx(plan.potential.benefit)
    assert whole.loc[("benefit", "total"), found.names[0]] == pytest.approx(357_000)  # worked out by hand in the first tutorial


def test_flows_of_a_stream_that_is_gone_stop_and_are_told(found):
    first, gone, _ = found.names
    flows = found.differing()
    slag = flows[(flows["origin"] == "stream:slag") & (flows["evidence"] == "potential")]
    assert (slag[gone] == 0).all()
    assert slag[first].sum() == pytest.approx(10_000)  # all that the stream gives off
    told = found.changes[(found.changes["scenario"] == gone) & (found.changes["what"] == "stops")]["text"].tolist()
    assert any(text.startswith("Slag to ") and text.endswith("stop.") for text in told)


def test_names_tell_scenarios_and_vintages_apart(found):
    assert found.names == ("as registered", "scenario", "scenario + scenario")
    two = sv.compare(sv.load("kemi_tornio", "2018"), [sv.load("kemi_tornio", "2024")])
    assert two.names == ("2018", "2024")


def test_a_scenario_that_is_not_there_is_refused():
    with pytest.raises(OptionError, match="at least one scenario"):
        sv.compare("three_sites", [])
    with pytest.raises(UnknownNameError, match="It has none"):
        sv.compare("three_sites", ["boom"])


def test_the_command_tells_and_writes(tmp_path):
    file = tmp_path / "no_slag.csv"
    NO_SLAG.to_csv(file, index=False)
    result = CliRunner().invoke(commands, ["compare", "three_sites", "--scenario", str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "Slag to" in result.stdout
    assert {path.name for path in (tmp_path / "out").glob("*.csv")} == {
        "figures.csv",
        "flows.csv",
        "plants.csv",
        "changes.csv",
        "ranges.csv",
    }
    body = json.loads(CliRunner().invoke(commands, ["compare", "three_sites", "--scenario", str(file), "--json"]).stdout)
    assert body["scenarios"] == ["as registered", "no_slag"]
    assert CliRunner().invoke(commands, ["compare", "three_sites"]).exit_code == 2
