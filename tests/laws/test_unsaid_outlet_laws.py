"""No command tells a benefit that rests on an outlet of today which nobody knows, and none tells any where no outlet is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.measure.scores import doubts
from sivuvirta.domain.controls import control
from sivuvirta.domain.ledger import NO_REFERENCE

ASKED = {
    "plan": (),
    "match": (),
    "alternatives": (),
    "structures": (),
    "pareto": (),
    "shock": (),
    "gaps": (),
    "unknowns": (),
    "futures": ("--draws", "10"),
    "stages": ("--draws", "3"),
    "why": ("slag", "road"),
    "pool": (),
    "benefits": (),
    "economy": (),
    "ranges": ("--draws", "10"),
    "lifecycle": ("--runs", "0"),
}
CLAIMS = frozenset(
    (
        *("benefit", "carbon", "proven", "likely", "potential", "decided", "gain", "gain_low", "gain_high", "saving", "net"),
        *("loss", "alone", "repaired", "share", "allowed", "without", "without_bound", "forced", "forced_bound", "cost_bound"),
        *("worse", "worse_bound", "change", "expected", "regret", "tail", "yearly", "npv", "payback", "irr"),
        *("value_proven", "value_likely", "value_decided", "in_bundle"),
    )
)
"""Names under which the commands tell what is counted against today."""

OWN = {"pareto": ("value", "co2"), "benefits": ("value", "known_part"), "ranges": ("value",)}
"""Names under which one command does, beside what does not rest on today in the others."""

KNOWN = ("figure=could_be_used", "figure=trucks", "row=hierarchy")
"""Rows of what networks do by themselves, and shares of the waste hierarchy, of which one says what is not accounted for."""

NOT_CLAIMED = ("asked", "emissions", "marginals")
"""Tables of what networks are asked for, emit and are worth at the margin by themselves."""

NAMES = ("network", "evidence", "figure", "name", "subject", "id", "exchange", "indicator", "table", "row", "term", "organisation")
NAMES += (
    "origin",
    "destination",
    "technology",
    "site",
    "rank",
    "point",
    "key",
    "stream",
    "need",
    "plant",
    "system",
    "case",
    "unit",
    "kind",
)


def named(row: Any) -> str:
    return "|".join(f"{name}={row[name]}" for name in NAMES if row.get(name) not in (None, "")) if isinstance(row, dict) else ""


def leaves(body: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every leaf of what a command tells, by keys and by the names of rows, wherever these stand."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(body, list):
        seen: Counter[str] = Counter()
        for row in body:
            seen[named(row)] += 1
            yield from leaves(row, (*path, f"{named(row)}#{seen[named(row)]}"))
    else:
        yield path, body


def claims(told: dict[tuple[str, ...], Any], own: tuple[str, ...] = ()) -> dict[tuple[str, ...], float]:
    """What is told as a number under a name that claims a benefit, or in a row that is named after one."""
    found = {}
    rows = ("figure=benefit", "figure=carbon", "figure=co2", "figure=expected", "system=change")
    for path, value in told.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        after = any(part.startswith(rows) for part in path) and path[-1] not in ("today", "draws")
        best = path[-1] == "loss" and any(part.startswith("rank=1|") for part in path)  # of the best against itself
        apart = any(name in part for part in path for name in KNOWN)
        if number and path[0] not in NOT_CLAIMED and not best and not apart and (path[-1] in CLAIMS or path[-1] in own or after):
            found[path] = value
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The teaching region whole, without the fate of its slag, and without any fate."""
    region, place = sv.load("three_sites"), tmp_path_factory.mktemp("unsaid")
    fates = region.table("fates")
    kept = {"whole": slice(None), "slag": fates["stream"] != "slag", "none": np.zeros(len(fates), dtype=bool)}
    for name, rows in kept.items():
        evolve(region, tables={**region.tables, "fates": fates.take(np.arange(len(fates))[rows])}).save(place / name)
    return place


def asked(command: str, folder) -> dict[tuple[str, ...], Any]:
    done = CliRunner().invoke(commands, [command, str(folder), *ASKED[command], "--json"], prog_name="sivuvirta")
    assert done.exit_code == 0, done.stderr
    return dict(leaves(json.loads(done.stdout)))


@pytest.mark.parametrize("command", ASKED)
def test_what_is_told_without_the_fate_of_a_stream_does_not_rest_on_it(command, folders):
    """A number that is another one where the fate is known has rested on it: it had to be unknown."""
    whole, lacking = (claims(asked(command, folders / name), OWN.get(command, ())) for name in ("whole", "slag"))
    assert len(lacking) < len(whole)
    wrong = {path: (value, whole.get(path)) for path, value in lacking.items() if whole.get(path) != pytest.approx(value, rel=1e-6)}
    assert wrong == {}


