"""Words for the same thing in four languages: the glossary, and the names and trade words of materials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import frozen

from sivuvirta.domain.region import Region
from sivuvirta.domain.search import LANGUAGES
from sivuvirta.domain.table import Table
from sivuvirta.language.folding import plain, stem, words
from sivuvirta.language.lexicon import Lexicon, lexicon

Phrase = tuple[str, tuple[str, ...]]
"""Language, and words as written."""

Spoken = tuple[str, str]
"""Language and text."""

LONGEST = 4
"""Words of the longest phrase that is looked for in a query."""


@frozen(eq=False, slots=False)
class Thesaurus:
    """Phrases by what they stand for."""

    meanings: tuple[tuple[Phrase, ...], ...]
    of: Mapping[tuple[str, tuple[str, ...]], tuple[int, ...]]  # (language, stems) -> positions in `meanings`

    def others(self, said: Sequence[str], languages: Sequence[str] = LANGUAGES) -> list[Phrase]:
        """Other ways to say it, in any language; none where it is not known.

        Args:
            said: words one after another.
            languages: those that the words may be of.
        """
        found: dict[Phrase, None] = {}
        for language in languages:
            key = (language, stems(said, language))
            for meaning in self.of.get(key, ()):
                found |= {phrase: None for phrase in self.meanings[meaning] if (phrase[0], stems(phrase[1], phrase[0])) != key}
        return list(found)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Its words, to cut compounds with."""
        return lexicon((language, " ".join(said)) for meaning in self.meanings for language, said in meaning)


def stems(said: Sequence[str], language: str) -> tuple[str, ...]:
    """Stems of words of a language, without accents."""
    return tuple(plain(stem(word, language)) for word in said)


def thesaurus(region: Region, glossary: Table | None) -> Thesaurus:
    """The thesaurus of a region's materials, the library's included, and of the glossary.

    Args:
        region: for its materials.
        glossary: of the library's catalogue, if it is wanted.
    """
    meanings: list[tuple[Phrase, ...]] = []
    of: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for group in (*_materials(region.table("materials")), *(_terms(glossary) if glossary is not None else ())):
        phrases = tuple(dict.fromkeys((language, said) for language, text in group if (said := tuple(words(text)))))
        if len(phrases) < 2:
            continue
        for language, said in phrases:
            of.setdefault((language, stems(said, language)), []).append(len(meanings))
        meanings.append(phrases)
    return Thesaurus(tuple(meanings), {key: tuple(dict.fromkeys(found)) for key, found in of.items()})


def _materials(table: Table) -> Iterator[list[Spoken]]:
    for row in range(len(table)):
        yield [
            (language, text)
            for language in LANGUAGES
            for text in (table[f"name_{language}"][row], *(table[f"synonyms_{language}"][row] or ()))
            if text
        ]


def _terms(table: Table) -> Iterator[list[Spoken]]:
    for row in range(len(table)):
        yield [(language, text) for language in LANGUAGES for text in str(table[language][row] or "").split(";") if text]
