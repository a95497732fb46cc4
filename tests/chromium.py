"""The system's Chromium, for tests that need a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]
MISSING = (
    "The browser tests need Chromium and found none. Install it with one of: 'sudo apt-get install chromium' (Debian, Ubuntu), "
    "'sudo dnf install chromium' (Fedora), 'brew install --cask chromium' (macOS)."
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, closed at the end; a test fails where none is installed."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
