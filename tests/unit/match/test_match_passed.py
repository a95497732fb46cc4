"""What verdicts become if tests and decisions turn out well; figures by hand."""

from __future__ import annotations

import numpy as np
import pytest

from match_rows import Rows, analysis, limit, made, plant, route, stream
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause, Figure, Passed, Sample
from sivuvirta.links import build
from sivuvirta.match import checks, match, why

CADMIUM = Figure(Sample("slag"), "total", "Cd")
LEACHED = Figure(Sample("slag"), "leaching", "Cr_total")
OF_MIX = Figure(Sample("slag", "mixer", "mix"), "leaching", "Cr_total")


def verdict(passed: Passed, through: str | None = None, **changed: Rows) -> tuple[str, str]:
    """Verdict of slag to the road before and after."""
    links = build(made(**changed))
    words = []
    for matches in (match(links), match(links, passed)):
        row = route(matches, "slag", "road", through)
        words.append(Verdict(int(matches.routes.verdict[row])).word)
    return words[0], words[1]


def test_a_figure_that_nobody_knows_passes_when_its_test_passes():
    """Cd is not measured, 3 mg/kg are allowed: unknown; with the test passed it is measured, at 3 mg/kg."""
    links = build(made(limits=[limit("cd", "Cd", 3)]))
    matches = match(links, Passed(frozenset({CADMIUM})))
    row = route(matches, "slag", "road")
    assert verdict(Passed(frozenset({CADMIUM})), limits=[limit("cd", "Cd", 3)]) == ("unknown", "pass")
    found = next(check for check in checks(matches, row) if check.subject == "limit")
    assert (found.high, found.bound, found.grade) == (3.0, 3.0, Grade.A)
    assert why(matches, row).startswith("Pass")


def test_an_estimate_within_the_limit_becomes_a_measurement():
    """2 mg/kg on grade C against 3: likely; measured: pass."""
    rows = {"limits": [limit("cd", "Cd", 3)], "analyses": [analysis("slag", "Cd", 2, grade="C")]}
    assert verdict(Passed(frozenset({CADMIUM})), **rows) == ("likely", "pass")


def test_a_range_across_the_limit_is_held_within_it():
    """1 to 5 mg/kg on grade C against 3: unknown; passed: at most 3."""
    rows = {"limits": [limit("cd", "Cd", 3)], "analyses": [analysis("slag", "Cd", 3, low=1, high=5, grade="C")]}
    assert verdict(Passed(frozenset({CADMIUM})), **rows) == ("unknown", "pass")


@pytest.mark.parametrize("grade", ["A", "C"])
def test_no_test_undoes_what_fails(grade):
    """5 mg/kg against 3 fails on any evidence, since even its better end is beyond."""
    rows = {"limits": [limit("cd", "Cd", 3)], "analyses": [analysis("slag", "Cd", 5, grade=grade)]}
    assert verdict(Passed(frozenset({CADMIUM})), **rows) == ("fail", "fail")


def test_a_limit_that_was_not_read_stays_likely():
    """A test cannot make a limit verified."""
    assert verdict(Passed(frozenset({CADMIUM})), limits=[limit("cd", "Cd", 3, verified=False)]) == ("unknown", "likely")


def test_of_two_missing_figures_both_are_needed():
    rows = {"limits": [limit("cd", "Cd", 3), limit("cr", "leach_Cr", 1, kind="leaching")]}
    assert verdict(Passed(frozenset({CADMIUM})), **rows) == ("unknown", "unknown")
    assert verdict(Passed(frozenset({CADMIUM})) | Passed(frozenset({LEACHED})), **rows) == ("unknown", "pass")


def test_leaching_of_a_mix_needs_a_sample_of_the_mix():
    """The stream's own leaching says nothing of what the mixer makes of it."""
    rows = {**plant(), "limits": [limit("cr", "leach_Cr", 1, kind="leaching")]}
    assert verdict(Passed(frozenset({LEACHED})), "mixer", **rows) == ("unknown", "unknown")
    assert verdict(Passed(frozenset({OF_MIX})), "mixer", **rows) == ("unknown", "pass")
    assert verdict(Passed(frozenset({OF_MIX})), None, **rows) == ("unknown", "unknown")


def test_total_content_of_a_mix_follows_from_the_stream():
    assert verdict(Passed(frozenset({CADMIUM})), "mixer", **plant(), limits=[limit("cd", "Cd", 3)]) == ("unknown", "pass")


def test_a_decision_answers_the_law():
    """Slag of unknown status has no rule for roads: unknown; granted: pass, on grade A."""
    links = build(made(streams=[stream("slag", "slag", legal_status="unknown")]))
    row = route(match(links), "slag", "road")
    granted = match(links, Passed(answered={Cause.LEGAL: frozenset({row})}))
    assert match(links).routes.verdict[row] == Verdict.UNKNOWN
    assert granted.routes.verdict[row] == Verdict.PASS
    assert granted.routes.grade[row] == Grade.A


def test_nothing_assumed_changes_nothing():
    links = build(made(limits=[limit("cd", "Cd", 3)]))
    plain, same = match(links), match(links, Passed())
    for name in ("verdict", "cause", "limit", "value", "bound", "grade", "gain"):
        np.testing.assert_array_equal(getattr(plain.routes, name), getattr(same.routes, name))
    assert not Passed()
    assert Passed(frozenset({CADMIUM}))


def test_a_figure_of_nothing_in_the_region_changes_nothing():
    strange = Passed(
        frozenset({Figure(Sample("no_such"), "total", "Cd"), Figure(Sample("slag", "no_such", "mix"), "leaching", "Cr_total")})
    )
    assert verdict(strange, limits=[limit("cd", "Cd", 3)]) == ("unknown", "unknown")
