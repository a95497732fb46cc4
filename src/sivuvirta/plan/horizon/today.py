"""Today: the course of a horizon in which nothing changes, for where nothing is planned on proven evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.pathways import Course
from sivuvirta.plan.horizon.levels import stocks_frame
from sivuvirta.plan.horizon.reading import builds_frame, money_frame
from sivuvirta.plan.horizon.whole import Whole

NOT_PLANNED = "not planned"
"""Status of a course that is today's."""


def today(at: Whole, references: Sequence[Ledger], objective: float) -> Course:
    """Each year as its reference; the flows of a period are the season's part of them, and nothing is built or stocked.

    Args:
        at: the program.
        references: of each year.
        objective: of them all, in the objective's unit.
    """
    books = [references[each.year] for each in at.stages]
    parts = tuple(evolve(book, amount=each.links.arcs.today[book.arc]) for book, each in zip(books, at.stages, strict=True))
    none = np.zeros(at.lp.shape[1])
    kept = stocks_frame(at, none).iloc[:0]
    return Course(
        evidence="proven",
        status=NOT_PLANNED,
        objective=objective,
        bound=np.nan,
        gap=np.nan,
        seconds=0.0,
        method="",
        rows=at.lp.shape[0],
        columns=at.lp.shape[1],
        ledgers=parts,
        years=tuple(references),
        money=money_frame(at, references, references, (kept, none)),
        builds=builds_frame(at, none),
        stocks=kept,
    )
