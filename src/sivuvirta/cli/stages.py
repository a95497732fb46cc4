"""`sivuvirta stages`: what to build now, so that it is best for many draws together."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.options import json_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, titled
from sivuvirta.domain.ensembles import AIMS
from sivuvirta.report.words import count, figure

_WORDS = {
    "expected": "Mean benefit",
    "tail": "Mean of its worst part",
    "regret": "Largest regret",
    "wait": "Mean benefit, were all known beforehand (at most)",
    "middle": "Mean benefit of what is best for the middle",
    "perfect": "Knowing all beforehand is worth, at most",
    "stochastic": "Planning for all draws instead of the middle is worth",
}


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
    with progress("Looking for what to build …", quiet=as_json):
        loaded = load(region, vintage, on, scenarios)
        found = verbs.two_stage(loaded, draws, aim, seed=seed, evidence=evidence, tail=tail, gap=gap, time_limit=time_limit)
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "aim": aim, "evidence": evidence, "draws": draws, "seed": seed}
        proof = {"objective": found.objective, "bound": found.bound, "gap": found.gap, "seconds": found.seconds}
        print_json({**told, **proof, "totals": frame_rows(found.totals()), "built": frame_rows(found.built)})
        return
    built = [[row["plant"], f"{row['size']:,.0f}", f"{row['size_middle']:,.0f}"] for row in frame_rows(found.built)]
    shown = [row for row in built if row[1:] != ["0", "0"]]
    heads = [("Build", "left"), ("Size", "right"), ("Best for the middle", "right")]
    print_table(screen(), f"{titled(loaded)}: {count(draws, 'scenario')}, {evidence} network", heads, shown)
    rows = [
        [_WORDS[row["figure"]], "not possible" if row["value"] is None else figure(row["value"], "EUR/a").text]
        for row in frame_rows(found.totals())
    ]
    print_table(screen(), "", [("", "left"), ("", "right")], rows)
    screen().print(f"Proven within {100 * found.gap:.2g} % of the best, in {found.seconds:.0f} s.", markup=False, style="dim")
