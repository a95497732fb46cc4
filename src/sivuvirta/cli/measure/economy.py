"""`sivuvirta economy`: who pays whom in the best network, what is earned on what is invested, jobs and value added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import Percent
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.economies import Economy
from sivuvirta.report.words import EFFECTS, MINUS, OUTCOMES, figure, listed, span

_TABLES = ("payments", "accounts", "ventures", "spending", "effects", "sectors", "multipliers")
_MOST = 12  # payments on the screen
_RETURNS = [
    ("Returns, 5 to 95 % and mean below each", "left"),
    ("Invests", "right"),
    ("Earns a year", "right"),
    ("Payback, years", "right"),
    ("NPV", "right"),
    ("IRR", "right"),
    ("Grade", "left"),
]


@click.command()
@region_argument
@click.option("--network", type=click.Choice(("proven", "potential")), default="potential", show_default=True, help="What is shown.")
@click.option(
    "--rate", type=Percent(), metavar="PERCENT", help="Rate of discount, per cent a year: 5 is 5 %; without it that of the vintage."
)
@click.option(
    "--mrio",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Settings (JSON) of a multi-regional table of your own, read by pymrio, instead of the region's table.",
)
@vintage_option
@scenario_option
@json_option
def economy(  # noqa: PLR0917 - one parameter an option
    region: str, network: str, rate: float | None, mrio: Path | None, vintage: str | None, scenarios: tuple[str, ...], as_json: bool
) -> None:
    """Tell who pays whom in the best network of REGION, what is earned on what is invested, and what it does to jobs and value added."""
    with progress("Planning and following the money …", quiet=as_json):
        plan = verbs.plan(load(region, vintage, None, scenarios))
        found = verbs.economy(plan, mrio=mrio, rate=rate)
    if as_json:
        print_json(
            {
                "region": region,
                "scenarios": list(scenarios),
                **{name: frame_rows(getattr(found, name)) for name in _TABLES},
                "totals": {name: frame_rows(found.totals(name)) for name in found.networks},
                "notes": list(found.notes),
            }
        )
        return
    _print(screen(), f"{titled(plan.links.region)}, {network}", found, network)


def _print(console: Console, title: str, found: Economy, network: str) -> None:
    """Accounts, largest changes of payments, returns, jobs and value added."""
    accounts = found.of(network)
    moved = accounts[accounts["saving"].abs() >= 1]
    heads = [
        ("Account", "left"),
        ("", "left"),
        ("Today", "right"),
        ("Plan", "right"),
        ("Saves", "right"),
        ("Mean", "right"),
        ("5 to 95 %", "right"),
        ("Grade", "left"),
    ]
    print_table(
        console,
        f"{title}: pays less earns, € a year",
        heads,
        [*(_account(row) for row in moved.to_dict("records")), *_totals(found, network)],
    )
    payments = found.payments[found.payments["network"] == network].sort_values("change", key=abs, ascending=False).head(_MOST)
    heads = [("From", "left"), ("To", "left"), ("For", "left"), ("Today", "right"), ("Plan", "right"), ("Changes by", "right")]
    print_table(console, "Payments that change most", heads, [_payment(row) for row in payments.to_dict("records")])
    _print_returns(console, found, network)
    effects = found.effects[(found.effects["network"] == network) & found.effects["indicator"].isin(OUTCOMES)]
    heads = [
        ("Effect", "left"),
        ("", "left"),
        ("Gross", "right"),
        ("Displaced", "right"),
        ("Net", "right"),
        ("Mean", "right"),
        ("5 to 95 %, flows as planned", "right"),
        ("Grade", "left"),
    ]
    print_table(
        console, "Jobs and value added within the area of the multipliers", heads, [_effect(row) for row in effects.to_dict("records")]
    )
    returns = _returns(found, network)
    if any(len(table) and table["alarm"].any() for table in (moved, effects, returns)):
        console.print("!: cannot be claimed, its range includes zero.", markup=False, soft_wrap=True)
    for note in (*dict.fromkeys(text for text in effects["missing"] if text), *found.notes):
        console.print(note, markup=False, soft_wrap=True, style="dim")


def _text(value: float, unit: str) -> str:
    return "unknown" if np.isnan(value) else figure(value, unit).text


def _span(row: dict[Any, Any], unit: str) -> str:
    return "" if np.isnan(row["low"]) else span(row["low"], row["high"], unit) or "none stated"


def _marked(row: dict[Any, Any], text: str) -> str:
    """A range, with a mark where it includes zero and something is claimed."""
    return f"{text} !" if row["alarm"] else text


def _account(row: dict[Any, Any]) -> list[str]:
    unit = row["unit"]
    where = "" if row["inside"] else "outside"
    return [
        row["name"],
        where,
        *(_text(row[name], unit) for name in ("reference", "planned", "saving")),
        "" if np.isnan(row["mean"]) else _text(row["mean"], unit),
        _marked(row, _span(row, unit)),
        row["grade"],
    ]


def _totals(found: Economy, network: str) -> list[list[str]]:
    """Sums of all accounts, those that do not change too: what is inside closes with what is outside."""
    return [
        [
            row["name"],
            "",
            *(_text(row[name], row["unit"]) for name in ("reference", "planned", "saving")),
            "" if np.isnan(row["mean"]) else _text(row["mean"], row["unit"]),
            "" if np.isnan(row["low"]) or row["low"] == row["high"] else span(row["low"], row["high"], row["unit"]),
            "",
        ]
        for row in found.totals(network).to_dict("records")
    ]


def _payment(row: dict[Any, Any]) -> list[str]:
    money = [_text(row[name], row["unit"]) for name in ("reference", "planned", "change")]
    return [row["payer_name"], row["payee_name"], row["term"], *money]


def _returns(found: Economy, network: str) -> pd.DataFrame:
    """Ventures of a network; none where nothing is invested."""
    return found.ventures[found.ventures["network"] == network] if len(found.ventures) else found.ventures


def _print_returns(console: Console, found: Economy, network: str) -> None:
    """What is earned on what is invested, with ranges, grade and the rate of discount."""
    returns = _returns(found, network)
    if not len(returns):
        console.print("Nothing is invested.", markup=False)
        return
    rate = float(returns["rate"].iloc[0])
    discounted = "a discount rate that nobody states" if np.isnan(rate) else f"{rate:g} % a year"
    print_table(
        console,
        f"Returns at {discounted}, before any price for what a plant takes in",
        _RETURNS,
        [_venture(row) for row in returns.to_dict("records")],
    )
    for text in dict.fromkeys(returns["caveat"][returns["caveat"] != ""]):
        console.print(text, markup=False)
    for reason, rows in returns[returns["missing"] != ""].groupby("missing", sort=False):
        console.print(
            f"Returns of {listed(rows['name'].tolist())}: not known, or not in them: {reason}.", markup=False, soft_wrap=True, style="dim"
        )


def _venture(row: dict[Any, Any]) -> list[str]:
    """One venture: each figure with its 5 to 95 % and the mean of its draws below it, and a mark where a present value may be none."""
    money = [_money(row, name, unit) for name, unit in (("invested", "EUR"), ("yearly", "EUR/a"), ("npv", "EUR"))]
    if row["kind"] == "sum":
        return [row["name"], *money[:2], "", money[2], "", row["grade"]]
    back = "never" if np.isnan(row["payback"]) and row["yearly"] <= 0 else _number(row["payback"], "years")
    rate = ("none" if np.isfinite(row["yearly"]) else "unknown") if np.isnan(row["irr"]) else f"{row['irr']:.1f} %".replace("-", MINUS)
    return [
        row["name"],
        *money[:2],
        _over(back, *_chances(row, "payback", "never")),
        money[2],
        _over(rate, *_chances(row, "irr", "none")),
        row["grade"],
    ]


def _over(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _money(row: dict[Any, Any], name: str, unit: str) -> str:
    """A sum of money with its range and mean below it; none is told where it is not known or nothing varies."""
    between = span(row[f"{name}_low"], row[f"{name}_high"], unit)
    marked = _marked(row, between) if between and name == "npv" else between
    mean = f"mean {_text(row[f'{name}_mean'], unit)}" if between else ""
    return _over(_text(row[name], unit), marked, mean)


def _chances(row: dict[Any, Any], name: str, none: str) -> tuple[str, str]:
    """Range and mean; an end that is not there is said, and nothing where neither end is."""
    ends = [row[f"{name}_low"], row[f"{name}_high"]]
    if all(np.isnan(end) for end in ends) or ends[0] == ends[1]:
        return "", ""
    low, high = (none if np.isnan(end) else f"{end:.1f}".replace("-", MINUS) for end in ends)
    mean = f"mean {row[f'{name}_mean']:.1f}".replace("-", MINUS) if not np.isnan(row[f"{name}_mean"]) else ""
    never = f"{none} in {row['never']:.0%}" if row["never"] > 0 and name == "payback" else ""
    return f"{low} to {high}", mean or never


def _number(value: float, unit: str) -> str:
    return "unknown" if np.isnan(value) else f"{value:.1f}".replace("-", MINUS) + f" {unit}"


def _effect(row: dict[Any, Any]) -> list[str]:
    once = ", once" if row["when"] == "once" else ""
    posts = row["indicator"] == "jobs"
    cells = [_number(row[name], row["unit"]) if posts else _text(row[name], row["unit"]) for name in ("gross", "displaced", "net")]
    mean = "" if np.isnan(row["mean"]) else _number(row["mean"], row["unit"]) if posts else _text(row["mean"], row["unit"])
    ends = f"{row['low']:.1f} to {row['high']:.1f}".replace("-", MINUS)
    between = _span(row, row["unit"]) if not posts else "" if np.isnan(row["low"]) else ends
    return [f"{OUTCOMES[row['indicator']]}{once}", EFFECTS[row["kind"]], *cells, mean, _marked(row, between), row["grade"]]
