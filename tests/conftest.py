"""Tests find the shared builders beside this file; the continuous integration tries the same examples each time."""

from __future__ import annotations

import os
import shutil
import signal
import sys

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)  # a red run is then red for everybody who repeats it
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background of a shell; tests that press Ctrl-C would wait for ever
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked `first` begins before all others: a suite within the suite would else be what all wait for at the end."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


def pytest_unconfigure() -> None:
    """Removes the platform's home of this run: workers that run side by side leave without the interpreter's own clearing up."""
    if platform := sys.modules.get("tests.web.settings"):
        shutil.rmtree(platform.HOME)
