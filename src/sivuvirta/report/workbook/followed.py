"""Sheets that tell the figures of all studies as the page prints them, each with a link to the rows and sources that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen
from openpyxl import Workbook

from sivuvirta.domain.region import Region
from sivuvirta.domain.traces import Origin, Source, Traces
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.following.shelf import Shelf
from sivuvirta.report.following.traced import head
from sivuvirta.report.studies.blocks import Bars, Pictures, Plot, Section, Table
from sivuvirta.report.tables import Cell, Sheet
from sivuvirta.report.workbook.cells import Link, Value, table, widths

FIGURES, RESTS = "Study figures", "What they rest on"
_FIGURE = re.compile(r"\d|not known")
_BETWEEN = "; "


@frozen
class Followed:
    """A figure of a study as it is printed."""

    section: str
    scope: str  # vintage and network
    part: str  # table or picture that it stands in
    row: str
    column: str
    text: str
    key: str  # of what it rests on


@frozen
class Behind:
    """What figures rest on: words, figures of the assessment, rows, and sources that are named beside these."""

    how: str
    missing: str
    figures: tuple[str, ...]  # keys
    rows: tuple[Origin, ...]
    sources: tuple[str, ...]  # ids


@frozen
class Study:
    """The figures of all sections, what they rest on by key, and all rows and sources among it, each once."""

    figures: tuple[Followed, ...]
    behind: Mapping[str, Behind]
    rows: Sequence[Origin]
    sources: Sequence[Source]


@frozen
class Places:
    """Lines of other sheets: of each figure of the summary by its key, of each row, and of each source by its id."""

    summary: tuple[str, Mapping[str, int]]  # its name, and lines
    rows: tuple[str, Mapping[Origin, int]]
    sources: tuple[str, Mapping[str, int]]

    def source(self, name: str) -> Value:
        """A source that leads to its citation."""
        sheet, lines = self.sources
        return Link(name, f"#'{sheet}'!A{lines[name]}") if name in lines else name


def followed(sections: Iterable[Section], traces: Traces, region: Region) -> Study:
    """The figures of sections as the page prints them, and what each rests on.

    Args:
        sections: of the studies that were asked.
        traces: of the figures of the assessment, which figures of studies name.
        region: whose rows and sources they name.
    """
    every = list(sections)
    figures = {section.id: tuple(_section(section)) for section in every}
    bases = {basis.key: basis for section in every for basis in _bases(section)}
    hows = {one.key: section.basis.how for section in reversed(every) for one in figures[section.id]}
    shelf = Shelf(traces, region)
    named = {key: bases.get(key, Basis(figures=(key,))) for key in hows}
    numbers = {key: shelf.told(basis) for key, basis in named.items()}
    rows = shelf.rows
    for row in rows:
        shelf.source(row)
    sources = shelf.sources()
    behind = {
        key: Behind(
            how=basis.how or hows[key],
            missing=basis.missing,
            figures=tuple(figure for figure in basis.figures if figure in traces.figures),
            rows=tuple(rows[at] for at in numbers[key][0]),
            sources=tuple(sources[at].id for at in numbers[key][1]),
        )
        for key, basis in named.items()
    }
    return Study(tuple(one for told in figures.values() for one in told), behind, rows, sources)


def _section(section: Section) -> Iterator[Followed]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield from _table(section, block.sheet)
        elif isinstance(block, Bars | Plot):
            yield from _picture(section, block)
        elif isinstance(block, Pictures):
            yield from (one for item in block.items for one in _picture(section, item))


def _table(section: Section, sheet: Sheet) -> Iterator[Followed]:
    for at, cells in enumerate((*sheet.rows, sheet.foot)):
        words = _BETWEEN.join(cell.text for cell in cells if cell.text and cell.kind not in {"number", "grade"})
        of_row = sheet.traces[at] if at < len(sheet.traces) else ""
        for column, cell in zip(sheet.columns, cells, strict=False):
            if _is_figure(cell):
                key = cell.trace or of_row or section.basis.key
                yield Followed(section.title, section.scope, sheet.caption, words, column.title, cell.text, key)


def _is_figure(cell: Cell) -> bool:
    return cell.kind == "number" and bool(_FIGURE.search(cell.text))


def _picture(section: Section, picture: Bars | Plot) -> Iterator[Followed]:
    scope = picture.of or section.scope
    if isinstance(picture, Bars):
        told = [(row.label, row.text, row.basis) for row in picture.rows if not row.basis.empty]
    else:
        told = [(mark.label, mark.title, mark.basis) for mark in picture.marks if mark.basis is not None]
    for label, text, basis in told:
        yield Followed(section.title, scope, picture.title, label, "", text, basis.key)


def _bases(section: Section) -> Iterator[Basis]:
    """What figures of a section rest on."""
    yield section.basis
    for block in section.blocks:
        if isinstance(block, Table):
            yield from block.sheet.bases.values()
        for picture in block.items if isinstance(block, Pictures) else (block,):
            if isinstance(picture, Bars):
                yield from (row.basis for row in picture.rows)
            elif isinstance(picture, Plot):
                yield from (mark.basis for mark in picture.marks if mark.basis is not None)


def add_followed(book: Workbook, study: Study, traces: Traces, places: Places) -> None:
    """Adds the sheets Study figures and What they rest on.

    Args:
        book: the workbook.
        study: the figures; nothing is computed here.
        traces: of the figures of the assessment.
        places: lines of the sheets that they lead to.
    """
    told, behind = book.create_sheet(FIGURES), book.create_sheet(RESTS)
    first: dict[str, int] = {}
    lines: list[Sequence[Value]] = []
    for key, one in study.behind.items():
        first[key] = len(lines) + 2
        lines += _lines(len(first), one, traces, places)
    numbers = {key: at for at, key in enumerate(first, 1)}
    heads = ("Section", "Of", "Table or picture", "Row", "Column", "Figure, as printed", "Rests on")
    rests = {key: Link(f"Number {numbers[key]}", f"#'{RESTS}'!A{line}") for key, line in first.items()}
    rows = ((one.section, one.scope, one.part, one.row, one.column, one.text, rests[one.key]) for one in study.figures)
    table(told, 1, heads, rows)
    widths(told, (30, 34, 50, 50, 26, 26, 14))
    table(behind, 1, ("Number", "How it came about", "Not known", "Figure of the plan", "Row of the register", "Grade", "Source"), lines)
    widths(behind, (10, 70, 50, 34, 60, 8, 30))


def _lines(number: int, one: Behind, traces: Traces, places: Places) -> Iterator[Sequence[Value]]:
    """What a figure rests on: its words on the first line, and a figure, row or source on each."""
    found: list[tuple[Value, ...]] = [line for key in one.figures for line in _figure(key, traces, places)]
    found += [("", *_row(row, places)) for row in one.rows]
    found += [("", "", "", places.source(source)) for source in one.sources]
    for at, line in enumerate(found or [("", "", "", "")]):
        yield (number, *((one.how, one.missing) if at == 0 else ("", "")), *line)


def _figure(key: str, traces: Traces, places: Places) -> Iterator[tuple[Value, ...]]:
    """A figure of the plan: a link to the summary, whose formulas lead on; of one that does not stand there, its rows."""
    sheet, lines = places.summary
    name = head(traces.find(key))
    if key in lines:
        yield (Link(name, f"#'{sheet}'!A{lines[key]}"), "", "", "")
    else:
        yield from ((name, *_row(row, places)) for row in traces.rows(key))


def _row(row: Origin, places: Places) -> tuple[Value, ...]:
    sheet, lines = places.rows
    return (Link(f"{row.table}: {row.key}", f"#'{sheet}'!A{lines[row]}"), row.grade, places.source(row.source))
