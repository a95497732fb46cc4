"""`sivuvirta unknowns`: which missing test is worth most, as a list for a laboratory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, on_option, region_argument, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, say_unknown, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.cli.design.order_book import write_order_book
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.errors import OptionError
from sivuvirta.report.words import count, figure
from sivuvirta.tables.harmless import harmless_frame

_PARTS = ("tests", "decisions", "bundles")
_ENDINGS = (".xlsx", ".csv")


@click.command()
@region_argument
@click.option(
    "--top", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Rows of each list that are shown, and exact."
)
@click.option("--order", type=Place(folder=False), metavar="FILE", help="Write the whole order list there: .xlsx or .csv.")
@vintage_option
@on_option
@json_option
def unknowns(region: str, top: int, order: Path | None, vintage: str | None, on: str | None, as_json: bool) -> None:
    """Rank what is missing in REGION by what the best network gains: tests to order, decisions to ask for, and sets of both.

    A value is EUR a year: the best network with the test passed less the best one without, both over routes that pass, blend or are likely.
    Beside it what the test is worth once all decisions are granted, and in the worthiest set that one route needs together.
    """
    if order is not None and order.suffix.lower() not in _ENDINGS:
        raise OptionError(f"'{order.name}' cannot be written: give a name that ends in {' or '.join(_ENDINGS)}.")
    with progress("Judging what is missing …", quiet=as_json) as status:
        found = verbs.unknowns(load(region, vintage, on), top, tell=lambda text: status.update(f"{text} …") if status else None)
    if order is not None:
        with whole_file(order) as place:
            _write(found, place)
    if as_json:
        print_json(_told(found, top, order))
        return
    _print(screen(), found, top)
    if order is not None:
        screen().print(f"Order list: {order}", markup=False, soft_wrap=True)


def _write(found: LabOrders, path: Path) -> None:
    """The order list: a workbook to send, or plain rows."""
    if path.suffix.lower() == ".csv":
        harmless_frame(found.order()).to_csv(path, index=False)
    else:
        write_order_book(found, path)


def _told(found: LabOrders, top: int, order: Path | None) -> dict[str, Any]:
    region = found.links.region
    return {
        "region": region.name,
        "vintage": region.vintage,
        "law_of": region.day,
        "unit": "EUR/a",
        "benefit": {name: getattr(found, name) for name in ("proven", "likely", "decided")},
        "order": frame_rows(found.order().head(top)),
        **{part: frame_rows(found.to_frame(part).head(top)) for part in _PARTS},
        "counts": {part: len(getattr(found, part)) for part in _PARTS},
        "solved": found.solved,
        "seconds": found.seconds,
        "written": [] if order is None else [str(order)],
    }


_TESTS = [
    ("Test", "left"),
    ("Of", "left"),
    ("Price", "right"),
    ("Lead", "right"),
    ("Value", "right"),
    ("Once decided", "right"),
    ("In a set", "right"),
    ("Opens", "right"),
    ("Also missing", "left"),
]
_OTHERS = [
    ("What", "left"),
    ("Of", "left"),
    ("Tests", "right"),
    ("Value", "right"),
    ("Tonnes", "right"),
    ("Carbon", "right"),
    ("Opens", "right"),
]


def _print(console: Console, found: LabOrders, top: int) -> None:
    orders, told = found.order(), found.told
    title = f"{titled(found.links.region)}: tests to order"
    print_table(console, title, _TESTS, [_test_cells(row) for row in orders.head(top).itertuples()])
    for part, title in (("decisions", "Decisions to ask for; they are no tests"), ("bundles", "Sets that one route needs together")):
        frame = found.to_frame(part)
        rows = frame[frame["value_likely"] > 0 if told else frame.index >= 0].head(top)
        if len(rows):
            console.print()
            print_table(console, title, _OTHERS, [_other_cells(row) for row in rows.itertuples()])
    worth = f"{figure(found.proven, 'EUR/a').text} proven, {figure(found.likely, 'EUR/a').text} with what is likely"
    decided = f"{figure(found.decided, 'EUR/a').text} were all decisions granted"
    text = f"Benefit as it is: {worth}, {decided}. {count(len(orders), 'test')} may be worth something; {found.solved} networks worked out."
    console.print(text, markup=False, soft_wrap=True, style="dim")
    say_unknown(found.likely, found.links)
    if told and len(orders) and not (orders["value_likely"] > 0).any():
        alone = "No test is worth anything alone: each route lacks something else too. Order those of a set, and ask for its decisions."
        console.print(alone, markup=False, soft_wrap=True, style="dim")


def _money(value: float, *, nothing: str = "") -> str:
    return nothing if value == 0 else figure(value, "EUR/a", sign=True).text


def _test_cells(row: Any) -> list[str]:
    return [
        row.name,
        row.of,
        "not known" if row.price != row.price else figure(row.price, "EUR").text,
        "" if row.lead != row.lead else f"{row.lead:.0f} working days",
        _money(row.value_likely, nothing="0"),
        _money(row.value_decided),
        _money(row.in_bundle),
        f"{row.opens} of {row.waiting}",
        row.misses,
    ]


def _other_cells(row: Any) -> list[str]:
    what = f"{row.name}; {row.decisions}" if row.kind == "bundle" and row.decisions else row.name
    return [
        what,
        row.of,
        "" if row.price != row.price else figure(row.price, "EUR").text,
        _money(row.value_likely),
        figure(row.tonnes, "t/a").text,
        figure(row.carbon, "kg CO2e/a", sign=True).text,
        f"{row.opens}",
    ]
