"""`sivuvirta restore`: a backup of the platform, read."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta.cli.common.screen import screen
from sivuvirta.cli.platform.door import there


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--other-key", is_flag=True, help="SECRET_KEY is another than the backup's: leave second factors out; people set them up anew."
)
@click.option("--new", is_flag=True, help="Make a new database where there is none.")
def restore(file: Path, other_key: bool, new: bool) -> None:
    """Read the backup FILE into an empty platform: the database of DATABASE_URL and the folder of SIVUVIRTA_HOME.

    It may have been made on SQLite or PostgreSQL, whichever is here. Every part is compared with its checksum first; then all of it is
    read, or nothing. Where there is no database of a platform yet, it makes one with --new alone.
    """
    console = screen()
    door = there(new=new)
    with console.status("Reading ...") as status:
        kept = door.restore(file, lambda part: status.update(f"Reading {part} ..."), other_key=other_key)
    console.print(f"Restored what was at {kept.made}: {kept.rows:,} rows of {kept.tables} tables and {kept.files:,} files.", markup=False)
