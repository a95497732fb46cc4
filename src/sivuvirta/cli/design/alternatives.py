"""`sivuvirta alternatives`: networks almost as good as the best, and the price of a refusal."""

from __future__ import annotations

from math import isnan

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, say_unknown, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import titled
from sivuvirta.cli.design.exploring import Question, exploring, say_where, telling, written
from sivuvirta.domain.alternatives import ROLES, Alternatives, Choice, unproven
from sivuvirta.report.words import count, figure, readable


@exploring
@click.option(
    "--slack", type=click.FloatRange(min=0), default=2.0, show_default=True, metavar="%", help="Of the benefit, given up at most."
)
@click.option("--networks", type=click.IntRange(min=0), default=4, show_default=True, metavar="N", help="Very different networks.")
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Rows of each table shown at most.")
def alternatives(asked: Question, slack: float, networks: int, top: int) -> None:
    """Find networks almost as good as the best of REGION: links and plants that are must-have, swappable or never.

    Slack is a part of the improvement on today: of the benefit, where the objective is value. With the cost of forbidding or forcing each
    link and plant, the price of the refusal of each organisation and site, and networks that are as different as can be.
    """
    words = "Looking for alternatives"
    with telling(words, quiet=asked.as_json) as tell, stoppable(None, words, kept="what was found so far") as watch:
        found = verbs.alternatives(asked.source, slack / 100.0, networks, asked.evidence, tell, watch.stop, **asked.changes)
    frames = {"choices": found.to_frame(), "refusals": found.refusals_frame(), "networks": found.others_frame()}
    files = written(asked.out, frames)
    if asked.as_json:
        figures = {"benefit": found.best.benefit, "slack": found.slack, "allowed": found.allowed, "unit": f"{found.unit}/a"}
        tables = {name: frame_rows(frame) for name, frame in frames.items()}
        print_json(
            {
                **asked.told,
                **figures,
                **tables,
                "solved": found.solved,
                "seconds": found.seconds,
                "stopped": found.stopped,
                "note": found.counted,
                "written": files,
            }
        )
        return
    _print(asked, found, top)
    say_where(asked.out)


def _print(asked: Question, found: Alternatives, top: int) -> None:
    console, unit = screen(), f"{found.unit}/a"
    used = [choice for choice in found.choices if choice.without > 0 or (isnan(choice.without) and choice.amount > 0)]
    columns = [("What the best network has", "left"), ("", "left"), *((head, "right") for head in ("Now", "Least", "Most", "Without it"))]
    print_table(console, f"{titled(asked.region)}: the {found.evidence} network", columns, [_used(each, unit) for each in used[:top]])
    unused = sorted((choice for choice in found.choices if choice not in used), key=lambda choice: choice.forced)
    if unused:
        columns = [("What it has not, the cheapest to have first", "left"), ("", "left")]
        columns += [("Most", "right"), ("To have", "right"), ("Costs", "right")]
        print_table(console, "", columns, [_unused(each, unit) for each in unused[:top]])
    rows = [[one.name, one.kind, _cost(one.cost, unit)] for one in found.refusals[:top]]
    print_table(console, "", [("The price of a refusal: all of it is forbidden", "left"), ("", "left"), ("Costs", "right")], rows)
    for number, other in enumerate(found.others, 1):
        head = f"Network {number}, {100 * other.different:.0f} % different, {figure(other.cost, unit).text} worse:"
        console.print(f"{head} {other.text}", markup=False, soft_wrap=True)
    if found.stopped:
        console.print(_stopped(found), markup=False, soft_wrap=True)
    for line in filter(None, (found.counted, unproven(found), _foot(found, unit))):
        console.print(line, markup=False, soft_wrap=True, style="dim")
    say_unknown(found.best.benefit, found.links)


def _stopped(found: Alternatives) -> str:
    items, takers = found.unasked
    left = f"{count(items, 'link or plant', 'links and plants')} and {count(takers, 'organisation or site', 'organisations and sites')}"
    return f"Stopped before all was asked: {left} are left out, and the least and most of others may lie further apart than told."


def _foot(found: Alternatives, unit: str) -> str:
    counts = ", ".join(f"{len(found.role(role))} {role}" for role in ROLES)
    within = "of networks exactly as good"
    if found.slack:
        within = f"within {figure(found.allowed, unit).text}, {100 * found.slack:g} % of {figure(found.allowed / found.slack, unit).text}"
    return f"{counts}, {within}; {count(found.solved, 'program')} with whole numbers solved in {found.seconds:.0f} s."


def _role(choice: Choice) -> str:
    return choice.role if choice.proven else f"{choice.role}, not proven"


def _used(choice: Choice, unit: str) -> list[str]:
    per = f"{choice.unit}/a"
    amounts = [figure(value, per).text for value in (choice.amount, choice.least, choice.most)]
    return [readable(choice.name), _role(choice), *amounts, _cost(choice.without, unit)]


def _unused(choice: Choice, unit: str) -> list[str]:
    per = f"{choice.unit}/a"
    return [readable(choice.name), _role(choice), figure(choice.most, per).text, figure(choice.asked, per).text, _cost(choice.forced, unit)]


def _cost(value: float, unit: str) -> str:
    return "no network" if value == float("inf") else figure(value, unit).text
