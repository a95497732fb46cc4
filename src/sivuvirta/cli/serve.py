"""`sivuvirta serve`: the platform."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.platform import platform
from sivuvirta.cli.screen import screen
from sivuvirta.errors import OptionError

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address on which to listen; 0.0.0.0 is all of them."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="N", help="Port; 0 takes a free one.")
@click.option("--demo", metavar="REGION", help="Put REGION in, if it is not there, with invented people, and print how they log in.")
def serve(host: str, port: int, demo: str | None) -> None:
    """Serve the platform: the register of a region in a browser.

    The database is a file in `build/platform`, or what DATABASE_URL says; SIVUVIRTA_HOME, SECRET_KEY, ALLOWED_HOSTS and SIVUVIRTA_SECURE
    are read from the environment. Studies are worked out by `sivuvirta worker`, beside it; with --demo a worker runs along. Stop it with
    Ctrl-C.
    """
    if demo is not None and host not in _LOCAL:
        raise OptionError(f"--demo makes people whose passwords are printed, so it serves this computer alone: leave --host {host} away.")
    console = screen()
    door = platform()
    if demo is not None:
        for login in door.demo(verbs.load(demo)):
            console.print(f"  {login.role:<14} {login.email:<34} {login.password}", markup=False)

    def started(address: str) -> None:
        console.print(f"Sivuvirta answers at {address} Stop it with Ctrl-C.", markup=False)

    door.serve(host, port, started, with_worker=demo is not None)
