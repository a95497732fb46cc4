"""Benefits of programmes year by year: what is counted of them for as long as they last, which part is attributed, and the sum so far."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.domain.benefits import INDICATORS, Benefits
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.studies.axes import axis
from sivuvirta.report.studies.blocks import Block, Heading, Mark, Pictures, Plot, Words
from sivuvirta.report.studies.frames import NETWORKS, RANGE, framed, once
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import figure, listed, span

DRAWN = ("benefit", "co2")
"""Indicators of which a programme's years are drawn."""

_SIZE, _FRAME = (560, 280), (64.0, 14.0, 540.0, 228.0)
_LEFT, _TOP, _RIGHT, _BOTTOM = _FRAME
_FILLED = 0.6  # of a year's room that its bar takes
_KEYS = (("open", "benefit counted in the year"), ("solid", "attributed to the programme"))


def lasting(found: Benefits) -> list[Block]:
    """Programmes over the years that somebody states; nothing where nobody does."""
    years = several(found.years)
    if years.empty:
        return []
    names = dict(zip(found.programmes["programme"], found.programmes["name"], strict=True))
    last = years[years["state"] == years["state"].iloc[-1]]
    drawn = [
        plot for key, part in last.groupby("programme", sort=False) for name in DRAWN if (plot := picture(part, str(names[key]), name))
    ]
    head = Heading("How long does it last?")
    words = Words(
        "A year counts the share of the first year's benefit that the programme's scheme of persistence states, exchange by exchange; "
        "attributed is the share of it that the programme claims. Cumulated is the sum up to the year."
    )
    blocks = [head, words, *([Pictures(tuple(drawn))] if drawn else []), _table(years, names)]
    gross = sorted({str(names[key]) for key in set(found.years["programme"]) - set(years["programme"]) - {""}})
    if gross:
        blocks.append(Words(f"Of {listed(gross)} the first year alone is told: how long a part of it lasts, nobody states."))
    return blocks


def several(years: pd.DataFrame) -> pd.DataFrame:
    """Rows of programmes that are known beyond their first year, without indicators of which nothing is known or all is 0."""
    own = years[years["programme"] != ""]
    keys = ["state", "programme", "indicator"]
    groups = own.groupby(keys, sort=False)["value"]
    some = groups.transform(lambda part: bool((part.fillna(0.0) != 0.0).any()))
    later = own["value"].notna() & (own["year"] > 1)
    dated = own.assign(later=later).groupby(["state", "programme"], sort=False)["later"].transform("any")
    found: pd.DataFrame = own[some.astype(bool) & dated.astype(bool)]
    return found


def picture(part: pd.DataFrame, programme: str, indicator: str) -> Plot | None:
    """One indicator of a programme by year, the attributed part solid; None where nothing is known of it."""
    rows = part[(part["indicator"] == indicator) & part["value"].notna()]
    if rows.empty:
        return None
    label, unit = INDICATORS[indicator][0], str(rows["unit"].iloc[0])
    up = axis([*rows["value"], *rows["attributed"]], unit, _BOTTOM, _TOP, zero=True)
    wide = (_RIGHT - _LEFT) / int(rows["year"].max())
    marks = [Mark("line", ((_LEFT, up.at(0.0)), (_RIGHT, up.at(0.0))), "zero")]
    for row in records(rows):
        left = round(_LEFT + (row["year"] - 1 + (1 - _FILLED) / 2) * wide, 1)
        for column, look, words in (("value", "open", "counted"), ("attributed", "solid", "attributed")):
            if pd.notna(row[column]):
                marks.append(_bar((left, round(_FILLED * wide, 1)), up, row, (column, look, words)))
    ticks = tuple((round(_LEFT + (year - 0.5) * wide, 1), str(year)) for year in rows["year"].tolist())
    whole, own = (figure(float(rows[name].iloc[-1]), unit).text for name in ("cumulated", "attributed_cumulated"))
    text = f"{whole} over {len(rows)} years, {own} of it attributed. The table has every year."
    network = NETWORKS.get(str(rows["state"].iloc[0]), str(rows["state"].iloc[0]))
    title = f"{programme}: {label.lower() if indicator != 'co2' else label} by year, {network}"
    return Plot(title, text, "Year of the exchange", f"{label}, {up.unit}", ticks, up.ticks, tuple(marks), _KEYS, _SIZE, _FRAME)


def _bar(place: tuple[float, float], up: Any, row: dict[str, Any], told: tuple[str, str, str]) -> Mark:
    (left, wide), (column, look, words) = place, told
    value = float(row[column])
    top, bottom = sorted((up.at(value), up.at(0.0)))
    unit, prefix = str(row["unit"]), "" if column == "value" else f"{column}_"
    between = span(row[f"{prefix}low"], row[f"{prefix}high"], unit)
    title = f"Year {row['year']}: {figure(value, unit).text} {words}{f', 5 to 95 %: {between}' if between else ''}"
    basis = Basis(
        f"{title}. The first year's benefit of each exchange times its factor of the year; schemes of persistence: {row['scheme']}.",
        figures=_headline(str(row["indicator"])),
    )
    return Mark("box", ((left, top), (wide, round(max(bottom - top, 0.5), 1))), look, title, basis=basis)


def _headline(indicator: str) -> tuple[str, ...]:
    """The figure of the assessment that an indicator is a part of."""
    return ("headline/benefit",) if indicator == "benefit" else ("headline/carbon",) if indicator == "co2" else ()


def _table(years: pd.DataFrame, names: dict[str, str]) -> Block:
    """A row an indicator, a column a year, and the sums."""
    last = int(years["year"].max())
    rows = []
    for (state, key, indicator), part in years.groupby(["state", "programme", "indicator"], sort=False):
        by_year = dict(zip(part["year"].tolist(), part["value"].tolist(), strict=True))
        rows.append(
            {
                "state": state,
                "name": names[str(key)],
                "label": INDICATORS[str(indicator)][0],
                RESTS: Basis(rows=(("programmes", str(key)), ("programme_exchanges", str(key))), figures=_headline(str(indicator))),
                "unit": str(part["unit"].iloc[0]),
                **{f"year{year}": by_year.get(year, 0.0) for year in range(1, last + 1)},
                "cumulated": float(part["cumulated"].iloc[-1]),
                **{end: float(part[f"cumulated_{end}"].iloc[-1]) for end in ("mean", "low", "high")},
                "attributed": float(part["attributed_cumulated"].iloc[-1]),
            }
        )
    columns = (
        Column("state", "Network"),
        Column("name", "Programme", "name"),
        Column("label", "What"),
        *(Column(f"year{year}", f"Year {year}", "number", "*") for year in range(1, last + 1)),
        Column("cumulated", "Cumulated", "number", "*"),
        evolve(RANGE, title="Cumulated, 5 to 95 %"),
        Column("attributed", "Attributed, cumulated", "number", "*"),
    )
    return framed(
        "benefit-years",
        "Benefits of programmes year by year, and their sum.",
        once(pd.DataFrame(rows), "state"),
        columns,
        "Years of programmes",
    )
