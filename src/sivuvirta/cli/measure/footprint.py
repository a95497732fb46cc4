"""`sivuvirta footprint`: carbon footprint of a product of a site, what it is made of, and how it stands beside other producers'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import click
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.burdens import ECONOMIC, METHODS, TODAY, Result, signed
from sivuvirta.domain.footprints import Footprint
from sivuvirta.domain.indicators import digits
from sivuvirta.domain.unknowns import AT_LEAST, AT_MOST, said, told
from sivuvirta.report.words import MINUS, count, readable

DRAWN = "Mean and 5 to 95 %: 1,000 draws of all inputs together, the same with and without a plan and for each allocation."
_SMALL = 1e-3  # of all parts: smaller ones are one row
_METHODS = {"expansion": METHODS[0], "mass": METHODS[1], "economic": METHODS[2]}


@click.command()
@region_argument
@click.argument("product")
@click.option("--site", metavar="NAME", help="Key of the site, where several make the product.")
@click.option("--method", type=click.Choice(list(_METHODS)), default=ECONOMIC, show_default=True, help="Allocation that the parts are of.")
@click.option("--plan", "planned", is_flag=True, help="Plan first: the footprint with the plan beside today's, and what the plan changes.")
@vintage_option
@scenario_option
@json_option
def footprint(region: str, product: str, as_json: bool, **asked: Any) -> None:
    """Carbon footprint per tonne of PRODUCT of a site in REGION: three allocations side by side, parts, other producers beside it."""
    with progress("Adding up the footprint …", quiet=as_json):
        loaded = load(region, asked["vintage"], None, asked["scenarios"])
        found = verbs.footprint(verbs.plan(loaded) if asked["planned"] else loaded, product, asked["site"])
    if as_json:
        print_json({**_body(found), "scenarios": list(loaded.scenarios)})
        return
    _print(screen(), titled(loaded), found, _METHODS[asked["method"]])


def _body(found: Footprint) -> dict[str, Any]:
    states = [each.state for each in found.inventories]

    def told(each: Result) -> dict[str, Any]:
        return attrs.asdict(each, filter=lambda field, _: field.name != "spans")  # ends of the contributions

    return {
        "region": found.region,
        "vintage": found.vintage,
        "site": found.site,
        "product": found.product,
        "functional_unit": found.functional_unit,
        "boundary": list(found.boundary),
        "cutoffs": list(found.cutoffs),
        "unit": found.unit,
        "results": [told(each) for each in found.results],
        "differences": [told(each) for each in found.differences],
        "contributions": {state: {method: frame_rows(found.contributions(method, state)) for method in METHODS} for state in states},
        "coproducts": {state: frame_rows(found.coproducts(state)) for state in states},
        "wanted": found.wanted,
        "years": {state: found.years(state) for state in states},
        "comparisons": frame_rows(found.comparisons()),
    }


def _print(console: Console, title: str, found: Footprint, method: str) -> None:
    states = [each.state for each in found.inventories]
    unit = readable(found.unit)
    heads = [("Allocation", "left"), *((state, "right") for state in states)]
    rows = [[each, *(_figure(found.result(each, state).text()) for state in states)] for each in METHODS]
    print_table(console, f"{title}: {unit}, per {found.functional_unit}", heads, rows)
    console.print(DRAWN, markup=False, soft_wrap=True, style="dim")
    last = states[-1]
    parts = found.contributions(method, last)
    parts = parts.reindex(parts["value"].abs().sort_values(ascending=False, kind="stable").index)
    columns = [
        ("Part", "left"),
        ("Scope", "left"),
        (unit, "right"),
        ("Range", "right"),
        ("Year", "left"),
        ("Grade", "left"),
        ("Source", "left"),
    ]
    print_table(console, f"By {method}, {last}: what it is made of", columns, _parts(parts))
    for sentence in _sentences(found, last):
        console.print(readable(sentence), markup=False, soft_wrap=True)
    console.print(f"Inside: {', '.join(found.boundary)}. Left out: {'; '.join(found.cutoffs)}.", markup=False, soft_wrap=True, style="dim")


def _parts(parts: pd.DataFrame) -> list[list[str]]:
    """Every part that counts, the small ones as one row, and their sum where all are known."""
    large = (parts["missing"] != "") | (parts["value"].abs() >= _SMALL * parts["value"].abs().sum())
    rows = [_part(row) for row in parts[large].to_dict("records")]
    small = parts[~large]
    if len(small):
        rows.append([count(len(small), "other"), "", _figure(digits(small["value"].sum())), "", "", max(small["grade"]), ""])
    if (parts["missing"] == "").all():
        rows.append(["All together", "", _figure(digits(parts["value"].sum())), "", "", "", ""])
    return rows


def _figure(text: str) -> str:
    """A figure with a true minus."""
    return text.replace("-", MINUS)


def _part(row: dict[Any, Any]) -> list[str]:
    if row["missing"]:
        return [row["name"], row["scope"], "unknown", "", _year(row), row["grade"], _sources(row)]
    between = "" if row["low"] == row["high"] else f"{digits(row['low'])} to {digits(row['high'])}"
    return [row["name"], row["scope"], _figure(digits(row["value"])), _figure(between), _year(row), row["grade"], _sources(row)]


def _year(row: dict[Any, Any]) -> str:
    """Year of the amount, and that of the factor where it is another one."""
    of, factor = row["year"], row["factor_year"]
    if row["missing"] or factor in (of, ""):
        return of or "not said"
    return f"{of or 'not said'}\nfactor {factor}"


def _sources(row: dict[Any, Any]) -> str:
    """Sources, one a line."""
    return str(row["source"]).replace("; ", "\n")


def _sentences(found: Footprint, state: str) -> list[str]:
    """What is missing, what a plan changes, what others print."""
    lines = _missing([each for each in found.results if each.state == state])
    lines += [each for each in (found.wanted, found.years(state)) if each]
    if state != TODAY:
        lines += [_changed(found, method, state) for method in METHODS]
        lines += _meant(found, state)
    for each in found.compared:
        span = f"{digits(each.computed)} ({digits(each.computed_low)} to {digits(each.computed_high)})"
        if each.kind == "alternative":
            lines.append(
                f"{each.name}: {digits(each.value)} {found.unit}, {span} times this one by {each.method} [{each.grade}, {each.source}]. "
                f"It is {each.words}."
            )
        else:
            unit = "times" if each.unit == "1" else found.unit
            lines.append(
                f"Published: {each.name}: {digits(each.value)} {unit} ({each.source}); computed {span}: {each.agreement}. "
                f"It is {each.words}."
            )
    return lines


def _missing(results: Sequence[Result]) -> list[str]:
    """What is missing, by the allocations that miss it: those that are not named miss nothing."""
    by_text: dict[str, list[str]] = {}
    for each in results:
        if each.missing:
            text = said(each.unknown, changes=False).rstrip(".") if each.unknown else f"Missing: {'; '.join(each.missing)}"
            by_text.setdefault(text, []).append(each.method)
    return [f"By {', '.join(methods)}. {text}." for text, methods in by_text.items()]


_MEANT = (
    "Which method answers what: system expansion tells what the plan changes in emissions; mass and economic tell which part of the site's "
    "burden the product is given, and their difference is a change of shares too."
)


def _meant(found: Footprint, state: str) -> list[str]:
    """What each method answers, and a warning where they do not agree on the sign."""
    differences = [each.value for each in (found.difference(method, state) for method in METHODS) if each.known]
    opposed = any(value > 0 for value in differences) and any(value < 0 for value in differences)
    warning = (
        ["The methods differ in sign: what the plan does is told by system expansion alone, and by none while that is unknown."]
        if opposed
        else []
    )
    return [_MEANT, *warning]


def _saved(each: Result, unit: str) -> str:
    """What a change with a bound below 0 says of the saving, which has the bound the other way round."""
    other = {AT_LEAST: AT_MOST, AT_MOST: AT_LEAST}.get(each.bound, "")
    return f", a saving of {other} {digits(-each.known_part)} {unit}" if other and each.known_part < 0 else ""


def _changed(found: Footprint, method: str, state: str) -> str:
    each = found.difference(method, state)
    if not each.known:
        part = told(f"{digits(each.known_part)} {found.unit}", each.bound) if each.unknown else "unknown"
        return f"What the plan changes by {method}: {part}{_saved(each, found.unit)}."
    return f"What the plan changes by {method}: {signed(each)} {found.unit}."
