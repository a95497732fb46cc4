"""What is installed is what is pinned, goes together, and is not a version that an advisory of the kept snapshot names."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
OWN = frozenset({"sivuvirta", "pip", "setuptools", "wheel", "pip-audit"})
"""The project itself, and what installs it."""
SETTLED = {
    ("numexpr", "PYSEC-2023-163"): "of a function that evaluates text as code; nothing of the project calls it with text of a person"
}
"""Advisories that no version mends, each with the reason why it does not reach us."""


def pins() -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines if line)}


def advisories() -> list[dict[str, str]]:
    with (Path(__file__).parent / "advisories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def affected(version: str, row: dict[str, str]) -> bool:
    first = Version(row["from"] if row["from"] != "0" else "0.dev0")
    return first <= Version(version) and (not row["fixed"] or Version(version) < Version(row["fixed"]))


def needed() -> set[str]:
    """What the project, with its platform and its test tools, asks for, and what that asks for."""
    found = {canonicalize_name(each.metadata["Name"]): each for each in distributions()}
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.partition("#")[0].partition("[")[0].strip() for line in lines] + ["sivuvirta"]
    seen: set[str] = set()
    while wanted:
        name = canonicalize_name(wanted.pop())
        if not name or name in seen:
            continue
        seen.add(name)
        asked = (found[name].requires or []) if name in found else []
        wanted += [each.split(";")[0].split("[")[0].strip(" ()<>=!~0123456789.,*") for each in asked if "extra ==" not in each]
    return seen & set(found)


def test_everything_that_is_needed_is_pinned_at_the_version_that_is_installed():
    installed = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    wrong = {name: installed[name] for name in needed() - OWN if pins().get(name) != installed[name]}
    assert wrong == {}


def test_what_is_installed_goes_together():
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_pin_is_a_version_that_an_advisory_names():
    known = pins()
    found = {(row["package"], row["advisory"]) for row in advisories() if row["package"] in known and affected(known[row["package"]], row)}
    assert found - set(SETTLED) == set()
    assert found >= set(SETTLED)  # a reason that is needed no more goes


@pytest.mark.parametrize(("version", "bad"), [("4.2.14", True), ("4.2.15", False), ("5.0.7", True), ("5.0.8", False), ("5.2.19", False)])
def test_the_snapshot_is_read_as_it_is_meant(version, bad):
    """PYSEC-2024-70 of Django: 4.2 below 4.2.15 and 5.0 below 5.0.8."""
    rows = [row for row in advisories() if row["advisory"] == "PYSEC-2024-70"]
    assert any(affected(version, row) for row in rows) is bad
