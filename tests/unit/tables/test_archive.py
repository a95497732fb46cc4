"""Workbooks that mean harm are refused before they are opened."""

from __future__ import annotations

import zipfile

import pytest
from openpyxl import Workbook

from sivuvirta.errors import ReadError
from sivuvirta.ledger.reconcile.stan import read_stan
from sivuvirta.tables.descriptor import descriptor
from sivuvirta.tables.workbook import raw_workbook

OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


def changed(path, name: str, content: bytes):
    """A workbook with one part put in place of its own."""
    Workbook().save(path.with_name("plain.xlsx"))
    with zipfile.ZipFile(path.with_name("plain.xlsx")) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            if part.filename != name:
                made.writestr(part.filename, source.read(part))
        made.writestr(name, content)
    return path


@pytest.mark.parametrize("read", [raw_workbook, read_stan])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 5_000_000 + b"</worksheet>", "far more than it is"),
        ("xl/worksheets/sheet1.xml", OUTSIDE, "a type of its own"),
        ("xl/other.bin", OUTSIDE, "a type of its own"),
        ("xl/other.bin", OUTSIDE.decode().encode("utf-16"), "a type of its own"),
    ],
)
def test_a_bomb_and_a_document_type_are_refused(tmp_path, read, name, content, says):
    with pytest.raises(ReadError, match=says):
        read(changed(tmp_path / "book.xlsx", name, content))


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/passwd", "https://evil.example/x.csv", "file:///etc/passwd", "a\\..\\x.csv", "a/../../x"]
)
def test_a_package_names_no_file_outside_of_itself_and_no_address(tmp_path, path):
    name = path.replace("\\", "\\\\")
    (tmp_path / "datapackage.json").write_text(f'{{"name": "x", "resources": [{{"name": "streams", "path": "{name}"}}]}}', encoding="utf-8")
    found = descriptor(tmp_path)
    assert found.files == {}
    assert ["leaves the package" in each.message for each in found.problems] == [True]
