"""Indicators of one or two ledgers: shares of the hierarchy, what is diverted, elements recycled, lost and kept."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.assess.circularity.asked import Found
from sivuvirta.assess.circularity.book import Book, looked
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, exact, weighted
from sivuvirta.assess.circularity.streams import CLASSES, Fates, rows_of
from sivuvirta.domain.ledger import NO_REFERENCE

TODAY = "today"

NO_PLAN = "a plan to compare with: ask for the indicators of `sv.plan(region)`"

LOST = [CLASSES.index(name) for name in ("disposal", "stock")]
"""Columns of `Fates.amount` from which something can be diverted."""

USED = [CLASSES.index(name) for name in ("reuse", "recycling", "recovery")]
"""Columns of what is used."""


@frozen(eq=False)
class State:
    """What flows in one state, and the reference to compare it with; none for today's state alone."""

    name: str  # today | proven | potential
    fates: Fates
    reference: Fates | None


def alone(state: State) -> str:
    """Why there is nothing to compare a state with: it is today's, or nobody knows today's."""
    return NO_PLAN if state.name == TODAY else NO_REFERENCE


def hierarchy(book: Book, state: State, level: str, subject: str, name: str) -> Found | None:
    """Share of a subject's side streams (or, `extractive_used`, of its extractive waste) in one class, %; None where it has none."""
    columns = USED if name == "extractive_used" else [CLASSES.index(name.removeprefix("hierarchy_"))]
    fates = state.fates
    rows = rows_of(fates, level, subject, name == "extractive_used")
    if not rows:
        return None
    whole = fates.amount[rows].sum(axis=1)
    parts = fates.amount[rows][:, columns].sum(axis=1)
    amounts = [book.stream(fates, row, float(amount)) for row, amount in zip(rows, whole, strict=True)]
    found = weighted(
        [Range(each.value, each.low, each.high) for each in amounts], [exact(float(p / w)) for p, w in zip(parts, whole, strict=True)]
    )
    inputs = [book.stream(fates, row, float(part)) for row, part in zip(rows, parts, strict=True) if part > 0]
    return Found(found.times(100.0), tuple(inputs or amounts), note="Dry tonnes; the split between a stream's outlets is held fixed.")


def diverted(book: Book, state: State, extractive: bool) -> Found:
    """What the reference disposes of or stocks and the plan does not, t/a; unknown where the reference of what moves is not known."""
    if state.reference is None:
        return Found(UNKNOWN, missing=(alone(state),))
    before, after = state.reference, state.fates
    rows = [row for row in range(len(before.streams)) if before.extractive[row] == extractive]
    now = {name: row for row, name in enumerate(after.streams)}
    inputs, missing, note = [], [], "" if rows else "The register names no such stream."
    for row in rows:
        later = now.get(before.streams[row])
        gone = 0.0 if later is None else float(after.unaccounted[later])
        if before.unaccounted[row] - gone > least(before, row):
            missing.append(f"where {before.names[row]} goes today")
        lost = float(before.amount[row, LOST].sum()) - (0.0 if later is None else float(after.amount[later, LOST].sum()))
        if abs(lost) > least(before, row):
            inputs.append(book.stream(before, row, lost))
    if missing:
        return Found(UNKNOWN, tuple(inputs), tuple(missing))
    ends = (sum(each.value for each in inputs), sum(min(e.low, e.high) for e in inputs), sum(max(e.low, e.high) for e in inputs))
    return Found(Range(*(float(end) for end in ends)), tuple(inputs), note=note, behind=() if inputs else looked(book, before, rows))


def least(fates: Fates, row: int) -> float:
    """What counts as nothing of a stream, t/a."""
    return 1e-9 * float(fates.amount[row].sum())
