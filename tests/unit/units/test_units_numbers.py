"""Numbers as people write them, and what is no number."""

from __future__ import annotations

import pytest

from sivuvirta.units.numbers import LEAVE_EMPTY, Fault, Number, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", Number(5.0)),
        ("-0.5", Number(-0.5)),
        ("+7", Number(7.0)),
        (".5", Number(0.5)),
        ("5.", Number(5.0)),
        ("1e-3", Number(0.001)),
        ("\u2212 5".replace(" ", ""), Number(-5.0)),
        ("1,5", Number(1.5, comma=True)),
        ("0,123", Number(0.123, comma=True)),
        ("1234,567", Number(1234.567, comma=True)),
        ("1,5e3", Number(1500.0, comma=True)),
        ("1 000", Number(1000.0, grouped=True)),
        ("1\u00a0234\u202f567", Number(1234567.0, grouped=True)),
        ("12 345,6", Number(12345.6, comma=True, grouped=True)),
        ("1.234,5", Number(1234.5, comma=True, grouped=True)),
        ("1,234.5", Number(1234.5, grouped=True)),
        ("1.234.567", Number(1234567.0, grouped=True)),
        ("1,234,567", Number(1234567.0, grouped=True)),
        ("<0.01", Number(0.01, below=True)),
        ("< 0,01", Number(0.01, below=True, comma=True)),
        ("<= 5", Number(5.0, below=True)),
    ],
)
def test_a_number_is_read(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "–", "n.a.", "N/A", "unknown", "NaN", "-inf", "?", "ei tiedossa"])
def test_what_is_not_known_is_left_empty(text):
    found = parse_number(text) if text else Fault("not_a_number", "", LEAVE_EMPTY)
    assert isinstance(found, Fault)
    assert (found.rule, found.repair) == ("not_a_number", LEAVE_EMPTY)


@pytest.mark.parametrize(
    ("text", "rule", "repair"),
    [
        ("1,234", "ambiguous_number", "Write 1.234 or 1234."),
        ("-12,500", "ambiguous_number", "Write -12.500 or -12500."),
        ("5-10", "range_in_cell", "Give one figure here, and the ends in the columns of the low and the high end."),
        ("5 – 10", "range_in_cell", "Give one figure here, and the ends in the columns of the low and the high end."),
        ("5 ± 1", "text_in_number", "Write 5 here, and its spread in the columns of the low and the high end."),
        ("noin 300", "text_in_number", "Write 300; how sure it is goes into grade, low and high."),
        ("> 5", "text_in_number", "Give one figure here, and the end in the column of the low end."),
        ("5 t/a", "text_in_number", "Write 5 here; a unit goes into the header, as in 'value [t/a]'."),
        ("5 barrels", "text_in_number", "Write a number such as 1234.5, or leave the cell empty where it is not known."),
        ("1_000", "text_in_number", "Write a number such as 1234.5, or leave the cell empty where it is not known."),
        ("1.2.3", "text_in_number", "Write a number such as 1234.5, or leave the cell empty where it is not known."),
    ],
)
def test_what_is_no_number_says_why(text, rule, repair):
    found = parse_number(text)
    assert isinstance(found, Fault)
    assert (found.rule, found.repair) == (rule, repair)
    assert f"'{text}'" in found.message


def test_a_known_decimal_comma_leaves_nothing_ambiguous():
    assert parse_number("1,234", decimal_comma=True) == Number(1.234, comma=True)


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 400, "1e101", "1e9999,5", "<1e400"])
def test_what_is_larger_than_anything_measured_is_no_number(text):
    assert isinstance(parse_number(text), Fault)
    assert len(parse_number(text).message) < 120
