"""Seconds and memory for an import into the platform: a file read and compared, written, taken back, on SQLite and on PostgreSQL.

python -m bench.imports                                         the part of the page: 100 000 streams as CSV and as a workbook
python -m bench.imports --out docs/reference/benchmarks.md      put the part into the page
python -m bench.imports --rows 10000                            fewer rows
python -m bench.imports --json                                  the figures

PostgreSQL is a server of the bench's own, started as the tests start theirs. Each file is imported in a process of its own, whose largest
memory is told. Time grows with the rows of the file times the columns that it gives (reading, checking, comparing) and with the rows that
change (writing, each with its entry in the log); it does not grow with the register, but for the search of names, which reads one column
of the tables that are named, and of rows that the file does not name.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import psutil

from bench.pages import replaced

HEAD = "## Imports into the platform"
ROWS = 100_000
KINDS = ("csv", "xlsx")
BASES = ("SQLite", "PostgreSQL")
SECONDS, MEMORY = 60.0, 500.0
"""Targets: of the processor for reading, comparing and writing together, and MB of the worker, for the full number of rows."""

STEPS = ("read and compared", "written", "taken back")
Figures = dict[str, Any]
_HEADINGS = ("Sivuvirta", "Tunnus", "Tehdas", "Materiaali", "Kosteus, %", "Raekoko, mm", "Vaarallinen", "Huomautus", "Luokka", "Lähde")


def cells(rows: int) -> list[list[Any]]:
    """A sheet of streams under Finnish headings, with decimal commas."""
    made = [
        [
            f"Jae {number}",
            f"bench_{number}",
            "works",
            "slag.ferrochrome.air_cooled",
            f"{number % 60},5",
            number % 90 + 1,
            "ei",
            f"erä {number}",
        ]
        for number in range(rows)
    ]
    return [list(_HEADINGS), *([*row, "B", "invented"] for row in made)]


def content(kind: str, rows: int) -> bytes:
    """The file."""
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(cells(rows))
        return text.getvalue().encode()
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sivuvirrat")
    for row in cells(rows):
        sheet.append(row)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def measured(kind: str, place: Path) -> Figures:
    """One import, from a file that lies there, in this process."""
    from sivuvirta.web import serving  # noqa: PLC0415 - Django is set up by `serving.ready`

    serving.ready()
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    import sivuvirta as sv  # noqa: PLC0415
    from sivuvirta.web.accounts.models import Role, User  # noqa: PLC0415
    from sivuvirta.web.accounts.viewer import viewer  # noqa: PLC0415
    from sivuvirta.web.imports import sessions  # noqa: PLC0415
    from sivuvirta.web.imports.models import Does, Work  # noqa: PLC0415
    from sivuvirta.web.imports.working import Working  # noqa: PLC0415
    from sivuvirta.web.jobs.running import run  # noqa: PLC0415
    from sivuvirta.web.registry.models import Register, model  # noqa: PLC0415

    serving.load(sv.load("three_sites"), "bench")
    register = Register.objects.get(slug="three_sites")
    user, _new = User.objects.get_or_create(email="bench@example.org", defaults={"role": Role.FACILITATOR})
    before = model("streams").objects.count()
    session = sessions.begin(register, viewer(user), SimpleUploadedFile(f"bench.{kind}", place.read_bytes()))
    told: Figures = {"file": kind, "MB": session.size / 1e6}
    work_of = _processor()
    for name, does in zip(STEPS, (None, Does.ACCEPT, Does.UNDO), strict=True):
        work = sessions.start(session, does) if does else session.works.first()
        start = perf_counter(), work_of()
        if session.size > sessions.SMALL:
            with _open(Working, work_of) as spent:
                if not run(Work, work.pk):
                    raise RuntimeError("another worker took the job")
            told[f"{name}, transaction"] = spent[0]
        told |= {name: perf_counter() - start[0], f"{name}, CPU": work_of() - start[1]}
        work.refresh_from_db()
        if work.state != "done":
            raise RuntimeError(f"{work}: {work.state}: {work.error}")
        session.refresh_from_db()
    if model("streams").objects.count() != before:
        raise RuntimeError("the import was not taken back whole")
    return {**told, "rows": session.found["counts"]["add"], "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _processor() -> Callable[[], float]:
    """What tells the processor's seconds of this process, with those of the database's process that serves it."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
    return lambda: process_time() + sum(server.cpu_times()[:2])


