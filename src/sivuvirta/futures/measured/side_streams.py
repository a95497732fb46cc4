"""Side streams in each draw: shares of the hierarchy, what is diverted, elements recycled, lost and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.elements import contents, followed
from sivuvirta.assess.circularity.ledgers import LOST, USED, least
from sivuvirta.assess.circularity.streams import CLASSES, Fates, rows_of
from sivuvirta.domain import indicators as told
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats
from sivuvirta.futures.measured.circular import figure_input

_MG = 1e-6  # mg/kg as a fraction of mass
_RECYCLING = CLASSES.index("recycling")
_SHARES = ("hierarchy_", "extractive_")
Key = tuple[str, str, str, str]
"""Indicator, level, subject, state."""


def elements(book: Book) -> dict[str, dict[str, told.Input]]:
    """Content of each followed element, by element and stream."""
    return {each.component: contents(book, each.component) for each in followed(book.region)}


def inputs(known: Mapping[str, Mapping[str, told.Input]]) -> dict[str, Input]:
    """Contents with a range, by row of the register."""
    rows = {each.row: each for by in known.values() for each in by.values()}
    found = {row: figure_input(each) for row, each in rows.items() if each.high > each.low and each.value > 0}
    return {row: Input("content", one.key, one.label, one.family, one.centre, one.unit, one.low, one.high) for row, one in found.items()}


def drawn(
    found: Sequence[told.Indicator],
    states: Mapping[str, Fates],
    scale: Mapping[str, Floats],
    known: Mapping[str, Mapping[str, told.Input]],
    content: Mapping[str, Floats],
) -> dict[Key, Floats]:
    r"""Indicators of ledgers in each draw; all that leaves a stream is in proportion to its amount.

    .. math:: share = \frac{\sum_i s_i \, m_{i,class}}{\sum_i s_i \, m_i}, \qquad kept = \sum_i s_i \, m_i \, c_i

    What a plant disposes of, as a share of what it is fed with, is held.

    Args:
        found: the indicators at the middle; unknown ones stay unknown.
        states: where streams end, by state; the first is today's.
        scale: times its stated amount, of each stream whose amount is drawn, shape (draws,).
        known: content of each element, by element and stream.
        content: mg/kg of each row of analyses that is drawn, shape (draws,).
    """
    result: dict[Key, Floats] = {}
    for each in found:
        if not each.known or each.state not in states:
            continue
        fates, today = states[each.state], next(iter(states.values()))
        key = (each.indicator, each.level, each.subject, each.state)
        if each.indicator.startswith(_SHARES):
            result[key] = _share(fates, scale, each)
        elif each.indicator.startswith("diverted"):
            result[key] = _summed(today, scale, _moved(today, fates, each.indicator == "diverted_extractive"))
        elif each.indicator.startswith("critical_"):
            result[key] = _contained(today, fates, scale, each, (known[each.subject], content))
    return result


def _share(fates: Fates, scale: Mapping[str, Floats], each: told.Indicator) -> Floats:
    extractive = each.indicator == "extractive_used"
    columns = USED if extractive else [CLASSES.index(each.indicator.removeprefix("hierarchy_"))]
    rows = np.zeros(len(fates.streams))
    rows[rows_of(fates, each.level, each.subject, extractive)] = 1.0
    part, whole = (_summed(fates, scale, rows * of) for of in (fates.amount[:, columns].sum(axis=1), fates.amount.sum(axis=1)))
    return 100.0 * part / whole


def _moved(today: Fates, fates: Fates, extractive: bool) -> Floats:
    """What of each stream leaves disposal and stock, t/a."""
    now = {name: row for row, name in enumerate(fates.streams)}
    still = np.array([fates.amount[now[name], LOST].sum() if name in now else 0.0 for name in today.streams])
    lost = today.amount[:, LOST].sum(axis=1) - still
    small = np.array([abs(lost[row]) <= least(today, row) for row in range(len(lost))], dtype=bool)
    return np.where(small | (today.extractive != extractive), 0.0, lost)


def _contained(
    today: Fates,
    fates: Fates,
    scale: Mapping[str, Floats],
    each: told.Indicator,
    told_of: tuple[Mapping[str, told.Input], Mapping[str, Floats]],
) -> Floats:
    """Tonnes of an element in what goes one way."""
    known, drawn_content = told_of
    if each.indicator == "critical_saved":
        where, amount = today, _moved(today, fates, extractive=False)
    else:
        where, columns = fates, LOST if each.indicator == "critical_lost" else [_RECYCLING]
        amount = np.where(fates.extractive, 0.0, fates.amount[:, columns].sum(axis=1))
    total: Floats = np.zeros(1)
    for row in np.flatnonzero(amount).tolist():
        stream = where.streams[row]
        if stream in known:
            content = drawn_content.get(known[stream].row, np.array([known[stream].value]))
            total = total + amount[row] * scale.get(stream, np.ones(1)) * content * _MG
    return total


def _summed(fates: Fates, scale: Mapping[str, Floats], amount: Floats) -> Floats:
    total: Floats = np.zeros(1)
    for row in np.flatnonzero(amount).tolist():
        total = total + amount[row] * scale.get(fates.streams[row], np.ones(1))
    return total
