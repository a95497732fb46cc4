"""Words cut into the words they are made of, and the forms that stemmers do not find."""

from __future__ import annotations

import pytest

from sivuvirta.language.folding import stem
from sivuvirta.language.lexicon import forms, lexicon

KNOWN = lexicon([("fi", "kuona ferrokromi liete kuitu"), ("sv", "slam grönlut verk stål"), ("en", "slag")])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("ferrokromikuona", ("ferrokromi", "kuona")),
        ("ferrokromikuonaa", ("ferrokromi", "kuonaa")),
        ("kuitulietteet", ("kuitu", "lietteet")),
        ("grönlutslam", ("grönlut", "slam")),
        ("stålverksslam", ("stål", "verks", "slam")),
        ("kuona", ()),
        ("ferrokromituhka", ()),
    ],
)
def test_a_compound_is_cut_into_known_words_and_nothing_is_left_over(word, parts):
    assert KNOWN.cut(word) == parts


def test_a_form_brings_the_stem_that_the_bare_word_has_not():
    """The stemmer takes the last syllable of a long word for a case, the essive."""
    assert stem("ferrokromikuona", "fi") != stem("ferrokromikuonan", "fi")
    assert stem("ferrokromikuonan", "fi") in {stem(form, "fi") for form in forms("ferrokromikuona", "fi")}
