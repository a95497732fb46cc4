"""`sivuvirta convert`: a region in another format."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta import verbs
from sivuvirta.cli.options import json_option, region_argument
from sivuvirta.cli.screen import print_json, progress, screen


@click.command()
@region_argument
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def convert(region: str, path: Path, as_json: bool) -> None:
    """Save REGION at PATH: .xlsx is a workbook, .parquet a Parquet folder, a bare path a data package folder."""
    with progress(f"Writing {path} …", quiet=as_json):
        written = verbs.load(region).save(path)
    if as_json:
        print_json({"written": str(written)})
        return
    screen().print(f"Wrote {written}.", markup=False, soft_wrap=True)
