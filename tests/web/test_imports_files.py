"""Files that mean harm: none of them is opened, and nothing of them stays."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from tests.web.test_imports import HEADINGS, ROWS, workbook

from sivuvirta.web.imports import files
from sivuvirta.web.imports.files import UploadError, keep, kind, unpack
from sivuvirta.web.imports.sheets import read

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'


def archive(*members: tuple[str, bytes | str], mode: int = 0) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            made.writestr(info, content)
    return into.getvalue()


def changed(name: str, content: bytes | str) -> bytes:
    """A workbook with one part put in place of its own."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as source, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            if part.filename != name:
                made.writestr(part.filename, source.read(part))
        made.writestr(name, content)
    return into.getvalue()


def refused(content: bytes, tmp_path) -> str:
    place = tmp_path / "kept" / "file"
    with pytest.raises(UploadError) as told:
        keep(SimpleUploadedFile("x", content), place)
    assert list(place.parent.iterdir()) == []
    return str(told.value)


@pytest.mark.parametrize("entity", [BOMB, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_xml_that_defines_entities_is_refused(tmp_path, entity, part):
    assert "entities" in refused(changed(part, entity), tmp_path)


def test_a_document_type_behind_a_long_comment_is_refused(tmp_path):
    assert "entities" in refused(changed("xl/workbook.xml", f"<!-- {'x' * 100_000} -->{BOMB}"), tmp_path)


def test_a_file_that_unpacks_to_far_more_is_refused(tmp_path):
    assert "far more" in refused(archive(("tables.csv", b"0" * 5_000_000)), tmp_path)


def test_many_files_that_unpack_to_too_much_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 1000)
    assert "unpacks to more than" in refused(archive(*((f"{number}.csv", bytes(range(100))) for number in range(11))), tmp_path)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_PARTS", 10)
    assert "more than 10 files" in refused(archive(*((f"{number}.csv", b"a") for number in range(11))), tmp_path)


@pytest.mark.parametrize("name", ["../streams.csv", "/etc/streams.csv", "a/../../streams.csv", "C:streams.csv", "..\\streams.csv"])
def test_a_path_that_leads_outside_is_refused(tmp_path, name):
    assert "outside" in refused(archive((name, b"stream\n")), tmp_path)


def test_a_link_is_refused(tmp_path):
    assert "outside" in refused(archive(("streams.csv", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777), tmp_path)


def test_two_files_of_one_name_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = archive(("streams.csv", b"a"), ("streams.csv", b"b"))
    assert "one name" in refused(content, tmp_path)


def test_an_archive_that_lies_about_its_sizes_is_not_unpacked_further(tmp_path):
    content = archive(("streams.csv", b"stream\n" * 1000)).replace((7000).to_bytes(4, "little"), (7).to_bytes(4, "little"))
    place = tmp_path / "file"
    place.write_bytes(content)
    with pytest.raises((UploadError, zipfile.BadZipFile)):
        unpack(place, tmp_path / "out")
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) <= 7


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old kind"),
        (b"%PDF-1.7 ...", "neither"),
        (b"<html><body>streams</body></html>", "neither"),
        (b'{"type": "FeatureCollection"}', "neither"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither"),
        (b"PK\x03\x04 and then nothing", "cannot be opened"),
        (archive(("readme.txt", b"hello")), "neither"),
        (changed("xl/vbaProject.bin", b"x"), "macros"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(tmp_path, content, says):
    assert says in refused(content, tmp_path)


def test_a_file_that_is_too_large_is_refused_while_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1000)
    assert "larger" in refused(b"a,b\n" * 300, tmp_path)


def test_its_name_tells_nothing(tmp_path):
    place = tmp_path / "file"
    assert keep(SimpleUploadedFile("picture.png", workbook(ROWS)), place).kind == "xlsx"
    assert keep(SimpleUploadedFile("../../streams.xlsx", b"stream;name\na;b\n"), place).kind == "csv"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_only_tables_of_a_package_are_unpacked_and_under_names_of_ours(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(archive(("region/streams.csv", b"stream\n"), ("region/run.sh", b"x"), ("region/datapackage.json", b"{}")))
    assert kind(place) == "package"
    assert sorted(path.name for path in unpack(place, tmp_path / "out").iterdir()) == ["datapackage.json", "streams.csv"]


def test_shares_formulas_and_errors_of_a_workbook(tmp_path):
    book = load_workbook(io.BytesIO(workbook([["A", "mill", "ash", 0.35], ["B", "mill", "ash", "=1+1"], ["C", "mill", "ash", "#N/A"]])))
    sheet = book.active
    sheet["D2"].number_format = "0.0%"
    place = tmp_path / "file"
    book.save(place)
    (found,) = read("xlsx", place, "x")
    share, formula, error = (row[3] for row in found.rows[1:])
    assert (float(share), type(share).__name__) == (0.35, "Percent")
    assert (formula.rule, error.rule) == ("formula_without_result", "formula_error")
    assert found.rows[0] == HEADINGS


def kept(tmp_path, content):
    place = tmp_path / "file"
    return place, keep(SimpleUploadedFile("list", content), place).kind


def test_a_sign_that_no_database_holds_is_told_at_its_cell(tmp_path):
    """As UTF-16 it came through to the database, which failed by it."""
    place, found = kept(tmp_path, "stream,name\nx\0y,Ash\n".encode("utf-16"))
    (sheet,) = read(found, place, "list.csv")
    assert (sheet.rows[1][0].rule, sheet.rows[1][1]) == ("control_character", "Ash")


@pytest.mark.parametrize("content", [b"a" * 200_000 + b"\n1\n", b'"' * 300_000], ids=["one long word", "marks alone"])
def test_a_head_without_end_is_read_or_refused_in_words(tmp_path, content):
    place, found = kept(tmp_path, content)
    assert [sheet.name for sheet in read(found, place, "list.csv")] == ["list"]


def test_a_package_that_is_described_without_end_is_refused_in_words(tmp_path):
    place, found = kept(tmp_path, archive(("datapackage.json", "[" * 100_000), ("streams.csv", "stream,name\nash,Ash\n")))
    assert [sheet.name for sheet in read(found, place, "package.zip")] == ["streams"]
