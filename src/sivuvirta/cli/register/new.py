"""`sivuvirta new`: an empty workbook with guidance."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option
from sivuvirta.cli.common.screen import print_json, screen


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
def new(file: Path, force: bool, as_json: bool) -> None:
    """Write an empty workbook with guidance, units and drop-downs to FILE (.xlsx)."""
    if force:
        file.unlink(missing_ok=True)
    written = verbs.new(file)
    if as_json:
        print_json({"written": str(written)})
        return
    screen().print(
        f"Wrote {written}. Fill the sheets that its first page names, then run: sivuvirta check {written}", markup=False, soft_wrap=True
    )
