"""What runs beside the server: begun again when it dies, and gone when the server ends."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from sivuvirta.web.processes import beside

TELLS = "import os, sys; print(os.getpid(), file=open(sys.argv[1], 'w'), flush=True); sys.stdin.read()"
"""Says its number, and stays until its standard input closes."""


@pytest.fixture
def told(tmp_path):
    path = tmp_path / "told"
    os.mkfifo(path)
    return path


def test_who_dies_is_begun_again_and_ends_with_the_server(told):
    with beside([sys.executable, "-c", TELLS, str(told)], rest=0.0):
        first = int(told.read_text())  # waits until it has begun
        os.kill(first, signal.SIGKILL)
        second = int(told.read_text())
    assert first != second
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
