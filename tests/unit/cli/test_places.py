"""Where something will be written is tried before anything is worked out; a saved plan has a folder of its own."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.errors import OptionError


def run(*words):
    return CliRunner().invoke(commands, [str(word) for word in words], prog_name="sivuvirta")


@pytest.mark.parametrize(
    ("command", "option", "name"),
    [
        ("plan", "--out", "out"),
        ("plan", "--save", "kept"),
        ("plan", "--export", "plan.mps"),
        ("pathway", "--out", "out"),
        ("compare", "--out", "out"),
        ("shock", "--out", "out"),
        ("pareto", "--out", "out"),
        ("futures", "--resume", "run"),
        ("report", "--out", "report.html"),
        ("unknowns", "--order", "order.csv"),
    ],
)
def test_a_place_below_a_file_is_refused_before_the_work(tmp_path, command, option, name):
    (tmp_path / "afile").write_text("mine")
    done = run(command, "no_such_region", option, tmp_path / "afile" / "deep" / name)
    assert done.exit_code == 2
    assert "is a file, not a folder" in " ".join(done.stderr.split())
    assert (tmp_path / "afile").read_text() == "mine"


def test_a_place_that_takes_no_files_is_refused_as_json():
    done = run("plan", "three_sites", "--save", "/proc/sivuvirta/plan", "--json")
    assert done.exit_code == 2
    assert "Nothing can be written to '/proc/sivuvirta/plan'" in json.loads(done.stdout)["error"]["message"]


def test_trying_leaves_nothing_behind(tmp_path):
    done = run("plan", "no_such_region", "--out", tmp_path / "a" / "b")
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_missing_parents_are_made(tmp_path):
    program, kept, out = tmp_path / "none" / "x.mps", tmp_path / "deep" / "kept", tmp_path / "other" / "out"
    assert run("plan", "three_sites", "--export", program, "--save", kept, "--out", out).exit_code == 0
    assert program.stat().st_size > 0
    assert (kept / "plan.json").is_file()
    assert (out / "report.html").is_file()


def test_a_program_has_an_ending_before_anything_is_solved(tmp_path):
    done = run("plan", "three_sites", "--export", tmp_path / "plan.txt")
    assert done.exit_code == 2
    assert "must end in one of: .mps, .lp, .tex" in " ".join(done.stderr.split())


def test_a_plan_is_never_saved_among_other_files(tmp_path):
    (tmp_path / "report.html").write_text("of an earlier run")
    done = run("plan", "three_sites", "--save", tmp_path)
    assert done.exit_code == 2
    assert "holds files of something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    both = run("plan", "three_sites", "--save", tmp_path / "x", "--out", tmp_path / "x")
    assert both.exit_code == 2
    assert "folders of their own" in both.stderr
    with pytest.raises(OptionError, match="something else"):
        sv.save(sv.plan("three_sites"), tmp_path)


def test_a_saved_plan_is_saved_anew(tmp_path):
    plan = sv.plan("three_sites")
    sv.save(plan, tmp_path / "kept")
    sv.save(plan, tmp_path / "kept")
    assert sv.reopen(tmp_path / "kept").totals().equals(plan.totals())
