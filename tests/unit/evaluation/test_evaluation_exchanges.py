"""The exchanges kept for judging suggestions are well formed, sourced and free of doubles."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "evaluation").glob("exchanges_*.csv"))
LIBRARY = ROOT / "src" / "sivuvirta" / "library" / "data"
COLUMNS = [
    "exchange_id",
    "case_id",
    "case_name",
    "country",
    "donor",
    "donor_nace",
    "text",
    "low_code",
    "receiver",
    "receiver_nace",
    "use",
    "quantity",
    "unit",
    "year",
    "status",
    "source",
    "url",
    "opened",
    "quoted",
    "note",
]
REQUIRED = [
    "exchange_id",
    "case_id",
    "case_name",
    "country",
    "donor",
    "donor_nace",
    "text",
    "receiver",
    "receiver_nace",
    "status",
    "source",
    "url",
    "opened",
    "quoted",
]
STATUSES = {"operating", "ended", "failed", "planned", "unknown"}


def read(path: Path) -> list[dict[str, str]]:
    """Rows of one CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


NACE = {row["nace"] for row in read(LIBRARY / "nace_codes.csv") if row["level"] == "4"}
LOW = {row["low_code"] for row in read(LIBRARY / "low_codes.csv")}
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_there_are_exchanges() -> None:
    assert FILES


@each_file
def test_columns_and_required_cells(path: Path) -> None:
    rows = read(path)
    assert list(rows[0]) == COLUMNS
    assert [(row["exchange_id"], column) for row in rows for column in REQUIRED if not row[column].strip()] == []


@each_file
def test_codes_exist(path: Path) -> None:
    rows = read(path)
    wrong = [(row["exchange_id"], row[column]) for row in rows for column in ("donor_nace", "receiver_nace") if row[column] not in NACE]
    wrong += [(row["exchange_id"], row["low_code"]) for row in rows if row["low_code"] and row["low_code"] not in LOW]
    assert wrong == []


@each_file
def test_cells_keep_to_their_form(path: Path) -> None:
    rows = read(path)
    assert {row["status"] for row in rows} <= STATUSES
    assert [row["exchange_id"] for row in rows if len(row["text"].split()) > 8 or len(row["quoted"].split()) > 15] == []
    assert [row["exchange_id"] for row in rows if bool(row["quantity"]) != bool(row["unit"])] == []
    assert all(date.fromisoformat(row["opened"]) and (not row["quantity"] or float(row["quantity"]) > 0) for row in rows)


@each_file
def test_no_case_outweighs_the_others(path: Path) -> None:
    assert max(Counter(row["case_id"] for row in read(path)).values()) <= 25


def test_no_exchange_is_listed_twice() -> None:
    rows = [row for path in FILES for row in read(path)]
    for columns in (("exchange_id",), ("donor", "text", "receiver")):
        keys = Counter(tuple(row[column].casefold() for column in columns) for row in rows)
        assert [key for key, times in keys.items() if times > 1] == []
