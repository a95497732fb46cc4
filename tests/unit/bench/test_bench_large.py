"""The page's part on large programs says of each target whether it was met; a slip there would be a false claim."""

from __future__ import annotations

from bench.generate import COMPONENTS, Size, write
from bench.large import HEAD, call, replaced, section
from bench.siting_region import write_siting

SIZE = {"rows": 10, "columns": 20, "nonzeros": 1_000, "whole": 5}
BARE = {"objective": 120.0, "bound": 80.0, "done": False, "s": 60.0, "cpu": 50.0, "gap": 0.25}


def ours(gap: float, seconds: float) -> dict[str, object]:
    return {"objective": 100.0, "bound": 99.0, "method": "guided", "gap": gap, "s": seconds, "cpu": seconds / 2}


def beside(gap: float, seconds: float, memory: float = 500.0) -> dict[str, object]:
    return {**SIZE, "today": 300.0, "ours": ours(gap, seconds), "ipm": BARE, "simplex": {**BARE, "objective": None}, "MB": memory}


def exact(ratio: float) -> dict[str, object]:
    done = {**BARE, "done": True}
    return {**SIZE, "ipm": done, "simplex": done, "ours": ours(0.0, 5.0), "ratio": ratio, "spread": [ratio - 0.1, ratio, ratio + 0.1]}


def test_a_target_is_met_by_gap_seconds_and_memory_together():
    page = section({("near", 10_000): beside(0.019, 59.0), ("siting", 1_000): beside(0.009, 61.0), ("siting", 100): beside(1e-4, 4.9)})
    assert "near at 10,000: 2% proven in 60 s: 1.90% in 59.0 s, 500 MB (met)\n" in page
    assert "siting at 1,000: 1% proven in 60 s: 0.90% in 61.0 s, 500 MB (missed)\n" in page
    assert "siting at 100: 0.01 % in 5 s: 0.010% in 4.9 s (2.5 s of the processor) (met)\n" in page
    assert "8500 MB (missed)" in section({("near", 10_000): beside(0.01, 10.0, 8_500.0)})


def test_the_ratio_to_the_fastest_bare_method_decides_where_the_optimum_is_asked():
    assert "1.10 × (1.00 to 1.20, processor) (met)" in section({("exact", 1_000): exact(1.1)})
    assert "1.11 × (1.01 to 1.21, processor) (missed)" in section({("exact", 1_000): exact(1.11)})


def test_a_bare_run_that_was_stopped_says_what_it_had():
    """Within the limit: a gap of a quarter, or nothing."""
    page = section({("siting", 1_000): beside(0.01, 10.0)})
    assert "60.0 (50.0): gap 25.00%" in page
    assert "60.0 (50.0): nothing" in page


def test_a_case_that_failed_or_was_cut_short_says_so_and_the_others_stand():
    cut = beside(0.01, 10.0)
    del cut["simplex"]
    page = section({("near", 10_000): {"failed": "nothing within 270 s"}, ("siting", 1_000): cut}, (0.25, 1.75))
    assert "- near at 10,000: failed, nothing within 270 s\n" in page
    assert "not measured" in page
    assert "0.2 at the start, 1.8 at the end" in page


def test_a_case_that_breaks_says_why():
    """A region of one stream has needs for classes that it lacks."""
    assert "neither in materials.csv nor in the library" in call("near", 1, 120.0)["failed"]


def test_a_case_without_time_is_told_as_failed():
    assert call("siting", 100, 0.0) == {"failed": "nothing within 0 s"}


def test_the_part_replaces_itself_and_leaves_the_others():
    page = f"# Page\n\n## First\n\na\n\n{HEAD}\n\nold\n\n## Last\n\nb\n"
    assert replaced(page, f"{HEAD}\n\nnew\n") == f"# Page\n\n## First\n\na\n\n{HEAD}\n\nnew\n\n## Last\n\nb\n"
    assert replaced("# Page\n\n## First\n\na\n", f"{HEAD}\n\nnew\n") == f"# Page\n\n## First\n\na\n\n{HEAD}\n\nnew\n"


def test_the_same_seed_makes_the_same_region(tmp_path):
    """Eight limits a need, five plants a site, ten classes a need where classes overlap."""
    for name in ("one", "two"):
        write_siting(tmp_path / name, 20, seed=4)
        write(tmp_path / f"tight {name}", Size(streams=100, shape="tight"))
    for table in ("plants", "limits", "streams"):
        assert (tmp_path / "one" / f"{table}.csv").read_bytes() == (tmp_path / "two" / f"{table}.csv").read_bytes()
    lines = {table: (tmp_path / "one" / f"{table}.csv").read_text().splitlines() for table in ("plants", "limits", "analyses")}
    assert [len(lines[table]) - 1 for table in lines] == [10 * 5, 20 * 8, 20 * len(COMPONENTS)]
    assert len((tmp_path / "tight one" / "acceptances.csv").read_text().splitlines()) - 1 == 100 * 10
