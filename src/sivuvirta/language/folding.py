"""Words of a text without case, accents, spelling variants and inflection, in Finnish, Swedish, Spanish and English alike."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import snowballstemmer

LANGUAGES = ("en", "fi", "sv", "es")
_STEMMERS = {"en": "english", "fi": "finnish", "sv": "swedish", "es": "spanish"}
_SIGNS = str.maketrans({"ø": "ö", "æ": "ä", "₂": "2", "₃": "3", "’": "'", "®": " ", "™": " "})
_RUN = re.compile(r"[^\W\d_]{61,}")
_WORD = re.compile(r"[^\W\d_]+(?:\d(?!\w))?", re.UNICODE)
_SPELLINGS = (
    (re.compile("sulph"), "sulf"),
    (re.compile("alumini?um$"), "aluminium"),
    (re.compile("fibre"), "fiber"),
    (re.compile("isation$"), "ization"),
    (re.compile("isation"), "ization"),
    (re.compile("ising$"), "izing"),
    (re.compile("ised$"), "ized"),
    (re.compile("mould"), "mold"),
    (re.compile("tyre"), "tire"),
    (re.compile("colour"), "color"),
)
_GRADES = (("nn", "nt"), ("mm", "mp"), ("ng", "nk"), ("ll", "lt"), ("rr", "rt"), ("d", "t"), ("v", "p"), ("g", "k"), ("ks", "s"))
_SWEDISH_ENDINGS = ("arna", "orna", "erna", "ens", "ets", "en", "et", "n", "t")
_VOWELS = "aeiouyäöå"


LONGEST_WORD, LONGEST_TEXT = 60, 2000
"""Letters of a word and of a text; what is longer is no word and no description, and is cut."""


def bounded(text: str) -> str:
    """A text of at most 2000 letters, in which no run of letters has more than 60.

    >>> len(bounded("x" * 5000)), bounded("slag")
    (60, 'slag')
    """
    return _RUN.sub(lambda match: match.group()[:LONGEST_WORD], text[:LONGEST_TEXT])


def cut(text: str) -> tuple[str, ...]:
    """A sentence where a text is longer than is read; else nothing."""
    if bounded(text) == text:
        return ()
    return (f"The text was cut: of words {LONGEST_WORD} letters are read, of the whole {LONGEST_TEXT}.",)


def words(text: str) -> list[str]:
    """Words of a text in lower case with their accents, in order; figures and signs are left out.

    >>> words("CO₂ & masuunin pölyä, 10 t")
    ['co2', 'masuunin', 'pölyä', 't']
    """
    return [match.group() for match in _WORD.finditer(unicodedata.normalize("NFC", text).translate(_SIGNS).lower())]


@cache
def plain(word: str) -> str:
    """A word without accents, as it is typed on a foreign keyboard.

    >>> plain("viherlipeäsakka")
    'viherlipeasakka'
    """
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@cache
def stem(word: str, language: str) -> str:
    """What stays of a word when its inflection is taken off; equal for the forms of one word, not always a word itself.

    Snowball's stemmers (Porter), and after them for Finnish the grades of consonants (`lietteen`, `liete`), for Swedish the definite
    endings that Snowball leaves (`slagget`, `slagg`), for English one spelling.

    Args:
        word: in lower case.
        language: `en`, `fi`, `sv` or `es`.

    >>> stem("lietteen", "fi") == stem("liete", "fi") == stem("lietettä", "fi")
    True
    >>> stem("slagget", "sv") == stem("slagg", "sv")
    True
    """
    if len(word) <= 3:
        return word if language in ("fi", "sv") else plain(word)
    if language == "en":
        for pattern, spelling in _SPELLINGS:
            word = pattern.sub(spelling, word)
    base = _stemmer(language).stemWord(word)
    if language == "fi":
        return _strong(base)
    if language == "sv":
        return _indefinite(base)
    return plain(base)


def stems(word: str) -> frozenset[str]:
    """The stems that a word may have, one for each language it may be of."""
    return frozenset(stem(word, language) for language in LANGUAGES)


@cache
def _stemmer(language: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(_STEMMERS[language])


def _strong(base: str) -> str:
    """A Finnish stem without its last vowels, its last consonants in the strong grade and single."""
    short = base.rstrip(_VOWELS)
    if len(short) < 3:
        short = base[:3]
    for weak, strong in _GRADES:
        if short.endswith(weak):
            short = short.removesuffix(weak) + strong
            break
    if short.endswith("s") and len(short) <= 3:
        short = short[:-1] + "t"
    for pair in ("mp", "nt", "lt", "rt"):  # the weak grade with one consonant, as Snowball leaves it, is the same word
        if short.endswith(pair):
            short = short[:-1]
    return _single(short)


def _indefinite(base: str) -> str:
    """A Swedish stem without the definite ending that Snowball leaves on words whose ending it cannot tell."""
    for ending in _SWEDISH_ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= 4 and (len(ending) > 1 or base[-2] in _VOWELS):
            base = base.removesuffix(ending)
            break
    return _single(base.rstrip("aeou") if len(base) > 3 else base)


def _single(base: str) -> str:
    """A stem without double consonants at its end."""
    return base[:-1] if len(base) > 3 and base[-1] == base[-2] else base
