"""The page on the library says what the library is: its counts are compared, not typed twice."""

from __future__ import annotations

import re
from pathlib import Path

from sivuvirta.library import catalogue, grades, tables

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "library.md").read_text(encoding="utf-8")
COUNT = re.compile(r"^\| (\w+) \| (\d+) \| ", re.MULTILINE)
GRADES = re.compile(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_the_page_counts_the_rows_of_every_table():
    contents = PAGE.split("## How far to trust it")[0]
    counts = {name: len(table) for name, table in [*tables().items(), *catalogue().items()]}
    assert {name: int(count) for name, count in COUNT.findall(contents)} == counts


def test_the_page_counts_the_grades_of_every_table():
    stated = {name: tuple(map(int, counts)) for name, *counts in GRADES.findall(PAGE)}
    assert stated == {name: (count["B"], count["C"], count["D"]) for name, count in grades().items()}


def test_the_page_names_every_use_class_and_technology():
    classes = {row["use_class"] for row in tables()["limits"].rows()}
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert classes - named <= {"eu_fertiliser_micronutrient", "crushed_concrete"}
    assert set(tables()["technologies"]["technology"].tolist()) <= named
