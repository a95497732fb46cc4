"""What is written appears whole or not at all, and never over what others wrote."""

from __future__ import annotations

import signal

import pytest
from click.testing import CliRunner

from sivuvirta.cli import commands as module
from sivuvirta.cli.commands import commands
from sivuvirta.cli.common.writing import whole_file, whole_folder


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def _folder(path, texts):
    with whole_folder(path, last="last.txt") as place:
        for name, text in texts.items():
            (place / name).write_text(text)


def _fail_after(place):
    place.write_text("half")
    raise RuntimeError


def _content(path):
    return {file.name: file.read_text() for file in path.iterdir() if not file.name.startswith(".")}


@pytest.mark.parametrize("name", ["copy.xlsx", "copy.parquet", "copy"])
def test_convert_never_writes_over_anything_unasked(tmp_path, name):
    target = tmp_path / name
    assert run("convert", "three_sites", target).exit_code == 0
    file = target if target.is_file() else next(target.glob("streams.*"))
    file.write_bytes(b"filled in by hand")
    result = run("convert", "three_sites", target)
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert file.read_bytes() == b"filled in by hand"
    assert run("convert", "three_sites", target, "--force").exit_code == 0
    assert run("check", target).exit_code == 0


def test_convert_fills_an_empty_folder_and_makes_no_workbook_of_one(tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("convert", "three_sites", tmp_path / "empty").exit_code == 0
    (tmp_path / "folder.xlsx" / "inner").mkdir(parents=True)
    result = run("convert", "three_sites", tmp_path / "folder.xlsx", "--force")
    assert result.exit_code == 1
    assert "is a folder" in result.stderr


def test_a_folder_that_failed_leaves_what_was_there(tmp_path):
    target = tmp_path / "out"
    _folder(target, {"a.txt": "old", "last.txt": "old"})
    with pytest.raises(RuntimeError), whole_folder(target, last="last.txt") as place:
        _fail_after(place / "a.txt")
    assert _content(target) == {"a.txt": "old", "last.txt": "old"}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_stale_files_of_an_earlier_run_go_and_those_of_others_stay(tmp_path):
    target = tmp_path / "out"
    _folder(target, {"a.txt": "old", "gone.txt": "old", "last.txt": "old"})
    (target / "mine.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("mine")
    with (target / ".sivuvirta").open("a") as names:
        names.write("../outside.txt\n")
    _folder(target, {"a.txt": "new", "last.txt": "new"})
    assert _content(target) == {"a.txt": "new", "last.txt": "new", "mine.txt": "mine"}
    assert (tmp_path / "outside.txt").exists()


def test_a_stop_while_files_are_moved_waits_until_all_are(tmp_path, monkeypatch):
    class Stopping(set):
        def __sub__(self, other):
            signal.raise_signal(signal.SIGINT)
            return set()

    monkeypatch.setattr("sivuvirta.cli.common.writing._written_before", lambda _: Stopping())
    with pytest.raises(KeyboardInterrupt):
        _folder(tmp_path / "out", {"a.txt": "new", "last.txt": "new"})
    assert _content(tmp_path / "out") == {"a.txt": "new", "last.txt": "new"}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_file_that_failed_leaves_what_was_there(tmp_path):
    target = tmp_path / "deep" / "report.html"
    with whole_file(target) as place:
        place.write_text("old")
    with pytest.raises(RuntimeError), whole_file(target) as place:
        _fail_after(place)
    assert _content(target.parent) == {"report.html": "old"}


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_run_that_is_stopped_writes_nothing(tmp_path, monkeypatch, command):
    def stopped(*_):
        signal.raise_signal(signal.SIGINT)

    target = tmp_path / "out"
    assert run(command, "three_sites", "--out", target).exit_code == 0
    (target / "ledger.csv").write_text("of the first run")
    monkeypatch.setattr("sivuvirta.cli.design.plan.write", stopped)
    assert run(command, "three_sites", "--out", target).exit_code == module.STOPPED
    assert (target / "ledger.csv").read_text() == "of the first run"
    assert (target / "report.html").exists()
    assert run(command, "three_sites", "--out", tmp_path / "new").exit_code == module.STOPPED
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
