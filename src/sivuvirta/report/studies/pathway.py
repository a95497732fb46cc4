"""A pathway: benefit and emissions year by year, what is built when, and what lies in stock in which season."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sivuvirta.assess.yearly import years as years_of
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.plans import Marginal
from sivuvirta.report.following.basis import RESTS
from sivuvirta.report.naming import names, spoken
from sivuvirta.report.studies.axes import axis
from sivuvirta.report.studies.blocks import Bars, Block, Heading, Items, Mark, Part, Pictures, Plot, Row, Section, Table, Words
from sivuvirta.report.studies.passing import dated, limiting, standing
from sivuvirta.report.studies.steps import FRAME, spaced, time, yearly
from sivuvirta.report.tables import Column, records, sheet
from sivuvirta.report.words import count, figure, readable, sentence

_LEFT, _TOP, _RIGHT, _BOTTOM = FRAME
_SAID = 8  # limits in words; all are in the table
_STOCKS = 6  # of which the level is drawn
_WIDE = 20.0  # px of a bar


def pathway(found: Pathway) -> Section:
    """The section of a plan over years."""
    years, sure, whole = found.years, found.proven, found.potential
    lead = (
        f"{count(len(found.horizon.periods), 'period')} from {years[0]} to {years[-1]}. Over them the plan is worth "
        f"{figure(sure.benefit, 'EUR').text} proven and {figure(whole.benefit - sure.benefit, 'EUR', sign=True).text} potential, "
        f"discounted to {years[0]}."
    )
    told = years_of(found)
    blocks: list[Block] = [*_pictures(found, told), _years(found, told), _ranges(told), Heading("What is built when?"), *_builds(found)]
    rest = (*_worth(found), *_stocks(found), *_notes(found))
    return Section("pathway-section", "Years", "What is built and done when?", lead, (*blocks, *rest))


def _told(one: Marginal, known: Mapping[str, str]) -> str:
    return readable(sentence(spoken(known, one.text).replace("'", "")))


def _worth(found: Pathway) -> list[Block]:
    """What one unit more of a year's budget or limit, of what comes out of a stream, or of room in a stock is worth."""
    course = found.potential
    if not course.marginals:
        return []
    columns = (Column("text", "One more unit", "long"), Column("value", "Worth", "number", "*"))
    known = _known(found)
    rows = [{"text": _told(one, known), "value": one.value, "unit": one.unit, RESTS: limiting(found, one)} for one in course.marginals]
    caption = "What limits are worth, with potential and with the plants as they are built: the change for a little more of each."
    limits = tuple(_told(one, known) for one in course.marginals if one.constraint != "supply")[:_SAID]
    return [
        Heading("What is a limit worth?"),
        *([Items(limits)] if limits else []),
        Table(sheet("pathway-worth-table", caption, columns, rows), "What limits are worth"),
    ]


def _pictures(found: Pathway, told: pd.DataFrame) -> list[Block]:
    """Courses over several years; of one year the table says all."""
    if len(found.years) == 1:
        return []
    drawn = [yearly(found, told, "benefit"), yearly(found, told, "carbon")]
    if found.proven.money["invested"].any() or found.potential.money["invested"].any():
        drawn.append(invested(found))
    return [Pictures(tuple(drawn)), Words("A click on a dot tells the sources of its year.")]


def invested(found: Pathway) -> Plot:
    """Investment begun in each year, bars: solid proven, outlined with potential."""
    sure, whole = (course.money["invested"].to_numpy(float) for course in (found.proven, found.potential))
    up, across = axis([*sure.tolist(), *whole.tolist()], "EUR", _BOTTOM, _TOP, zero=True), time(found.years)
    marks = []
    for year, *both in zip(found.years, whole, sure, strict=True):
        for value, name, look in zip(both, ("with potential", "proven"), ("open", "solid"), strict=True):
            if value > 0:
                words = f"{year}, {name}: {figure(float(value), 'EUR').text}"
                corner = (round(across(year) - _WIDE / 2, 1), up.at(float(value)))
                marks.append(Mark("box", (corner, (_WIDE, round(_BOTTOM - corner[1], 1))), look, words))
    text = f"{figure(float(whole.sum()), 'EUR').text} over all years with potential, {figure(float(sure.sum()), 'EUR').text} proven."
    ticks = tuple((across(year), str(year)) for year in spaced(found.years))
    keys = (("solid", "proven"), ("open", "with potential"))
    return Plot("Investment begun", text, "Year", f"Investment begun, {up.unit}", ticks, up.ticks, tuple(marks), keys)