@contextmanager
def _open(doer: Any, work_of: Callable[[], float]) -> Iterator[list[float]]:
    """Seconds of the processor within the transaction that ends a job."""
    keep, spent = doer.keep, [0.0]

    def timed(self: Any) -> Any:
        start = work_of()
        try:
            return keep(self)
        finally:
            spent[0] = work_of() - start

    doer.keep = timed
    try:
        yield spent
    finally:
        doer.keep = keep


def all_measured(rows: int) -> list[Figures]:
    """Each kind of file on each database, each in a process of its own and a new home."""
    from tests.web.databases import database, postgresql, surroundings  # noqa: PLC0415 - it is of the tests' requirements

    found: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="sivuvirta-bench-") as folder, postgresql() as server:
        for kind in KINDS:
            place = Path(folder) / f"rows.{kind}"
            place.write_bytes(content(kind, rows))
            for base in BASES:
                home = Path(folder) / f"{kind}-{base}"
                home.mkdir()
                url = database(server, f"bench_{kind}") if base == "PostgreSQL" else ""
                command = [sys.executable, "-m", "bench.imports", "--one", kind, str(place)]
                env = {**surroundings(url, home), "SECRET_KEY": "k" * 60}
                sys.stderr.write(f"{kind} into {base} ...\n")
                done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - our own command
                found.append({"database": base, **json.loads(done.stdout.splitlines()[-1])})
                sys.stderr.write(f"{_told(found[-1])}\n")
    return found


def section(found: list[Figures], load: tuple[float, float] | None = None) -> str:
    """The part of the page, with what was met and what was missed, and the machine's load before and after."""
    beside = f" Load of the machine ({os.cpu_count()} cores): {load[0]:.1f} at the start, {load[1]:.1f} at the end." if load else ""
    heads = ["database", "file", "MB", "rows", *(f"{name}, s" for name in STEPS), "open while written, s", "memory, MB"]
    rows = [_row(one) for one in found]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])
    notes = "\n".join(f"- {_told(one)}" for one in found)
    return f"""{HEAD}

Written by `python -m bench.imports --out docs/reference/benchmarks.md`. A sheet of new streams under Finnish headings, ten columns with
decimal commas, sent by a facilitator: read and compared, accepted and written, taken back as a whole, each row with its entry in the log.
Seconds of the processor, that of PostgreSQL's process counted in, and in brackets of the wall.{beside} Where other
work ran beside, compare processor seconds. **Open while written**: processor seconds of the transaction, in which alone nobody else writes
to SQLite. **Memory**: the most that the worker's process held in all three steps.

{table}

Target for {ROWS:,} rows: less than {SECONDS:.0f} s read, compared and written, and {MEMORY:.0f} MB.

{notes}
"""


def _row(one: Figures) -> list[str]:
    times = [f"{one[f'{name}, CPU']:.1f} ({one[name]:.1f})" for name in STEPS]
    last = [f"{one['written, transaction']:.1f}", f"{one['peak MB']:.0f}"]
    return [one["database"], one["file"], f"{one['MB']:.1f}", f"{one['rows']:,}", *times, *last]


def _told(one: Figures) -> str:
    whole = sum(one[f"{name}, CPU"] for name in STEPS[:2])
    met = "met" if whole < SECONDS and one["peak MB"] < MEMORY else "missed"
    told = met if one["rows"] >= ROWS else "not judged: fewer rows"
    return f"{one['file']} into {one['database']}: {whole:.1f} s, {one['peak MB']:.0f} MB ({told})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=2, metavar=("KIND", "FILE"), help="one import on the database of the environment, as JSON")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="put the part into this page")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one[0], Path(asked.one[1]))))
        return
    before = os.getloadavg()[0]
    found = all_measured(asked.rows)
    text = section(found, (before, os.getloadavg()[0]))
    print(json.dumps(found, indent=1) if asked.json else text)
    if asked.out:
        asked.out.write_text(replaced(asked.out.read_text(encoding="utf-8"), text), encoding="utf-8")


if __name__ == "__main__":
    main()
