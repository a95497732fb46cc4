"""A query's words, and what each may stand for in a register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.search import LANGUAGES, Query
from sivuvirta.language.folding import bounded, plain
from sivuvirta.links.codes import Rows
from sivuvirta.search.fields import code_words, id_word, tokens
from sivuvirta.search.index import Index
from sivuvirta.search.thesaurus import LONGEST
from sivuvirta.search.vocabulary import COMPOUNDING, NOTHING

WORD, FORM, END, BEGINNING, PARTS, OTHER, SLIP = 1.0, 0.95, 0.75, 0.6, 0.8, 0.8, 0.75
"""How much a word counts that is found as it stands, in another form, at the end of a compound, by its first letters, in its parts,
in other words for the same, and after a slip of the pen is mended."""

_LOW = re.compile(r"(?<![\d.])(\d\d)[ .]?(\d\d)(?:[ .]?(\d\d))?\*?(?![\d.])")
_NACE = re.compile(r"(?<![\d.])\d\d\.\d{1,2}(?![\d.])")
_WORDS = """
    a an and as at by for from in is it its of on or the to with
    ja sekä tai
    av en ett för i med och som ur y från
    con de del el en la las los o para por sin un una y
"""
_SMALL = frozenset(_WORDS.split())
_MAYBE_SMALL = frozenset({"till"})  # Swedish for "to", English for a kind of soil: it counts where it is, and need not be there
"""Words that say nothing of what is looked for."""


@frozen(eq=False)
class Meaning:
    """One thing that a word may stand for: a word of every part must be there."""

    parts: tuple[Rows, ...]  # positions in the vocabulary
    sure: float
    mended: str = ""  # the word without its slip of the pen


@frozen(eq=False)
class Term:
    """One word or code of a query with all that it may stand for."""

    word: str
    meanings: tuple[Meaning, ...]
    needed: bool = True  # a row without it lacks a word
    corrected: str = ""  # the likeliest word that it was meant for, if it has a slip of the pen


def terms(query: Query, index: Index) -> list[Term]:
    """Words and codes of a query; small words only where there is nothing else.

    Args:
        query: its text, and the language of the text where it is known.
        index: of the region.
    """
    text = bounded(query.text)
    codes, rest = _codes(text, index)
    said = tokens(rest)
    said = [word for word in said if plain(word) not in _SMALL and word not in _SMALL] or ([] if codes else said)
    languages = (query.language,) if query.language else LANGUAGES
    typing = bool(said) and text.lower().rstrip(")").endswith(said[-1])
    found = [_term(word, index, languages, begun=typing and place == len(said) - 1) for place, word in enumerate(said)]
    said = [term.corrected or term.word for term in found]
    for begin, end in _spans(len(said)):
        more = tuple(_joint(said[begin:end], index, languages))
        for place in range(begin, end) if more else ():
            found[place] = _with(found[place], more)
    maybe = len(found) > 1 and query.language != "en"
    return [*codes, *(evolve(term, needed=False) if maybe and term.word in _MAYBE_SMALL else term for term in found)]


def _codes(text: str, index: Index) -> tuple[list[Term], str]:
    """Codes and ids in a text, and what is left of it."""
    found: list[Term] = []
    for pattern in (_NACE, _LOW):
        for match in list(pattern.finditer(text)):
            code = match.group() if pattern is _NACE else " ".join(part for part in match.groups() if part)
            rows = index.vocabulary.exactly(code_words(code)[0])
            if len(rows):
                found.append(Term(match.group(), (Meaning((rows,), WORD),)))
                text = text.replace(match.group(), " ", 1)
    for piece in text.split():
        rows = index.vocabulary.exactly(id_word(piece))
        if len(rows) and tokens(piece) != [piece.lower()]:
            found.append(Term(piece, (Meaning((rows,), WORD),)))
            text = text.replace(piece, " ", 1)
    return found, text


def _term(word: str, index: Index, languages: Sequence[str], *, begun: bool) -> Term:
    """A word with what it may stand for by itself; a slip is mended only in a word that nothing else is known of."""
    known = _alone(word, index, languages, begun=begun)
    if any(each.sure >= FORM or _stands(each, index) for each in known) or not word.isalpha():
        return Term(word, known)
    alike = index.vocabulary.alike(word)
    if not alike:
        return Term(word, known)
    mended = [evolve(each, sure=each.sure * SLIP * near, mended=text) for text, near in alike for each in _alone(text, index, languages)]
    return Term(word, tuple(mended), corrected=min((text for text, _ in alike), key=lambda text: _unlikely(text, word, index)))


def _unlikely(text: str, word: str, index: Index) -> tuple[bool, int, str]:
    """Order of words that are equally alike: those that begin alike first, of these the common ones."""
    at = index.vocabulary.exactly(text)
    return text[0] != plain(word)[0], -int((index.postings.start[at + 1] - index.postings.start[at]).sum()), text


def _with(term: Term, more: Sequence[Meaning]) -> Term:
    """A word with what it stands for together with others; less sure after a slip."""
    sure = SLIP if term.corrected else 1.0
    return evolve(term, meanings=(*term.meanings, *(evolve(each, sure=each.sure * sure, mended=term.corrected) for each in more)))


def _stands(meaning: Meaning, index: Index) -> bool:
    """Whether its words stand in any document."""
    start = index.postings.start
    return all((start[part + 1] > start[part]).any() for part in meaning.parts)


def _alone(word: str, index: Index, languages: Sequence[str], *, begun: bool = False) -> tuple[Meaning, ...]:
    words = index.vocabulary
    found = [Meaning((rows,), sure) for rows, sure in ((words.exactly(word), WORD), (words.forms(word, languages), FORM)) if len(rows)]
    by_id = words.exactly(id_word(word))
    if len(by_id):
        found.append(Meaning((by_id,), WORD))
    if not word.isalpha():
        return tuple(found)
    ends = words.compounds(word, languages)
    if len(ends):
        found.append(Meaning((ends,), END))
    if begun and len(word) > 1 and len(beginning := words.beginning(word)):
        found.append(Meaning((beginning,), BEGINNING))
    if not found or set(languages) & set(COMPOUNDING):
        parts = index.thesaurus.lexicon.cut(word)
        rows = tuple(_rows(part, COMPOUNDING, index) for part in parts)
        if len(parts) > 1 and all(len(row) for row in rows):
            found.append(Meaning(rows, PARTS))
    return tuple(found)


def _spans(size: int) -> Iterator[tuple[int, int]]:
    for length in range(1, LONGEST + 1):
        for begin in range(size - length + 1):
            yield begin, begin + length


def _joint(said: Sequence[str], index: Index, languages: Sequence[str]) -> Iterator[Meaning]:
    """What words stand for together: the same in other words, or a compound that was written apart."""
    for language, phrase in index.thesaurus.others(said, languages):
        parts = tuple(_rows(word, (language,), index, ends=len(phrase) == 1) for word in phrase if word not in _SMALL)
        if parts and all(len(part) for part in parts):
            yield Meaning(parts, OTHER)
    if len(said) > 1 and len(rows := _rows("".join(said), languages, index)):
        yield Meaning((rows,), FORM)


def _rows(word: str, languages: Sequence[str], index: Index, *, ends: bool = False) -> Rows:
    """Forms of a word, and compounds that end with it where they are asked for."""
    words = index.vocabulary
    compounds = words.compounds(word, languages) if ends else NOTHING
    return np.unique(np.concatenate([words.exactly(word), words.forms(word, languages), compounds]))
