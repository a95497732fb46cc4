"""`sivuvirta regions`: what is bundled."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.options import json_option
from sivuvirta.cli.screen import print_json, screen, table
from sivuvirta.regions import names


@click.command()
@json_option
def regions(as_json: bool) -> None:
    """List the bundled regions with their vintages and sizes."""
    rows = []
    for name in names():
        region = verbs.load(name)
        sizes = {part: len(region.tables[part]) if part in region.tables else 0 for part in ("sites", "streams", "needs", "plants")}
        rows.append({"region": name, "title": region.title or name, "vintages": list(region.vintages), "default": region.vintage, **sizes})
    if as_json:
        print_json(rows)
        return
    columns = [
        ("Region", "left"),
        ("Title", "left"),
        ("Vintages", "left"),
        *((part, "right") for part in ("Sites", "Streams", "Needs", "Plants")),
    ]
    cells = [
        [
            row["region"],
            row["title"],
            ", ".join(f"{name}*" if name == row["default"] else name for name in row["vintages"]),
            *(str(row[part]) for part in ("sites", "streams", "needs", "plants")),
        ]
        for row in rows
    ]
    console = screen()
    console.print(table("", columns, cells))
    console.print("* taken when no --vintage is given", style="dim")
