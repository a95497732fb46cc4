"""`sivuvirta pareto`: what one objective costs in another."""

from __future__ import annotations

from typing import Any

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, say_unknown, screen
from sivuvirta.cli.common.study import titled
from sivuvirta.cli.design.exploring import Question, exploring, say_where, sure, telling, written
from sivuvirta.domain.fronts import Front, FrontPoint
from sivuvirta.report.words import count, figure, listed

_SHOWN = 4  # changes of a step


@exploring
@click.option("--of", default="value,co2", show_default=True, metavar="NAMES", help="Two or three objectives, or investment, with commas.")
@click.option("--points", type=click.IntRange(min=2), default=10, show_default=True, metavar="N", help="Networks at most, ends included.")
def pareto(asked: Question, of: str, points: int) -> None:
    """Find what one objective costs in another in REGION: networks of which none is better at all, and what changes along them.

    Objectives: value, co2, diversion, virgin, jobs, traffic, investment. Figures are against today, more is better, but for investment,
    which is what is spent. With --out the picture is written as front.svg beside the tables.
    """
    with telling("Looking for the front", quiet=asked.as_json) as tell:
        names = [name.strip() for name in of.split(",") if name.strip()]
        found = verbs.pareto(asked.source, names, points, asked.evidence, tell, **asked.changes)
    frames = {"front": found.to_frame(), "changes": found.table()}
    files = written(asked.out, frames, {"front": found.picture} if found.picture else {})
    if asked.as_json:
        tables = {"points": frame_rows(frames["front"]), "changes": frame_rows(frames["changes"])}
        units = dict(zip(found.objectives, found.units, strict=True))
        print_json({**asked.told, "units": units, **tables, "solved": found.solved, "seconds": found.seconds, "written": files})
        return
    _print(asked, found)
    say_where(asked.out)


def _print(asked: Question, found: Front) -> None:
    console = screen()
    heads = [label[0].upper() + label[1:] for label in found.labels]
    columns = [("", "left"), *((head, "right") for head in heads), ("Plants", "right"), ("", "left")]
    rows = [_cells(found, number, point) for number, point in enumerate(found.points)]
    print_table(console, f"{titled(asked.region)}: against today, {found.evidence} evidence", columns, rows)
    for number in range(1, len(found)):
        texts = [change.text for change in found.changes if change.after == number]
        told = listed(texts, _SHOWN) or "only today's outlets and purchases change"
        console.print(f"{number - 1} to {number}: {told}", markup=False, soft_wrap=True)
    gap = max(point.gap for point in found.points)
    solved = f"{count(found.solved, 'program')} solved in {found.seconds:.0f} s"
    text = f"{count(len(found), 'network')}, {solved}; within the limits of each {sure(gap)}."
    console.print(text, markup=False, soft_wrap=True, style="dim")
    say_unknown(found.points[0].network.benefit, found.links)


def _cells(found: Front, number: int, point: FrontPoint) -> list[str]:
    gains: list[Any] = [
        figure(0.0 - gain, unit).text if name == "investment" else figure(gain, f"{unit}/a", sign=True).text
        for gain, unit, name in zip(point.gains, found.units, found.objectives, strict=True)
    ]
    note = f"best of {point.end_of}" if point.end_of else "knee" if point.knee else ""
    return [str(number), *gains, str(int(point.network.ledger.operations.built.sum())), note]
