"""Kinds of materials by a few words in any of the four languages: names, trade words and typical side streams of industries."""

from __future__ import annotations

from attrs import frozen

from sivuvirta import library
from sivuvirta.language.folding import plain
from sivuvirta.suggest.knowledge import class_scores, lifted, typology_scores
from sivuvirta.suggest.nace import REVISIONS
from sivuvirta.suggest.query import query
from sivuvirta.tables.schema import schema
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.names import called

_MOST = 6
_NEAR = 0.3  # nearness below which a class is not shown
_SAID = 1.0  # of a class whose name or trade word begins with what was typed
LONGEST = 200  # signs that are read


@frozen
class Kind:
    """A class of materials."""

    key: str
    name: str
    unit: str  # of its amounts
    carrier: str
    also: str  # trade words


def kinds(register: Register, typed: str) -> list[Kind]:
    """Classes that somebody may mean by what they typed, the nearest first; the register's own classes among them."""
    text = typed.strip()[:LONGEST]
    if len(text) < 2:
        return []
    asked = query(text, None, None)
    table = library.tables()["materials"]
    scores = dict(zip(table["material"].tolist(), lifted(class_scores(asked), typology_scores(asked, REVISIONS[0])).tolist(), strict=True))
    word = plain(text.lower())
    for row in table.rows():
        if any(plain(str(each).lower()).startswith(word) for each in _texts(row)):
            scores[row["material"]] = max(scores[row["material"]], _SAID)
    best = sorted((key for key, score in scores.items() if score >= _NEAR), key=lambda key: (-scores[key], len(key), key))
    own = MODELS["materials"].objects.filter(register=register, circle__gte=3)
    named = [
        each
        for each in own
        if any(word in plain(str(text).lower()) for text in (each.name_en, each.name_fi, each.name_sv, each.name_es) if text)
    ]
    found = [_own(each) for each in named[:_MOST]] + [kind(register, key) for key in best if key not in {each.row_key for each in named}]
    return [each for each in found if each is not None][:_MOST]


def kind(register: Register, key: str) -> Kind | None:
    """A class by its key; None where there is none."""
    own = MODELS["materials"].objects.filter(register=register, row_key=key).first()
    if own is not None:
        return _own(own)
    table = library.tables()["materials"]
    if key not in table.index:
        return None
    row = table.index[key]
    language = called(schema()["materials"]).removeprefix("name_")
    words = table[f"synonyms_{language}"][row] or ()
    name = str(table[f"name_{language}"][row] or table["name_en"][row])
    return Kind(key, name, str(table["unit"][row]), str(table["carrier"][row]), ", ".join(words[:3]))


def _own(row: object) -> Kind:
    name = getattr(row, called(schema()["materials"])) or row.name_en  # type: ignore[attr-defined]
    return Kind(row.row_key, name, row.unit or "t", row.carrier or "", "")  # type: ignore[attr-defined]


def _texts(row: dict[str, object]) -> list[object]:
    names = [row[f"name_{language}"] for language in ("en", "fi", "sv", "es")]
    trade = [word for language in ("en", "fi", "sv", "es") for word in (row[f"synonyms_{language}"] or ())]  # type: ignore[attr-defined]
    return [each for each in (*names, *trade) if each]
