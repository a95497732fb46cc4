"""`sivuvirta alerts`: what is new for a saved query."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument, vintage_option
from sivuvirta.cli.common.screen import print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load
from sivuvirta.cli.find.search import HIT_COLUMNS, hit_cells
from sivuvirta.domain.search import Alerts
from sivuvirta.report.words import count
from sivuvirta.search.saved import read

_AGAINST = "An older version of REGION: what is new, judged better or worse, changed and gone. Judges the routes of both."
_NOTHING = "Nothing is new. Look further back, or save a wider query: fewer words, more km, no verdict."


@click.command()
@click.argument("query", type=click.Path(path_type=Path), metavar="FILE")
@region_argument
@click.option("--since", metavar="DATE", help="Rows added, changed or sampled on this day or later, as the register says.")
@click.option("--against", metavar="OLDER", help=_AGAINST)
@vintage_option
@json_option
def alerts(query: Path, region: str, since: str | None, against: str | None, vintage: str | None, as_json: bool) -> None:
    """Tell what is new in REGION for the query that `sivuvirta search --save FILE` saved."""
    asked = read(query)
    with progress("Looking for what is new …", quiet=as_json):
        loaded = load(region, vintage)
        if against is None:
            told = verbs.alerts(asked, loaded, since=since)
        else:
            told = verbs.alerts(asked, verbs.match(loaded), since=since, against=verbs.match(load(against, vintage)))
    if as_json:
        print_json({"region": loaded.name, "vintage": loaded.vintage, "against": against, **told.to_json()})
        return
    _print(told)


def _print(told: Alerts) -> None:
    console = screen()
    if len(told):
        cells = [[change.event, *hit_cells(change.hit), "; ".join(change.what)] for change in told]
        columns = [("", "left"), *HIT_COLUMNS, ("What", "left")]
        used = [place for place, _ in enumerate(columns) if any(row[place] for row in cells)]
        print_table(console, "", [columns[place] for place in used], [[row[place] for place in used] for row in cells])
    for note in told.notes:
        console.print(note, markup=False, soft_wrap=True, style="yellow")
    console.print(f"{count(len(told), 'change')}." if len(told) else _NOTHING, markup=False, soft_wrap=True, style="dim")
