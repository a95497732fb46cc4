"""`sivuvirta worker`: the platform's background work."""

from __future__ import annotations

import click

from sivuvirta.cli.common.screen import screen
from sivuvirta.cli.platform.door import platform


@click.command()
@click.option("--until-closed", is_flag=True, hidden=True, help="End when standard input is closed.")
def worker(until_closed: bool) -> None:
    """Work out the studies that people ask for on the platform.

    Reads the same environment as `sivuvirta serve`; several may run beside each other, on one computer or on many with the same database
    and home. Stopped by Ctrl-C it hands back what it does, and another takes that up; so does the next start after it was killed.
    """
    screen().print("Waiting for work. Stop it with Ctrl-C.", markup=False)
    platform().work(until_closed=until_closed)
