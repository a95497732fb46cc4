"""Rules of evidence: a limit from memory is not a limit, and a figure is as good as its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.schema import schema

OPENED_GRADES = frozenset({"A", "B"})
"""Grades that only an opened source can give."""


def verified_sources(draft: Draft) -> Iterator[Problem]:
    """A verified limit, rule or legal path was read in a source that was opened."""
    opened, known = draft.lookup("sources", "opened"), draft.keys("sources")
    for table in ("limits", "rules", "legal_paths"):
        if not draft.present(table):
            continue
        columns = draft.tables[table].columns
        for row, (verified, source) in enumerate(zip(columns["verified"].tolist(), columns["source"].tolist(), strict=True)):
            if verified and source in known and not opened.get(source):
                message = f"It is marked as verified, but source '{source}' was never opened."
                yield draft.problem(
                    table, row, "verified", "verified_from_memory", message, "Write no, or open the source and date it in 'sources'."
                )


def graded_sources(draft: Draft) -> Iterator[Problem]:
    """A figure from a source that was not opened is no better than C; one warning a source."""
    opened, known = draft.lookup("sources", "opened"), draft.keys("sources")
    first: dict[str, tuple[str, int]] = {}
    count: Counter[str] = Counter()
    for name, table in draft.tables.items():
        columns = schema()[name].columns
        if not len(table) or "grade" not in columns or "source" not in columns:
            continue
        pairs = zip(table["grade"].tolist(), table["source"].tolist(), strict=True)
        unopened = [
            (row, source)
            for row, (grade, source) in enumerate(pairs)
            if grade in OPENED_GRADES and source in known and not opened.get(source)
        ]
        count.update(source for _, source in unopened)
        for row, source in unopened:
            first.setdefault(source, (name, row))
    for source, (name, row) in first.items():
        yield _unopened(draft, source, name, row, count[source])


def _unopened(draft: Draft, source: str, table: str, row: int, count: int) -> Problem:
    """At the source where it is the draft's own, else at the first row that rests on it."""
    index = draft.tables["sources"].index if "sources" in draft.tables else {}
    rows = f"{count} rows rest" if count > 1 else "a row rests"
    message = f"Source '{source}' was never opened, but {rows} on it with grade A or B."
    repair = "Date the opening in 'opened', or grade what rests on it C or D."
    place = ("sources", index[source], "opened") if source in index else (table, row, "source")
    return draft.problem(*place, "source_not_opened", message, repair, level="warning")
