"""Sheets that formulas read: flows and other amounts, coefficients; and those that these name: rows of the register, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from openpyxl import Workbook

from sivuvirta.domain.traces import Origin, Source, Traces
from sivuvirta.report.workbook.cells import Link, Value, table, widths

FLOWS, COEFFICIENTS, ROWS, SOURCES = "Flows", "Coefficients", "Rows", "Sources"
AMOUNTS = ("F", "G", "H")
"""Columns of sheet Flows: amounts today, proven, with potential."""

VALUE = "C"
"""Column of sheet Coefficients that holds the value."""

_KINDS = {"flow": "flow", "plant": "plant runs", "investment": "investment", "fixed": "fixed cost"}
_MOST = 6  # sources of a coefficient that have a cell of their own


def add_lists(
    book: Workbook, traces: Traces, states: Sequence[str], more: tuple[Iterable[Origin], Iterable[Source]] = ((), ())
) -> tuple[dict[Origin, int], dict[str, int]]:
    """Adds the sheets Flows, Coefficients, Rows and Sources.

    Args:
        book: the workbook.
        traces: of the figures of the assessment.
        states: heads of the columns of amounts: vintage and network.
        more: rows and sources that are named beside those of the figures.

    Returns:
        Lines of the rows in sheet Rows, and of the sources in sheet Sources by id.
    """
    origins, cited = list(dict.fromkeys((*traces.origins, *more[0]))), {**traces.sources, **{one.id: one for one in more[1]}}
    place = {name: at for at, name in enumerate(cited, 2)}
    flows, rates, rows, sources = (book.create_sheet(name) for name in (FLOWS, COEFFICIENTS, ROWS, SOURCES))
    table(flows, 1, ("Kind", "From", "To", "What", "Unit", *states, *_named("Source")), _flows(traces, place))
    widths(flows, (12, 42, 42, 30, 12, 16, 16, 18, *[18] * _MOST))
    table(rates, 1, ("Coefficient", "How it follows", "Value", "Unit", "Rows of the register", *_named("Source")), _rates(traces, place))
    widths(rates, (50, 60, 14, 24, 40, *[18] * _MOST))
    table(rows, 1, ("Table", "Key", "Name", "Grade", "Source"), _rows(origins, place))
    widths(rows, (18, 44, 44, 8, 26))
    table(sources, 1, ("Source", "Citation", "Address", "Page", "Opened"), _sources(cited))
    widths(sources, (26, 90, 50, 24, 14))
    return {row: at for at, row in enumerate(origins, 2)}, place


def _named(head: str) -> tuple[str, ...]:
    return tuple(f"{head} {number}" for number in range(1, _MOST + 1))


def _flows(traces: Traces, place: dict[str, int]) -> Iterator[tuple[Value, ...]]:
    for one in traces.drivers:
        names = (_KINDS[one.kind], one.origin, one.destination, one.what, one.unit)
        yield (*names, *(float(amount) for amount in one.amounts), *_links(traces, one.rows, place))


def _rates(traces: Traces, place: dict[str, int]) -> Iterator[tuple[Value, ...]]:
    for one in traces.coefficients:
        rows = ", ".join(f"{traces.origins[at].table}: {traces.origins[at].key}" for at in one.rows)
        yield (one.words, one.formula, float(one.value), one.unit, rows, *_links(traces, one.rows, place))


def _links(traces: Traces, rows: tuple[int, ...], place: dict[str, int]) -> tuple[Value, ...]:
    """Ids of the sources behind rows, each leading to its row of sheet Sources."""
    names = list(dict.fromkeys(traces.origins[at].source for at in rows if traces.origins[at].source in place))
    found: list[Value] = [Link(name, f"#{SOURCES}!A{place[name]}") for name in names[: _MOST - 1]]
    rest = names[_MOST - 1 :]
    if rest:
        found.append(Link(", ".join(rest), f"#{SOURCES}!A{place[rest[0]]}"))
    return tuple(found)


def _rows(origins: Iterable[Origin], place: dict[str, int]) -> Iterator[tuple[Value, ...]]:
    for one in origins:
        source: Value = Link(one.source, f"#{SOURCES}!A{place[one.source]}") if one.source in place else "none named"
        yield (one.table, one.key, one.words, one.grade, source)


def _sources(cited: Mapping[str, Source]) -> Iterator[tuple[Value, ...]]:
    for one in cited.values():
        yield (one.id, one.citation, Link(one.url, one.url) if one.url else "", one.page, one.opened or "not opened")
