"""`sivuvirta why`: why a link is in the plan, or why it is not."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import frame_rows, print_json, progress, screen
from sivuvirta.cli.common.study import titled
from sivuvirta.cli.design.exploring import Question, exploring, say_where, written
from sivuvirta.report.words import readable


@exploring
@click.argument("origin")
@click.argument("destination")
@click.option("--plant", metavar="ID", help="Through this plant; without it all routes between a stream and a need are meant.")
def why(asked: Question, origin: str, destination: str, plant: str | None) -> None:
    """Say why the link from ORIGIN to DESTINATION is in the best network of REGION, or why it is not.

    Ends are ids of the register: a stream or plant, and a need, plant or outlet. A link in use is forbidden and the plan solved again: what
    it brings, and what would replace it. Another is forced, at one unit and at all that it could carry: what is missing, term by term.
    """
    with progress("Solving the plan with and without the link …", quiet=asked.as_json):
        found = verbs.why(asked.source, origin, destination, plant, asked.evidence, **asked.changes)
    frame = found.to_frame()
    files = written(asked.out, {"why": frame})
    if asked.as_json:
        trials = [{"held": each.held, "amount": each.amount, "worse": each.worse, "changes": each.changes} for each in found.trials]
        figures = {"state": found.state, "amount": found.amount, "per": f"{found.per}/a", "unit": f"{found.unit}/a", "text": found.text}
        notes = {"binding": found.binding, "obstacles": found.obstacles, "seconds": found.seconds, "written": files}
        print_json({**asked.told, **figures, "trials": trials, "terms": frame_rows(frame), **notes})
        return
    console = screen()
    console.print(titled(asked.region), markup=False, style="bold")
    for line in found.text.splitlines():
        console.print(readable(line), markup=False, soft_wrap=True)
    say_where(asked.out)
