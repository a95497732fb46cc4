"""Fields of a document: what of it is read, in which language, and how much a word there counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import KINDS, LANGUAGES
from sivuvirta.language.folding import plain, words
from sivuvirta.links.codes import Rows, positions
from sivuvirta.search.documents import Documents

_FIGURES = re.compile(r"\d+(?:[.,]\d+)?")
_ENGLISH = ("practices", "materials")
"""Kinds whose own texts are English, whoever wrote them."""

_CODE = "#"
"""Begins a word that is a code or an id, so that it is found as a whole only."""


@frozen(eq=False)
class FieldTexts:
    """One field of all documents: its different texts, and which of them each document has."""

    label: str  # as people read it
    language: str  # "" where it may be any
    weight: float
    words: list[list[str]]  # of each text
    text: Rows  # (documents,) position in `words`, -1 where none
    shortens: bool = True  # a word counts for less in a longer text


def tokens(text: str) -> list[str]:
    """Words and figures of a text, in lower case with their accents.

    >>> tokens("Furnace 3, Röyttä")
    ['furnace', 'röyttä', '3']
    """
    return words(text) + _FIGURES.findall(text)


def folded(text: Any) -> str:
    """A name as it is compared whole: no case, no accents, single blanks."""
    return " ".join(plain(str(text).lower()).split())


def code_words(code: Any) -> list[str]:
    """Words that a code of the List of Waste or of NACE is found by: itself and the levels above it, not the broadest.

    >>> code_words("10 08 09*"), code_words("24.10")
    (['#10 08 09', '#10 08'], ['#24.10', '#24.1'])
    """
    text = str(code).strip(" *")
    if "." in text:
        return [_CODE + text[:end] for end in range(len(text), 3, -1)]
    parts = text.split()
    return [_CODE + " ".join(parts[:end]) for end in range(len(parts), 1, -1)]


def id_word(key: Any) -> str:
    """The word that an id is found by."""
    return _CODE + str(key).lower()


def is_code(word: str) -> bool:
    """Whether a word is a code or an id."""
    return word.startswith(_CODE)


def texts(region: Region, docs: Documents) -> Iterator[FieldTexts]:
    """Fields of all documents, those that count most first."""
    sites, owners, materials = region.table("sites"), region.table("organisations"), region.table("materials")
    low = positions(region.table("low_codes")["low_code"], [str(code).strip(" *") if code else None for code in docs.low])
    nace = positions(region.table("nace_codes")["nace"], docs.nace)
    yield FieldTexts("id", "", 6.0, [[id_word(key)] for key in docs.key], np.arange(len(docs)), shortens=False)
    yield from (_codes("code", 5.0, column) for column in (docs.low, docs.nace))
    yield from _own("name", 4.0, docs.name, docs)
    lists = [" ".join(word for code in cell or () for word in code_words(code)) for cell in materials["low_codes"]]
    for language in LANGUAGES:
        yield _joined("material", language, 1.6, materials[f"name_{language}"], docs.material)
    for language in LANGUAGES:
        said = [". ".join(cell or ()) for cell in materials[f"synonyms_{language}"]]
        yield _joined("trade word of the material", language, 1.4, said, docs.material)
    yield _joined("place", "", 1.2, _pairs(sites["name"], sites["municipality"]), docs.site)
    yield _joined("place", "", 1.2, region.table("zones")["name"], docs.zone)
    yield _joined("organisation", "", 1.2, owners["name"], docs.organisation)
    yield from _own("text", 1.0, docs.text, docs)
    yield FieldTexts("code of the material", "", 0.8, [_split_codes(text) for text in lists], docs.material, shortens=False)
    for language in ("en", "fi"):
        yield _joined("List of Waste", language, 0.6, region.table("low_codes")[f"name_{language}"], low)
    yield _joined("industry", "en", 0.6, region.table("nace_codes")["name_en"], nace)
    for language in LANGUAGES:
        yield _joined("class", language, 0.5, _above(materials["material"], materials[f"name_{language}"]), docs.material)
    yield from _own("note", 0.4, docs.note, docs)


def _split_codes(text: str) -> list[str]:
    return [_CODE + each.strip() for each in text.split(_CODE) if each.strip()]


def _own(label: str, weight: float, column: Texts, docs: Documents) -> Iterator[FieldTexts]:
    """A field whose texts are the documents' own, equal ones read once: those of the library are English, others of any language."""
    english = np.isin(docs.kind, [KINDS.index(kind) for kind in _ENGLISH])
    for language, chosen in (("", ~english), ("en", english)):
        own = np.full(len(column), None, dtype=object)
        own[chosen] = column[chosen]
        row, different = pd.factorize(own)
        yield FieldTexts(label, language, weight, [tokens(str(text)) for text in different], np.asarray(row, dtype=np.int64))


def _codes(label: str, weight: float, column: Texts) -> FieldTexts:
    row, different = pd.factorize(np.asarray(column, dtype=object))
    return FieldTexts(label, "", weight, [code_words(code) for code in different], np.asarray(row, dtype=np.int64), shortens=False)


def _joined(label: str, language: str, weight: float, column: Iterable[Any], row: Rows) -> FieldTexts:
    """A field whose texts are in another table."""
    read = [tokens(str(text)) if text else [] for text in column]
    return FieldTexts(label, language, weight, read or [[]], row)


def _pairs(one: Texts, two: Texts) -> list[str]:
    return [". ".join(dict.fromkeys(str(text) for text in pair if text)) for pair in zip(one, two, strict=True)]


def _above(ids: Texts, names: Texts) -> list[str]:
    """Names of the classes above each material."""
    name = dict(zip(ids.tolist(), names.tolist(), strict=True))
    found = []
    for key in ids.tolist():
        parts = key.split(".")
        found.append(". ".join(str(name[above]) for end in range(1, len(parts)) if name.get(above := ".".join(parts[:end]))))
    return found
