"""The sheets: indicators by exchange and programme, with who claims which share, year by year, beside what parties say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.assess.benefits.agreement import CLAIMS, claimed
from sivuvirta.assess.benefits.claimed import Given, Lasting, Programme, attributions, claims, programmes
from sivuvirta.assess.benefits.programmed import programme_rows
from sivuvirta.assess.benefits.rows import ONLY_CLAIMED, blank, shared
from sivuvirta.assess.benefits.sums import Book
from sivuvirta.assess.benefits.years import YEARS, years
from sivuvirta.domain.benefits import (
    ALL,
    CLAIMED,
    INDICATORS,
    Benefits,
)
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import ArcKind, Floats

_FIGURE = ["indicator", "label", "unit", "value", "known_part", "bound", "mean", "low", "high", "alarm", "grade"]
_SHARE = ["attributed", "attributed_mean", "attributed_low", "attributed_high", "basis"]
Draw = Callable[[Mapping[str, Book]], Mapping[str, Mapping[str, Floats]]]
"""Draws of the indicators of some books, by state and indicator, shape (draws, exchanges + 1)."""
EXCHANGES = ["state", "exchange", "name", *_FIGURE, "sources", "reference", "unknown", "attribution", "reason", *_SHARE]
PROGRAMMES = ["state", "programme", "name", "exchanges", *_FIGURE, "sources", "reference", "unknown", *_SHARE]


def benefits(
    ledgers: Mapping[str, Ledger],
    reference: Ledger | None,
    given: Given | None = None,
    asked: Lasting | None = None,
    draw: Draw | None = None,
) -> Benefits:
    r"""Benefit sheets of one or several ledgers against one reference.

    .. math:: B_{jk} = \sum_a W_{ja} c_{ak} + \sum_p S_{jp} d_{pk}, \qquad \sum_j B_{jk} + B_{0k} = \Delta_k

    with W and S the parts of the ledgers' difference that exchange j answers for, c the coefficients of indicator k, d what plants change
    in it. Year y counts f_y B with f the persistence; what is attributed is the stated share of it.

    Args:
        ledgers: by state, over the same links.
        reference: what flows without them; None where nobody says, and every benefit is unknown.
        given: shares of attribution by exchange.
        asked: persistence for all exchanges.
        draw: gives the draws that ranges are told of; without it there are none.
    """
    links = next(iter(ledgers.values())).links
    books = {} if reference is None else {name: Book.of(ledger, reference) for name, ledger in ledgers.items()}
    for name, drawn in (draw(books) if draw and books else {}).items():
        books[name] = evolve(books[name], drawn=drawn)
    sheets = [_state(name, ledger, books.get(name), (given, asked)) for name, ledger in ledgers.items()]
    columns = {"exchanges": EXCHANGES, "programmes": PROGRAMMES, "years": YEARS, "claims": CLAIMS}
    tables = {name: _joined([each[at] for each in sheets], names) for at, (name, names) in enumerate(columns.items())}
    notes = () if reference is not None else (NO_REFERENCE,)
    region = links.region
    return Benefits(region=region.name, vintage=region.vintage, states=tuple(ledgers), **tables, notes=notes)


def _joined(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True)[columns] if full else pd.DataFrame(columns=columns)


def _state(name: str, ledger: Ledger, book: Book | None, asked: tuple[Given | None, Lasting | None]) -> tuple[pd.DataFrame, ...]:
    region = ledger.links.region
    keys = _without(ledger) if book is None else [book.key(row) for row in range(len(book.shares))]
    told = attributions(region, asked[0], asked[1], keys)
    stated = claims(region)
    parts = _unknown_parts(keys) if book is None else _parts(book)
    rows = [shared({**row, "state": name}, told.get(str(row["exchange"])), stated) for row in parts]
    exchanges = pd.DataFrame(rows, columns=EXCHANGES)
    every = [Programme("", ALL, told), *programmes(region)]
    sums = [programme_rows(each, exchanges, keys, book, stated) for each in every]
    summed = pd.DataFrame([{**row, "state": name} for part in sums for row in part], columns=PROGRAMMES)
    return exchanges, summed, years(exchanges, told, every, keys, book), claimed(name, stated, exchanges, summed)


def _without(ledger: Ledger) -> list[str]:
    """Exchanges of a ledger that has no reference."""
    links = ledger.links
    nodes, arcs = links.nodes, links.arcs
    rows = ledger.arc[np.isin(arcs.kind[ledger.arc], (ArcKind.DIRECT, ArcKind.FEED))]
    pairs = [f"{nodes.label(int(arcs.origin[row]))}>{nodes.label(int(arcs.destination[row]))}" for row in rows]
    return sorted(set(pairs))


def _unknown_parts(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Every indicator of every exchange, none of them known."""
    return [
        {"exchange": key, "name": key, "reference": "", **blank(indicator, NO_REFERENCE)} for key in (*keys, "") for indicator in INDICATORS
    ]


def _parts(book: Book) -> list[dict[str, Any]]:
    """Every indicator of every exchange, and of what belongs to none."""
    found = []
    for row in range(len(book.shares) + 1):
        told = {"exchange": book.key(row), "name": book.name(row), "reference": book.against(np.array([row]))}
        found += [{**told, **figure} for figure in book.figures(np.array([row]))]
        found.append({**told, **blank(CLAIMED, ONLY_CLAIMED)})
    return found
