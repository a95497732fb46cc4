"""What becomes of an element in side streams: of what was analysed, and how many tonnes nobody analysed.

A stream without an analysis is never counted as one without the element. Where some of what goes a way was not analysed, the figure is that
of the rest, a bound: at least, where the unknown part can only add to it, at most where it can only take away, unknown where either may be.
"""

from __future__ import annotations

import numpy as np

from sivuvirta.assess.circularity.asked import Found
from sivuvirta.assess.circularity.book import Book, looked
from sivuvirta.assess.circularity.elements import Element, contents
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, exact
from sivuvirta.assess.circularity.ledgers import LOST, State, alone, least
from sivuvirta.assess.circularity.streams import CLASSES, Fates
from sivuvirta.domain.indicators import AT_LEAST, AT_MOST, NAN, Input
from sivuvirta.domain.links import Floats
from sivuvirta.domain.words import shortened

_MG = 1e-6  # mg/kg as a fraction of mass
_NAMED = 6  # streams without an analysis that are named


def element(book: Book, state: State, name: str, of: Element) -> Found:
    """What becomes of one element in side streams, t/a; extractive waste is left out.

    Args:
        book: the register.
        state: what flows.
        name: critical_recycled | critical_lost | critical_saved.
        of: the element.

    Returns:
        The figure, with `bound` where it is of a part only; unknown where nothing that goes this way was analysed.
    """
    told = contents(book, of.component)
    if name == "critical_saved":
        return _saved(book, state, told, of)
    columns = LOST if name == "critical_lost" else [CLASSES.index("recycling")]
    return _contained(book, state.fates, state.fates.amount[:, columns].sum(axis=1), told, of)


def _contained(book: Book, fates: Fates, amount: Floats, told: dict[str, Input], of: Element) -> Found:
    moving = np.flatnonzero((np.abs(amount) > 0) & ~fates.extractive).tolist()
    blind = [row for row in moving if fates.streams[row] not in told]
    if not moving:
        return Found(exact(0.0), note="No stream goes this way.", behind=_ordinary(book, fates))
    missing = (_unanalysed(fates, amount, moving, blind, of),) if blind else ()
    bound = _bound(amount[blind])
    if len(blind) == len(moving) or bound is None:
        return Found(UNKNOWN, missing=missing, behind=looked(book, fates, moving))
    ends, inputs = np.zeros(3), []
    for row in moving:
        if row not in blind:
            content, flow = told[fates.streams[row]], book.stream(fates, row, float(amount[row]))
            inputs += [flow, content]
            low, high = sorted((flow.low, flow.high))
            most = (min(low * content.low, low * content.high), max(high * content.low, high * content.high))
            ends += np.array([flow.value * content.value, *most]) * _MG
    value, low, high = (float(end) for end in ends)
    found = Range(value, NAN if bound == AT_MOST else low, NAN if bound == AT_LEAST else high)
    return Found(found, tuple(inputs), missing, bound=bound, behind=looked(book, fates, blind))


def _ordinary(book: Book, fates: Fates) -> tuple[str, ...]:
    """Rows of all streams that are no extractive waste: what was looked at where nothing of them goes a way."""
    return looked(book, fates, np.flatnonzero(~fates.extractive).tolist())


def _bound(unknown: Floats) -> str | None:
    """How the known part stands to the whole; None where the unknown part may add and take away."""
    if not len(unknown):
        return ""
    return AT_LEAST if (unknown > 0).all() else AT_MOST if (unknown < 0).all() else None


def _unanalysed(fates: Fates, amount: Floats, moving: list[int], blind: list[int], of: Element) -> str:
    """How many tonnes have no analysis, and whose they are, the largest first."""
    tonnes = np.abs(amount)
    order = sorted(blind, key=lambda row: -tonnes[row])
    named = [f"{fates.names[row]} ({tonnes[row]:,.0f} t/a)" for row in order]
    went = f"{tonnes[moving].sum():,.0f} t/a dry that go this way"
    part = f"{tonnes[blind].sum():,.0f} of {went} have no analysis of {of.name.partition(',')[0].lower()}"
    return f"{f'none of {went} was analysed for it' if len(blind) == len(moving) else part}: {shortened(named, _NAMED)}"


def _saved(book: Book, state: State, told: dict[str, Input], of: Element) -> Found:
    if state.reference is None:
        return Found(UNKNOWN, missing=(alone(state),))
    before = state.reference
    now = {name: row for row, name in enumerate(state.fates.streams)}
    unsure = [row for row in range(len(before.streams)) if before.unaccounted[row] > least(before, row) and before.streams[row] in told]
    if unsure:
        missing = tuple(f"where {before.names[row]} goes today" for row in unsure)
        return Found(UNKNOWN, missing=missing, behind=looked(book, before, unsure))
    lost = before.amount[:, LOST].sum(axis=1)
    still = np.array([state.fates.amount[now[name], LOST].sum() if name in now else 0.0 for name in before.streams])
    moved = np.where(np.abs(lost - still) > 1e-9 * lost.sum(), lost - still, 0.0)
    if not np.any(moved[~before.extractive]):
        return Found(exact(0.0), note="Nothing moves out of disposal and stock.", behind=_ordinary(book, before))
    return _contained(book, before, moved, told, of)
