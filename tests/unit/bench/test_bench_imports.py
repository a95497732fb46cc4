"""The page's part on imports says of each file whether the targets were met; a slip there would be a false claim."""

from __future__ import annotations

from bench.imports import HEAD, section
from bench.pages import replaced


def one(read: float, write: float, memory: float = 400.0, rows: int = 100_000) -> dict[str, object]:
    """Wall seconds are thrice those of the processor."""
    steps = {"read and compared": read, "written": write, "taken back": 9.0}
    times = {name: 3 * seconds for name, seconds in steps.items()} | {f"{name}, CPU": seconds for name, seconds in steps.items()}
    return {"database": "SQLite", "file": "csv", "MB": 8.94, "rows": rows, "peak MB": memory, "written, transaction": 2.04, **times}


def test_a_target_is_met_by_seconds_of_reading_and_writing_and_memory_together():
    """Taking back does not count: 39.9 + 20 = 59.9 s."""
    assert "- csv into SQLite: 59.9 s, 400 MB (met)\n" in section([one(39.9, 20.0)])
    assert "- csv into SQLite: 60.0 s, 400 MB (missed)\n" in section([one(40.0, 20.0)])
    assert "- csv into SQLite: 30.0 s, 500 MB (missed)\n" in section([one(20.0, 10.0, 500.0)])


def test_fewer_rows_are_not_judged():
    assert "3.0 s, 200 MB (not judged: fewer rows)" in section([one(2.0, 1.0, 200.0, 8000)])


def test_a_row_tells_processor_wall_transaction_and_memory():
    page = section([one(6.0, 7.5)], (0.25, 1.75))
    assert "| SQLite | csv | 8.9 | 100,000 | 6.0 (18.0) | 7.5 (22.5) | 9.0 (27.0) | 2.0 | 400 |" in page
    assert "0.2 at the start, 1.8 at the end." in page


def test_the_part_replaces_itself_alone():
    page = replaced(f"# Page\n\n{HEAD}\n\nold\n\n## Last\n\nb\n", section([one(1.0, 1.0)]))
    assert (page.count(HEAD), "old" in page) == (1, False)
    assert page.endswith("## Last\n\nb\n")
