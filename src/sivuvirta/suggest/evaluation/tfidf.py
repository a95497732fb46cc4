"""Texts as tf-idf vectors, by words or by runs of letters: what a plain search knows of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csr_matrix, diags

_WORD = re.compile(r"\b\w\w+\b")


def by_words(text: str) -> list[str]:
    """Words of two letters and more, in lower case."""
    return _WORD.findall(text.lower())


def by_letters(text: str) -> list[str]:
    """Runs of 3 to 5 letters inside words; a blank stands for the border of a word."""
    return [
        padded[start : start + size]
        for word in text.lower().split()
        for padded in (f" {word} ",)
        for size in (3, 4, 5)
        for start in range(max(len(padded) - size + 1, 1))
    ]


@frozen(eq=False)
class Tfidf:
    r"""Vectors of length 1, :math:`w_{tf} = n_{tf} (1 + \ln \frac{1 + N}{1 + N_f})`."""

    cut: Callable[[str], list[str]]
    terms: dict[str, int]
    weight: npt.NDArray[np.float64]
    rows: csr_matrix

    def alike(self, text: str) -> npt.NDArray[np.float64]:
        """Cosine of a text with each text learned."""
        return np.asarray((self.rows @ _vectors([text], self.cut, self.terms, self.weight).T).todense()).ravel()


def learned(texts: Sequence[str], cut: Callable[[str], list[str]]) -> Tfidf:
    """Learn the words of some texts."""
    terms: dict[str, int] = {}
    holders: dict[str, int] = {}
    for text in texts:
        for term in set(cut(text)):
            terms.setdefault(term, len(terms))
            holders[term] = holders.get(term, 0) + 1
    weight = np.array([1.0 + np.log((1 + len(texts)) / (1 + holders[term])) for term in terms])
    return Tfidf(cut, terms, weight, _vectors(texts, cut, terms, weight))


def _vectors(texts: Sequence[str], cut: Callable[[str], list[str]], terms: dict[str, int], weight: npt.NDArray[np.float64]) -> csr_matrix:
    places = [(row, terms[term]) for row, text in enumerate(texts) for term in cut(text) if term in terms]
    rows, columns = zip(*places, strict=True) if places else ((), ())
    counts = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(terms)))
    weighted = counts @ diags(weight) if len(terms) else counts
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return csr_matrix(diags(np.divide(1.0, length, out=np.zeros(len(length)), where=length > 0)) @ weighted)
