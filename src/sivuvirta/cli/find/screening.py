"""`sivuvirta screen`: the verdicts of all direct pairs near one another, for large registers."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress
from sivuvirta.cli.common.screen import screen as terminal
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.find.match import known
from sivuvirta.domain.screenings import Screening
from sivuvirta.match.market import to_frame, why
from sivuvirta.report.words import SIGNS, count, figure, readable


@click.command()
@region_argument
@click.option("--radius", type=float, default=50.0, show_default=True, metavar="KM", help="How far apart, great circle.")
@click.option("--anywhere", is_flag=True, help="Pairs at any distance.")
@click.option("--stream", metavar="ID", help="Only pairs of this stream.")
@click.option("--why", "with_why", is_flag=True, help="Say what decides each pair shown, and what is missing.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Pairs shown at most.")
@vintage_option
@on_option
@scenario_option
@json_option
def screen(  # noqa: PLR0917 - one parameter an option
    region: str,
    radius: float,
    anywhere: bool,
    stream: str | None,
    with_why: bool,
    limit: int,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    as_json: bool,
) -> None:
    """Screen all direct pairs in REGION near one another: counts by verdict, and the best pairs. Blends are not solved.

    For large registers; `match` adds routes through plants, blends and money.
    """
    with progress("Screening pairs …", quiet=as_json):
        loaded = load(region, vintage, on, scenarios)
        known(loaded, "streams", stream)
        found = verbs.screen(loaded, None if anywhere else radius, None if stream is None else [stream])
        shown = to_frame(found, most=limit)
        reasons = [why(found, pair) for pair in shown.index] if with_why else None
    if as_json:
        print_json(_told(found, shown, reasons))
        return
    console = terminal()
    _print(console, found, shown, reasons)


_COLUMNS = [
    ("Verdict", "left"),
    ("Stream", "left"),
    ("Use", "left"),
    ("With a blend", "left"),
    ("Decided by", "left"),
    ("Apart", "right"),
    ("Grade", "left"),
]


def _print(console: Console, found: Screening, shown: pd.DataFrame, reasons: list[str] | None) -> None:
    console.print(titled(found.region), markup=False, soft_wrap=True, style="italic")
    print_table(console, "", [("Verdict", "left"), ("Pairs", "right")], [[name, f"{number:,}"] for name, number in found.counts.items()])
    console.print()
    rows = [_cells(row) for row in shown.itertuples()]
    if reasons is None:
        print_table(console, "", _COLUMNS, rows)
    else:
        for row, cells, reason in zip(shown.itertuples(), rows, reasons, strict=True):
            console.print(f"{cells[0]}: {cells[1]} ({row.stream}) to {cells[2]} ({row.need})", markup=False, style="bold")
            console.print(Padding(Text(readable(reason)), (0, 0, 1, 2)))
    within = "" if found.radius_km is None else f" within {figure(found.radius_km, 'km').text}"
    more = f", the best {len(shown)} shown" if len(shown) < len(found) else ""
    said = [f"{count(len(found), 'pair')}{within}{more}.", *(f"{topic.capitalize()}: {text}." for topic, text in found.notes.items())]
    console.print(" ".join(said), markup=False, soft_wrap=True, style="dim")


def _cells(row: Any) -> list[str]:
    decided = row.limit or ("" if row.cause == "nothing" else row.cause)
    apart = "" if pd.isna(row.km) else figure(row.km, "km").text
    return [f"{SIGNS[row.verdict]} {row.verdict}", row.stream_name, row.need_name, row.with_blend or "", decided, apart, row.grade]


def _told(found: Screening, shown: pd.DataFrame, reasons: list[str] | None) -> dict[str, Any]:
    rows = frame_rows(shown.reset_index())
    for row, reason in zip(rows, reasons or [], strict=False):
        row["why"] = reason
    return {
        "region": found.region.name,
        "vintage": found.region.vintage,
        "law_of": found.region.day,
        "scenarios": list(found.region.scenarios),
        "radius_km": found.radius_km,
        "pairs": len(found),
        "counts": found.counts,
        "notes": dict(found.notes),
        "shown": rows,
    }
