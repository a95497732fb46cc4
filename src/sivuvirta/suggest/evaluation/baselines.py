"""Simpler ways to guess a receiver, each as strong as it can be made without knowing the field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from sivuvirta.suggest.evaluation.rows import Exchange
from sivuvirta.suggest.evaluation.tfidf import Tfidf, by_letters, by_words, learned
from sivuvirta.suggest.nace import names

_LEAST = 1e-6  # what popularity counts where neighbours say nothing


def popularity(others: Sequence[Exchange]) -> dict[str, float]:
    """How often each industry receives anything in the other cases."""
    found: dict[str, float] = {}
    for each in others:
        found[each.receiver] = found.get(each.receiver, 0.0) + 1.0
    return found


def neighbours(asked: str, space: Tfidf, others: Sequence[Exchange]) -> dict[str, float]:
    """Receivers of all texts that share a word, each by the sum of its similarities; popularity orders what is left.

    On the library's exchanges no lower number of texts does better at recall@10.

    Args:
        asked: text of the stream.
        space: texts of the other cases, in the order of `others`.
        others: exchanges of the other cases.
    """
    near = space.alike(asked)
    found = {code: _LEAST * count for code, count in popularity(others).items()}
    for row in np.flatnonzero(near).tolist():
        found[others[row].receiver] += float(near[row])
    return found


def with_codes(each: Exchange) -> str:
    """A text with its codes as words: chapter, subchapter and code of waste, division and class of the donor."""
    low = each.low or ""
    codes = [f"low{low[:end].replace(' ', '')}" for end in (2, 5, 8) if len(low) >= end]
    donor = each.donor or ""
    industries = [f"nace{donor[:end].replace('.', '')}" for end in (2, 5) if len(donor) >= end]
    return " ".join([each.text, *codes, *industries])


def word_space(others: Sequence[Exchange]) -> Tfidf:
    """Words of the texts."""
    return learned([each.text for each in others], by_words)


def code_space(others: Sequence[Exchange]) -> Tfidf:
    """Words and codes."""
    return learned([with_codes(each) for each in others], by_words)


@cache
def title_space(revision: str) -> tuple[Tfidf, tuple[str, ...]]:
    """Letters of the titles of industries, and their codes."""
    titles = {code: name for code, name in names(revision).items() if len(code) == 5}
    return learned(list(titles.values()), by_letters), tuple(titles)


def titles(asked: str, revision: str) -> dict[str, float]:
    """Industries whose title is spelled like the text."""
    space, codes = title_space(revision)
    return {code: float(value) for code, value in zip(codes, space.alike(asked), strict=True) if value > 0}
