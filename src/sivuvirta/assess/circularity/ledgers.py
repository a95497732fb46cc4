"""Indicators of one or two ledgers: shares of the hierarchy, what is diverted, elements recycled, lost and kept."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.assess.circularity.asked import Found
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.elements import contents
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, exact, weighted
from sivuvirta.assess.circularity.streams import CLASSES, Fates
from sivuvirta.domain.indicators import NAN, Input
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import Floats

TODAY = "today"

NO_PLAN = "a plan to compare with: ask for the indicators of `sv.plan(region)`"

LOST = [CLASSES.index(name) for name in ("disposal", "stock")]
"""Columns of `Fates.amount` from which something can be diverted."""

USED = [CLASSES.index(name) for name in ("reuse", "recycling", "recovery")]
"""Columns of what is used."""

_MG = 1e-6  # mg/kg as a fraction of mass


@frozen(eq=False)
class State:
    """What flows in one state, and the reference to compare it with; none for today's state alone."""

    name: str  # today | proven | potential
    fates: Fates
    reference: Fates | None


def _alone(state: State) -> str:
    """Why there is nothing to compare a state with: it is today's, or nobody knows today's."""
    return NO_PLAN if state.name == TODAY else NO_REFERENCE


def stream_input(book: Book, fates: Fates, row: int, amount: float) -> Input:
    """A flow of a stream as an input of an indicator, with the range of the stream's amount."""
    figure = Input(
        fates.names[row],
        amount,
        amount * fates.low[row],
        amount * fates.high[row],
        "t/a",
        fates.grade[row],
        fates.source[row],
        f"quantities: streams/{fates.streams[row]}/{book.region.vintage}",
    )
    return book.ranged(figure)


def rows_of(fates: Fates, level: str, subject: str, extractive: bool) -> list[int]:
    """Streams of a site, an organisation or the region, extractive waste or all else."""
    owner = {"site": fates.site, "organisation": fates.organisation}.get(level)
    rows = np.flatnonzero(fates.extractive == extractive).tolist()
    return rows if owner is None else [row for row in rows if owner[row] == subject]


def hierarchy(book: Book, state: State, level: str, subject: str, name: str) -> Found | None:
    """Share of a subject's side streams (or, `extractive_used`, of its extractive waste) in one class, %; None where it has none."""
    columns = USED if name == "extractive_used" else [CLASSES.index(name.removeprefix("hierarchy_"))]
    fates = state.fates
    rows = rows_of(fates, level, subject, name == "extractive_used")
    if not rows:
        return None
    whole = fates.amount[rows].sum(axis=1)
    parts = fates.amount[rows][:, columns].sum(axis=1)
    amounts = [stream_input(book, fates, row, float(amount)) for row, amount in zip(rows, whole, strict=True)]
    found = weighted(
        [Range(each.value, each.low, each.high) for each in amounts], [exact(float(p / w)) for p, w in zip(parts, whole, strict=True)]
    )
    inputs = [stream_input(book, fates, row, float(part)) for row, part in zip(rows, parts, strict=True) if part > 0]
    return Found(found.times(100.0), tuple(inputs or amounts), note="Dry tonnes; the split between a stream's outlets is held fixed.")


def diverted(book: Book, state: State, extractive: bool) -> Found:
    """What the reference disposes of or stocks and the plan does not, t/a; unknown where the reference of what moves is not known."""
    if state.reference is None:
        return Found(UNKNOWN, missing=(_alone(state),))
    before, after = state.reference, state.fates
    rows = [row for row in range(len(before.streams)) if before.extractive[row] == extractive]
    now = {name: row for row, name in enumerate(after.streams)}
    inputs, missing = [], []
    for row in rows:
        later = now.get(before.streams[row])
        gone = 0.0 if later is None else float(after.unaccounted[later])
        if before.unaccounted[row] - gone > least(before, row):
            missing.append(f"where {before.names[row]} goes today")
        lost = float(before.amount[row, LOST].sum()) - (0.0 if later is None else float(after.amount[later, LOST].sum()))
        if abs(lost) > least(before, row):
            inputs.append(stream_input(book, before, row, lost))
    if missing:
        return Found(UNKNOWN, tuple(inputs), tuple(missing))
    ends = (sum(each.value for each in inputs), sum(min(e.low, e.high) for e in inputs), sum(max(e.low, e.high) for e in inputs))
    return Found(Range(*(float(end) for end in ends)), tuple(inputs))


def least(fates: Fates, row: int) -> float:
    """What counts as nothing of a stream, t/a."""
    return 1e-9 * float(fates.amount[row].sum())


def element(book: Book, state: State, name: str, component: str) -> Found | None:
    """What becomes of one element in analysed streams, t/a; None where no analysis speaks of it.

    The high end is unknown while a stream that goes the same way has no analysis.
    """
    told = contents(book, component)
    if not told:
        return None
    if name == "critical_saved":
        return _saved(book, state, told)
    columns = LOST if name == "critical_lost" else [CLASSES.index("recycling")]
    return _contained(book, state.fates, state.fates.amount[:, columns].sum(axis=1), told)


def _contained(book: Book, fates: Fates, amount: Floats, told: dict[str, Input]) -> Found:
    ends, inputs, blind = np.zeros(3), [], []
    for row in np.flatnonzero((np.abs(amount) > 0) & ~fates.extractive).tolist():
        content = told.get(fates.streams[row])
        if content is None:
            blind.append(fates.names[row])
            continue
        flow = stream_input(book, fates, row, float(amount[row]))
        inputs += [flow, content]
        low, high = sorted((flow.low, flow.high))
        most = (min(low * content.low, low * content.high), max(high * content.low, high * content.high))
        ends += np.array([flow.value * content.value, *most]) * _MG
    if not inputs:
        return (
            Found(UNKNOWN, missing=(f"an analysis of {', '.join(blind)}",)) if blind else Found(exact(0.0), note="No stream goes this way.")
        )
    missing = (f"analyses of {', '.join(blind)}: the high end is not known",) if blind else ()
    return Found(Range(float(ends[0]), float(ends[1]), NAN if blind else float(ends[2])), tuple(inputs), missing)


def _saved(book: Book, state: State, told: dict[str, Input]) -> Found:
    if state.reference is None:
        return Found(UNKNOWN, missing=(_alone(state),))
    before = state.reference
    unsure = [row for row in range(len(before.streams)) if before.unaccounted[row] > least(before, row) and before.streams[row] in told]
    now = {name: row for row, name in enumerate(state.fates.streams)}
    if unsure:
        return Found(UNKNOWN, missing=tuple(f"where {before.names[row]} goes today" for row in unsure))
    lost = before.amount[:, LOST].sum(axis=1)
    still = np.array([state.fates.amount[now[name], LOST].sum() if name in now else 0.0 for name in before.streams])
    moved = np.where(np.abs(lost - still) > 1e-9 * lost.sum(), lost - still, 0.0)
    if not np.any(moved[~before.extractive]):
        return Found(exact(0.0), note="Nothing moves out of disposal and stock.")
    return _contained(book, before, moved, told)
