"""Pictures of every page of the platform, light and dark, wide and narrow, to be looked at.

    python scripts/screens.py FOLDER [REGION]

A platform of its own is started on a demonstration region; the administrator of the demonstration follows every link, one page of each
view (of lists and rows, one of each table that is worth it), and takes its picture. Told at the end: pages that are wider than their
window, what the browser complained of, and views that no link leads to. Needs Chromium.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
from playwright.sync_api import Browser, Page, sync_playwright

SIZES = ((1280, 900), (390, 844))
THEMES = ("light", "dark")
TABLES = ("streams", "organisations", "analyses", "quantities", "sources")
"""Tables of which lists, rows and forms are taken; the others look the same."""
PATIENCE = 120  # seconds for the first study
SKIPPED = {"account_logout", "export", "import_template", "paper", "take"}
"""Addresses that answer a file, or end the visit."""


VISITED = {
    "visitor-home": "",
    "visitor-login": "-/account/login/",
    "visitor-reset": "-/account/password/reset/",
    "visitor-nothing": "nothing/here/",
}
"""Pages of somebody who is not logged in."""
MESSY = """Nimi;Sijainti;Materiaali;Kosteus (%)
Pohjatuhka;outokumpu_chrome;ash.bottom;noin 5
Kuitusavi;outokumpu_chrome;kuitusaviliete;55,5
"""
"""A sheet as it comes: in Finnish, with decimal commas, with one word for a number and one unknown material."""


@contextmanager
def served(region: str) -> Iterator[tuple[str, str, str]]:
    """A platform with its demonstration: its address, and e-mail and password of the administrator."""
    with TemporaryDirectory(prefix="sivuvirta-screens-") as home:
        env = {**os.environ, "SIVUVIRTA_HOME": home, "DATABASE_URL": "", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
        words = [sys.executable, "-m", "sivuvirta", "serve", "--port", "0", "--demo", region]
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 - our own command
            told = ""
            while (at := re.search(r"answers at\s+(http://\S+/)", told)) is None:
                line = process.stdout.readline() if process.stdout else ""
                if not line:
                    sys.exit(told)
                told += line
            login = re.search(r"^\s*administrator\s+(\S+)\s+(\S+)", told, re.MULTILINE)
            try:
                yield at.group(1), *(login.groups() if login else ("", ""))
            finally:
                process.terminate()


def kind(path: str) -> str:
    """The view behind an address, with its table; empty where there is nothing to take."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - after Django is set up

    try:
        found = resolve(path)
    except Resolver404:
        return ""
    table = found.kwargs.get("name", "")
    if found.url_name in SKIPPED or (table and table not in TABLES):
        return ""
    return f"{found.url_name}-{table}" if table else str(found.url_name)


def log_in(page: Page, at: str, email: str, password: str) -> None:
    """By the form."""
    page.goto(f"{at}-/in")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("^(?!.*login)"))


def done(page: Page, at: str) -> list[str]:
    """A stream is listed in three fields and a sheet with bad cells is sent: the pages after both."""
    page.goto(f"{at}-/list/streams")
    page.fill("#what", "ferrochrome slag")
    page.get_by_role("radio").first.wait_for()
    page.fill("#amount", "1500")
    page.select_option("#site", index=1)
    page.get_by_role("button", name="List it").click()
    page.wait_for_url(re.compile("/-/listed/"))
    listed = page.url
    page.goto(f"{at}-/imports/")
    page.set_input_files("#file", {"name": "side-streams.csv", "mimeType": "text/csv", "buffer": MESSY.encode()})
    page.get_by_role("button", name="Look at it").click()
    page.locator("section.cell").first.wait_for()
    return [listed, page.url]


def pages(page: Page, at: str, begun: list[str]) -> dict[str, str]:
    """The address of one page of each view, as links lead to them; those that were begun are pages of their own."""
    found: dict[str, str] = {}
    waiting = deque([at])
    for url in begun:
        parts = urlsplit(url)
        found[kind(parts.path)] = f"{parts.path}?{parts.query}".lstrip("/").rstrip("?")
    while waiting:
        answer = page.goto(waiting.popleft())
        if answer is None or not answer.ok:
            continue
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(href)
            name = kind(parts.path) if f"{parts.scheme}://{parts.netloc}/" == at else ""
            if name and name not in found and "format=" not in parts.query:
                found[name] = f"{parts.path}?{parts.query}".lstrip("/").rstrip("?")
                waiting.append(href)
    return found


def taken(browser: Browser, at: str, found: dict[str, str], state: dict[str, object] | None, folder: Path) -> list[str]:
    """A picture of every page in every size and theme; what is wrong with them."""
    faults: list[str] = []
    for (width, height), theme in product(SIZES, THEMES):
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=theme, storage_state=state, reduced_motion="reduce")
        page = context.new_page()
        page.on("console", lambda told, where=f"{width} {theme}": faults.append(f"{where}: {told.text}") if told.type == "error" else None)
        for name, path in sorted(found.items()):
            page.goto(at + path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{name} at {width}: {wide} wide")
        context.close()
    return sorted(set(faults))


def main(folder: Path, region: str) -> None:
    """Take them all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sivuvirta.web.config.settings")
    chromium = next((path for path in map(which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
    if chromium is None:
        sys.exit("This needs Chromium: install it by your system's packages.")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home, served(region) as (at, email, password), sync_playwright() as playwright:
        os.environ["SIVUVIRTA_HOME"] = home
        django.setup()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(120_000)
        log_in(page, at, email, password)
        page.goto(f"{at}{region}/")
        for _ in range(PATIENCE // 2):
            if page.locator("#sankey svg, .sankey svg, svg[role=img]").count():
                break
            page.wait_for_timeout(2000)
            page.reload()
        found = pages(page, at, done(page, f"{at}{region}/"))
        for fault in (*taken(browser, at, found, context.storage_state(), folder), *taken(browser, at, VISITED, None, folder)):
            sys.stdout.write(f"{fault}\n")
        browser.close()
    sys.stdout.write(f"{len(found)} pages: {', '.join(sorted(found))}\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "kemi_tornio")