@pytest.mark.parametrize("command", ASKED)
def test_without_any_fate_every_benefit_is_unknown_none_zero_or_gross(command, folders):
    assert claims(asked(command, folders / "none"), () if command == "ranges" else OWN.get(command, ())) == {}


def test_totals_say_why_they_are_unknown_and_keep_what_is_known(folders):
    plan = sv.plan(folders / "slag")
    totals = plan.totals().set_index("figure")
    assert totals.loc[["benefit", "carbon"], ["proven", "potential", "total"]].isna().all(axis=None)
    assert totals.loc[["benefit", "carbon"], "unknown"].eq("where Slag goes today is not known").all()
    assert totals.loc["investment", "unknown"] == ""
    assert totals.loc["investment", "total"] == plan.potential.ledger.invested
    assert "unknown, where Slag goes today is not known" in repr(plan)
    assert np.isnan([plan.potential.benefit, plan.potential.carbon]).all()
    assert (sv.plan("three_sites").totals()["unknown"] == "").all()


def test_a_stated_fate_that_is_not_accounted_for_is_not_known_either(folders):
    region = sv.load(folders / "whole")
    fates = region.table("fates")
    kinds = np.where(fates["stream"] == "slag", "unaccounted", fates["kind"])
    plan = sv.plan(evolve(region, tables={**region.tables, "fates": evolve(fates, columns={**fates.columns, "kind": kinds})}))
    assert plan.unknown(plan.potential) == "where Slag goes today is not known"


def test_a_network_that_leaves_the_stream_where_it_goes_today_is_known(folders):
    plan = sv.plan(folders / "slag", controls=[control("slag > road", most=0.0)])
    whole = sv.plan("three_sites", controls=plan.options.controls)
    assert plan.unknown(plan.potential) == ""
    assert plan.potential.benefit == pytest.approx(whole.potential.benefit)


def test_commands_say_why_on_the_screen(folders):
    for command, reason in (("slag", "where Slag goes today is not known"), ("none", NO_REFERENCE)):
        done = CliRunner().invoke(commands, ["alternatives", str(folders / command)], prog_name="sivuvirta")
        assert reason in " ".join(done.stdout.split())


def test_a_life_cycle_says_what_it_does_not_know_once_and_quotes_no_range_of_it(folders):
    scores = sv.lifecycle(sv.plan(folders / "slag"), runs=100).scores
    assert scores.loc[scores["system"] == "change", ["value", "quoted_mean", "quoted_low", "quoted_high"]].isna().all(axis=None)


def test_near_equal_doubts_of_two_networks_are_told_as_one():
    row = {"system": "planned", "unknown": "Of the known part, at least: not known of it: heap A"}
    scores = pd.DataFrame([{**row, "network": "proven"}, {**row, "network": "potential", "unknown": f"{row['unknown']}, heap B"}])
    assert doubts(scores, "potential") == ("Potential network: of the known part, at least: not known of it: heap A, heap B",)
    assert doubts(scores.assign(unknown="the same"), "proven") == ("the same",)


def test_effects_of_what_is_no_longer_paid_are_unknown_where_part_of_it_is():
    region = sv.load("kemi_tornio")
    fates = region.table("fates")
    kept = fates.take(np.flatnonzero(fates["stream"] != "ss_slag_aod"))
    plan = sv.plan(evolve(region, tables={**region.tables, "fates": kept, "scenarios": region.table("scenarios").take([])}))
    found = sv.economy(plan).effects
    found = found[(found["network"] == "potential") & (found["kind"] != "plants")]
    assert found[["displaced", "net", "low", "high"]].isna().all(axis=None)
    assert found["gross"].notna().any()
    assert found["missing"].str.contains("Where AOD slag goes today is not known.", regex=False).all()


def test_traffic_and_ground_against_today_are_unknown_where_a_haul_of_today_is(folders):
    found = sv.roads(sv.plan(folders / "slag"))
    planned = found.emissions["state"] != "reference"
    assert found.emissions.loc[planned, "difference"].isna().all()
    assert found.sections.loc[found.sections["state"] != "reference", "difference"].isna().all()
    heap = found.taken[(found.taken["measure"] == "heap_tonnes") & (found.taken["state"] == "reference")]
    assert heap["value"].isna().all()
    assert heap["unknown"].str.contains("Slag").all()
