"""`sivuvirta shock`: what the best network of a region loses when a node or a link is gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import (
    folder_option,
    json_option,
    objective_option,
    on_option,
    one_year,
    region_argument,
    scenario_option,
    vintage_option,
)
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.domain.shocks import NODES, SUBJECTS, Shock, Shocks
from sivuvirta.report.studies.bars import shock_bars
from sivuvirta.report.words import count, figure


@click.command()
@region_argument
@click.option(
    "--of",
    multiple=True,
    type=click.Choice(SUBJECTS),
    help="What is taken out; may be repeated. Without it all but paths; path: a legal path is refused.",
)
@click.option("--only", multiple=True, metavar="ID", help="Only this one; may be repeated. A link is ORIGIN > DESTINATION.")
@click.option("--evidence", type=click.Choice(["proven", "potential"]), default="potential", show_default=True, help="Network tested.")
@click.option("--limit", type=click.IntRange(min=1), default=15, show_default=True, metavar="N", help="Shocks shown at most.")
@scenario_option
@vintage_option
@on_option
@one_year
@objective_option
@folder_option("Write the tables (CSV) and a picture (SVG) there.")
@json_option
def shock(  # noqa: PLR0917 - one parameter an option
    region: str,
    of: tuple[str, ...],
    only: tuple[str, ...],
    evidence: str,
    limit: int,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    objective: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Take each node and used link out of the best network of REGION: loss, what stops, cheapest repair, what to store.

    What is built stays. The loss is that of a year; storage is for each month until what is gone returns. Over years, compare two runs of
    `sivuvirta pathway`, one of them with what is gone forbidden from its year on.
    """
    with progress("Looking for the best network …", quiet=as_json) as status:
        loaded = load(region, vintage, on, scenarios)
        found = verbs.shock(
            loaded,
            of or NODES,
            only,
            evidence,
            lambda text: status.update(f"Without {text} …") if status else None,
            objective=objective,
        )
    written = [] if out is None else _write(found, out)
    if as_json:
        tables = {"shocks": found.to_frame(), "cascades": found.cascades(), "storage": found.storage()}
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(loaded.scenarios)}
        figures = {"evidence": evidence, "benefit": found.network.benefit, "seconds": found.seconds, "note": found.counted}
        print_json({**told, **figures, **{name: frame_rows(frame) for name, frame in tables.items()}, "written": [str(p) for p in written]})
        return
    _print(screen(), titled(loaded), found, limit)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _write(found: Shocks, folder: Path) -> list[Path]:
    frames = {"shocks": found.to_frame(), "cascades": found.cascades(), "storage": found.storage()}
    with whole_folder(folder, last="storage.csv") as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
        (place / "shocks.svg").write_text(shock_bars(found), encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in frames), folder / "shocks.svg"]


_COLUMNS = [
    ("Without", "left"),
    ("", "left"),
    ("Loss", "right"),
    ("of the benefit", "right"),
    ("Before repair", "right"),
    ("Emissions", "right"),
    ("Keep a month", "right"),  # of several with one loss the most
]


def _print(console: Console, title: str, found: Shocks, limit: int) -> None:
    used = [one for one in found.shocks if one.used]
    events, evidence = alike(used), found.network.evidence
    title = f"{title}: the {evidence} network"
    if used:
        print_table(console, title, _COLUMNS, [_cells(found, each) for each in events[:limit]])
    else:
        console.print(title, markup=False, style="bold")
        console.print(_nothing(found), markup=False, soft_wrap=True)
    for one, *_ in events[:3]:
        console.print(f"\n{one.name} ({one.subject} {one.id})", markup=False, style="bold")
        console.print(one.text, markup=False, soft_wrap=True)
    for line in _foot(found, events, limit):
        console.print(line, markup=False, soft_wrap=True, style="dim")


def alike(shocks: Sequence[Shock]) -> list[list[Shock]]:
    """Shocks whose loss, before and after repair, and emissions are the same, told as one; in the order of the first of each."""
    events: dict[tuple[object, ...], list[Shock]] = {}
    for one in shocks:
        figures = (one.loss, one.alone, one.carbon)
        key: tuple[object, ...] = tuple(float(f"{each:.6g}") for each in figures)
        known = not np.isnan(one.loss) and one.loss != 0
        events.setdefault(key if known else (one.subject, one.id), []).append(one)
    return [sorted(event, key=lambda one: _TOLD.index(one.subject)) for event in events.values()]


_TOLD = ("plant", "need", "stream", "site", "organisation", "link", "path")
"""Which of several with one loss is told first."""


def _nothing(found: Shocks) -> str:
    evidence = found.network.evidence
    if len(found) == 0:
        return "There is nothing of that kind to take out."
    other = " Ask for --evidence potential to test the other." if evidence == "proven" else ""
    return f"Nothing of it matters: the {evidence} network has nothing to lose there.{other}"


def _foot(found: Shocks, events: list[list[Shock]], limit: int) -> list[str]:
    used, benefit = sum(len(event) for event in events), found.network.benefit
    shown = f", in {count(len(events), 'row')} of one loss each" if len(events) < used else ""
    shown += f", the worst {limit} shown" if len(events) > limit else ""
    lines = [
        f"\n{count(len(found), 'test')} in {found.seconds:.1f} s: {used} matter{shown}; {len(found) - used} cost nothing. {found.counted}"
    ]
    if 0 < benefit < max((event[0].loss for event in events[:limit]), default=0.0) * (1 - _SAME):
        lines.append("More than 100 % of the benefit: the region is then worse off than today, as what was built still has to be paid.")
    return lines


_SAME = 1e-6  # part of the benefit that is rounding


def _cells(found: Shocks, event: list[Shock]) -> list[str]:
    one = event[0]
    shown, of = _named(event)
    if np.isnan(one.loss):
        return [shown, of, "not known" if one.unknown else "no plan", "", "", "", ""]
    share = f"{100 * one.loss / found.network.benefit:.0f} %" if found.network.benefit > 0 else ""
    before = "no plan" if np.isnan(one.alone) else figure(one.alone, "EUR/a").text
    keep = max(sum(each.month for each in other.storage if each.side == "keep" and each.unit == "t") for other in event)
    emissions = figure(one.carbon / 1000.0, "t CO2e/a", sign=True).text
    return [shown, of, figure(one.loss, "EUR/a").text, share, before, emissions, figure(keep, "t").text if keep else ""]


def _named(event: list[Shock]) -> tuple[str, str]:
    """What is gone, and of which kind: of several with one loss all but links by name, links counted."""
    if len(event) == 1:
        return event[0].id if event[0].subject == "path" else event[0].name, event[0].subject
    nodes = [one for one in event if one.subject != "link"] or event[:1]
    links = len(event) - len(nodes)
    names = list(dict.fromkeys(one.name for one in nodes))
    kinds = list(dict.fromkeys(one.subject for one in nodes))
    return "; or ".join(names), ", ".join([*kinds, *([count(links, "link")] if links else [])])
