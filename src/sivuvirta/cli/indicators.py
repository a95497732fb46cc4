"""`sivuvirta indicators`: how circular a region, its organisations, sites and products are, and what is missing to say so."""

from __future__ import annotations

import math
from typing import Any

import attrs
import click
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import json_option, scenario_option, vintage_option
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, titled
from sivuvirta.domain.indicators import LEVELS, Indicator, Indicators, digits


@click.command()
@click.argument("region")
@click.argument("others", nargs=-1)
@click.option("--level", type=click.Choice(LEVELS), help="Products, sites, organisations or the region alone.")
@click.option("--only", multiple=True, metavar="NAME", help="One indicator, as a card with formula, inputs and sources; may be repeated.")
@click.option("--plan", "planned", is_flag=True, help="Plan first: the plan's shares beside today's, what it diverts and what it saves.")
@vintage_option
@scenario_option
@json_option
def indicators(region: str, others: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Indicators of circularity of REGION, beside those of OTHERS: ISO 59020, CTI, MCI, recycled content, hierarchy, critical materials."""
    with progress("Reading the register …", quiet=as_json):
        regions = [load(region, asked["vintage"], None, asked["scenarios"]), *(load(name, asked["vintage"]) for name in others)]
        subjects = [verbs.plan(each) for each in regions] if asked["planned"] else regions
        found = verbs.indicators(subjects, asked["level"], asked["only"])
    if as_json:
        print_json({**_body(found), "scenarios": list(regions[0].scenarios)})
        return
    console = screen()
    if asked["only"]:
        console.print(found.cards(), markup=False, soft_wrap=True)
    else:
        _print(console, "; ".join(titled(each) for each in regions), found, several=bool(others))


def _body(found: Indicators) -> dict[str, Any]:
    return {"indicators": [attrs.asdict(each) for each in found.items], "side_by_side": frame_rows(found.side_by_side())}


def _print(console: Console, title: str, found: Indicators, *, several: bool) -> None:
    """What is known by region and level, what is not in a sentence; regions beside each other."""
    if several:
        frame = found.side_by_side()
        names = [name for name in dict.fromkeys(each.region for each in found.items) if name in frame]
        columns = [("Indicator", "left"), ("of", "left"), ("", "left"), *((name, "right") for name in names)]
        rows = [[row["name"], row["subject"], row["state"], *(_cell(row, name) for name in names)] for row in frame.to_dict("records")]
        print_table(console, f"Regions beside each other: {title}", columns, rows)
    else:
        known = [each for each in found.items if each.known]
        columns = [
            ("Indicator", "left"),
            ("Level", "left"),
            ("of", "left"),
            ("", "left"),
            ("Value", "right"),
            ("Range", "left"),
            ("Grade", "left"),
        ]
        print_table(console, title, columns, [_row(each) for each in known])
    for sentence in (*_bounds(found), *_unknown(found)):
        console.print(sentence, markup=False, soft_wrap=True)
    for each in found.items:
        for one in each.published:
            beside = f"Beside the computed figure of {each.subject or each.region}: {one.agreement}."
            text = f"Published: {each.name}: {one.words} [{one.source}]. {beside}"
            console.print(text, markup=False, soft_wrap=True, style="dim")


def _row(each: Indicator) -> list[str]:
    return [each.name, each.level, each.subject, each.state, each.words, each.span, each.grade]


def _cell(row: dict[Any, Any], name: str) -> str:
    if pd.isna(row[name]):
        return "unknown"
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    bound = row[f"{name}_bound"]
    if bound:
        return f"{bound} {digits(row[name])}{unit}"
    return f"{digits(row[name])}{unit} ({_between(row[f'{name}_low'], row[f'{name}_high'])})"


def _between(low: float, high: float) -> str:
    """A range in words; an end that is not known is none."""
    if math.isnan(high):
        return "no range" if math.isnan(low) else f"{digits(low)} or more"
    return f"at most {digits(high)}" if math.isnan(low) else f"{digits(low)} to {digits(high)}"


def _bounds(found: Indicators) -> list[str]:
    """Of what a bound is no measure."""
    bounds = [each for each in found.items if each.known and each.bound]
    return [
        f"{each.name} ({each.subject}, {each.state}): {each.words}: {'; '.join(part.partition(': ')[0] for part in each.missing)}."
        for each in bounds
    ]


def _unknown(found: Indicators) -> list[str]:
    """What is missing, each reason once with the indicators that wait for it."""
    waits: dict[str, dict[str, None]] = {}
    for each in found.items:
        if not each.known:
            of = f" of {each.subject}" if each.indicator.startswith("critical_") and each.subject else ""
            waits.setdefault("; ".join(each.missing), {})[f"{each.name}{of}"] = None
    return [f"Unknown: {', '.join(names)}. Missing: {reason}." for reason, names in waits.items()]
