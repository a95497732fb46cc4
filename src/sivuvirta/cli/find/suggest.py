"""`sivuvirta suggest`: from a few words to what a stream is and who may take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.domain.table import Table
from sivuvirta.report.words import figure

_TABLES = ("materials", "contents", "technologies", "uses", "receivers", "divisions", "organisations", "exchanges")
_SHORT = 5  # rows of the tables beside the receivers


@click.command()
@click.argument("text")
@click.option("--low", metavar="CODE", help="Its code of the List of Waste, for example '10 02 01'.")
@click.option("--donor", "donor_nace", metavar="NACE", help="Industry that gives it off, for example 24.10.")
@click.option("--country", metavar="XX", help="Country of the donor, two letters.")
@click.option("--precedents", type=click.Path(path_type=Path), metavar="FILE", help="CSV of known exchanges: text, receiver_nace and more.")
@click.option("--region", metavar="REGION", help="Region whose organisations are looked through for receivers.")
@click.option("--revision", type=click.Choice(["2.1", "2"]), help="Of NACE; without it that of the precedents, else 2.1.")
@click.option("--limit", "k", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Receivers shown at most.")
@click.option("--why", "with_why", is_flag=True, help="Say why each is suggested.")
@json_option
def suggest(text: str, with_why: bool, as_json: bool, **options: Any) -> None:
    """Suggest what the stream TEXT is, what it may become and who may take it.

    TEXT is Finnish, Swedish, Spanish or English in your own words, for example "masuunin pölyä" or "slagg från ljusbågsugn".
    """
    with progress("Thinking of who takes such a stream …", quiet=as_json):
        found = verbs.suggest(text, **options)
    if as_json:
        rows = {name: frame_rows(getattr(found, name).to_frame()) for name in _TABLES}
        print_json({"text": found.text, "revision": found.revision, "note": found.note, **rows})
        return
    _print(screen(), found, with_why)


def _print(console: Console, found: Suggestion, with_why: bool) -> None:
    if found.note:
        console.print(found.note, markup=False, style="yellow")
    _list(console, "It may be", found.materials, ("name", "material"), with_why)
    _list(console, "It may become", found.uses, ("text", "stream"), with_why)
    _list(console, "Processes", found.technologies, ("name",), with_why)
    columns = [(f"NACE {found.revision}", "left"), ("Industry", "left"), ("Score", "right"), *([("Why", "left")] if with_why else [])]
    rows = [[row["nace4"], row["name"], _score(row["score"]), *([row["reason"]] if with_why else [])] for row in found.receivers.rows()]
    if rows:
        print_table(console, "Industries that may take it", columns, rows)
    _list(console, "In the region", found.organisations, ("name", "need"), with_why)
    _list(console, "Like exchanges", found.exchanges, ("text", "use", "status"), with_why)
    if not with_why and rows:
        console.print("Why: add --why. This suggests; the law, analyses and a person decide.", markup=False, style="dim")


def _list(console: Console, title: str, table: Table, columns: tuple[str, ...], with_why: bool) -> None:
    if not len(table):
        return
    console.print(title, markup=False, style="bold")
    for row in list(table.rows())[:_SHORT]:
        words = ", ".join(str(row[name]) for name in columns if row[name])
        why = f": {row['reason']}" if with_why else ""
        console.print(f"  {words} ({_score(row['score'])}){why}", markup=False, soft_wrap=True)
    console.print()


def _score(value: float) -> str:
    return figure(value, "").text.strip() if value >= 1 else f"{value:.3f}".rstrip("0").rstrip(".")
