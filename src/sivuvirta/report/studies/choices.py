"""Alternatives: what every good network has, what can be swapped, what is never used, and what a refusal costs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sivuvirta.domain.alternatives import ROLES, Alternatives, Choice, unproven
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Heading, Items, Pictures, Section, Stories, Table, Words, bars
from sivuvirta.report.studies.resting import moved, owned
from sivuvirta.report.studies.told import yearly
from sivuvirta.report.tables import NO_PLAN, Column, Sheet, records, sheet
from sivuvirta.report.words import count, figure, readable

_BARS = 10
SIGNS = {"must-have": "●", "swappable": "◐", "never": "○"}
_MEANS = {
    "must-have": "every good network uses it",
    "swappable": "some good networks use it, others do without",
    "never": "no good network uses it",
}


def choices(found: Alternatives) -> Section:
    """The section of alternatives."""
    unit = f"{found.unit}/a"
    lead = (
        f"A network on {found.evidence} evidence is good here if it is at most {figure(found.allowed, unit).text} worse than the best "
        f"({100 * found.slack:g} % of the improvement on today)."
    )
    counted = [
        f"{SIGNS[role]} {role}, {count(len(found.role(role)), 'link or plant', 'links and plants')}: {_MEANS[role]}." for role in ROLES
    ]
    legs = Legs.of(found.links)
    bases = [moved(legs, each.kind, each.row) for each in found.choices]
    refused = [owned(legs, found.best.ledger, each.kind, each.key) for each in found.refusals]
    pictures = [picture for picture in (_without(found, unit, bases), _refusals(found, unit, refused)) if picture.rows]
    blocks: list[Block] = [
        Items(tuple(counted), signed=True),
        Pictures(tuple(pictures)),
        Words(readable(f"{found.counted} {unproven(found)}".strip())),
        Table(_sheet(found, unit, bases), "Links and plants"),
        *_refusal(found, unit, refused),
    ]
    return Section("alternatives-section", "Alternatives", "What else would do almost as well?", lead, (*blocks, *_others(found, unit)))


def _named(text: str) -> str:
    return text.replace("'", "")


def _cost(value: float, unit: str) -> str:
    return NO_PLAN if math.isinf(value) else figure(value, unit).text


def _without(found: Alternatives, unit: str, bases: Sequence[Basis]) -> Bars:
    """The dearest to do without: dots by their role, bars by the price."""
    rows = zip(found.choices, bases, strict=True)
    dear = [(each, basis) for each, basis in rows if each.without > 0 and math.isfinite(each.without)][:_BARS]
    amounts = [
        Amount(_named(each.name), _cost(each.without, unit), each.without, sign=SIGNS[each.role], note=_note(each), basis=basis)
        for each, basis in dear
    ]
    return bars(f"What doing without a link or plant costs a year, the {len(dear)} dearest", amounts)


def _note(each: Choice) -> str:
    return f"{each.role} {each.kind}"


def _refusals(found: Alternatives, unit: str, bases: Sequence[Basis]) -> Bars:
    rows = [(each, basis) for each, basis in zip(found.refusals, bases, strict=True) if each.kind == "organisation"]
    known = [(each, basis) for each, basis in rows if math.isfinite(each.cost) and each.cost > 0][:_BARS]
    amounts = [
        Amount(each.name, _cost(each.cost, unit), each.cost, note=_closes(each.links, each.plants), basis=basis) for each, basis in known
    ]
    return bars(f"What the refusal of an organisation costs a year, the {len(known)} dearest", amounts)


def _closes(links: int, plants: int) -> str:
    return f"closes {count(links, 'link')}" + (f" and {count(plants, 'plant')}" if plants else "")


def _sheet(found: Alternatives, unit: str, bases: Sequence[Basis]) -> Sheet:
    columns = (
        Column("name", "Link or plant", "name"),
        Column("kind", "Which is a"),
        Column("role", "Role"),
        Column("amount", "In the best", "number", "*"),
        Column("range", "In good networks", "range", "*", "Least and most that was found"),
        Column("without", "Without it", "cost", unit, "What forbidding it costs"),
        Column("asked", "Forced to", "number", "*"),
        Column("forced", "costs", "cost", unit, "What forcing it to that amount costs"),
        Column("proven", "Proven", help="Whether bounds show that no network gives another role; without, it rests on what was found"),
    )
    rows = [
        {
            **row,
            "name": _named(row["name"]),
            "role": f"{SIGNS[row['role']]} {row['role']}",
            "proven": "yes" if row["proven"] else "no",
            "range": (row["least"], row["most"]),
            "unit": yearly(row["unit"]),
            RESTS: basis,
        }
        for row, basis in zip(records(found.to_frame()), bases, strict=True)
    ]
    return sheet("choices-table", "Links and plants, the dearest to do without first.", columns, rows, "There is no link and no plant.")


def _refusal(found: Alternatives, unit: str, bases: Sequence[Basis]) -> list[Block]:
    columns = (
        Column("name", "If this takes no part", "name"),
        Column("kind", "Which is a"),
        Column("cost", "the region loses", "cost", unit),
        Column("links", "Links closed", "number"),
        Column("plants", "Plants closed", "number"),
    )
    table = sheet(
        "refusals-table",
        "The price of a refusal: all that is of an organisation or site is forbidden.",
        columns,
        [{**row, RESTS: basis} for row, basis in zip(records(found.refusals_frame()), bases, strict=True)],
    )
    return [Table(table, "Organisations and sites")]


def _others(found: Alternatives, unit: str) -> list[Block]:
    """Networks within the slack that differ most."""
    heading = Heading("Good networks that look very different")
    if not found.others:
        return [heading, Words("None was found: what is good is much alike.")]
    words = Words("As different as could be found: in per cent, the links and plants of both networks that only one of them uses.")
    told = [
        (
            f"Network {number}: {100 * one.different:.0f} % different, {figure(one.cost, unit).text} behind the best",
            f"{figure(one.network.benefit, 'EUR/a').text} of benefit. {readable(_named(one.text))}",
        )
        for number, one in enumerate(found.others, 1)
    ]
    return [heading, words, Stories(tuple(told))]
