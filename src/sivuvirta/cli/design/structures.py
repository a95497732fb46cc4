"""`sivuvirta structures`: the best sets of plants to build, in order."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, screen
from sivuvirta.cli.common.study import titled
from sivuvirta.cli.design.exploring import Question, exploring, say_where, sure, telling, written
from sivuvirta.domain.structures import Structure, Structures
from sivuvirta.report.words import count, figure, listed


@exploring
@click.option("-n", "--count", "number", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="How many.")
def structures(asked: Question, number: int) -> None:
    """Find the best sets of plants to build in REGION, exactly and in order, each with its best network."""
    with telling("Looking for the best structures", quiet=asked.as_json) as tell:
        found = verbs.structures(asked.source, number, asked.evidence, tell, **asked.changes)
    frame = found.to_frame()
    files = written(asked.out, {"structures": frame})
    if asked.as_json:
        print_json({**asked.told, "structures": frame_rows(frame), "complete": found.complete, "seconds": found.seconds, "written": files})
        return
    _print(asked, found)
    say_where(asked.out)


def _print(asked: Question, found: Structures) -> None:
    console = screen()
    columns = [("", "right"), ("Benefit", "right"), ("Worse by", "right"), ("Investment", "right"), ("Against the best", "left")]
    rows = [_cells(found, one) for one in found.found]
    print_table(console, f"{titled(asked.region)}: the best sets of plants to build, {found.evidence} evidence", columns, rows)
    there = "there are no others" if found.complete else f"{count(found.candidates, 'candidate')} in all"
    gap = max(one.gap for one in found.found)
    text = f"{count(len(found), 'structure')} in {found.seconds:.1f} s, for each rank {sure(gap, 'the improvement on today')}; {there}."
    console.print(text, markup=False, soft_wrap=True, style="dim")


def _cells(found: Structures, one: Structure) -> list[str]:
    parts = [f"with {listed(list(one.added))}" if one.added else "", f"without {listed(list(one.dropped))}" if one.dropped else ""]
    told = ", ".join(part for part in parts if part) or f"builds {listed(list(one.built), 8) or 'nothing'}"
    idle = f" ({listed(list(one.idle))} idle)" if one.idle else ""
    figures = (figure(one.network.benefit, "EUR/a"), figure(one.loss, f"{found.unit}/a"), figure(one.network.ledger.invested, "EUR"))
    return [str(one.rank), *(each.text for each in figures), f"{told}{idle}"]
