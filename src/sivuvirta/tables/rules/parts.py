"""Rules of parts: a tonne is counted once. The split parts of a stream are its whole; a subset is no more than its parent."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.rules.yearly import Amount, yearly
from sivuvirta.tables.rules.yearly import shown as figure

SLACK = 0.05
"""By how much parts may miss a parent without a range, for rounding of published figures."""


def part_and_parent(draft: Draft) -> Iterator[Problem]:
    """A part names its parent, and a parent is named with the kind of part."""
    if not draft.present("streams"):
        return
    columns = draft.tables["streams"].columns
    for row, (parent, part) in enumerate(zip(columns["parent"].tolist(), columns["part"].tolist(), strict=True)):
        if part and not parent:
            yield draft.problem(
                "streams", row, "parent", "part_without_parent", f"A {part} needs a parent.", "Name the stream that it is a part of."
            )
        if parent and not part:
            repair = "Write split where the parts are its whole, subset where this one must not be added to it."
            yield draft.problem("streams", row, "part", "parent_without_part", f"It is a part of '{parent}', but of which kind?", repair)


def part_cycles(draft: Draft) -> Iterator[Problem]:
    """No stream is a part of itself, over however many steps."""
    if not draft.present("streams"):
        return
    columns = draft.tables["streams"].columns
    ways = _circles(dict(zip(columns["stream"].tolist(), columns["parent"].tolist(), strict=True)))
    for row, stream in enumerate(columns["stream"].tolist()):
        way = ways.get(stream, [])
        if way and stream == way[0]:
            shown = " -> ".join(f"'{step}'" for step in [*way, stream])
            yield draft.problem(
                "streams", row, "parent", "part_cycle", f"It is a part of itself: {shown}.", "Take one of these parents away."
            )


def _circles(parents: Mapping[str | None, str | None]) -> dict[str, list[str]]:
    """The circle on which a stream lies, from its first name on, for those that lie on one; each stream is passed once."""
    found: dict[str, list[str]] = {}
    passed: set[str] = set()
    for start in parents:
        way: dict[str, int] = {}
        above = start
        while above is not None and above not in passed:
            passed.add(above)
            way[above] = len(way)
            above = parents.get(above)
        if above in way:
            circle = list(way)[way[above] :]
            first = circle.index(min(circle))
            turned = [*circle[first:], *circle[:first]]
            found |= dict.fromkeys(circle, turned)
    return found


def listed_twice(draft: Draft) -> Iterator[Problem]:
    """A split part and its parent are not on the same published list, or the list would count the part twice."""
    if not draft.present("streams"):
        return
    columns = draft.tables["streams"].columns
    lists = {stream: set(listed or ()) for stream, listed in zip(columns["stream"].tolist(), columns["listed"].tolist(), strict=True)}
    for row, stream in enumerate(columns["stream"].tolist()):
        parent = columns["parent"][row]
        both = sorted(lists.get(stream, set()) & lists.get(parent, set())) if parent and parent != stream and columns["part"][row] else []
        if both:
            message = f"'{stream}' and its parent '{parent}' are both on list '{both[0]}', which would count it twice."
            yield draft.problem("streams", row, "listed", "listed_twice", message, "Take the list from one of the two.")


def part_amounts(draft: Draft) -> Iterator[Problem]:
    """The split parts of a parent sum to it, and a subset is not more than its parent, in every vintage."""
    if not draft.present("streams", "quantities"):
        return
    amounts = yearly(draft, "streams")
    columns = draft.tables["streams"].columns
    parents = dict(zip(columns["stream"].tolist(), columns["parent"].tolist(), strict=True))
    kinds = dict(zip(columns["stream"].tolist(), columns["part"].tolist(), strict=True))
    split: dict[str, list[str]] = defaultdict(list)
    circles = _circles(parents)
    for stream, parent in parents.items():
        if parent is None or stream is None or stream in circles:
            continue
        if kinds[stream] == "split":
            split[parent].append(stream)
        elif kinds[stream] == "subset":
            yield from _subset(draft, stream, parent, amounts)
    for parent, parts in split.items():
        for vintage in draft.tables["vintages"]["vintage"].tolist():
            given = [part for part in parts if (part, vintage) in amounts]
            if (parent, vintage) in amounts and given:
                yield from _split(draft, parent, [amounts[part, vintage] for part in given], amounts[parent, vintage], given)


def _most(amount: Amount) -> float:
    return max(amount.value * (1 + SLACK), 0.0 if math.isnan(amount.high) else amount.high)


def _subset(draft: Draft, stream: str, parent: str, amounts: Mapping[tuple[str, str], Amount]) -> Iterator[Problem]:
    for vintage in draft.tables["vintages"]["vintage"].tolist():
        part, whole = amounts.get((stream, vintage)), amounts.get((parent, vintage))
        if part is not None and whole is not None and part.value > _most(whole):
            message = f"{figure(part.value)} is more than the {figure(whole.value)} of '{parent}', of which it is a subset."
            yield draft.problem(
                "quantities", part.row, "value", "subset_above_parent", message, "Correct one of the two, or take the parent away."
            )


def _split(draft: Draft, parent: str, parts: list[Amount], whole: Amount, names: list[str]) -> Iterator[Problem]:
    total = sum(part.value for part in parts)
    shown = ", ".join(f"'{name}'" for name in names)
    if total > _most(whole):
        message = f"Its split parts ({shown}) sum to {figure(total)}, more than the {figure(whole.value)} of '{parent}'."
        yield draft.problem(
            "quantities", whole.row, "value", "split_above_parent", message, "Correct one of them, or make a part a subset."
        )
    elif total < whole.value * (1 - SLACK):
        rest = figure(whole.value - total)
        message = (
            f"Its split parts ({shown}) sum to {figure(total)}, less than the {figure(whole.value)} of '{parent}': {rest} would be lost."
        )
        repair = "Add the rest as a split part, or make the parts subsets."
        yield draft.problem("quantities", whole.row, "value", "split_below_parent", message, repair)
