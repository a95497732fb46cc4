"""Bad registers, each with the whole text of its error. The cases stand in malformed.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import registers

from sivuvirta import tables
from sivuvirta.errors import CheckError

CASES = tomllib.loads(Path(__file__).with_name("malformed.toml").read_text(encoding="utf-8"))["case"]


def _folder(path, case):
    changes = dict(case.get("file", {}))
    changes |= {table: registers.edited(table, *edits) for table, edits in case.get("edit", {}).items()}
    changes |= {table: registers.added(table, *lines) for table, lines in case.get("add", {}).items()}
    changes |= {table: text.encode("latin-1") for table, text in case.get("latin", {}).items()}
    changes |= dict.fromkeys(case.get("remove", {}))
    return registers.region(path / "mill", **changes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_bad_register_names_every_problem(case, tmp_path, library):
    with pytest.raises(CheckError) as raised:
        tables.load(_folder(tmp_path, case), library)
    assert str(raised.value) == case["error"]


def test_the_healthy_register_has_no_problem(tmp_path, library):
    assert tables.problems(registers.region(tmp_path / "mill"), library) == []


def test_no_case_is_there_twice():
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 40
