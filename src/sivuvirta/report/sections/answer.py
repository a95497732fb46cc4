"""The answer in words: what the plan comes to, the best next moves, and which tests would free the most."""

from __future__ import annotations

import math
from math import isnan
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Plan
from sivuvirta.plan.explain.worth import worth
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.sections.routes import missing, route_name
from sivuvirta.report.tables import Column, Sheet, records, sheet
from sivuvirta.report.words import SPACE, figure, listed

_MOVES = 3
_TESTS = 100  # streams whose missing tests are listed
_WITHOUT = "without extractive waste (waste rock, tailings, rejects)"
_CLOSE = 1e-4  # relative gap that is not worth telling


@frozen
class Move:
    """One of the best next moves."""

    stream: str
    anchor: str
    use: str
    amount: str
    worth: str
    missing: str
    verdict: str


@frozen
class Answer:
    """The answer at the head of a report."""

    sentences: tuple[str, ...]
    rests: tuple[str, ...]  # what the figures of each rest on: a figure of the assessment, or a part of the page
    moves: tuple[Move, ...]
    solved: str


def answer(plan: Plan, assessment: Assessment, told: frozenset[str]) -> Answer:
    """What the plan comes to, in a few sentences.

    Args:
        plan: the plan.
        assessment: its figures.
        told: ids of the streams that have a section, to which links lead.
    """
    rows = {row["figure"]: row for row in records(assessment.headline)}
    networks = [network for network in (plan.proven, plan.potential) if not isnan(network.gap)]  # NaN: not planned
    gap = max(network.gap for network in networks)
    status = " and ".join(sorted({network.status for network in networks}))
    within = "within 0.01 % of the best possible" if gap <= _CLOSE else f"at most {figure(100 * gap, '%').text} from the best possible"
    published = as_published(plan.links)
    sentences = (_worth(rows["benefit"]), _used(rows["could_be_used"]), _built(plan), *published)
    rests = ("headline/benefit", "headline/could_be_used", "plants", *("printed" for _ in published))
    alone = "; nothing is planned on proven evidence, and today stands in its place" if len(networks) == 1 else ""
    return Answer(sentences, rests, _moves(plan, told), f"{status}, {within}{alone}")


def _worth(row: dict[str, Any]) -> str:
    sure, more = figure(row["proven"], "EUR/a"), figure(row["potential"], "EUR/a")
    if isnan(row["total"]):
        why = str(row["unknown"]).removeprefix("Unknown: ").rstrip(".") or NO_REFERENCE
        return f"What the plan is worth is not known: {why}. Every benefit, saving and change is unknown, none is zero or gross."
    if row["potential"] <= 0:
        return f"The plan is worth {sure.text} to the region against what goes on today, all of it on proven evidence."
    if row["proven"] <= 0:
        return (
            f"Nothing can be gained on today's knowledge alone; up to {more.text} a year waits for tests, permits and decisions "
            "that the report names."
        ).replace("/a a year", " a year")
    return (
        f"On proven evidence the plan is worth {sure.text} to the region against what goes on today; "
        f"another {more.text} waits for tests, permits and decisions that the report names."
    )


def _used(row: dict[str, Any]) -> str:
    now, sure, more = (figure(row[name], "t/a").text for name in ("today", "proven", "potential"))
    today = f"{now} are used today" if not isnan(row["today"]) else "nobody knows how much is used today"
    if abs(row["potential"]) < 1e-6 * max(abs(row["proven"]), 1.0):
        return f"Of the side streams {today} and {sure} in the plan, dry and {_WITHOUT}."
    return f"Of the side streams {today}, {sure} in the proven plan and {more} more with potential, dry and {_WITHOUT}."


def _built(plan: Plan) -> str:
    built = []
    for network in (plan.proven, plan.potential):
        rows = network.ledger.operations.built & plan.links.works.candidate
        built.append([str(name) for name in plan.links.nodes.name[plan.links.works.node[rows]]])
    sure, whole = built
    later = [name for name in whole if name not in sure]
    if not whole and not sure:
        return "No new plant pays."
    parts = [
        f"{listed(sure, 5)} would be built on proven evidence" if sure else "",
        f"{listed(later, 5)} only with potential" if later else "",
    ]
    return f"New plants: {'; '.join(part for part in parts if part)}."


