"""A server of the platform as it is started on a machine, and people who ask it for pages, with or without time to read them."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread
from time import perf_counter, sleep
from typing import Any

KINDS = ("list", "filter", "sort", "search", "detail", "region")
SEARCHED = ("slag", "ash", "washed", "yearly stop", "bark", "i4711", "i77")
FILTERS = ("hazardous=no", "legal_status=waste", "moisture.min=40", "hazardous=yes&moisture.max=20", "grade=B")
SORTS = ("moisture", "-moisture", "name", "material")
_LIMIT = 30.0  # seconds that an answer may take


def asked(kind: str, slug: str, streams: int, draw: Random) -> str:
    """An address of a kind of page."""
    table = f"/{slug}/streams/"
    return {
        "list": lambda: f"{table}?page={draw.choice((1, 1, 1, 2, 3, 20, 100))}",
        "filter": lambda: f"{table}?{draw.choice(FILTERS)}",
        "sort": lambda: f"{table}?sort={draw.choice(SORTS)}",
        "search": lambda: f"{table}?q={draw.choice(SEARCHED).replace(' ', '+')}",
        "detail": lambda: f"{table}i{draw.randrange(streams)}/",
        "region": lambda: f"/{slug}/",
    }[kind]()


@contextmanager
def server(surroundings: dict[str, str], log: Path) -> Iterator[tuple[int, int]]:
    """The platform's own server on a free port: the port, and the number of its process."""
    command = [sys.executable, "-u", "-m", "sivuvirta", "serve", "--port", "0"]
    with log.open("w") as into, subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, stderr=into, text=True) as process:  # noqa: S603
        try:
            yield _port(process), process.pid
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        if found := re.search(r"http://[^:/]+:(\d+)", line):
            return int(found[1])
    raise RuntimeError("the server did not start: read its log")


def processes(server: int) -> list[int]:
    """A server's processes that answer: those that it started, else itself."""
    return [int(each) for each in Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()] or [server]


def memory(process: int) -> float:
    """Memory that a process holds, its largest so far, MB; its own children left out, what it shares with others counted in."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else float("nan")


def load(port: int, sessions: list[str], at: tuple[str, int], seconds: float, reading: float = 0.0) -> dict[str, Any]:
    """All people at once: seconds of each answer by kind of page, faults, and how long it took altogether.

    Args:
        port: of the server.
        sessions: of the people, one each.
        at: register asked, and its streams.
        seconds: how long they ask.
        reading: mean seconds between an answer and the next question, drawn from an exponential distribution by a seed; 0 for none.
    """
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    faults: list[str] = []
    began = perf_counter()

    def person(number: int) -> None:
        draw, connection = Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=_LIMIT)  # noqa: S311
        while perf_counter() - began < seconds:
            pause = draw.expovariate(1 / reading) if reading else 0.0
            if perf_counter() - began + pause > seconds:
                return  # not cut short: all people would ask in the same last moment
            sleep(pause)
            kind = draw.choice(KINDS)
            address, start = asked(kind, *at, draw), perf_counter()
            try:
                connection.request("GET", address, headers={"Cookie": f"sessionid={sessions[number]}"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                faults.append(f"{address}: {error!r}")
                connection.close()
                continue
            if answer.status == 200 or (kind == "detail" and answer.status == 404):  # 404: a stream that this person may not see
                times[kind].append(perf_counter() - start)
            else:
                faults.append(f"{address}: {answer.status}")

    people = [Thread(target=person, args=(number,)) for number in range(len(sessions))]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return {"times": times, "faults": faults, "s": perf_counter() - began, "cores": os.cpu_count()}
