"""What a text speaks of: ideas and words, weighted, so that two texts can be compared across languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.table import Table
from sivuvirta.language.folding import LANGUAGES, bounded, plain, stem, words
from sivuvirta.language.lexicon import Key, Lexicon, lexicon
from sivuvirta.library import catalogue, tables

Vector = Mapping[str, float]
"""Weight by feature: `c:` and an idea of the vocabulary, or `w:` and a stem. Its length is 1, or it is empty."""

_KINDS = {"form": 1.0, "matter": 1.3, "origin": 1.1, "quality": 0.7, "use": 0.6, "weak": 0.06}
_WORD = 0.5  # a word counts for so much of an idea
_UNKNOWN_WORD = 0.6
_WITHIN_PHRASE = 0.35  # what an idea counts whose word is part of a longer phrase
_SMALL = frozenset(
    words(
        "a an and as at by de del dels e el en et for from i in is it its la las los och of on or the to with y av från ur som till för "
        "med ja tai sekä o con sin por para das der die und von no non not"
    )
)


@frozen(eq=False)
class Phrase:
    """A way to say an idea: all its words must be there."""

    concept: str
    kind: str
    keys: tuple[Key, ...]


@cache
def known_words() -> Lexicon:
    """The words of the vocabulary, of the names of materials and typologies, and of the List of Waste."""
    return lexicon(_known())


def _known() -> Iterable[tuple[str, str]]:
    vocabulary = catalogue()["vocabulary"]
    for language in LANGUAGES:
        for cell in vocabulary[f"words_{language}"]:
            yield from ((language, text) for text in cell or ())
    for table in (tables()["materials"], catalogue()["typologies"]):
        for language in LANGUAGES:
            for name, synonyms in zip(table[f"name_{language}"], table[f"synonyms_{language}"], strict=True):
                yield from ((language, text) for text in (name, *(synonyms or ())) if text)
    for text in tables()["low_codes"]["name_en"]:
        yield "en", text


@cache
def phrases() -> Mapping[Key, tuple[Phrase, ...]]:
    """Phrases of the vocabulary by the key of their rarest word: the longest word stands for the rarest."""
    found: dict[Key, list[Phrase]] = {}
    vocabulary = catalogue()["vocabulary"]
    for row in range(len(vocabulary)):
        for language in LANGUAGES:
            for text in vocabulary[f"words_{language}"][row] or ():
                parts = [word for word in words(text) if word not in _SMALL]
                keys = tuple((language, plain(word)) for word in parts)
                if keys:
                    phrase = Phrase(vocabulary["concept"][row], vocabulary["kind"][row], keys)
                    found.setdefault(max(keys, key=lambda key: len(key[1])), []).append(phrase)
    return {key: tuple(each) for key, each in found.items()}


@cache
def _weak() -> frozenset[Key]:
    """Languages and stems of words that tell next to nothing."""
    single = (each.keys[0] for group in phrases().values() for each in group if each.kind == "weak" and len(each.keys) == 1)
    return frozenset((language, stem(word, language)) for language, word in single)


def said(concept: str) -> str:
    """An idea in English words."""
    vocabulary = catalogue()["vocabulary"]
    return str(vocabulary["words_en"][vocabulary.index[concept]][0])


@cache
def forms() -> frozenset[str]:
    """Ideas that are forms of matter: slag, dust, sludge."""
    vocabulary = catalogue()["vocabulary"]
    return frozenset(vocabulary["concept"][vocabulary["kind"] == "form"].tolist())


@lru_cache(maxsize=65536)
def counted(text: str) -> Vector:
    """Ideas and words of a text with their strength, before rare ones are told from common ones."""
    tokens = [word for word in words(bounded(text)) if word not in _SMALL and len(word) > 1]
    resolved = [known_words().look_up(word) for word in tokens]
    sure: dict[Key, float] = {}
    places: dict[Key, set[int]] = {}
    for place, keys in enumerate(resolved):
        for key, value in keys.items():
            sure[key] = max(sure.get(key, 0.0), value)
            places.setdefault(key, set()).add(place)
    vector = _concepts(sure, places)
    for token, keys in zip(tokens, resolved, strict=True):
        for name, weight in _tokens(token, keys).items():
            vector[f"w:{name}"] = max(vector.get(f"w:{name}", 0.0), weight)
    return vector


def _tokens(token: str, keys: Iterable[Key]) -> dict[str, float]:
    """Names of the words that a token stands for, with what they count; of an unknown one its stem."""
    found = {_name(key): _KINDS["weak"] if (key[0], stem(key[1], key[0])) in _weak() else _WORD for key in keys}
    found = {name: weight / np.sqrt(len(found)) for name, weight in found.items()}
    return found or {stem(plain(token), "en"): _UNKNOWN_WORD}


def _name(key: Key) -> str:
    """What stands for a word: Finnish words as they are, since their stems are short and meet; others by their stem."""
    language, word = key
    return word if language == "fi" else stem(word, language)


def _concepts(sure: Mapping[Key, float], places: Mapping[Key, set[int]]) -> dict[str, float]:
    matched = [
        (phrase, min(sure[key] for key in phrase.keys))
        for key in sure
        for phrase in phrases().get(key, ())
        if all(each in sure for each in phrase.keys)
    ]
    within: dict[int, set[str]] = {}
    for phrase, _ in matched:
        spots = set().union(*(places[key] for key in phrase.keys))
        if len(spots) > 1 and phrase.kind not in ("quality", "weak"):
            for spot in spots:
                within.setdefault(spot, set()).add(phrase.concept)
    found: dict[str, float] = {}
    for phrase, strength in matched:
        spots = set().union(*(places[key] for key in phrase.keys))
        covered = len(spots) == 1 and phrase.kind != "form" and within.get(next(iter(spots)), {phrase.concept}) - {phrase.concept}
        weight = _KINDS[phrase.kind] * strength * (_WITHIN_PHRASE if covered else 1.0)
        name = f"c:{phrase.concept}"
        found[name] = max(found.get(name, 0.0), weight)
    return found


@cache
def rarity() -> Mapping[str, float]:
    r"""How much a feature tells, 0 to 1, from how many names of materials, typologies and waste codes hold it.

    .. math:: r_f = \ln(1 + N/n_f) / \ln(1 + N)
    """
    texts = [text for table in (tables()["materials"], catalogue()["typologies"]) for text in table["name_en"]]
    texts += list(tables()["low_codes"]["name_en"])
    count: dict[str, int] = {}
    for text in texts:
        for name in counted(text):
            count[name] = count.get(name, 0) + 1
    total = len(texts)
    return {name: float(np.log1p(total / number) / np.log1p(total)) for name, number in count.items()}


@lru_cache(maxsize=65536)
def vector(text: str) -> Vector:
    """A text as a vector of length 1; empty where no word of it tells anything."""
    raw = {name: weight * rarity().get(name, 1.0) for name, weight in counted(text).items()}
    length = float(np.sqrt(sum(weight * weight for weight in raw.values())))
    return {name: weight / length for name, weight in raw.items()} if length > 0 else {}


def told(text: str) -> float:
    """How much a text tells, 0 to 1: a text of weak words such as *other waste* tells next to nothing."""
    weights = [weight * rarity().get(name, 1.0) for name, weight in counted(text).items()]
    return float(min(1.0, max(weights, default=0.0) / 0.3))


@frozen(eq=False)
class Space:
    """Texts to compare with: for each feature the texts that hold it, and its weight there."""

    size: int
    postings: Mapping[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]

    def alike(self, query: Vector) -> npt.NDArray[np.float64]:
        """Cosine of a text with each text, shape (size,)."""
        found = np.zeros(self.size)
        for name, weight in query.items():
            if name in self.postings:
                rows, weights = self.postings[name]
                found[rows] += weight * weights
        return found


def space(texts: Sequence[str]) -> Space:
    """A space of texts, in their order."""
    rows: dict[str, list[int]] = {}
    weights: dict[str, list[float]] = {}
    for row, text in enumerate(texts):
        for name, weight in vector(text).items():
            rows.setdefault(name, []).append(row)
            weights.setdefault(name, []).append(weight)
    return Space(len(texts), {name: (np.array(rows[name]), np.array(weights[name])) for name in rows})


def named(table: Table) -> tuple[list[str], npt.NDArray[np.int64]]:
    """All names and trade words of a table, each with the row that it names."""
    texts, owner = [], []
    for language in LANGUAGES:
        for row, (name, synonyms) in enumerate(zip(table[f"name_{language}"], table[f"synonyms_{language}"], strict=True)):
            for text in (name, *(synonyms or ())):
                if text:
                    texts.append(text)
                    owner.append(row)
    return texts, np.array(owner, dtype=np.int64)
