"""Seconds and memory for an import into the platform: a file read and compared, written, taken back.

python -m bench.imports                    a Markdown table: 100 000 streams as CSV and as a workbook, into SQLite
python -m bench.imports --rows 10000       fewer rows
python -m bench.imports --json             the figures

`DATABASE_URL` names another database, for example postgres://USER@HOST:PORT/NAME; it is given new tables, so let it be an empty one.
Each file is imported in a process of its own, whose largest memory is told. Time grows with the rows of the file times the columns that
it gives (reading, checking, comparing) and with the rows that change (writing, each with its entry in the log); it does not grow with
the register, but for the search of names, which reads one column of the tables that are named, and of rows that the file does not name.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROWS = 100_000
KINDS = ("csv", "xlsx")
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


def measured(kind: str, place: Path) -> dict[str, Any]:
    """One import, from a file that lies there, in this process."""
    from sivuvirta.web import serving  # noqa: PLC0415 - Django is set up by `serving.ready`

    serving.ready()
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    import sivuvirta as sv  # noqa: PLC0415
    from sivuvirta.web.accounts.models import Role, User  # noqa: PLC0415
    from sivuvirta.web.accounts.viewer import viewer  # noqa: PLC0415
    from sivuvirta.web.imports import sessions  # noqa: PLC0415
    from sivuvirta.web.imports.models import Does, Work  # noqa: PLC0415
    from sivuvirta.web.jobs.running import run  # noqa: PLC0415
    from sivuvirta.web.registry.models import Register, model  # noqa: PLC0415

    serving.load(sv.load("three_sites"), "bench")
    register = Register.objects.get(slug="three_sites")
    user, _new = User.objects.get_or_create(email="bench@example.org", defaults={"role": Role.FACILITATOR})
    before = model("streams").objects.count()
    session = sessions.begin(register, viewer(user), SimpleUploadedFile(f"bench.{kind}", place.read_bytes()))
    told: dict[str, Any] = {"file": kind, "MB": session.size / 1e6}
    for name, does in (("read and compared", None), ("written", Does.ACCEPT), ("taken back", Does.UNDO)):
        work = sessions.start(session, does) if does else session.works.first()
        start = perf_counter(), process_time()
        if session.size > sessions.SMALL and not run(Work, work.pk):
            raise RuntimeError("another worker took the job")
        told |= {name: perf_counter() - start[0], f"{name}, CPU": process_time() - start[1]}
        work.refresh_from_db()
        if work.state != "done":
            raise RuntimeError(f"{work}: {work.state}: {work.error}")
        session.refresh_from_db()
    if model("streams").objects.count() != before:
        raise RuntimeError("the import was not taken back whole")
    return {**told, "rows": session.found["counts"]["add"], "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def all_measured(rows: int) -> list[dict[str, Any]]:
    """Each kind of file in a process of its own, on one new database of the home."""
    with tempfile.TemporaryDirectory(prefix="sivuvirta-bench-") as home:
        found = []
        for kind in KINDS:
            place = Path(home) / f"rows.{kind}"
            place.write_bytes(content(kind, rows))
            command = [sys.executable, "-m", "bench.imports", "--one", kind, str(place)]
            surroundings = {
                **os.environ,
                "SIVUVIRTA_HOME": home,
                "SECRET_KEY": "k" * 60,
                "DJANGO_SETTINGS_MODULE": "sivuvirta.web.config.settings",
            }
            done = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - our own command
            found.append(json.loads(done.stdout.splitlines()[-1]))
        return found


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--one"]:
        print(json.dumps(measured(arguments[1], Path(arguments[2]))))
        return
    rows = int(arguments[arguments.index("--rows") + 1]) if "--rows" in arguments else ROWS
    found = all_measured(rows)
    if "--json" in arguments:
        print(json.dumps(found, indent=1))
        return
    print("| file | MB | rows | read and compared, s (CPU) | written, s (CPU) | taken back, s (CPU) | largest memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for one in found:
        times = " | ".join(f"{one[name]:.1f} ({one[f'{name}, CPU']:.1f})" for name in ("read and compared", "written", "taken back"))
        print(f"| {one['file']} | {one['MB']:.1f} | {one['rows']} | {times} | {one['peak MB']:.0f} |")


if __name__ == "__main__":
    main()
