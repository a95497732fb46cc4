"""Laws of suggestions: looking at few names finds what looking at all of them finds."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sivuvirta.tables.suggestions import MOST_COMPARED, closest

WORDS = st.text("abci_. 01", max_size=9)


@given(WORDS, st.lists(WORDS, max_size=MOST_COMPARED // 6, unique=True), st.integers(1, 4), st.sampled_from((0.3, 0.6, 0.75, 0.8)))
def test_the_closest_names_are_those_of_a_comparison_with_every_name(word, known, most, cutoff):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sivuvirta.tables.suggestions.FEW", 0)
        found = closest(word, known, most, cutoff)
    assert found == difflib.get_close_matches(word, known, n=most, cutoff=cutoff)


def test_few_of_many_names_are_compared_letter_by_letter(monkeypatch):
    compared = []

    class Counting(difflib.SequenceMatcher):
        def set_seq1(self, a):
            compared.append(a)
            super().set_seq1(a)

    monkeypatch.setattr("sivuvirta.tables.suggestions.SequenceMatcher", Counting)
    known = [f"works.stream_{number}" for number in range(20_000)]
    assert closest("works.streem_12345", known, 1, 0.6) == ["works.stream_12345"]
    assert len(compared) <= MOST_COMPARED