def _years(found: Pathway, told: pd.DataFrame) -> Table:
    rows, bases = [], dated(found, told)
    for sure, whole in zip(records(found.proven.money), records(found.potential.money), strict=True):
        row = {"year": str(whole["year"]), "years": whole["years"], "cost": whole["cost"], "stocks": whole["stocks"]}
        row |= {RESTS: bases[int(whole["year"])]}
        for name in ("benefit", "carbon", "invested"):
            row |= {f"{name}_proven": sure[name], f"{name}_potential": whole[name] - sure[name]}
        rows.append(row)
    columns = [Column("year", "Year", "name"), Column("years", "Stands for", "number", "a")]
    for name, title, unit in (
        ("benefit", "Benefit", "EUR/a"),
        ("carbon", "Emissions", "t CO2e/a"),
        ("invested", "Investment begun", "EUR"),
    ):
        columns += [
            Column(f"{name}_proven", f"{title}, proven", "number", unit),
            Column(f"{name}_potential", "potential adds", "number", unit),
        ]
    columns += [
        Column("cost", "Cost of the network with potential", "number", "EUR/a"),
        Column("stocks", "of which stocks", "number", "EUR/a"),
    ]
    return Table(sheet("years-table", "Year by year, not discounted.", columns, rows), "Year by year")


def _ranges(told: pd.DataFrame) -> Table:
    """Both networks together by year with their ranges, grade and sources."""
    last = told[told["network"] == "potential"]
    rows = []
    for benefit, carbon in zip(records(last[last["figure"] == "benefit"]), records(last[last["figure"] == "carbon"]), strict=True):
        row = {"year": str(benefit["year"]), "grade": max(benefit["grade"], carbon["grade"]), "sources": benefit["sources"]}
        for name, one in (("benefit", benefit), ("carbon", carbon)):
            row |= {name: one["value"], f"{name}_range": (one["low"], one["high"])}
        rows.append(row)
    columns = (
        Column("year", "Year", "name"),
        Column("benefit", "Benefit with potential", "number", "EUR/a"),
        Column("benefit_range", "5 to 95 %", "range", "EUR/a"),
        Column("carbon", "Emissions with potential", "number", "t CO2e/a"),
        Column("carbon_range", "5 to 95 %", "range", "t CO2e/a"),
        Column("grade", "Grade", "grade"),
    )
    caption = "Both networks together, year by year: prices, fees, rates and factors vary, the flows do not."
    return Table(sheet("years-ranges-table", caption, columns, rows), "Ranges by year")


def _builds(found: Pathway) -> list[Block]:
    """A line for each plant, from the year in which it stands to the end of what its last year stands for."""
    course = found.potential
    builds = standing(found)
    if not builds:
        return [Words("Nothing is built.")]
    years, lasts = course.money["year"].astype(int).tolist(), course.money["years"].astype(float).tolist()
    after = {year: year + last for year, last in zip(years, lasts, strict=True)}
    first, span = years[0], after[years[-1]] - years[0]

    def at(year: float) -> float:
        return round(100 * (year - first) / span, 2)

    rows = []
    for each in builds:
        waits = Part(at(each["decided"]), round(at(each["from"]) - at(each["decided"]), 2), "rest")
        stands = Part(at(each["from"]), round(at(after.get(each["until"], each["until"] + 1)) - at(each["from"]), 2), "solid")
        note = f"decided {each['decided']}, {figure(each['capex'], 'EUR').text}"
        rows.append(
            Row(
                str(each["name"]),
                tuple(p for p in (waits, stands) if p.width > 0),
                f"{each['from']} to {each['until']}",
                note=note,
                basis=each[RESTS],
            )
        )
    marks = tuple((at(year), str(year)) for year in spaced(years))
    picture = Bars("Plants built, with potential: from the decision, and while they stand", tuple(rows), 0.0, _STANDS, marks)
    columns = (
        Column("name", "Plant", "name"),
        Column("decided", "Decided"),
        Column("from", "Stands from"),
        Column("until", "until"),
        Column("size", "Size", "number", "*"),
        Column("capex", "Investment", "number", "EUR"),
        Column("yearly", "Cost of capital and upkeep", "number", "EUR/a"),
    )
    return [picture, Table(sheet("builds-table", "Plants built, with potential.", columns, builds), "Plants built")]


