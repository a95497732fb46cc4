"""`sivuvirta serve`: the platform."""

from __future__ import annotations

import os

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import screen
from sivuvirta.cli.platform.door import platform
from sivuvirta.errors import OptionError

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST = 4  # processes, where nobody says how many


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address on which to listen; 0.0.0.0 is all of them."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="N", help="Port; 0 takes a free one.")
@click.option("--demo", metavar="REGION", help="Put REGION in, if it is not there, with invented people, and print how they log in.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that answer; without it one a core, four at most, and one with --demo.",
)
def serve(host: str, port: int, demo: str | None, processes: int | None) -> None:
    """Serve the platform: the register of a region in a browser.

    The database is a file in `build/platform`, or what DATABASE_URL says; SIVUVIRTA_HOME, SECRET_KEY, ALLOWED_HOSTS and SIVUVIRTA_SECURE
    are read from the environment. Studies are worked out by `sivuvirta worker`, beside it; with --demo a worker runs along. Stop it with
    Ctrl-C.
    """
    if demo is not None and host not in _LOCAL:
        raise OptionError(f"--demo makes people whose passwords are printed, so it serves this computer alone: leave --host {host} away.")
    console = screen()
    count = processes or (1 if demo is not None else _usual())
    if count > 1 and not hasattr(os, "fork"):
        raise OptionError("This system lets one process answer: leave --processes away.")
    door = platform(several=count > 1)
    if demo is not None:
        for login in door.demo(verbs.load(demo)):
            console.print(f"  {login.role:<14} {login.email:<34} {login.password}", markup=False)

    def started(address: str) -> None:
        console.print(f"Sivuvirta answers at {address} Stop it with Ctrl-C.", markup=False)

    door.serve(host, port, started, processes=count, with_worker=demo is not None)


def _usual() -> int:
    """How many processes answer where nobody says: one a core, four at most; one where the system makes no copies of processes."""
    if not hasattr(os, "fork"):
        return 1
    return min(_MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
