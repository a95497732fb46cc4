r"""The index of a region: which word stands in which document, and how much it says there.

A word counts by the fields it stands in (BM25F):

.. math:: c_{wd} = \frac{(k_1 + 1) s_{wd}}{k_1 + s_{wd}}, \quad s_{wd} = \sum_f v_f \frac{n_{wdf}}{1 - b + b\, l_{df} / \bar l_f}

with n the times that word w stands in field f of document d, v the field's weight, l its length in words.

References:
    Robertson, S., Zaragoza, H.: The probabilistic relevance framework: BM25 and beyond.
    Foundations and Trends in Information Retrieval 3 (2009) 333-389 (from memory).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sivuvirta.domain.links import Codes, Ints, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import LANGUAGES
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Rows
from sivuvirta.search.documents import Documents, documents
from sivuvirta.search.fields import FieldTexts, folded, is_code, texts
from sivuvirta.search.thesaurus import Thesaurus, thesaurus
from sivuvirta.search.vocabulary import Vocabulary, vocabulary

SATURATION = 1.2
"""k1: how soon a further mention of a word says no more."""

SHORTENING = 0.4
"""b: how much less a word counts in a long text."""

Counts = npt.NDArray[np.float32]


@frozen(eq=False)
class Postings:
    """Documents of each word: those of word w are `document[start[w] : start[w + 1]]`, ascending."""

    start: Rows  # (words + 1,)
    document: Ints
    counts: Counts  # c
    field: Codes  # position in `fields` of the field that counts most


@frozen(eq=False, slots=False)
class Index:
    """A region made ready to be searched; made once, and good as long as the region is not another."""

    documents: Documents
    names: Texts  # (documents,) as they are compared whole
    vocabulary: Vocabulary
    postings: Postings
    fields: tuple[tuple[str, str], ...]  # label and language
    thesaurus: Thesaurus
    ways: dict[object, object] = field(factory=dict, init=False, repr=False)  # distances from what was asked before

    def __repr__(self) -> str:
        return f"<Index: {len(self.documents)} rows, {len(self.vocabulary)} words>"


_made: WeakKeyDictionary[Region, Index] = WeakKeyDictionary()


def indexed(region: Region, catalogue: Mapping[str, Table]) -> Index:
    """The index of a region; of the same record it is made once.

    Args:
        region: the register.
        catalogue: of the library: `practices`, `precedents` and `glossary` are read where they are given.
    """
    if region not in _made:
        _made[region] = _index(region, catalogue)
    return _made[region]


def _index(region: Region, catalogue: Mapping[str, Table]) -> Index:
    docs, said = documents(region, catalogue), thesaurus(region, catalogue.get("glossary"))
    read = list(texts(region, docs))
    words, written = vocabulary(_languages(read, said))
    said.lexicon.cut("sivuvirta")  # what it needs is made now, so that the first query is as quick as the next
    names = [folded(name) for name in docs.name.tolist()]
    return Index(
        documents=docs,
        names=np.fromiter(names, dtype=object, count=len(names)),
        vocabulary=words,
        postings=_postings(read, written, len(words)),
        fields=tuple((each.label, each.language) for each in read),
        thesaurus=said,
    )


def _languages(read: list[FieldTexts], said: Thesaurus) -> dict[str, frozenset[str]]:
    """Languages that each word may be of; any, where it is not told."""
    found: dict[str, frozenset[str]] = {}
    spoken: list[tuple[Collection[str], list[str]]] = [({each.language} - {""} or LANGUAGES, text) for each in read for text in each.words]
    spoken += [((language,), list(phrase)) for meaning in said.meanings for language, phrase in meaning]
    for languages, text in spoken:
        for word in text:
            if is_code(word):
                found.setdefault(word, frozenset())
            elif not found.get(word, frozenset()).issuperset(languages):
                found[word] = found.get(word, frozenset()).union(languages)
    return found


def _postings(read: list[FieldTexts], written: Mapping[str, int], size: int) -> Postings:
    """Postings of all fields; of a word that stands in several fields of a document they are joined."""
    parts = [_expanded(each, written, number) for number, each in enumerate(read)]
    word, document, part, number = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((number, document, word))
    word, document, part, number = word[order], document[order], part[order], number[order]
    first = np.ones(len(word), dtype=bool)
    first[1:] = (word[1:] != word[:-1]) | (document[1:] != document[:-1])
    begin = np.flatnonzero(first)
    total = np.add.reduceat(part, begin) if len(begin) else part
    start = np.searchsorted(word[begin], np.arange(size + 1))
    counts = (SATURATION + 1) * total / (SATURATION + total)
    return Postings(start.astype(np.int64), document[begin], counts.astype(np.float32), number[begin])


def _expanded(each: FieldTexts, written: Mapping[str, int], number: int) -> tuple[Ints, Ints, Counts, Codes]:
    """Word, document and weight of every word of a field in every document that has the text."""
    length = np.array([len(text) for text in each.words], dtype=np.int64)
    flat = np.array([written[word] for text in each.words for word in text], dtype=np.int64)
    mean = length[length > 0].mean() if (length > 0).any() else 1.0
    norm = 1 - SHORTENING + SHORTENING * length / mean if each.shortens else np.ones(len(length))
    text = np.repeat(np.arange(len(length)), length)
    code, times = np.unique(text * np.int64(len(written) + 1) + flat, return_counts=True)
    text, flat = code // (len(written) + 1), code % (len(written) + 1)
    weight = (each.weight * times / norm[text]).astype(np.float32)
    begin = np.searchsorted(text, np.arange(len(length) + 1))
    has = np.flatnonzero(each.text >= 0)
    size = (begin[1:] - begin[:-1])[each.text[has]]
    document = np.repeat(has, size)
    within = np.arange(len(document)) - np.repeat(np.cumsum(size) - size, size)
    row = np.repeat(begin[:-1][each.text[has]], size) + within
    return flat[row].astype(np.int32), document.astype(np.int32), weight[row], np.full(len(row), number, dtype=np.int8)