_STANDS = (("rest", "decided"), ("solid", "stands"))


def _stocks(found: Pathway) -> list[Block]:
    """Levels at the end of each period, drawn for the largest stocks."""
    stocks = found.potential.stocks
    if stocks.empty:
        return []
    largest = stocks.groupby("stock", sort=False)[["before", "level"]].max().max(axis=1).sort_values(ascending=False, kind="stable")
    drawn = [str(name) for name in largest.index[largest > 0]][:_STOCKS]
    if not drawn:
        return [Heading("What lies in stock?"), Words("Nothing: the best course keeps none.")]
    columns = (
        Column("stock", "Stock", "name"),
        Column("stream", "Stream"),
        Column("period", "Period"),
        Column("before", "Before", "number", "*"),
        Column("in", "Put in", "number", "*"),
        Column("out", "Taken out", "number", "*"),
        Column("lost", "Lost", "number", "*"),
        Column("level", "Level at the end", "number", "*"),
        Column("cost", "Cost", "number", "EUR"),
    )
    rows = [{**row, "stream": _stream(found, row["stream"])} for row in records(stocks)]
    table = Table(sheet("stocks-table", "Stocks by period, with potential.", columns, rows), "Stocks by period")
    return [Heading("What lies in stock?"), Pictures(tuple(levels(found, name) for name in drawn)), table]


def levels(found: Pathway, stock: str) -> Plot:
    """Level of one stock at the end of each period, as bars in the order of time."""
    rows = found.potential.stocks[found.potential.stocks["stock"] == stock]
    unit, streams, periods = str(rows["unit"].iloc[0]), list(dict.fromkeys(rows["stream"])), [each.name for each in found.horizon.periods]
    level = rows.groupby("period", sort=False)["level"].sum().reindex(periods).fillna(0.0).to_numpy(float)
    up = axis(level.tolist(), unit, _BOTTOM, _TOP, zero=True)
    edges = np.linspace(_LEFT, _RIGHT, len(periods) + 1)
    wide = round(0.7 * float(edges[1] - edges[0]), 1)
    marks = []
    for left, name, value in zip(edges[:-1], periods, level, strict=True):
        place = (round(float(left) + 0.2 * wide, 1), up.at(float(value)))
        marks.append(Mark("box", (place, (wide, round(_BOTTOM - place[1], 1))), "solid", f"{name}: {figure(float(value), unit).text}"))
    named = range(0, len(periods), -(-len(periods) // 5))
    ticks = tuple((round(float(edges[k] + edges[k + 1]) / 2, 1), periods[k]) for k in named)
    most = int(level.argmax())
    text = f"Level at the end of {count(len(periods), 'period')}, at most {figure(float(level[most]), unit).text} after {periods[most]}."
    return Plot(
        f"{', '.join(_stream(found, name) for name in streams)}, in {stock}",
        text,
        "End of period",
        f"Level, {up.unit}",
        ticks,
        up.ticks,
        tuple(marks),
    )


def _stream(found: Pathway, key: str) -> str:
    """Name of a stream."""
    nodes = found.matches[0].links.nodes
    return next((str(name) for node, name in zip(nodes.id, nodes.name, strict=True) if node == key), key)


def _notes(found: Pathway) -> list[Block]:
    told = tuple(sentence(spoken(_known(found), note)) for note in found.notes)
    return [Heading("What was taken as none, or left out"), Items(told)] if told else []


def _known(found: Pathway) -> dict[str, str]:
    """Names of the region's first year."""
    return names(found.matches[0].links.region)
