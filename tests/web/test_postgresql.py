"""The platform's tests once more, on PostgreSQL: a server of its own, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from web.databases import postgresql

HERE = Path(__file__).parent
OWN = (
    "environment",
    "journeys",
    "backups",
    "serving",
    "deploy",
    "logs",
    "languages",
    "bands",
    "imports_files",
    "imports_guessing",
    "blind_attacker",
    "column_permissions",
    "kept",
)
LEFT_OUT = {Path(__file__).name, *(f"test_{name}.py" for name in OWN)}
"""What does not ask the tests' database, starts databases of both kinds itself, plays long with what one database answers, or counts what
is kept: inside a test's transaction PostgreSQL keeps nothing, as an earlier entry of the log may still come."""

NOT_AGAIN = "not TestProcess and not TestProcesses and not TestKilled"
"""Nor what starts the program on a SQLite of its own."""


@pytest.mark.first
@pytest.mark.long
def test_what_asks_the_database_passes_on_postgresql():
    others = sorted(str(file) for file in HERE.glob("test_*.py") if file.name not in LEFT_OUT)
    with postgresql() as url:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", NOT_AGAIN, *others]
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        surroundings["DATABASE_URL"] = url
        run = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, cwd=HERE.parents[1])
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout
