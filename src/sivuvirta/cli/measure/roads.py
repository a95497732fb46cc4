"""`sivuvirta roads`: what drives over each section of road, today and planned, and what closed sections would mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import Amount, AmountCommand
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.ranges import includes_zero
from sivuvirta.domain.region import Region
from sivuvirta.domain.traffic import PARTS, Traffic
from sivuvirta.report.words import MINUS, figure, listed, span

_FRAMES = ("sections", "emissions", "standard", "published", "need", "pipeline", "taken", "closed", "detours", "after")
_THRESHOLD = "Heavy vehicles a day at which a section needs strengthening, where the register states none."
_EMITTED = (("Emission", "right"), ("5 to 95 %", "right"), ("In the plan", "right"), ("Not known", "left"))
_YEARLY = (
    *(("Section", "left"), ("Road", "left"), ("Year", "left"), ("Loads", "right"), ("Empty", "right"), ("Today", "right")),
    *(("Planned", "right"), ("5 to 95 %", "right"), ("Of heavy traffic", "right"), ("Over threshold", "left"), ("Over from", "left")),
    *(("Begin by", "left"), ("Grade", "left")),
)
_BESIDE = (
    *(("Section", "left"), ("Road", "left"), ("Loads", "right"), ("Empty", "right"), ("Today", "right"), ("Planned", "right")),
    *(("5 to 95 %", "right"), ("Changes by", "right"), ("Of heavy traffic", "right"), ("Over threshold", "left"), ("Grade", "left")),
)
_COUNTED = (
    "In the plan: what links and plans count, one factor a tonne-kilometre whatever the load. The emission beside it counts how full each "
    "vehicle is and its empty way back; its 5 to 95 % is that of the factors, with flows as planned."
)
_CLOSING = (("Emission", "right"), ("Goes by road instead", "right"), ("Cut off", "right"), ("Not known", "left"))
_OUT = "Write the sections with their figures there, as GeoJSON; straight lines between places."


@click.command(cls=AmountCommand)
@region_argument
@click.option("--by", type=click.Choice(PARTS), default="year", show_default=True, help="Part of time that traffic is told by.")
@click.option("--horizon", metavar="NAME", help="Plan over this horizon of the region's table `periods` first, and tell each of its years.")
@click.option("--closed", multiple=True, metavar="SECTION", help="A section of road that is closed; may be repeated.")
@click.option("--threshold", type=Amount(least=0), metavar="N", help=_THRESHOLD)
@click.option("--out", type=Place(folder=False), metavar="FILE", help=_OUT)
@vintage_option
@scenario_option
@json_option
def roads(region: str, as_json: bool, out: Path | None, **asked: Any) -> None:
    """Tell the traffic of REGION: vehicles a day on each section of road, emissions, need of roads, water, heat and ground taken."""
    opened = load(region, asked["vintage"], None, asked["scenarios"])
    found = _found(opened, asked, quiet=as_json)
    if out is not None:
        with whole_file(out) as place:
            place.write_text(json.dumps(found.to_geojson(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        frames = {name: frame_rows(getattr(found, name)) for name in _FRAMES}
        print_json(
            {"region": found.name, "by": found.by, **frames, "notes": list(found.notes), "written": None if out is None else str(out)}
        )
        return
    console = screen()
    _print(console, titled(opened) if asked["horizon"] is None else f"{opened.title or opened.name}, horizon {asked['horizon']}", found)
    if out is not None:
        console.print(f"Map: {out}", markup=False, soft_wrap=True)


def _found(opened: Region, asked: dict[str, Any], *, quiet: bool) -> Traffic:
    words = "Planning …"
    with progress(words, quiet=quiet) as status, stoppable(status, words) as watch:
        horizon = asked["horizon"]
        done: Plan | Pathway = verbs.plan(opened, watch=watch) if horizon is None else verbs.pathway(opened, horizon, watch=watch)
        return verbs.roads(done, asked["by"], closed=asked["closed"], threshold=asked["threshold"])


def _print(console: Console, named: str, found: Traffic) -> None:
    state = found.states[-1]
    told = found.sections[found.sections["state"] == state]
    title = f"{named}: the {state} network beside today"
    if len(set(told["period"])) > 1 and found.by == "year":
        print_table(console, f"{title}; vehicles a day", _YEARLY, yearly_rows(found, told))
    elif len(set(told["period"])) > 1:
        _by_part(console, found, told, f"{title}; vehicles a day, loaded and empty")
    else:
        print_table(console, f"{title}; vehicles a day", _BESIDE, [_beside(row) for row in told.to_dict("records")])
        _causes(console, told)
    _emissions(console, found)
    _taken(console, found, state)
    _published(console, found)
    _closed(console, found)
    for note in found.notes:
        console.print(note, markup=False, style="dim")


def yearly_rows(found: Traffic, told: pd.DataFrame) -> list[list[str]]:
    """Sections year by year, each year a row, with when the threshold is passed and when to begin; what has no section comes last."""
    need = found.need[found.need["state"] == told["state"].iloc[0]].set_index("road")
    rows = []
    for row in told.assign(last=told["road"] == "").sort_values(["last", "road", "year"], kind="stable").to_dict("records"):
        section, road, loads, empty, today, planned, between, share, over, grade = _row(row)
        begin = _begin(need.loc[row["road"]]) if row["road"] in need.index else ("", "")
        rows.append([section, road, str(row["period"]), loads, empty, today, planned, between, share, over, *begin, grade])
    return rows


def _begin(one: Any) -> tuple[str, str]:
    """When a section's threshold is passed, and when its strengthening has to begin."""
    passed = "unknown" if one["first"] is None or pd.isna(one["first"]) else one["first"] or "never"
    begin = f"{one['begin_by']:.0f}" if not pd.isna(one["begin_by"]) else "" if passed == "never" else "unknown"
    return str(passed), begin


