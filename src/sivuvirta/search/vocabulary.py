"""The words of a register: which of them a typed word may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from attrs import frozen
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sivuvirta.domain.links import Texts
from sivuvirta.domain.search import LANGUAGES
from sivuvirta.language.folding import plain, stem
from sivuvirta.language.lexicon import forms
from sivuvirta.links.codes import Rows

COMPOUNDING = ("fi", "sv")
"""Languages that write compounds as one word."""

_SHORTEST_PART = 4  # letters of a stem that is looked for at the end of others
_SHORTEST_REST = 3
_SHORTEST_STEM = 3  # a shorter one is what is left of too many words
_SHORTEST_SLIP = 4
_SLIPS = ((_SHORTEST_SLIP, 1), (8, 2), (13, 3))  # letters of a word, and how many slips are allowed from there on
_LONGEST_SLIP = 40

NOTHING: Rows = np.zeros(0, dtype=np.int64)
"""No word."""


@frozen(eq=False, slots=False)
class Vocabulary:
    """Different words without accents, in the order of their letters, and how they are found."""

    words: Texts
    stems: Mapping[tuple[str, str], Rows]  # (language, stem) -> positions of words
    ends: Mapping[str, str]  # by language: a line "stem<tab>position" for each word

    def __len__(self) -> int:
        return len(self.words)

    def exactly(self, word: str) -> Rows:
        """The word as it stands, without accents."""
        text = plain(word)
        at = int(np.searchsorted(self.words, text))
        return np.array([at], dtype=np.int64) if at < len(self) and self.words[at] == text else NOTHING

    def forms(self, word: str, languages: Iterable[str] = LANGUAGES) -> Rows:
        """Words with the same stem in one of the languages."""
        found = [self.stems.get((language, base), NOTHING) for language in languages for base in bases(word, language)]
        return np.unique(np.concatenate([*found, NOTHING]))

    def beginning(self, word: str) -> Rows:
        """Words that begin so."""
        text = plain(word)
        begin, end = (int(np.searchsorted(self.words, each)) for each in (text, text + chr(0x10FFFF)))
        return np.arange(begin, end, dtype=np.int64)

    def compounds(self, word: str, languages: Iterable[str] = LANGUAGES) -> Rows:
        """Finnish and Swedish words that end with it, in any form: `ferrokromikuonat` for `kuona`."""
        found = []
        for language in set(languages) & set(COMPOUNDING):
            for last in bases(word, language):
                found += _ending(self.ends[language], last) if len(last) >= _SHORTEST_PART else []
        return np.unique(np.array(found, dtype=np.int64))

    def alike(self, word: str) -> list[tuple[str, float]]:
        """Words that are spelled most alike, if they are alike enough, with how alike (0..1)."""
        text = plain(word)
        allowed = max((slips for length, slips in _SLIPS if len(text) >= length), default=0)
        if not allowed or len(text) > _LONGEST_SLIP:
            return []
        sizes = range(max(_SHORTEST_SLIP, len(text) - allowed), len(text) + allowed + 1)
        choices = [each for size in sizes for each in self._lengths.get(size, ())]
        near = process.extract(text, choices, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        least = min((distance for _, distance, _ in near), default=0)
        return sorted((each, 1 - distance / len(text)) for each, distance, _ in near if distance == least)

    @cached_property
    def _lengths(self) -> dict[int, list[str]]:
        """Words of letters alone by their length."""
        found: dict[int, list[str]] = {}
        for word in self.words.tolist():
            if word.isalpha():
                found.setdefault(len(word), []).append(word)
        return found


def bases(word: str, language: str) -> set[str]:
    """Stems that a word has in its different forms, without accents: the stemmer takes the last syllable of `kuona` for a case."""
    others = forms(word, language) if len(word) > _SHORTEST_STEM else ()  # a very short word with an ending is any word
    found = (plain(stem(form, language)) for form in (word, *others))
    return {base for base in found if len(base) >= _SHORTEST_STEM} or {plain(word)}


def _ending(lines: str, last: str) -> list[int]:
    found = []
    for match in re.finditer(rf"{re.escape(last)}\t(\d+)\n", lines):
        before = lines[max(0, match.start() - _SHORTEST_REST) : match.start()]
        if len(before) == _SHORTEST_REST and "\n" not in before:
            found.append(int(match[1]))
    return found


def vocabulary(languages: Mapping[str, frozenset[str]]) -> tuple[Vocabulary, dict[str, int]]:
    """A vocabulary, and the position of each word as it was written.

    Args:
        languages: those that each word may be of; a code is of none.
    """
    folded = {word: plain(word) for word in languages}
    words = sorted(set(folded.values()))
    position = {word: at for at, word in enumerate(words)}
    stems: dict[tuple[str, str], set[int]] = {}
    ends: dict[str, list[str]] = {language: [] for language in COMPOUNDING}
    for word, spoken in languages.items():
        at = position[folded[word]]
        for language in spoken:
            for base in bases(word, language):
                stems.setdefault((language, base), set()).add(at)
                if language in ends:
                    ends[language].append(f"{base}\t{at}\n")
    arrays = {key: np.array(sorted(found), dtype=np.int64) for key, found in stems.items()}
    lines = {language: "\n" + "".join(found) for language, found in ends.items()}
    written = {word: position[text] for word, text in folded.items()}
    return Vocabulary(np.array(words, dtype=object), arrays, lines), written
