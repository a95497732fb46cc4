"""The words that are known: what a word of a text may be, through inflection, compounding and slips of the pen.

A word is looked for in four ways, the surest first: as it stands, by its stem, as a compound of known words, and by its spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sivuvirta.language.folding import LANGUAGES, plain, stem, words

Key = tuple[str, str]
"""Language and a known word of it, without accents."""

EXACT, INFLECTED, PART, SLIP = 1.0, 0.95, 0.9, 0.75
_BESIDE = 0.6  # what a part of a compound counts where the compound is known itself
"""How sure a word is, found in each of the four ways."""

_COMPOUNDING = ("fi", "sv")
_SHORTEST_PART = 3
_SHORTEST_PART_BESIDE = 4  # of a word that is known itself
_SHORTEST_COMPOUND = 6
_SHORTEST_SLIP = 5
_SLIP_ALIKE = 0.8
_ENDINGS: Mapping[str, tuple[str, ...]] = {"fi": ("n", "a"), "sv": ("n", "en", "et"), "en": (), "es": ()}
_STRONGER = {"d": "t", "g": "k", "v": "p"}


@frozen(eq=False, slots=False)
class Lexicon:
    """Known words in four languages.

    Args:
        surfaces: keys of each known word, as it stands without accents.
        stems: keys of the words that have a form with a stem, by language and stem.
    """

    surfaces: Mapping[str, frozenset[Key]]
    stems: Mapping[tuple[str, str], frozenset[Key]] = field(repr=False)

    @cached_property
    def _spellings(self) -> list[str]:
        return [surface for surface in self.surfaces if len(surface) >= _SHORTEST_SLIP - 1]

    @cached_property
    def _parts(self) -> frozenset[str]:
        """Words as they stand inside a compound: bare, in the genitive, or with the Swedish s between."""
        found = set()
        for surface, keys in self.surfaces.items():
            languages = {language for language, _ in keys}
            if len(surface) < _SHORTEST_PART or not languages & set(_COMPOUNDING):
                continue
            found.add(surface)
            if "fi" in languages:
                found.update((surface + "n", surface + "en"))
            if "sv" in languages:
                found.update((surface + "s", surface.rstrip("ae")))
        return frozenset(part for part in found if len(part) >= _SHORTEST_PART)

    def look_up(self, word: str) -> dict[Key, float]:
        """Keys that a word of a text may stand for, each with how sure it is; empty where it is not known.

        Args:
            word: in lower case, with its accents or without.
        """
        whole = self._whole(word)
        if whole and (len(word) < _SHORTEST_COMPOUND or not any(language in _COMPOUNDING for language, _ in whole)):
            return whole
        parts = self._compound(word, _SHORTEST_PART_BESIDE if whole else _SHORTEST_PART)
        if whole or parts:
            return {**{key: sure * (_BESIDE if whole else 1.0) for key, sure in parts.items()}, **whole}
        return self._slip(word) or self._tail(word)

    def _whole(self, word: str) -> dict[Key, float]:
        exact = self.surfaces.get(plain(word))
        if exact:
            related = (self.stems.get((language, stem(word, language)), frozenset()) for language in {language for language, _ in exact})
            return {**{key: INFLECTED for keys in related for key in keys}, **dict.fromkeys(exact, EXACT)}
        found = {}
        for language in LANGUAGES:
            for key in self.stems.get((language, stem(word, language)), ()):
                found[key] = INFLECTED
        return found

    def cut(self, word: str, shortest: int = _SHORTEST_PART) -> tuple[str, ...]:
        """The fewest known words that a compound can be cut into, nothing left over; none where it cannot.

        Args:
            word: in lower case, with its accents or without.
            shortest: letters of the shortest part.
        """
        text = plain(word)
        if len(text) < _SHORTEST_COMPOUND:
            return ()
        cost: list[float] = [0.0] + [np.inf] * len(text)
        back = [0] * (len(text) + 1)
        for end in range(shortest, len(text) + 1):
            last = end == len(text)
            for start in range(shortest if last else 0, end - shortest + 1):
                if cost[start] < np.inf and (text[start:end] in self._parts or (last and self._inflected(word[start:]))):
                    price = cost[start] + 1 + 1 / (end - start)
                    if price < cost[end]:
                        cost[end], back[end] = price, start
        if cost[-1] == np.inf:
            return ()
        parts: list[str] = []
        end = len(text)
        while end:
            parts.append(word[back[end] : end])
            end = back[end]
        return tuple(reversed(parts))

    def _compound(self, word: str, shortest: int) -> dict[Key, float]:
        """Keys of the words that a compound is cut into."""
        found: dict[Key, float] = {}
        for part in reversed(self.cut(word, shortest)):
            found.update(self._part(part))
        return found

    def _inflected(self, rest: str) -> bool:
        return any((language, stem(rest, language)) in self.stems for language in _COMPOUNDING)

    def _part(self, part: str) -> dict[Key, float]:
        for ending in ("", "n", "en", "s"):
            keys = self.surfaces.get(plain(part).removesuffix(ending)) if plain(part).endswith(ending) else None
            keys = frozenset(key for key in keys or () if key[0] in _COMPOUNDING)
            if keys:
                return dict.fromkeys(keys, PART)
        known = [key for language in _COMPOUNDING for key in self.stems.get((language, stem(part, language)), ())]
        return dict.fromkeys(known, PART)

    def _slip(self, word: str) -> dict[Key, float]:
        """Keys of the known words that are spelled most alike, if they are alike enough."""
        if len(word) < _SHORTEST_SLIP:
            return {}
        alike = process.extract(
            plain(word), self._spellings, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=_SLIP_ALIKE, limit=3
        )
        if not alike:
            return {}
        best = alike[0][1]
        return {key: SLIP * score for surface, score, _ in alike if score >= best - 1e-9 for key in self.surfaces[surface]}

    def _tail(self, word: str) -> dict[Key, float]:
        """Keys of the longest known word at the end of a word, else of one before a slip in another part."""
        text = plain(word)
        for start in range(1, len(text) - _SHORTEST_PART):
            rest = text[start:]
            if rest in self._parts or (len(rest) > _SHORTEST_SLIP and self._inflected(word[start:])):
                head = self._slip(word[:start])
                return {**self._part(word[start:]), **head}
        return {}


def lexicon(known: Iterable[tuple[str, str]]) -> Lexicon:
    """Known words from texts with their languages.

    Args:
        known: language and text.
    """
    surfaces: dict[str, set[Key]] = {}
    stems: dict[tuple[str, str], set[Key]] = {}
    for language, word in dict.fromkeys((language, word) for language, text in known for word in words(text)):
        key = (language, plain(word))
        surfaces.setdefault(plain(word), set()).add(key)
        for form in (word, *forms(word, language)):
            stems.setdefault((language, stem(form, language)), set()).add(key)
    return Lexicon({word: frozenset(found) for word, found in surfaces.items()}, {key: frozenset(found) for key, found in stems.items()})


def forms(word: str, language: str) -> list[str]:
    """Forms of a word whose stem the stemmer does not find from the word itself."""
    found = [word + ending for ending in _ENDINGS[language]]
    if language == "fi" and word.endswith(("as", "äs")) and len(word) > 4:  # tehdas, tehtaan
        found.append(word[:-3] + _STRONGER.get(word[-3], word[-3]) + 2 * word[-2] + "n")
    if language == "sv" and word.endswith("en"):  # vatten, vattnet
        found.append(word[:-2] + "net")
    return found
