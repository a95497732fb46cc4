"""The workbook: a summary whose every figure is a formula over sheets of lines, which are formulas over flows and coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.indicators import ENDS, Indicators
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.studies import Studies
from sivuvirta.domain.traces import Line, Traced, Traces
from sivuvirta.report.following.traced import head
from sivuvirta.report.studies import sections
from sivuvirta.report.workbook.benefits import add_benefits
from sivuvirta.report.workbook.cells import Formula, Value, heading, put, table, title, widths
from sivuvirta.report.workbook.drawn import add_drawn
from sivuvirta.report.workbook.followed import Places, add_followed, followed
from sivuvirta.report.workbook.lists import AMOUNTS, COEFFICIENTS, FLOWS, ROWS, SOURCES, VALUE, add_lists

SUMMARY = "Summary"
SHEETS = {
    "headline": ("Use and trucks", "The five figures"),
    "money": ("Money", "Money by term"),
    "carbon": ("Carbon", "Emissions by term"),
    "products": ("Products", "Primary products"),
    "transport": ("Haulage", "Haulage"),
    "roads": ("Roads", "Loads a day by road section"),
    "organisations": ("Organisations", "Net cost by organisation"),
}
"""Group of figures -> the sheet of its lines, and its heading in the summary."""

_STATES = ("Today", "Plan, proven", "Plan, with potential")
_VALUES = ("C", "D", "E")  # of the summary
_LINES = ("I", "J", "K")  # of a sheet of lines
_ROUNDING = 1e-9


@frozen
class _Written:
    """Where a sheet of lines ends."""

    sheet: str
    last: int


def write(plan: Plan, assessment: Assessment, path: Path, studies: Studies | None = None) -> Path:
    """Write a workbook of a plan's figures.

    Change an amount on sheet Flows or a coefficient on sheet Coefficients, and every figure that rests on it follows. The plan itself is
    not solved anew.

    Args:
        plan: the plan.
        assessment: its figures.
        path: the file, which ends in .xlsx.
        studies: what else was asked; indicators, ranges, the economy, the life cycle and metrics have sheets of their own, and benefits
            one by programme and one by exchange. Every figure that the page prints of any of them stands in sheet Study figures with a
            link to the rows and sources that it rests on.

    Returns:
        The path.
    """
    book = Workbook()
    summary = book.active or book.create_sheet()
    summary.title = SUMMARY
    traces = assessment.traces
    vintage = plan.links.region.vintage or ""
    states = tuple(f"{vintage}: {state}" for state in _STATES)
    written = {group: _lines(book, traces, group, states) for group in SHEETS if group in traces.groups}
    place = _summary(summary, plan, (traces, _doubts(assessment)), (written, states))
    study = followed(sections(studies, plan.links.region.vintage), traces, plan.links.region)
    rows, sources = add_lists(book, traces, states, (study.rows, study.sources))
    indicators = getattr(studies, "indicators", None)
    if isinstance(indicators, Indicators):
        _indicators(book, indicators, vintage)
    if studies is not None and studies.benefits is not None:
        add_benefits(book, studies.benefits, vintage)
    if studies is not None:
        add_drawn(book, studies, vintage)
    if study.figures:
        add_followed(book, study, traces, Places((SUMMARY, place), (ROWS, rows), (SOURCES, sources)))
    book.calculation.fullCalcOnLoad = True
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _lines(book: Workbook, traces: Traces, group: str, states: Sequence[str]) -> _Written:
    """One sheet of lines: amount and coefficient are read from their sheets, and multiplied."""
    name = SHEETS[group][0]
    sheet = book.create_sheet(name)
    heads = ("Key", "Figure", "From", "To", "Coefficient", *(f"Amount, {state}" for state in states))
    heads = (*heads, *states, "Unit", "Value of the coefficient", "Sign")
    rows = [_line(at, one, line, traces) for at, (one, line) in enumerate(_parts(traces, group), 2)]
    table(sheet, 1, heads, rows)
    widths(sheet, (30, 30, 42, 42, 44, *[16] * 6, 14, 16, 8))
    return _Written(name, max(len(rows) + 1, 2))


def _parts(traces: Traces, group: str) -> Iterator[tuple[Traced, Line]]:
    for key in traces.groups[group]:
        one = traces.find(key)
        yield from ((one, line) for line in one.lines if not line.of)


def _line(at: int, one: Traced, line: Line, traces: Traces) -> Sequence[Value]:
    driver, rate = traces.drivers[line.driver], traces.coefficients[line.coefficient]
    amounts = [Formula(f"={FLOWS}!{column}{line.driver + 2}", float(size)) for column, size in zip(AMOUNTS, driver.amounts, strict=True)]
    sizes = traces.value(line)
    values = [Formula(f"=$N{at}*{column}{at}*$M{at}", float(size)) for column, size in zip(("F", "G", "H"), sizes, strict=True)]
    names = (one.key, head(one), driver.origin, driver.destination, rate.words)
    return (
        *names,
        *amounts,
        *values,
        one.unit,
        Formula(f"={COEFFICIENTS}!{VALUE}{line.coefficient + 2}", float(rate.value)),
        int(line.sign),
    )


def _doubts(assessment: Assessment) -> dict[str, str]:
    """What counts as 0 in the figures of the headline because it is not known, by key of the figure."""
    rows = assessment.headline[assessment.headline["unknown"] != ""]
    return {f"headline/{row['figure']}": str(row["unknown"]) for row in rows.to_dict("records")}


def _summary(
    sheet: Worksheet, plan: Plan, figures: tuple[Traces, dict[str, str]], told: tuple[dict[str, _Written], Sequence[str]]
) -> dict[str, int]:
    """Writes the summary. Returns the line of each figure by its key."""
    (traces, doubts), (written, states), region = figures, told, plan.links.region
    top = title(
        sheet,
        (
            f"{region.title or region.name}, {region.vintage}",
            "Each figure is a formula over the sheets behind it. Change an amount (Flows) or a coefficient (Coefficients) to see it move.",
            "The plan is not solved anew; the last columns show the figures as the engine computed them, and what a change makes of them.",
        ),
    )
    place: dict[str, int] = {}
    at = top
    for group in written:
        at += 2  # heading and head
        for key in traces.groups[group]:
            place[key] = at
            at += 1
        at += 1
    for group, lines in written.items():
        keys = traces.groups[group]
        first = place[keys[0]]
        heading(sheet, first - 2, f"{SHEETS[group][1]}, {region.vintage}: today; plan, proven and with potential")
        heads = ("Figure", "Unit", *states, "As computed, with potential", "Changed by", "Key", "Of the known part")
        table(sheet, first - 1, heads, [(*_figure(traces.find(key), place, lines), doubts.get(key, "")) for key in keys])
    widths(sheet, (52, 14, 18, 18, 20, 24, 16, 30, 60))
    sheet.freeze_panes = "B2"
    return place


def _figure(one: Traced, place: dict[str, int], lines: _Written) -> Sequence[Value]:
    at = place[one.key]
    parts = [line for line in one.lines if line.of]
    made = [_sum_of(parts, place, column) if parts else _summed(lines, column, at) for column in range(3)]
    values = [evolve(formula, about=float(size)) for formula, size in zip(made, one.amounts, strict=True)]
    return (head(one), one.unit, *values, float(one.amounts[2]), Formula(_rounded(f"E{at}-F{at}", f"F{at}")), one.key)


def _summed(lines: _Written, column: int, at: int) -> Formula:
    letter = _LINES[column]
    where = f"'{lines.sheet}'!"
    return Formula(f"=SUMIFS({where}${letter}$2:${letter}${lines.last},{where}$A$2:$A${lines.last},$H{at})")


def _sum_of(parts: Sequence[Line], place: dict[str, int], column: int) -> Formula:
    """Sum of other figures of the summary, or of what each is beside today."""
    rows = [place[line.of] for line in parts]
    letter, sign = _VALUES[column], parts[0].sign

    def span(name: str) -> str:
        return f"SUM({name}{min(rows)}:{name}{max(rows)})"

    less = f"-{span('C')}" if parts[0].against else ""
    return Formula(f"={sign:.10g}*({span(letter)}{less})")


def _rounded(difference: str, of: str) -> str:
    """A difference, 0 where it is rounding beside the figure."""
    return f"=IF(ABS({difference})<={_ROUNDING:.9f}*MAX(ABS({of}),1),0,{difference})"


def _indicators(book: Workbook, found: Indicators, vintage: str) -> None:
    """Indicators with their inputs; a figure that is not known is empty, and why stands beside it."""
    sheet = book.create_sheet("Indicators")
    frame = found.to_frame().assign(state=lambda told: [f"{vintage}: {state}" for state in told["state"]])
    drawn = found.about != ENDS
    ends = {"low": "5 %" if drawn else "Low end", "high": "95 %" if drawn else "High end"}
    columns = (
        *("name", "level", "of", "state", "bound", "value", "mean", "low", "high", "unit", "grade", "formula", "missing", "note"),
        *("years", "framework", "subject"),
    )
    at = table(
        sheet,
        1,
        [{**ends, "subject": "Key"}.get(name, name.capitalize()) for name in columns],
        ([_plain(value) for value in row] for row in frame[list(columns)].itertuples(index=False)),
    )
    put(sheet, at + 1, 1, f"Ranges: {found.about}.")
    at = heading(sheet, at + 3, "What goes into them")
    inputs = found.inputs()
    table(
        sheet,
        at,
        [{"low": "5 %", "high": "95 %", "subject": "Key"}.get(str(name), str(name).capitalize()) for name in inputs.columns],
        ([_plain(value) for value in row] for row in inputs.itertuples(index=False)),
    )
    widths(sheet, (40, 14, 40, 12, 10, 14, 14, 14, 14, 12, 8, 60, 60, 60, 30, 30))


def _plain(value: object) -> Value:
    return float(value) if isinstance(value, int | float) else str(value or "")
