"""`sivuvirta search`: what there is in a register, in four languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import Amount, AmountCommand
from sivuvirta.cli.common.options import json_option, on_option, region_argument, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.search import KINDS, LANGUAGES, NO_VERDICT, NOT_ASKED, VERDICTS, Hit, Hits, Query
from sivuvirta.domain.words import shortened
from sivuvirta.report.words import SIGNS, count, figure
from sivuvirta.search.saved import write

_KINDS = f"Only these: {', '.join(KINDS)}. May be given several times."
_OF = "Distances are from here: an id (streams:slag where the table must be said), or LAT,LON. Of a need or stream: verdicts toward it."
_VERDICT = (
    "Only what has such a route at best: pass, blend, likely, unknown, fail, 'no route', proven or potential. Judges all routes first."
)
_SHOWN = 6  # values of a facet


@click.command(cls=AmountCommand)
@region_argument
@click.argument("text", default="")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), metavar="KIND", help=_KINDS)
@click.option("--material", metavar="ID", help="Only of this class and those below it.")
@click.option("--of", metavar="PLACE", help=_OF)
@click.option("--within", "within_km", type=Amount(least=0), metavar="KM", help="At most so far from --of.")
@click.option("--at-least", type=Amount(least=0), metavar="N", help="A year, in each row's own unit (t dry, MWh, m3).")
@click.option("--at-most", type=Amount(least=0), metavar="N", help="A year, in each row's own unit.")
@click.option("--verdict", multiple=True, type=click.Choice(VERDICTS), metavar="VERDICT", help=_VERDICT)
@click.option("--verdicts", "judged", is_flag=True, help="Judge all routes, so that the best verdict of each row is told.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of TEXT; without it any of the four.")
@click.option("--since", metavar="DATE", help="Only rows added or changed on this day or later.")
@click.option("--limit", "k", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Rows shown at most.")
@click.option("--why", "with_why", is_flag=True, help="Say which word was found where.")
@click.option("--save", type=Place(folder=False), metavar="FILE", help="Save the query (.json), for `sivuvirta alerts`.")
@vintage_option
@on_option
@json_option
def search(  # noqa: PLR0917 - one parameter an option
    region: str, vintage: str | None, on: str | None, judged: bool, with_why: bool, save: Path | None, as_json: bool, **asked: Any
) -> None:
    """Find streams, needs, organisations, plants, practices, technologies, materials and rules in REGION.

    TEXT is Finnish, Swedish, Spanish or English, a code (10 08 09, 24.10) or an id; words are found in any form and with slips of the pen.
    """
    query = Query(**asked)
    with progress("Looking …", quiet=as_json):
        loaded = load(region, vintage, on)
        found = verbs.search(verbs.match(loaded) if judged or query.verdict else loaded, query)
    if save is not None:
        with whole_file(save) as place:
            write(query, place)
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, **found.to_json()}
        print_json({**told, "saved": None if save is None else str(save)})
        return
    console = screen()
    _print(console, found, with_why)
    if save is not None:
        console.print(f"Saved: {save}. What is new: sivuvirta alerts {save} {region} --since DATE", markup=False, soft_wrap=True)


def hit_cells(hit: Hit) -> list[str]:
    """A hit as a row of a table."""
    sign = SIGNS.get(hit.verdict)
    verdict = "" if hit.verdict in (NO_VERDICT, NOT_ASKED) else f"{sign} {hit.verdict}" if sign else hit.verdict
    way = f"{figure(hit.km, 'km').text}{'' if hit.way == 'road' else ' (estimate)'}" if hit.way else ""
    amount = figure(hit.amount, f"{hit.unit}/a").text if hit.unit and hit.amount >= 0 else ""
    return [hit.kind, hit.key, hit.name, hit.material or "", hit.place or "", way, amount, verdict]


HIT_COLUMNS = [
    ("Kind", "left"),
    ("Id", "left"),
    ("Name", "left"),
    ("Material", "left"),
    ("Place", "left"),
    ("Way", "right"),
    ("Amount", "right"),
    ("Verdict", "left"),
]


def _print(console: Console, found: Hits, with_why: bool) -> None:
    for word, other in found.corrected.items():
        console.print(f"'{word}' was read as '{other}'.", markup=False, style="yellow")
    if found.missed and found.total:
        console.print(f"Nothing has {', '.join(repr(word) for word in found.missed)} as well.", markup=False, style="yellow")
    if found.total:
        columns = [*HIT_COLUMNS, *([("Why", "left")] if with_why else [])]
        cells = [[*hit_cells(hit), *([hit.why] if with_why else [])] for hit in found]
        used = [place for place, _ in enumerate(columns) if any(row[place] for row in cells)]
        print_table(console, "", [columns[place] for place in used], [[row[place] for place in used] for row in cells])
        _print_facets(console, found.facets)
    for note in found.notes:
        console.print(note, markup=False, soft_wrap=True, style="yellow")
    if not found.total:
        return
    more = f", the nearest {len(found)} shown" if len(found) < found.total else ""
    why = "" if with_why else " Why: add --why."
    console.print(f"{count(found.total, 'row')}{more}.{why}", markup=False, soft_wrap=True, style="dim")


def _print_facets(console: Console, facets: Mapping[str, Mapping[str, int]]) -> None:
    """Facets that tell rows apart, each on a line."""
    for name, counts in facets.items():
        if name != "class" and len(counts) > 1 and not {*counts} <= {NO_VERDICT, NOT_ASKED}:
            told = shortened([f"{value} {number}" for value, number in counts.items()], _SHOWN)
            console.print(f"{name}: {told}", markup=False, soft_wrap=True, style="dim")
