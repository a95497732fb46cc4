"""`sivuvirta match`: who can use what, ranked, and why."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from math import isinf
from typing import Any

import click
import pandas as pd
from attrs import asdict
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, on_option, region_argument, scenario_option, steps_option, vintage_option
from sivuvirta.cli.common.screen import check_rows, frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.law import SCREENS, LegalPath
from sivuvirta.domain.links import ArcKind, NodeKind
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.errors import UnknownNameError
from sivuvirta.match import checks, legal_path, to_frame, why
from sivuvirta.match.legal_words import months
from sivuvirta.report.words import SIGNS, count, figure, readable, span


@click.command()
@region_argument
@click.option("--stream", metavar="ID", help="Only routes of this stream.")
@click.option("--need", metavar="ID", help="Only routes to this need.")
@click.option("--why", "with_why", is_flag=True, help="Say what decides each route, and what is missing.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Routes shown at most.")
@steps_option
@vintage_option
@on_option
@scenario_option
@json_option
def match(  # noqa: PLR0917 - one parameter an option
    region: str,
    stream: str | None,
    need: str | None,
    with_why: bool,
    limit: int,
    steps: int,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    as_json: bool,
) -> None:
    """List who can use whose stream in REGION: verdict, gain with its range, distance, best first.

    With --steps 3 also by way of two or three plants, one behind another: the best such route of each stream and need, and the next best
    through other plants.
    """
    with progress("Finding who can use what …", quiet=as_json):
        loaded = load(region, vintage, on, scenarios)
        known(loaded, "streams", stream)
        known(loaded, "needs", need)
        matches = verbs.match(loaded, steps)
        frame = to_frame(matches, stream, need)
    shown = frame.head(limit)
    if as_json:
        told = _told(matches, shown, with_why)
        study = {
            "region": loaded.name,
            "vintage": loaded.vintage,
            "law_of": loaded.day,
            "scenarios": list(loaded.scenarios),
            "note": SCREENS,
        }
        print_json({**study, "routes": len(frame), "shown": told})
        return
    console = screen()
    several = _several(matches)
    if with_why:
        for row in shown.itertuples():
            _print_why(console, matches, row, several)
    else:
        print_table(
            console,
            titled(loaded),
            _COLUMNS,
            [_cells(matches, row, several) for row in shown.itertuples()],
        )
    more = f", the best {len(shown)} shown" if len(shown) < len(frame) else ""
    further = " Through several plants: add --steps 3." if steps == 1 and (matches.links.arcs.kind == ArcKind.PASS).any() else ""
    reason = "" if with_why else " Why: add --why."
    console.print(f"{count(len(frame), 'route')}{more}.{reason}{further} {SCREENS}", markup=False, soft_wrap=True, style="dim")


_COLUMNS = [
    ("Verdict", "left"),
    ("Stream", "left"),
    ("Use", "left"),
    ("Through", "left"),
    ("Gain", "right"),
    ("5 to 95 %", "right"),
    ("Way", "right"),
    ("Grade", "left"),
]


def known(region: Region, name: str, key: str | None) -> None:
    """Nothing, if the key is in a table of the region.

    Raises:
        UnknownNameError: it is not; the message says what it may have been meant for.
    """
    keys = region.table(name).row_keys()
    if key is None or key in keys:
        return
    near = get_close_matches(key, keys, n=3, cutoff=0.5)
    meant = f" Did you mean '{near[0]}'?" if near else ""
    raise UnknownNameError(
        f"There is no {name.removesuffix('s')} '{key}' in '{region.name}'.{meant} All of them: {', '.join(sorted(keys))}."
    )


def _cells(matches: Matches, row: Any, several: set[str]) -> list[str]:
    unit = _unit(matches, row)
    return [
        f"{SIGNS[row.verdict]} {row.verdict}",
        row.stream_name,
        row.need_name,
        _through(row, several),
        figure(row.gain, f"EUR/{unit}", sign=True).text,
        span(row.gain_low, row.gain_high, f"EUR/{unit}"),
        figure(row.km, "km").text,
        row.grade,
    ]


def _several(matches: Matches) -> set[str]:
    """Plants of which more than one output has a route."""
    routes, links = matches.routes, matches.links
    through = routes.arc_out >= 0
    plants = links.nodes.id[links.works.node[routes.plant[through]]]
    pairs = set(zip(plants.tolist(), links.arcs.output[routes.arc_out[through]].tolist(), strict=True))
    return {plant for plant, number in Counter(plant for plant, _ in pairs).items() if number > 1}


def _through(row: Any, several: set[str]) -> str:
    """Name of the plant of a route, "" without one; with its output where that tells routes apart, of several plants what arrives."""
    if pd.isna(row.plant):
        return ""
    if row.via != row.plant:
        return f"{row.plant_name} ({figure(100.0 * row.delivered, '%').text} of it)"
    return f"{row.plant_name}: {row.output}" if row.plant in several else str(row.plant_name)


def _unit(matches: Matches, row: Any) -> str:
    nodes = matches.links.nodes
    return str(nodes.unit[nodes.find(NodeKind.STREAM, row.stream)])


def _print_why(console: Console, matches: Matches, row: Any, several: set[str]) -> None:
    console.print(_head(matches, row, several), markup=False, style="bold")
    console.print(Padding(Text(readable(why(matches, row.Index))), (0, 0, 0, 2)))
    alone = row.Index < len(matches.routes)
    legal = "\n".join(_legal(legal_path(matches, row.Index))) if alone else f"Legal path: that of each step. {SCREENS}"
    console.print(Padding(Text(readable(legal)), (0, 0, 1, 2)), style="dim")


def _legal_row(path: LegalPath) -> dict[str, Any]:
    """The legal path for JSON; verdicts and grades as words."""

    def plain(_: Any, __: Any, value: Any) -> Any:
        return value.word if isinstance(value, Verdict) else value.name if isinstance(value, Grade) else value

    return asdict(path, value_serializer=plain)


def _legal(path: LegalPath) -> list[str]:
    """The legal path line by line."""
    steps = [f"· {step.text}" for step in (*path.steps, *path.duties)]
    whole = "" if len(path.steps) < 2 else f" All steps: {months(path.lead_low, path.lead_high)}."
    most = "" if isinf(path.lawful_max) else f" Lawful up to {figure(path.lawful_max, 't/a').text} as sent."
    permit = "" if path.permit is None else f" Permit: {path.permit}."
    return [f"Legal path on {path.day}:{'' if steps else ' none is known.'}{whole}{most}{permit}", *steps]


def _head(matches: Matches, row: Any, several: set[str]) -> str:
    unit = _unit(matches, row)
    through = "" if pd.isna(row.plant) else f", through {_through(row, several)}"
    gain = figure(row.gain, f"EUR/{unit}", sign=True).text
    way = figure(row.km, "km").text
    return f"{SIGNS[row.verdict]} {row.stream_name} ({row.stream}) to {row.need_name} ({row.need}){through}: gain {gain}, {way}"


def _told(matches: Matches, shown: pd.DataFrame, with_why: bool) -> list[dict[str, Any]]:
    rows = frame_rows(shown.reset_index())
    if with_why:
        for row in rows:
            row["why"] = why(matches, row["route"])
            row["checks"] = check_rows(checks(matches, row["route"]))
            row["legal"] = _legal_row(legal_path(matches, row["route"])) if row["route"] < len(matches.routes) else None
    return rows