def _by_part(console: Console, found: Traffic, told: pd.DataFrame, title: str) -> None:
    """Sections by parts of time, each part a row, with when the threshold is passed and when to begin; what has no section comes last."""
    parts = list(dict.fromkeys(told["period"]))
    need = found.need[found.need["state"] == told["state"].iloc[0]].set_index("road")
    rows = []
    order = told.assign(last=told["road"] == "", at=told["period"].map(parts.index))
    for row in order.sort_values(["last", "road", "at"], kind="stable").to_dict("records"):
        section, road, *middle, grade = _beside(row)
        begin = _begin(need.loc[row["road"]]) if row["road"] in need.index else ("", "")
        rows.append([section, road, str(row["period"]), *middle, *begin, grade])
    heads = [("Section", "left"), ("Road", "left"), (found.by.capitalize(), "left"), *_BESIDE[2:-1]]
    print_table(console, title, [*heads, ("Over from", "left"), ("Begin by", "left"), _BESIDE[-1]], rows)
    _causes(console, told)


def _row(row: dict[Any, Any]) -> list[str]:
    over = {True: "yes", False: "no"}.get(row["over"], "unknown")
    today = "unknown" if pd.isna(row["difference"]) else f"{row['vehicles'] - row['difference']:.1f}"
    share = "unknown" if pd.isna(row["share"]) else f"{100 * row['share']:.1f} %"
    if not row["road"]:
        share = over = ""
    names = (row["road"], row["number"]) if row["road"] else (row["number"], "")
    driven = (f"{row['loads']:.1f}", f"{row['empty']:.1f}", today, f"{row['vehicles']:.1f}", _between(row))
    return [*names, *driven, share, over, str(row["grade"])]


def _beside(row: dict[Any, Any]) -> list[str]:
    """A section with the mean below its range, and what changes against today with mean and range of draws in common."""
    section, road, loads, empty, today, planned, between, *rest = _row(row)
    below = f"{between}\nmean {row['vehicles'] / row['loads'] * row['mean']:.1f}" if between and not pd.isna(row["mean"]) else between
    ends = [row[f"difference_{end}"] for end in ("mean", "low", "high")]
    known = not any(pd.isna(end) for end in ends)
    mean, low, high = (f"{end:+.1f}".replace("-", MINUS) for end in ends) if known else ("", "", "")
    unsure = " =" if known and includes_zero(row["difference"], ends[1], ends[2]) else ""
    change = "" if pd.isna(row["difference"]) else f"{row['difference']:+.1f}{unsure}".replace("-", MINUS)
    return [section, road, loads, empty, today, planned, below, f"{change}\n{low} to {high}\nmean {mean}" if known else change, *rest]


_WIDE = 0.5  # of the figure: a low end below this part of it is explained


def _causes(console: Console, told: pd.DataFrame) -> None:
    """What makes the ranges that reach far below their figure, and what the mark of a difference means."""
    far = told[(told["cause"] != "") & (told["low"] < _WIDE * told["loads"])]
    for cause, rows in far.groupby("cause", sort=False):
        console.print(f"Low end of {listed(rows['road'].tolist())}: {cause}.", markup=False, style="dim")
    if told["difference_low"].notna().any():
        console.print(
            "=: no difference from today can be claimed, its range includes zero; both are drawn together.", markup=False, style="dim"
        )


