r"""How near each document is to a query.

.. math:: score_d = \sum_t idf_t \max_{m \in t} p_m c_{md}, \quad idf_t = \ln\left(1 + \frac{N - n_t + 1/2}{n_t + 1/2}\right)

with t the query's words, m what a word may stand for, p how sure that is, c of `index`, N all documents, n those that have the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Ints
from sivuvirta.links.codes import Mask, Rows
from sivuvirta.search.asking import Meaning, Term
from sivuvirta.search.fields import folded, is_code
from sivuvirta.search.index import Counts, Index

PRIOR = np.array([1.0, 1.0, 0.95, 0.95, 0.85, 0.85, 0.75, 0.65])
"""How much a document counts by its kind, in the order of KINDS: what is in the region stands before what is in the library."""


@frozen(eq=False)
class Found:
    """Documents that a query's words find."""

    rows: Rows  # ascending
    score: Floats  # (rows,)
    whole: Mask  # (rows,) the text is the name or the id
    missed: tuple[str, ...]  # words that are not in them


class Place(NamedTuple):
    """A word in a document."""

    counts: float
    word: int  # position in the vocabulary
    field: int  # position in the index's fields


def found(index: Index, asked: list[Term], text: str) -> Found:
    """Documents that have all words of a query; where none has all, those that have most.

    Args:
        index: of the region.
        asked: the words.
        text: of the query.
    """
    size = len(index.documents)
    if not asked:
        rows = np.flatnonzero(_named(index, np.arange(size), text)) if text.strip() else np.arange(size)
        return Found(rows, PRIOR[index.documents.kind[rows]], np.zeros(len(rows), dtype=bool), ())
    parts = [_term_counts(index, term) for term in asked]
    has = np.sum([part > 0 for term, part in zip(asked, parts, strict=True) if term.needed], axis=0)
    most = int(has.max()) if size else 0
    rows = np.flatnonzero((has == most) & (has > 0))
    score = np.zeros(len(rows))
    for part in parts:
        number = np.count_nonzero(part)
        score += np.log(1 + (size - number + 0.5) / (number + 0.5)) * part[rows]
    missed = tuple(term.word for term, part in zip(asked, parts, strict=True) if term.needed and not (part[rows] > 0).any())
    return Found(rows, score * PRIOR[index.documents.kind[rows]], _named(index, rows, text), missed)


def why(index: Index, asked: list[Term], rows: Sequence[int]) -> list[str]:
    """Which words of a query are where in each of some documents.

    Args:
        index: of the region.
        asked: the words.
        rows: of the documents.
    """
    told: list[list[str]] = [[] for _ in rows]
    for term in asked:
        for row, nearest in enumerate(surest(index, term, rows)):
            if nearest is not None:
                told[row].append(_told(index, term, nearest))
    return ["; ".join(each) for each in told]


def _named(index: Index, rows: Rows, text: str) -> Mask:
    asked = folded(text)
    docs = index.documents
    keys = np.fromiter((str(key).lower() for key in docs.key[rows].tolist()), dtype=object, count=len(rows))
    return np.asarray((index.names[rows] == asked) | (keys == text.strip().lower()), dtype=bool)


def _term_counts(index: Index, term: Term) -> Counts:
    best = np.zeros(len(index.documents), dtype=np.float32)
    for meaning in term.meanings:
        parts = [_part_counts(index, part) for part in meaning.parts]
        whole = parts[0] if len(parts) == 1 else np.where(np.min(parts, axis=0) > 0, np.mean(parts, axis=0), 0)
        np.maximum(best, np.float32(meaning.sure) * whole, out=best)
    return best


def _part_counts(index: Index, words: Rows) -> Counts:
    """Counts of the best of several words in each document."""
    postings = index.postings
    result = np.zeros(len(index.documents), dtype=np.float32)
    for span in _spans(index, words):
        np.maximum.at(result, postings.document[span], postings.counts[span])
    return result


def _spans(index: Index, words: Rows) -> Iterator[slice]:
    """Where the postings of words are; words beside each other have theirs beside each other."""
    if not len(words):
        return
    begin, end = index.postings.start[words], index.postings.start[words + 1]
    breaks = np.flatnonzero(words[1:] != words[:-1] + 1)
    firsts, lasts = [0, *(breaks + 1).tolist()], [*breaks.tolist(), len(words) - 1]
    for first, last in zip(firsts, lasts, strict=True):
        yield slice(int(begin[first]), int(end[last]))


class Nearest(NamedTuple):
    """What a word stands for in a document."""

    sure: float
    meaning: Meaning
    places: tuple[Place, ...]  # one a part


def surest(index: Index, term: Term, rows: Sequence[int]) -> list[Nearest | None]:
    """The meaning of a word that counts most in each of some documents; None where the word is not there."""
    best: list[Nearest | None] = [None] * len(rows)
    slot = np.full(len(index.documents), -1, dtype=np.int32)
    slot[list(rows)] = np.arange(len(rows))
    for meaning in term.meanings:
        parts = [_places(index, part, slot) for part in meaning.parts]
        for row in set.intersection(*(set(part) for part in parts)):
            places = tuple(part[row] for part in parts)
            sure = meaning.sure * sum(place.counts for place in places) / len(places)
            known = best[row]
            if known is None or sure > known.sure:
                best[row] = Nearest(sure, meaning, places)
    return best


def _told(index: Index, term: Term, nearest: Nearest) -> str:
    """Where a word is in a document, in words."""
    words = [index.vocabulary.words[place.word] for place in nearest.places]
    label, language = index.fields[nearest.places[0].field]
    field, mended = f"{label} ({language})" if language else label, nearest.meaning.mended
    said = " ".join(words)
    as_it_stands = any(is_code(word) for word in words) or said in (folded(term.word), mended)
    parts = [f"read as {mended}"] if mended else []
    parts.append(f"in {field}" if as_it_stands else f"'{said}' in {field}")
    return f"'{term.word}': {', '.join(parts)}"


def _places(index: Index, words: Rows, slot: Ints) -> dict[int, Place]:
    """The best of several words in each document that has a slot."""
    postings, best = index.postings, dict[int, Place]()
    for span in _spans(index, words):
        slots = slot[postings.document[span]]
        for at in np.flatnonzero(slots >= 0).tolist():
            row, posting = int(slots[at]), span.start + at
            counts = float(postings.counts[posting])
            if row not in best or counts > best[row].counts:
                word = int(np.searchsorted(postings.start, posting, side="right")) - 1
                best[row] = Place(counts, word, int(postings.field[posting]))
    return best
