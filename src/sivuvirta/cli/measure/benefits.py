"""`sivuvirta benefits`: the benefit sheet of each exchange and programme, on the screen, printable, or as a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.ledgers import is_saved
from sivuvirta.cli.common.options import json_option, scenario_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.benefits import INDICATORS, SCOPE, Benefits
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.unknowns import told
from sivuvirta.domain.words import shortened
from sivuvirta.errors import OptionError
from sivuvirta.report.sections.benefits import line, write
from sivuvirta.report.words import figure, span

_FRAMES = ("exchanges", "programmes", "years", "claims")
_SHOWN = {
    "landfill": "Landfill",
    "hazardous": "Hazardous",
    "co2": "CO2e",
    "virgin": "Product",
    "water": "Water",
}
"""Indicators on the screen, all with --exchange; each with its head."""

_MONEY = {"benefit": "Worth", "sales": "Sales", "investment": "Investment", "jobs": "Posts"}
"""Those of the second table."""

_MOST = 25  # exchanges on the screen
_REASONS = 4  # why figures are unknown
_NAMES = 3  # exchanges whose figure is unknown
_ATTRIBUTION = (
    "Share of an exchange's benefit that is claimed, from 0 to 1, with its reason: 'stream:slag>need:road=0.6, found the buyer'; "
    "'*=0.5' for all others. May be repeated."
)
_PERSISTENCE = "How long benefits last: a scheme of the table `persistences`, or shares by year with commas, for example 1,0.8,0.6."


@click.command()
@click.argument("region")
@click.option("--programme", "programmes", is_flag=True, help="The sheet of each programme, and of all exchanges together, instead.")
@click.option("--exchange", metavar="KEY", help="The whole sheet of one exchange, for example 'stream:slag>need:road'.")
@click.option("--state", type=click.Choice(("proven", "potential")), default="potential", show_default=True, help="Which network is shown.")
@click.option("--attribution", "shares", multiple=True, metavar="KEY=SHARE", help=_ATTRIBUTION)
@click.option("--persistence", metavar="NAME_OR_SHARES", help=_PERSISTENCE)
@click.option("--out", type=Place(folder=False, endings=(".html", ".csv")), metavar="FILE", help="Write printable sheets, or a CSV.")
@vintage_option
@scenario_option
@json_option
def benefits(region: str, as_json: bool, out: Path | None, **asked: Any) -> None:
    """Tell what each exchange of the best network of REGION brings: tonnes, CO2e, products, water, money, investment and posts.

    REGION may be the folder of a saved plan too. Each figure stands beside what it is measured against; what is not known is said.
    """
    given = dict(_share(text) for text in asked["shares"])
    lasting = _lasting(asked["persistence"])
    planned = _planned(region, asked["vintage"], asked["scenarios"], quiet=as_json)
    with progress("Adding up benefits …", quiet=as_json):
        found = verbs.benefits(planned, attribution=given, persistence=lasting)
    if out is not None:
        with whole_file(out) as place:
            _write(found, place, titled(planned.links.region), programmes=asked["programmes"])
    if as_json:
        print_json({"region": found.region, "vintage": found.vintage, **{name: frame_rows(getattr(found, name)) for name in _FRAMES}})
        return
    console = screen()
    _print(console, titled(planned.links.region), found, asked)
    if out is not None:
        console.print(f"Sheets: {out}", markup=False, soft_wrap=True)


def _planned(region: str, vintage: str | None, scenarios: tuple[str, ...], *, quiet: bool) -> Plan:
    if is_saved(region):
        return verbs.reopen(region)
    words = "Planning …"
    opened = load(region, vintage, None, scenarios)
    with progress(words, quiet=quiet) as status, stoppable(status, words) as watch:
        return verbs.plan(opened, watch=watch)


def _share(text: str) -> tuple[str, tuple[float, str]]:
    key, sign, value = text.rpartition("=")
    number, _, reason = value.partition(",")
    try:
        share = float(number) if sign else np.nan
    except ValueError:
        share = np.nan
    if np.isnan(share):
        raise OptionError(f"'{text}' is no attribution. Write KEY=SHARE, or KEY=SHARE, REASON, for example 'stream:slag>need:road=0.6'.")
    return key.strip(), (share, reason.strip() or "as asked")


def _lasting(text: str | None) -> str | list[float] | None:
    """A scheme by name, or shares by year."""
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        return text


def _write(found: Benefits, path: Path, title: str, *, programmes: bool) -> None:
    if path.suffix.lower() == ".html":
        write(found, path, title)
        return
    (found.programmes if programmes else found.exchanges).to_csv(path, index=False)


def _print(console: Console, title: str, found: Benefits, asked: dict[str, Any]) -> None:
    state = asked["state"]
    if asked["exchange"]:
        _print_sheet(console, f"{title}, {state}: {asked['exchange']}", found.sheet(asked["exchange"], state))
    elif asked["programmes"]:
        for key, part in found.programmes[found.programmes["state"] == state].groupby("programme", sort=False):
            _print_sheet(console, f"{title}, {state}: {part['name'].iloc[0]} ({key})", part)
    else:
        _print_exchanges(console, f"{title}, {state}", found, state)
    _print_years(console, found, state)
    for row in frame_rows(found.claims[found.claims["state"] == state]):
        label = INDICATORS[str(row["indicator"])][0]
        told = f"{row['claimant']} claims {figure(row['claimed'], row['unit']).text} of “{label}”: {row['agreement']}"
        console.print(f"{told} [{row['grade']}, {row['source']}].", markup=False, soft_wrap=True)
    console.print(SCOPE, markup=False, soft_wrap=True, style="dim")
    for note in found.notes:
        console.print(note, markup=False, soft_wrap=True)


def _print_sheet(console: Console, title: str, part: pd.DataFrame) -> None:
    heads = [("Indicator", "left"), ("Benefit", "right"), ("Mean", "right"), ("5 to 95 %", "right"), ("Grade", "left")]
    heads += [("Attributed", "right"), ("", "left")]
    lines = [line(row) for row in frame_rows(part)]
    rows = [[each[name] for name in ("label", "value", "mean", "range", "grade", "attributed", "note")] for each in lines]
    print_table(console, title, heads, rows)
    if "reference" in part and part["reference"].iloc[0]:
        console.print(f"Measured against: {part['reference'].iloc[0]}.", markup=False, soft_wrap=True)
    for basis in dict.fromkeys(part["basis"]):
        console.print(f"Benefit {basis}.", markup=False, soft_wrap=True, style="dim")


def _print_exchanges(console: Console, title: str, found: Benefits, state: str) -> None:
    """The main indicators of every exchange, the largest worth first, and their sum."""
    table = found.exchanges[found.exchanges["state"] == state]
    values = table.pivot_table(index="exchange", columns="indicator", values="known_part", dropna=False, sort=False, observed=False)
    order = values["benefit"].sort_values(ascending=False, kind="stable", na_position="last").index
    shown = [key for key in order if key or values.loc[key].fillna(0.0).any()]
    whole = found.programmes[
        (found.programmes["state"] == state) & (found.programmes["programme"] == found.programmes["programme"].iloc[0])
    ].assign(name=f"All {len(shown)} together")
    parts = [*(table[table["exchange"] == key] for key in shown[:_MOST]), whole]
    for words, chosen in ((title, _SHOWN), ("Money and posts", _MONEY)):
        heads = [("Exchange, 5 to 95 % and mean below", "left"), *((head, "right") for head in chosen.values()), ("Grade", "left")]
        print_table(console, words, heads, [_row(part, chosen) for part in parts])
    console.print("At least, at most, of the known part: not all of it is known; --exchange KEY says what is missing.", style="dim")
    if table["alarm"].any():
        console.print("!: cannot be claimed, its range includes zero.", markup=False, soft_wrap=True)
    for text in _blanks(table):
        console.print(text, markup=False, soft_wrap=True, style="dim")
    for basis in dict.fromkeys(whole["basis"]):
        console.print(f"Benefit {basis}.", markup=False, soft_wrap=True, style="dim")


def _row(part: pd.DataFrame, chosen: Mapping[str, str]) -> list[str]:
    rows = {str(row["indicator"]): row for row in frame_rows(part)}
    grades = [str(rows[name]["grade"]) for name in chosen if not _blank(rows[name])]
    return [str(part["name"].iloc[0]), *(_cell(rows[name]) for name in chosen), max(grades, default="")]


def _blank(row: Mapping[str, Any]) -> bool:
    """Whether nothing of a figure is known: why stands beneath the tables."""
    return bool(np.isnan(row["value"]) and not (abs(row["known_part"]) > 0))


def _cell(row: dict[str, Any]) -> str:
    """A figure with its range and mean below it; of what is known in part the part, with its bound."""
    if _blank(row):
        return "unknown"
    of = (
        told(figure(row["known_part"], row["unit"]).text, row["bound"])
        if np.isnan(row["value"])
        else figure(row["value"], row["unit"]).text
    )
    between = span(row["low"], row["high"], row["unit"])
    return f"{of}\n{between}{' !' if row['alarm'] else ''}\nmean {figure(row['mean'], row['unit']).text}" if between else of


def _with_range(row: pd.Series[Any], name: str) -> str:
    """A figure of a year with the range of its draws below it."""
    low, high = (row[f"{name}_{end}".removeprefix("value_")] for end in ("low", "high"))
    between = span(low, high, row["unit"])
    return f"{figure(row[name], row['unit']).text}\n{between}" if between else figure(row[name], row["unit"]).text


def _blanks(table: pd.DataFrame) -> list[str]:
    """Whose figures are unknown, and why: each indicator once."""
    found = []
    for name, head in (_SHOWN | _MONEY).items():
        rows = [row for row in frame_rows(table[table["indicator"] == name]) if _blank(row) and row["unknown"]]
        reasons = list(dict.fromkeys(str(row["unknown"]).removeprefix("not known: ") for row in rows))
        if reasons:
            every = len(rows) == table["exchange"].nunique()
            of = "all" if every else shortened([str(row["name"]) for row in rows], _NAMES, "; ")
            found.append(f"{head}, unknown of {of}: {shortened(reasons, _REASONS, '; ')}.")
    return found


def _print_years(console: Console, found: Benefits, state: str) -> None:
    """Each programme year by year, where it is stated how long its exchanges last: the first year, the last, their sum, and its part."""
    years = found.years[
        (found.years["state"] == state) & (found.years["programme"] != "") & found.years["indicator"].isin([*_SHOWN, *_MONEY])
    ]
    names = dict(zip(found.programmes["programme"], found.programmes["name"], strict=True))
    for key, part in years.groupby("programme", sort=False):
        last = int(part["year"].max())
        if last > 1:
            heads = [(f"Year by year, {names[key]}", "left"), *((head, "right") for head in ("First", f"Year {last}", "Cumulated"))]
            heads += [("Attributed, cumulated", "right"), ("", "left")]
            print_table(console, "", heads, [_lasts(rows) for _, rows in part.groupby("indicator", sort=False) if len(rows) > 1])


def _lasts(rows: pd.DataFrame) -> list[str]:
    """One indicator of a programme: first year, last year, both sums, and what is not known of them."""
    first, last = rows.iloc[0], rows.iloc[-1]
    texts = [
        _with_range(row, name)
        for row, name in ((first, "value"), *((last, name) for name in ("value", "cumulated", "attributed_cumulated")))
    ]
    return [INDICATORS[str(last["indicator"])][0], *texts, str(last["note"])]
