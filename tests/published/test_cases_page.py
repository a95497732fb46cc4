"""The page of published cases says what is computed today; figures of another solver's build may differ by what is not printed."""

from pathlib import Path

import pytest
from tests.published.cases_page import page

from sivuvirta import cases

FILE = Path(__file__).parents[2] / "docs" / "reference" / "cases.md"
AGAIN = "write it anew: python -m tests.published.cases_page > docs/reference/cases.md"
PRINTED, COMPUTED = 3, 4  # columns between bars


def cells(line):
    return [cell.strip() for cell in line.split("|")]


def solved(line):
    """Whether a line is the row of a case with a figure."""
    return line.startswith("| `") and cells(line)[1].strip("`") in (*cases.names(), *cases.poolings())


def test_the_page_is_what_the_cases_compute():
    there, now = FILE.read_text(encoding="utf-8").splitlines(), page().splitlines()
    assert len(there) == len(now), AGAIN
    for old, new in zip(there, now, strict=True):
        if not solved(new):
            assert old == new, AGAIN
            continue
        was, made = cells(old), cells(new)
        assert was[:COMPUTED] + was[COMPUTED + 1 :] == made[:COMPUTED] + made[COMPUTED + 1 :], AGAIN
        assert float(was[COMPUTED]) == pytest.approx(float(made[COMPUTED]), rel=1e-7)


def test_every_case_is_on_the_page_with_the_figure_printed():
    rows = {cells(line)[1].strip("`"): cells(line) for line in FILE.read_text(encoding="utf-8").splitlines() if solved(line)}
    answers = {name: cases.answer(name) for name in cases.names()} | {name: cases.pooling(name)[1] for name in cases.poolings()}
    assert set(rows) == set(answers)
    for name, answer in answers.items():
        assert float(rows[name][PRINTED]) == answer["value"], name
        assert float(rows[name][COMPUTED]) == pytest.approx(answer["value"], abs=1.01 * answer["tolerance"]), name
