"""Workbooks of flows for tests of `sivuvirta reconcile`, and what the command says of them."""

from __future__ import annotations

from click.testing import CliRunner
from openpyxl import Workbook

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def book(path, **sheets):
    """A workbook of sheets, each a list of rows."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


HEAD = ["flow", "from", "to", "mass flow", "±"]


def told(tmp_path, **sheets):
    """Exit code and what is told of a workbook of these sheets."""
    result = run("reconcile", "--stan", book(tmp_path / "told.xlsx", **sheets))
    return result.exit_code, plain(result.output)
