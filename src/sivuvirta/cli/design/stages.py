"""`sivuvirta stages`: what to build now, so that it is best for many draws together."""

from __future__ import annotations

from typing import Any

import click
import numpy as np
from attrs import evolve
from rich.status import Status

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, say_unknown, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.ensembles import AIMS, Stages
from sivuvirta.report.words import count, figure

_PROVEN = 1e-6  # part of the benefit, the least gap that a solver is asked for

_WORDS = {
    "expected": "Mean benefit",
    "tail": "Mean of the worst part (--tail)",
    "regret": "Largest regret",
    "wait": "Mean benefit, were all known beforehand (at most)",
    "middle": "Mean benefit, were built what is best at the stated values",
    "perfect": "Knowing all beforehand is worth, at most",
    "stochastic": "Planning for all draws instead of the stated values is worth",
}


_LOOKING = "Looking for what to build …"


def _show(status: Status | None, text: str) -> None:
    if status:
        status.update(f"{_LOOKING} {text}")


@click.command()
@region_argument
@click.option("--draws", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Scenarios, each as probable.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Equal seeds give equal draws.")
@click.option(
    "--aim",
    type=click.Choice(AIMS),
    default="expected",
    show_default=True,
    help="expected: the mean benefit; tail: the mean of its worst part; regret: the largest regret, made small.",
)
@click.option("--evidence", type=click.Choice(["proven", "potential"]), default="potential", show_default=True, help="Network planned.")
@click.option("--tail", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True, metavar="PART", help="Worst part.")
@click.option("--gap", type=click.FloatRange(0), default=1e-3, show_default=True, metavar="PART", help="Of the benefit, at which to stop.")
@click.option(
    "--time-limit", type=click.FloatRange(0, min_open=True), default=300, show_default=True, metavar="SECONDS", help="For a solve."
)
@scenario_option
@vintage_option
@on_option
@json_option
def stages(  # noqa: PLR0917 - one parameter an option
    region: str,
    draws: int,
    seed: int,
    aim: str,
    evidence: str,
    tail: float,
    gap: float,
    time_limit: float,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    as_json: bool,
) -> None:
    """Find what to build now in REGION so that it is best for many draws together, with the flows of each draw free."""
    limits: dict[str, Any] = {"tail": tail, "gap": gap, "time_limit": time_limit}
    with progress(_LOOKING, quiet=as_json) as status, stoppable(status, _LOOKING, kept="the best builds so far") as watch:
        loaded = load(region, vintage, on, scenarios)
        heard = evolve(watch, tell=None) if aim == "regret" else watch  # a regret is not a change from today
        found = verbs.two_stage(
            loaded, draws, aim, seed=seed, evidence=evidence, watch=heard, tell=lambda text: _show(status, text), **limits
        )
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "aim": aim, "evidence": evidence, "draws": draws, "seed": seed}
        proof = {"objective": found.objective, "bound": found.bound, "gap": found.gap, "seconds": found.seconds}
        print_json({**told, **proof, "totals": frame_rows(found.totals()), "built": frame_rows(found.built)})
        return
    title = f"{titled(loaded)}: {count(draws, 'scenario')}, {evidence} network"
    sizes = ("size", "size_middle")
    shown = [
        [row["name"], *(figure(row[size], row["unit"]).text for size in sizes)]
        for row in frame_rows(found.built)
        if any(round(row[size]) for size in sizes)
    ]
    if shown:
        heads = [("Build", "left"), ("Size", "right"), ("Size at the stated values", "right")]
        print_table(screen(), title, heads, shown)
    else:
        screen().print(f"{title}: nothing is worth building.", markup=False, soft_wrap=True)
    counted = not np.isnan(found.expected)
    rows = [
        [_WORDS[row["figure"]], "not possible" if row["value"] is None and counted else figure(row["value"], "EUR/a").text]
        for row in frame_rows(found.totals())
    ]
    print_table(screen(), "", [("", "left"), ("", "right")], rows)
    if np.ptp(found.benefits) == 0:
        screen().print(
            "All scenarios bring the same: no range of this region changes what its network brings.", markup=False, soft_wrap=True
        )
    say_unknown(found.expected, found.links)
    screen().print(f"{how_good(found)}, in {found.seconds:.0f} s.", markup=False, style="dim")


def how_good(found: Stages) -> str:
    """How good the builds are proven to be: the aim's own figure, and what no builds can better."""
    if found.gap < _PROVEN:
        return "Proven to be the best"
    sign = 1.0 if found.aim == "regret" else -1.0
    here, best = (figure(sign * value, "EUR/a").text for value in (found.objective, found.bound))
    return f"{_WORDS[found.aim]} is {here}; it is proven that no builds do better than {best}"
