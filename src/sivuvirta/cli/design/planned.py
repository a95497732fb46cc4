"""What a plan does, on the screen: each objective and limit with its figure, what is built, which exchanges are new or otherwise."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import asdict, frozen
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.screen import frame_rows, print_table
from sivuvirta.cli.common.study import Study
from sivuvirta.plan.program.changes import made, moved
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.report.words import count, figure, sentence
from sivuvirta.verbs.economies import net_posts

_MOST = 5  # new exchanges on the screen
_MOVED = 10  # flows that are larger or smaller
_LIMITS = {"diversion": "disposal_limit", "virgin": "virgin_limit", "traffic": "traffic_limit", "jobs": "jobs_least"}
_ASKED = [("Objectives and limits", "left"), *((head, "right") for head in ("Today", "Proven", "With potential", "Limit"))]
_BUILT = [("Built, with potential", "left"), ("Size", "right"), ("Investment", "right")]
_NEW = [("From", "left"), ("To", "left"), ("Amount", "right"), ("Evidence", "left")]
_KEPT = [("Need", "left"), ("Limit", "left"), ("Network", "left"), *((head, "right") for head in ("Asked for", "Kept", "Error"))]
_STATED = (
    "Kept with this caution are limits on what streams contain. Recipe shares, yields and the tonnes of permits count as stated, and so do "
    "amounts, of which `sivuvirta stages` plans for many draws."
)
_OTHER = [("From", "left"), ("To", "left"), ("Today", "right"), ("Plan", "right")]


@frozen
class _Row:
    """An objective or a limit with the figure of today and of both networks."""

    label: str
    unit: str
    today: float
    proven: float
    potential: float
    limit: float | None

    def cells(self) -> list[str]:
        """For the table."""
        amounts = [figure(value, self.unit).text for value in (self.today, self.proven, self.potential)]
        return [self.label, *amounts, "" if self.limit is None else figure(self.limit, self.unit).text]


def print_planned(console: Console, done: Study) -> None:
    """The figures that were asked for, what is built and what is new."""
    asked = _asked(done)
    print_table(console, "", _ASKED, [row.cells() for row in asked])
    if any(row.unit == "posts" for row in asked):
        console.print(net_posts(done.plan.potential.ledger, done.plan.reference), markup=False, soft_wrap=True)
    _print_kept(console, done)
    built = _built(done)
    if built:
        print_table(console, "", _BUILT, built)
    new = made(done.plan)
    if done.plan.options.changes is None:
        _print_largest(console, new)
    else:
        _print_changes(console, new, moved(done.plan))


def asked_rows(done: Study) -> list[dict[str, Any]]:
    """The figures that were asked for, for JSON."""
    return [asdict(row) for row in _asked(done)]


def _asked(done: Study) -> list[_Row]:
    """Investment, and each objective and limit but money and emissions, which the summary has already."""
    options = done.plan.options
    books = (done.plan.reference, done.plan.proven.ledger, done.plan.potential.ledger)
    invested = [book.invested for book in books]
    rows = [_Row("Investment", "EUR", invested[0], invested[1], invested[2], options.budget)]
    for name, option in _LIMITS.items():
        limit, measure = getattr(options, option), MEASURES[name]
        if limit is not None or name in (options.objective, *options.then, *options.weights):
            sums = [measure.of(book) for book in books]
            rows.append(_Row(sentence(measure.text).rstrip("."), _unit(name), sums[0], sums[1], sums[2], limit))
    return rows


def kept_rows(done: Study) -> list[dict[str, Any]]:
    """How often each limit of a mix is kept, where a plan was asked for more or less caution than bounds."""
    options = done.plan.options
    return frame_rows(verbs.kept(done.plan)) if options.robust is not None or options.chance is not None else []


def _print_kept(console: Console, done: Study) -> None:
    rows = kept_rows(done)
    if not rows:
        return
    cells = [
        [str(row["need_name"]), str(row["limit"]), str(row["evidence"]), _part(row["asked"]), _part(row["kept"]), _part(row["error"])]
        for row in rows
    ]
    print_table(console, f"Limits of mixes, kept in {rows[0]['draws']:,} draws of what streams contain", _KEPT, cells)
    console.print(_STATED, markup=False, soft_wrap=True, style="dim")


def _part(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _unit(name: str) -> str:
    unit = MEASURES[name].unit
    return unit if name == "jobs" else f"{unit}/a"


def _built(done: Study) -> list[list[str]]:
    """Plants and pipes of the potential network that are not there today, the largest investment first."""
    table = done.assessment.potential.investment
    new = table[(table["status"] != "existing") & ((table["built"] > 0) | (table["capex_EUR"] > 0))]
    rows = []
    for row in frame_rows(new.sort_values("capex_EUR", ascending=False, kind="stable")):
        size = row["built"] if row["status"] == "candidate" else row["activity"]
        rows.append([str(row["name"]), figure(size, str(row["unit"])).full, figure(row["capex_EUR"], "EUR").text])
    return rows


def _print_largest(console: Console, new: pd.DataFrame) -> None:
    if new.empty:
        return
    whole = new.assign(amount=new.groupby("change")["amount"].transform("sum")).drop_duplicates("change")
    whole = whole.sort_values("amount", ascending=False, kind="stable")
    rows = [[str(row["origin_name"]), str(row["destination_name"]), *_amount(row)] for row in frame_rows(whole.head(_MOST))]
    links = len(whole)
    more = f", the largest of {count(links, 'link')}" if links > _MOST else ""
    print_table(console, f"New exchanges, with potential{more}", _NEW, rows)


def _print_changes(console: Console, new: pd.DataFrame, other: pd.DataFrame) -> None:
    """The links that are new against today, where a number of them was asked for, and the flows of today that become larger or smaller."""
    if new.empty:
        console.print("No link is new against today.", markup=False)
    else:
        rows = [[str(row["change"]), str(row["origin_name"]), str(row["destination_name"]), *_amount(row)] for row in frame_rows(new)]
        print_table(console, "New against today", [("Change", "right"), *_NEW], rows)
    moves = [
        [str(row["origin_name"]), str(row["destination_name"]), *(figure(row[name], row["unit"]).full for name in ("today", "planned"))]
        for row in frame_rows(other.head(_MOVED))
    ]
    if moves:
        more = f", the largest of {len(other)}" if len(other) > _MOVED else ""
        print_table(console, f"Larger or smaller than today{more}", _OTHER, moves)


def _amount(row: dict[str, Any]) -> list[str]:
    return [figure(row["amount"], row["unit"]).full, str(row["verdict"])]