def as_published(links: Links) -> tuple[str, ...]:
    """What the published lists of the vintage sum up to as printed, which is never added to dry tonnes; a sentence a list."""
    sums = [tuple(math.fsum(row[name] for row in rows) for name in ("reported_value", "value")) for rows in _printed(links)]
    return tuple(
        f"As published: {whole:,.0f}{SPACE}t/a as reported on mixed bases, never added to dry tonnes; here {dry:,.0f}{SPACE}t/a dry."
        for whole, dry in sums
    )


def published_rows(links: Links) -> tuple[tuple[str, str], ...]:
    """Rows of the register that those lists are: table and key."""
    return tuple(("quantities", f"streams/{row['subject']}/{row['vintage']}") for rows in _printed(links) for row in rows)


def _printed(links: Links) -> list[list[dict[str, Any]]]:
    """Observed amounts of streams that a published list states, a list each."""
    streams, table = links.region.table("streams"), links.region.table("quantities")
    printed: dict[str, list[dict[str, Any]]] = {}
    for row in table.rows():
        known = row["table"] == "streams" and row["vintage"] == links.region.vintage and row["subject"] in streams.index
        if not known or row["status"] != "observed" or row["reported_unit"] != "t/a" or row["source"] is None:
            continue
        if row["source"] in (streams["listed"][streams.index[row["subject"]]] or ()):
            printed.setdefault(row["source"], []).append(row)
    return list(printed.values())


def _moves(plan: Plan, told: frozenset[str]) -> tuple[Move, ...]:
    """The routes of the plan that bring most a year."""
    nodes, stream, verdict, flow = plan.links.nodes, plan.matches.every("stream"), plan.matches.every("verdict"), plan.potential.flow
    yearly = worth(plan, plan.potential).every
    best = [row for row in np.argsort(-yearly, kind="stable")[:_MOVES].tolist() if yearly[row] > 0]
    return tuple(
        Move(
            stream=str(nodes.name[stream[row]]),
            anchor=_anchor(nodes.id[stream[row]], told),
            use=route_name(plan, row),
            amount=figure(flow[row], f"{nodes.unit[stream[row]]}/a").text,
            worth=figure(yearly[row], "EUR/a").text,
            missing=listed(list(missing(plan, row)), 2),
            verdict=Verdict(verdict[row]).word,
        )
        for row in best
    )


def _anchor(stream: str, told: frozenset[str]) -> str:
    return f"#stream-{stream}" if stream in told else ""


def missing_sheet(plan: Plan, told: frozenset[str]) -> Sheet:
    """What is missing for the potential flows of each stream, the stream that would gain most first."""
    stream, nodes, flow = plan.matches.every("stream"), plan.links.nodes, plan.potential.flow
    yearly = worth(plan, plan.potential).every
    open_ = np.flatnonzero((flow > 0) & (plan.matches.every("verdict") > Verdict.BLEND))
    brings = np.bincount(stream[open_], weights=yearly[open_], minlength=len(nodes.id))
    waits = np.unique(stream[open_])
    waits = waits[np.argsort(-brings[waits], kind="stable")]
    rows, legs = [], Legs.of(plan.links)
    for node in waits[:_TESTS].tolist():
        waiting = open_[stream[open_] == node].tolist()
        arcs = {int(plan.matches.arcs(row)[0]): row for row in waiting}  # a batch through a plant counts once, however many outputs it has
        wants = dict.fromkeys(text for row in waiting for text in missing(plan, row))
        rows.append(
            {
                "stream": nodes.name[node],
                "stream_link": _anchor(nodes.id[node], told),
                "what": "; ".join(wants),
                "amount": sum(float(flow[row]) for row in arcs.values()),
                "unit": f"{nodes.unit[node]}/a",
                "worth": float(brings[node]),
                "uses": listed(list(dict.fromkeys(route_name(plan, row) for row in waiting)), 3),
                RESTS: Basis(rows=legs.worth(dict.fromkeys(arc for row in waiting for arc in plan.matches.arcs(row).tolist()))),
            }
        )
    columns = (
        Column("stream", "Stream", "name"),
        Column("what", "Missing", "long"),
        Column("amount", "Would free", "number", "*"),
        Column("worth", "Worth of these flows", "number", "EUR/a"),
        Column("uses", "For", "long"),
    )
    caption = "Tests, permits and decisions that the potential flows of the plan wait for, stream by stream."
    if len(rows) < len(waits):
        caption += f" The {len(rows)} of {len(waits)} streams that would gain most."
    return sheet("missing-table", caption, columns, rows, "Nothing is missing: every flow of the plan is proven.")