def _between(row: dict[Any, Any]) -> str:
    """Range of vehicles: that of the loads, with as many empty ones to each."""
    if pd.isna(row["low"]) or not row["loads"]:
        return ""
    if row["low"] == row["high"]:
        return "none stated"
    times = row["vehicles"] / row["loads"]
    return f"{times * row['low']:.1f} to {times * row['high']:.1f}"


def _published(console: Console, found: Traffic) -> None:
    for (area, year), group in found.published.groupby(["area", "year"], sort=False):
        first, *others = group.to_dict("records")
        text = f"{area} {year}: {figure(first['tonnes'], 't/a').text} / {first['days']:g} d / {first['payload']:.1f} t = "
        text += f"{first['loads']:.0f} loads a day: {first['label']} ({first['source']})"
        text += f"; implied is the {first['implied']}" if first["implied"] in ("tonnes", "days", "loads", "payload") else ""
        same = [f"{row['loads']:.0f} at {row['payload']:g} t" for row in others]
        text += f". With the trucks of the register it would be {' or '.join(same)}." if same else "."
        console.print(text, markup=False)


def _emissions(console: Console, found: Traffic) -> None:
    rows = [
        [
            row["state"],
            row["period"] or str(found.driven[-1].year),
            str(row["name"]),
            figure(row["activity"], "tkm/a").text,
            "" if pd.isna(row["load_factor"]) else f"{100 * row['load_factor']:.0f} %",
            f"{row['intensity']:.4f} kg/tkm",
            figure(row["emission"], "kg CO2e/a").text,
            span(row["low"], row["high"], "kg CO2e/a"),
            figure(row["counted"], "kg CO2e/a").text,
            row["unknown"],
        ]
        for row in found.emissions.to_dict("records")
    ]
    heads = [("Transport", "left"), ("Year", "left"), ("Mode", "left"), ("Activity", "right"), ("Load", "right"), ("Intensity", "right")]
    print_table(console, "Emissions by the method of ISO 14083", [*heads, *_EMITTED], rows)
    unmet = [f"{row['requirement'].lower()} ({row['met']})" for row in found.standard.to_dict("records") if row["met"] != "yes"]
    console.print(f"Not or partly as the standard has it: {'; '.join(unmet)}.", markup=False, style="dim")
    console.print(_COUNTED, markup=False, style="dim")


def _taken(console: Console, found: Traffic, state: str) -> None:
    last = found.taken[found.taken["state"] == state]
    years = last[~last["measure"].str.startswith("stock_")]
    last = pd.concat([years[years["period"] == years["period"].iloc[-1]], last[last["measure"].str.startswith("stock_")]])
    rows = [
        [
            row["label"],
            row["period"] or str(found.driven[-1].year),
            figure(row["value"], row["unit"]).text,
            span(row["low"], row["high"], row["unit"]),
            _against(row),
            row["grade"],
            row["unknown"],
        ]
        for row in last.to_dict("records")
    ]
    heads = [("Taken", "left"), ("Year", "left"), ("A year", "right"), ("5 to 95 %", "right"), ("Against today", "right")]
    heads += [("Grade", "left"), ("Not known", "left")]
    print_table(console, f"Water, heat and ground, {state}", heads, rows)


def _against(row: dict[Any, Any]) -> str:
    """What changes against today, with the range and mean of its draws below it where there are any."""
    text = figure(row["difference"], row["unit"], sign=True).text
    between = span(row["difference_low"], row["difference_high"], row["unit"])
    unsure = " =" if between and includes_zero(row["difference"], row["difference_low"], row["difference_high"]) else ""
    mean = figure(row["difference_mean"], row["unit"], sign=True).text
    return f"{text}{unsure}\n{between}\nmean {mean}" if between else text


def _closed(console: Console, found: Traffic) -> None:
    if not len(found.closed):
        return
    rows = [
        [
            row["state"],
            row["period"] or str(found.driven[-1].year),
            str(row["flows"]),
            figure(row["loads"], "1/a").text,
            figure(row["tkm"], "tkm/a").text,
            figure(row["tkm_more"], "tkm/a", sign=True).text,
            figure(row["emission_more"], "kg CO2e/a", sign=True).text,
            figure(row["switched_tonnes"], "t/a").text,
            figure(row["cut_tonnes"], "t/a").text,
            row["unknown"],
        ]
        for row in found.closed.to_dict("records")
    ]
    heads = [
        ("Network", "left"),
        ("Year", "left"),
        ("Hauls over it", "right"),
        ("Loads", "right"),
        ("Activity now", "right"),
        ("Detour", "right"),
    ]
    print_table(console, "With the sections closed", [*heads, *_CLOSING], rows)
