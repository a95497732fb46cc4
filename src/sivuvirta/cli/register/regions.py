"""`sivuvirta regions`: what is bundled."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option
from sivuvirta.cli.common.screen import print_json, print_table, screen
from sivuvirta.domain.region import Region
from sivuvirta.regions import names


@click.command()
@json_option
def regions(as_json: bool) -> None:
    """List the bundled regions with their vintages and sizes."""
    found = [verbs.load(name) for name in names()]
    if as_json:
        print_json(
            [{"region": one.name, "title": one.title, "vintages": one.vintages, "default": one.vintage, **_sizes(one)} for one in found]
        )
        return
    columns = [("Region", "left"), ("Title", "left"), ("Vintages", "left"), *((part.capitalize(), "right") for part in _PARTS)]
    cells = [
        [
            one.name,
            one.title or one.name,
            ", ".join(f"{name}*" if name == one.vintage else name for name in one.vintages),
            *(str(size) for size in _sizes(one).values()),
        ]
        for one in found
    ]
    console = screen()
    print_table(console, "Bundled regions", columns, cells)
    console.print("* taken when no --vintage is given", style="dim")


_PARTS = ("sites", "streams", "needs", "plants")


def _sizes(region: Region) -> dict[str, int]:
    return {part: len(region.tables[part]) if part in region.tables else 0 for part in _PARTS}
