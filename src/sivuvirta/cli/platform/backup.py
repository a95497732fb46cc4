"""`sivuvirta backup`: everything the platform keeps, in one file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sivuvirta.cli.common.screen import screen
from sivuvirta.cli.platform.door import there


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backup(file: Path, as_json: bool) -> None:
    """Write everything the platform keeps into FILE, while people go on working.

    Rows, files of studies and uploads, as they were at one moment; FILE is a zip archive that its owner alone may read. It holds what
    organisations keep private, so keep it as safe as the database. Not in it: SECRET_KEY, which is kept apart, and who is logged in.
    """
    console = screen()
    door = there()
    with console.status("Writing ...") as status:
        kept = door.backup(file, lambda part: status.update(f"Writing {part} ..."))
    if as_json:
        click.echo(json.dumps({"file": str(file), "rows": kept.rows, "files": kept.files, "bytes": kept.size, "lost": list(kept.lost)}))
        return
    console.print(f"{file}: {kept.rows:,} rows of {kept.tables} tables and {kept.files:,} files, {kept.size / 1e6:,.1f} MB.", markup=False)
    if kept.lost:
        console.print(f"Removed while it was written, and not in it: {', '.join(kept.lost)}.", markup=False)
