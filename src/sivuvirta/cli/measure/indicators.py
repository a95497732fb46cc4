"""`sivuvirta indicators`: how circular a region, its organisations, sites and products are, and what is missing to say so."""

from __future__ import annotations

import math
from typing import Any

import attrs
import click
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, scenario_option, seed_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.indicators import ENDS, LEVELS, OUTSIDE, WHY_OUTSIDE, Indicator, Indicators, digits

_DRAWS = "Draws of all inputs together, for the mean and the 5 and 95 % points. 0: none, and ends as if every input were at its worse end."


@click.command()
@click.argument("region")
@click.argument("others", nargs=-1)
@click.option("--level", type=click.Choice(LEVELS), help="Products, sites, organisations or the region alone.")
@click.option("--only", multiple=True, metavar="NAME", help="One indicator, as a card with formula, inputs and sources; may be repeated.")
@click.option("--plan", "planned", is_flag=True, help="Plan first: the plan's shares beside today's, what it diverts and what it saves.")
@click.option("--draws", type=click.IntRange(min=0), default=1000, show_default=True, metavar="N", help=_DRAWS)
@seed_option
@vintage_option
@scenario_option
@json_option
def indicators(region: str, others: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Indicators of circularity of REGION, beside those of OTHERS: ISO 59020, CTI, MCI, recycled content, hierarchy, critical materials."""
    with progress("Reading the register …", quiet=as_json):
        regions = [load(region, asked["vintage"], None, asked["scenarios"]), *(load(name, asked["vintage"]) for name in others)]
        subjects = [verbs.plan(each) for each in regions] if asked["planned"] else regions
        found = verbs.indicators(subjects, asked["level"], asked["only"], asked["draws"], asked["seed"])
    if as_json:
        print_json({**_body(found), "scenarios": list(regions[0].scenarios)})
        return
    console = screen()
    if asked["only"]:
        console.print(found.cards(), markup=False, soft_wrap=True)
    else:
        _print(console, "; ".join(titled(each) for each in regions), found, several=bool(others))


def _body(found: Indicators) -> dict[str, Any]:
    beside = frame_rows(found.side_by_side())
    return {"indicators": [attrs.asdict(each) for each in found.items], "side_by_side": beside, "range": found.about}


def _print(console: Console, title: str, found: Indicators, *, several: bool) -> None:
    """What is known by region and level, what is not in a sentence; regions beside each other."""
    names = list(dict.fromkeys(each.region for each in found.items))
    if several:
        frame = found.side_by_side()
        columns = [("Indicator", "left"), ("of", "left"), ("", "left"), *((name, "right") for name in names)]
        rows = [[row["name"], row["of"], row["state"], *(_cell(row, name) for name in names)] for row in frame.to_dict("records")]
        print_table(console, f"Regions beside each other: {title}", columns, rows)
    else:
        ends = ("Mean", "5 to 95 %") if found.about != ENDS else ("", "Ends")
        columns = [
            ("Indicator", "left"),
            ("Level", "left"),
            ("of", "left"),
            ("", "left"),
            ("Value", "right"),
            (ends[0], "right"),
            (ends[1], "left"),
            ("Grade", "left"),
        ]
        print_table(console, title, columns, [_row(each) for each in found.items if each.known])
    about = f"Ranges: {found.about}."
    marked = not several and any(each.outside for each in found.items)
    console.print(f"{about} {OUTSIDE} {WHY_OUTSIDE[0].upper()}{WHY_OUTSIDE[1:]}." if marked else about, markup=False, soft_wrap=True)
    if several:
        console.print(_comparable(found.side_by_side(), names), markup=False, soft_wrap=True)
    for sentence in (*_bounds(found), *_unknown(found)):
        console.print(sentence, markup=False, soft_wrap=True)
    for each in found.items:
        for one in each.published:
            beside = f"Beside the computed figure of {each.of or each.region}: {one.agreement}."
            text = f"Published: {each.name}: {one.words} [{one.source}]. {beside}"
            console.print(text, markup=False, soft_wrap=True, style="dim")


def _row(each: Indicator) -> list[str]:
    mean = "" if math.isnan(each.mean) or not each.span else digits(each.mean)
    words = f"{each.words} {OUTSIDE}" if each.outside else each.words
    return [each.name, each.level, each.of, each.state, words, mean, each.span, each.grade]


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
        f"{each.name} ({each.of}, {each.state}): {each.words}: {'; '.join(part.partition(': ')[0] for part in each.missing)}."
        for each in bounds
    ]


def _comparable(frame: pd.DataFrame, names: list[str]) -> str:
    """What of regions beside each other may be compared: what is known in each and a bound in none."""
    whole = frame[frame[names].notna().all(axis=1) & (frame[[f"{name}_bound" for name in names]] == "").all(axis=1)]
    bounds = (frame[[f"{name}_bound" for name in names]].fillna("") != "").any(axis=1)
    told = ", ".join(dict.fromkeys(str(name) for name in whole["name"])) or "nothing"
    words = f"Comparable, for the formula is one and it is known in each: {told}."
    if bounds.any():
        words += (
            " Not comparable: what is at least or at most a figure; it is of what was analysed there, and tells not which region has more."
        )
    return f"{words} What is unknown in one is compared with nothing."


def _unknown(found: Indicators) -> list[str]:
    """What is missing, each reason once with the indicators that wait for it and of what they are."""
    waits: dict[str, dict[str, dict[str, None]]] = {}
    for each in found.items:
        if not each.known:
            waits.setdefault("; ".join(each.missing), {}).setdefault(each.name, {})[each.of] = None
    return [f"Unknown: {'; '.join(_waiting(names))}. Missing: {reason}." for reason, names in waits.items()]


def _waiting(names: dict[str, dict[str, None]]) -> list[str]:
    """Indicators with what they are of; those of the same together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, subjects in names.items():
        groups.setdefault(tuple(subject for subject in subjects if subject), []).append(name)
    return [f"{', '.join(group)}{f' of {_joined(subjects)}' if subjects else ''}" for subjects, group in groups.items()]


def _joined(names: tuple[str, ...]) -> str:
    return " and ".join(["; ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
