"""Workbooks as people fill them: drop-downs, comments, formulas, merged cells, dates, numbers stored as text."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
import registers
from openpyxl.comments import Comment

from sivuvirta import tables
from sivuvirta.errors import CheckError, OptionError, ReadError
from sivuvirta.tables.schema import region_tables


@pytest.fixture
def book(tmp_path, library):
    """The healthy register as a workbook, opened for editing; call it to check what was edited."""
    region = tables.load(registers.region(tmp_path / "mill"), library)
    opened = openpyxl.load_workbook(region.save(tmp_path / "mill.xlsx"))

    def checked():
        opened.save(tmp_path / "mill.xlsx")
        return tables.load(tmp_path / "mill.xlsx", library)

    opened.checked = checked
    return opened


def _column(sheet, name):
    return next(cell.column_letter for cell in sheet[1] if cell.value == name)


def _text(raised):
    return str(raised.value)


def test_a_saved_workbook_is_read_back(book):
    region = book.checked()
    assert region.name == "mill"
    assert region.table("quantities")["value"].tolist() == [100000.0, 30000.0, 5000.0, 50000.0]


def test_headers_carry_unit_description_and_what_is_required(book):
    sheet = book["streams"]
    comment = sheet[f"{_column(sheet, 'moisture')}1"].comment.text
    assert comment == "Unit: %\nWater per mass as sent."
    assert sheet["A1"].comment.text == "Short name.\nRequired."
    assert sheet.freeze_panes == "B2"


def test_keys_choices_and_yes_or_no_have_drop_downs(book):
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book["streams"].data_validations.dataValidation}
    sheet = book["streams"]
    site, material, hazardous = (rules[f"{_column(sheet, name)}2"] for name in ("site", "material", "hazardous"))
    assert site.formula1 == "sites!$A$2:$A$1001"
    assert (hazardous.formula1, hazardous.errorStyle) == ('"yes,no,mirror,unknown"', "stop")
    assert material.formula1.startswith("_lists!$")
    assert material.errorStyle == "warning"
    assert book["_lists"].sheet_state == "hidden"
    keys = [cell.value for column in book["_lists"].iter_cols() if column[0].value == "materials" for cell in column[1:]]
    assert "slag.steel" in keys


def test_the_template_guides_and_says_what_it_lacks(tmp_path, library):
    path = tables.template(tmp_path / "new.xlsx", library)
    opened = openpyxl.load_workbook(path)
    assert opened.sheetnames[:8] == ["guide", "vintages", "organisations", "sites", "streams", "quantities", "fates", "sources"]
    assert set(opened.sheetnames) - {"guide", "_lists"} == set(region_tables())
    guide = {row[0]: row[1:] for row in opened["guide"].iter_rows(values_only=True)}
    assert guide["streams"] == ("Side streams: anything a process gives off beside what it is run to make.", "first, step 4")
    (problem,) = tables.problems(path, library)
    assert problem.file == "new.xlsx, sheet 'vintages'"
    assert str(problem) == "The register has no vintage. Add a row to 'vintages': the year that the quantities describe."


def test_the_template_overwrites_nothing_and_is_a_workbook(tmp_path):
    tables.template(tmp_path / "new.xlsx")
    with pytest.raises(OptionError, match="is there already"):
        tables.template(tmp_path / "new.xlsx")
    with pytest.raises(OptionError, match=r"'new\.csv' must end in \.xlsx"):
        tables.template(tmp_path / "new.csv")


def test_numbers_stored_as_text_and_texts_stored_as_numbers_are_read(book):
    book["quantities"][f"{_column(book['quantities'], 'value')}2"] = "100 000"
    book["vintages"]["A3"] = 2024
    region = book.checked()
    assert region.table("quantities")["value"][0] == 100000.0
    assert region.vintages == ("2018", "2024")


def test_a_date_cell_is_a_date(book):
    sheet = book["sources"]
    sheet[f"{_column(sheet, 'opened')}2"] = datetime.datetime(2025, 3, 9)
    assert book.checked().tables["sources"]["opened"].tolist() == ["2025-03-09"]


def test_a_true_cell_is_a_yes(book):
    sheet = book["vintages"]
    sheet[f"{_column(sheet, 'default')}2"], sheet[f"{_column(sheet, 'default')}3"] = True, False
    assert book.checked().vintage == "2018"


def test_a_unit_in_the_header_or_in_its_comment_converts(book):
    sheet = book["quantities"]
    header = sheet[f"{_column(sheet, 'value')}1"]
    header.comment = Comment("Unit: kt/a\nAs the mill reports it.", "us")
    assert book.checked().table("quantities")["value"][0] == 100_000_000.0
    header.comment, header.value = None, "value [Mt/a]"
    assert book.checked().table("quantities")["value"][0] == 100_000_000_000.0


def test_a_title_row_above_the_header_is_no_data(book):
    book["sites"].insert_rows(1)
    book["sites"].insert_rows(4)
    assert len(book.checked().table("sites")) == 2


def test_empty_sheets_and_the_guide_are_no_tables(book):
    book.create_sheet("Sheet1")
    book["guide"]["A1"] = "our own words"
    assert len(book.checked().table("sites")) == 2


def test_a_date_in_a_number_is_a_problem(book):
    sheet = book["quantities"]
    sheet[f"{_column(sheet, 'value')}2"] = datetime.datetime(2026, 5, 1)
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'quantities'\n"
        "  row 2, column 'value': 2026-05-01 is a date. Format the cell as a number and write the figure again."
    )


def test_a_formula_without_a_stored_result_is_a_problem(book):
    sheet = book["quantities"]
    sheet[f"{_column(sheet, 'value')}2"] = "=50000*2"
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'quantities'\n"
        "  row 2, column 'value': The formula '=50000*2' has no stored result. "
        "Open the workbook in a spreadsheet and save it, or write the figure itself."
    )


def test_a_spreadsheet_error_is_a_problem(book):
    book["sites"]["B2"] = "#REF!"
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'sites'\n"
        "  row 2, column 'name': The cell holds the spreadsheet error #REF!. Correct the formula, or write the figure itself."
    )


def test_merged_cells_are_a_problem(book):
    sheet = book["streams"]
    site = _column(sheet, "site")
    sheet.merge_cells(f"{site}2:{site}3")
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'streams'\n"
        f"  row 2, column 'site': Cells {site}2:{site}3 are merged. Unmerge them and write the value into each cell that it holds for."
    )


def test_a_sheet_that_is_misspelt_and_a_key_that_dangles(book):
    book["needs"].title = "neds"
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'neds'\n"
        "  There is no table 'neds'. Did you mean 'needs'?\n"
        "1 problem in mill.xlsx, sheet 'quantities'\n"
        "  row 5, column 'subject': 'road_base' is not in sheet 'needs'. Add it to 'needs', or correct it.\n"
        "1 problem in mill.xlsx, sheet 'acceptances'\n"
        "  row 2, column 'need': 'road_base' is not in sheet 'needs'. Add it to 'needs', or correct it."
    )


def test_what_is_no_workbook_cannot_be_read(tmp_path, library):
    (tmp_path / "mill.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(ReadError, match=r"'mill\.xlsx' is no XLSX workbook that can be opened"):
        tables.load(tmp_path / "mill.xlsx", library)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(ReadError, match=r"'old\.xls' is no register"):
        tables.load(tmp_path / "old.xls", library)


def test_a_table_on_two_sheets_is_a_problem(book):
    book.create_sheet("sites ").append(["site", "name"])
    with pytest.raises(CheckError) as raised:
        book.checked()
    assert _text(raised) == (
        "1 problem in mill.xlsx, sheet 'sites '\n  Table 'sites' is also in mill.xlsx, sheet 'sites'. Put all rows into one."
    )
