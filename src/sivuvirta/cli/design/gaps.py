"""`sivuvirta gaps`: which technology, at which site, absent today, would unlock most."""

from __future__ import annotations

from typing import Any

import click
from attrs import asdict
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, on_option, region_argument, vintage_option
from sivuvirta.cli.common.screen import print_json, print_table, progress, say_unknown, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.gaps import RANKINGS, Gap, Gaps
from sivuvirta.report.words import count, figure


@click.command()
@region_argument
@click.option("--by", type=click.Choice(tuple(RANKINGS)), default="eur", show_default=True, help="What to rank by.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Technologies shown at most.")
@click.option("--today", is_flag=True, help="Count from what stands today, without the register's candidate plants.")
@vintage_option
@on_option
@json_option
def gaps(region: str, by: str, top: int, as_json: bool, **asked: Any) -> None:
    """Find technologies that are absent from REGION, each at its best site, by what they would unlock.

    Euros a year that the potential network gains, tonnes a year that leave today's outlets, change of emissions; with investment and size,
    the streams that feed it and the needs that it serves. Streams and needs for which nothing is known follow, without figures.
    """
    with progress("Pricing technologies at all sites …", quiet=as_json) as status:
        tell = (lambda text: status.update(f"{text} …")) if status else None
        found = verbs.gaps(load(region, asked["vintage"], asked["on"]), tell=tell, today=asked["today"])
    shown = found.ranked(by)[:top]
    if as_json:
        print_json(_told(found, by, shown))
        return
    _print(screen(), found, shown, today=asked["today"])


def _told(found: Gaps, by: str, shown: tuple[Gap, ...]) -> dict[str, Any]:
    region = found.links.region
    return {
        "region": region.name,
        "vintage": region.vintage,
        "law_of": region.day,
        "by": by,
        "benefit": {"likely": found.likely, "potential": found.potential},
        "gaps": [asdict(gap) for gap in shown],
        "missing": [asdict(one) for one in found.missing],
        "counts": {"gaps": len(found), "looked": found.looked, "solved": found.solved},
        "seconds": found.seconds,
    }


_COLUMNS = [
    ("Technology", "left"),
    ("Site", "left"),
    ("Potential", "right"),
    ("Likely", "right"),
    ("Tonnes", "right"),
    ("Carbon", "right"),
    ("Investment", "right"),
    ("Size", "right"),
    ("Fed by", "left"),
    ("Serves", "left"),
]


def _print(console: Console, found: Gaps, shown: tuple[Gap, ...], *, today: bool) -> None:
    print_table(console, f"{titled(found.links.region)}: absent technologies", _COLUMNS, [_cells(gap) for gap in shown])
    if found.missing:
        console.print()
        columns = [("Stream or need", "left"), ("What", "left"), ("Amount", "right"), ("What others do with it (NACE)", "left")]
        rows = [[one.name, one.kind, figure(one.amount, f"{one.unit}/a").text, "; ".join(one.uses)] for one in found.missing]
        print_table(console, "Without figures: nothing in the library and no need here takes it, or nothing reaches it", columns, rows)
    would = count(len(found), "technology", "technologies")
    text = f"{count(found.looked, 'pair')} of technology and site priced, {found.solved} worked out; {would} would add something."
    console.print(text, markup=False, soft_wrap=True, style="dim")
    if not today:
        beside = "Counted beside the candidate plants of the register, which a plan may build first; --today leaves them out."
        console.print(beside, markup=False, soft_wrap=True, style="dim")
    say_unknown(found.potential, found.links)


def _cells(gap: Gap) -> list[str]:
    return [
        gap.name,
        gap.site_name,
        figure(gap.potential, "EUR/a", sign=True).text,
        figure(gap.likely, "EUR/a", sign=True).text if gap.likely else "0",
        figure(gap.tonnes, "t/a", sign=True).text,
        figure(gap.carbon, "kg CO2e/a", sign=True).text,
        figure(gap.capex, "EUR").text,
        figure(gap.size, f"{gap.unit}/a").text,
        "; ".join(f"{name} {figure(amount, f'{unit}/a').text}" for _, name, amount, unit in gap.streams),
        "; ".join(f"{name} {figure(amount, f'{unit}/a').text}" for _, name, amount, unit in gap.needs),
    ]
