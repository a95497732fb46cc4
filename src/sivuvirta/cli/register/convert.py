"""`sivuvirta convert`: a region in another format."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument
from sivuvirta.cli.common.screen import print_json, progress, screen
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.region import Region
from sivuvirta.errors import SivuvirtaError


@click.command()
@region_argument
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a workbook or a saved region that is there.")
@json_option
def convert(region: str, path: Path, force: bool, as_json: bool) -> None:
    """Save REGION at PATH: .xlsx is a workbook, .parquet a Parquet folder, a bare path a data package folder."""
    if not force:
        _refuse(path)
    with progress(f"Writing {path} …", quiet=as_json):
        _save(verbs.load(region), path)
    if as_json:
        print_json({"written": str(path)})
        return
    screen().print(f"Wrote {path}.", markup=False, soft_wrap=True)


class TakenError(SivuvirtaError):
    """There is something already where a file or folder should go."""


def _refuse(path: Path) -> None:
    """Nothing, if nothing would be lost by writing there."""
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists():
        raise TakenError(f"'{path}' exists already; nothing was written. Give another name, or add --force to write over it.")


def _save(region: Region, path: Path) -> None:
    """A workbook is moved to its place when it is whole; a folder is written in place, where others may have files."""
    if path.suffix.lower() != ".xlsx":
        region.save(path)
    elif path.is_dir():
        raise TakenError(f"'{path}' is a folder, and a workbook is a file. Give another name.")
    else:
        with whole_file(path) as place:
            region.save(place)
