"""The platform with many rows and people at once, on SQLite and PostgreSQL: python -m bench.platform --out docs/reference/benchmarks.md

python -m bench.platform                    three registers on each database; 20 people ask for pages of the largest, reading them or not
python -m bench.platform --seconds 10       a shorter time
python -m bench.platform --streams 10000    a smaller largest register

Each database has a home and a server process of its own; both are gone afterwards. `bench.imports` measures imports of as many rows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from bench.matching_page import table
from bench.pages import replaced
from bench.platform_region import organisations, write
from bench.platform_users import KINDS, load, memory, processes, server

HEAD = "## Platform"
PEOPLE = 20
SMALLER = (100, 10_000)  # streams of the registers in which queries are counted beside the largest
WARM = 3.0  # seconds of asking before anything is measured
P95, MOST_MB = 300.0, 500.0  # ms, MB
READING = 2.0  # seconds that people read a page on average before they ask for the next
LOADS = (("at once", 0.0), ("reading", READING))

Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="put the part into this page")
    parser.add_argument("--seconds", type=float, default=45.0, help="how long people ask, on each database, in each of two ways")
    parser.add_argument("--streams", type=int, default=100_000, help="of the largest register")
    parser.add_argument("--fill", nargs="+", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        sys.stdout.write(json.dumps(filled(given.fill)) + "\n")
        return
    before, found = os.getloadavg()[0], {}
    from web.databases import postgresql, surroundings  # noqa: PLC0415 - the tests' own server, which needs their libraries

    with TemporaryDirectory(prefix="sivuvirta-bench-") as folder:
        for name in ("SQLite", "PostgreSQL"):
            (home := Path(folder) / name).mkdir()
            if name == "SQLite":
                found[name] = measured(surroundings("", home), home, given)
            else:
                with postgresql() as url:
                    found[name] = measured(surroundings(url, home), home, given)
    text = section(found, given.streams, (before, os.getloadavg()[0]))
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(replaced(given.out.read_text(encoding="utf-8"), text), encoding="utf-8")


def measured(surroundings: dict[str, str], home: Path, given: argparse.Namespace) -> Figures:
    """One database: filled by a process of its own, then asked."""
    surroundings = {
        **surroundings,
        "SECRET_KEY": "k" * 60,
        "SIVUVIRTA_LIMIT_VISITORS": "0",
        "SIVUVIRTA_LIMIT_PEOPLE": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    }
    sizes = [str(size) for size in (*(size for size in SMALLER if size < given.streams), given.streams)]
    start = perf_counter()
    command = [sys.executable, "-m", "bench.platform", "--fill", *sizes]
    done = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - our own command
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    found["fill"] = perf_counter() - start
    at = (f"r{given.streams}", given.streams)
    with server(surroundings, home / "log") as (port, process):
        load(port, found["sessions"], at, min(WARM, given.seconds))
        found["loads"] = {name: load(port, found["sessions"], at, given.seconds, reading) for name, reading in LOADS}
        found["MB"] = list(map(memory, processes(process)))
    return found


def filled(sizes: list[int]) -> Figures:
    """Fill the database that the surroundings name; queries of each view in each register, and people's sessions."""
    from sivuvirta.web import serving  # noqa: PLC0415 - Django is set up by `serving.ready`

    serving.ready()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from sivuvirta.web.accounts.consent import VERSION  # noqa: PLC0415
    from sivuvirta.web.accounts.models import Membership, Place, User  # noqa: PLC0415
    from sivuvirta.web.registry.models import Organisations  # noqa: PLC0415

    sessions, queries = [], {}
    for size in sizes:
        write(f"r{size}", size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself some minutes later
    own = Organisations.objects.filter(register__slug=f"r{sizes[-1]}").order_by("pk")[:PEOPLE]
    for number, organisation in enumerate(own):
        user = User.objects.create(email=f"bench{number}@example.org", consent_version=VERSION)
        Membership.objects.create(user=user, organisation=organisation, place=Place.MEMBER)
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    for size in sizes:
        for kind, address in _views(f"/r{size}/").items():
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            queries.setdefault(kind, []).append(len(asked))
    return {"sessions": sessions, "queries": queries, "sizes": sizes}


def _views(at: str) -> dict[str, str]:
    streams = f"{at}streams/"
    addresses = (streams, f"{streams}?moisture.min=10", f"{streams}?sort=-moisture", f"{streams}?q=washed", f"{streams}i1/", at)
    return dict(zip(KINDS, addresses, strict=True))


def section(found: dict[str, Figures], streams: int, load: tuple[float, float]) -> str:
    """The part of the page, with what was met and what was missed."""
    reading, pressing = (table(_COLUMNS, [row for name, each in found.items() for row in _rows(name, each, way)]) for way in _WAYS)
    notes = "\n".join(f"- {name}: {line}" for name, figures in found.items() for line in _told(figures))
    return f"""{HEAD}

Written by `python -m bench.platform`: a register of {streams:,} streams and {organisations(streams):,} organisations with a site each, made
by a seed. The platform's server is started as in use, by `sivuvirta serve`: one process a core, four at most. {PEOPLE} members ask it over
connections that stay open. A page of a list has 50 rows. Askers, server and database share the machine: load on {os.cpu_count()} cores was
{load[0]:.1f} at the start and {load[1]:.1f} at the end. Target, for both ways in which they ask: 95 % of the answers of each kind within
{P95:.0f} ms.

**As people use it**: each reads what came, {READING:g} s on average (exponential, by a seed), before they ask for the next page.

{reading}
**All at once**: each asks for the next page as soon as one came. So many who never pause keep every core busy: an answer then takes about
{PEOPLE} times the time that a page costs, over the number of cores.

{pressing}
{notes}
"""


_COLUMNS = ["database", "page", "answers", "median, ms", "95 %, ms", "longest, ms", "target", "queries by size of the register"]
_WAYS = ("reading", "at once")


def _rows(name: str, figures: Figures, way: str) -> list[list[str]]:
    made = []
    for kind in KINDS:
        seconds, asked = figures["loads"][way]["times"][kind], "/".join(map(str, figures["queries"][kind]))
        if not seconds:
            made.append([name, kind, "0", "", "", "", "missed", asked])
            continue
        middle, high, longest = (1000 * float(value) for value in np.quantile(seconds, (0.5, 0.95, 1.0)))
        made.append([name, kind, f"{len(seconds):,}", f"{middle:.0f}", f"{high:.0f}", f"{longest:.0f}", _met(high <= P95), asked])
    return made


def _told(figures: Figures) -> list[str]:
    faults = [fault for each in figures["loads"].values() for fault in each["faults"]]
    rates = {way: sum(map(len, each["times"].values())) / each["s"] for way, each in figures["loads"].items()}
    constant = all(len(set(each)) == 1 for each in figures["queries"].values())
    held = figures["MB"]
    sizes = ", ".join(f"{size:,}" for size in figures["sizes"])
    return [
        f"{rates['reading']:.1f} answers a second with time to read, {rates['at once']:.1f} without",
        f"faults: {len(faults)} ({_met(not faults)})",
        f"{len(held)} processes, the largest with {max(held):.0f} MB; target {MOST_MB:.0f} MB each ({_met(max(held) <= MOST_MB)})",
        f"queries of a page the same at {sizes} streams ({_met(constant)}); filled in {figures['fill']:.0f} s",
    ]


def _met(met: bool) -> str:
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
