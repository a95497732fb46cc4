"""Codes of industries as people write them, and the two revisions of NACE between which exchanges are published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from sivuvirta.library import tables

REVISIONS = ("2.1", "2")
_CODE = re.compile(r"^[A-Za-z]?\s*(\d{1,2})(?:\.?(\d{1,3}))?(?:\.\d+)?$")
_FADES = 0.15  # each further code that one code maps to counts so much of the one before: the first is the usual one


def plain_code(text: object) -> str | None:
    """A code as NACE writes it, from 2 to 4 digits; None where it is none.

    >>> plain_code("C24.10"), plain_code("2410"), plain_code("1.11"), plain_code("24"), plain_code("steel")
    ('24.10', '24.10', '01.11', '24', None)
    >>> plain_code(24.1), plain_code(24.0), plain_code(float("nan"))
    ('24.10', '24', None)
    >>> plain_code("35.11.0")
    '35.11'
    """
    if isinstance(text, float):  # a spreadsheet turns 24.10 into 24.1
        text = f"{text:.2f}".removesuffix(".00")
    match = _CODE.match(str(text).strip().replace(" ", "")) if text is not None else None
    if match is None:
        return None
    head, tail = match.group(1), match.group(2) or ""
    return f"{int(head):02d}" + (f".{tail[:2]}" if tail else "")


def division(code: str) -> str:
    """First two digits."""
    return code[:2]


@cache
def known(revision: str) -> frozenset[str]:
    """Codes of a revision."""
    nace = tables()["nace_codes"]
    if revision == "2.1":
        return frozenset(nace["nace"])
    return frozenset(code for codes in nace["nace2"] for code in codes or ())


def exists(code: str | None) -> bool:
    """Whether a code is in either revision."""
    return code is not None and any(code in known(each) for each in REVISIONS)


@cache
def _maps(source: str) -> Mapping[str, Mapping[str, float]]:
    """From each code of a revision to the codes of the other with their shares."""
    nace = tables()["nace_codes"]
    weights: dict[str, dict[str, float]] = {}
    for code, others in zip(nace["nace"], nace["nace2"], strict=True):
        for place, other in enumerate(others or ()):
            if len(other) == len(code):
                one, two = (code, other) if source == "2.1" else (other, code)
                weights.setdefault(one, {})[two] = _FADES**place
    return {code: {other: weight / sum(each.values()) for other, weight in each.items()} for code, each in weights.items()}


def translated(code: str, source: str, target: str) -> Mapping[str, float]:
    """Codes of a revision that a code of the other stands for, with shares that add up to 1; empty where there are none.

    >>> dict(translated("35.12", "2.1", "2"))
    {'35.11': 1.0}
    """
    return {code: 1.0} if source == target else _maps(source).get(code, {})


def revision(codes: Iterable[str]) -> str | None:
    """The revision that codes are of: the one that knows more of them; None where both know them alike.

    >>> revision(["24.10", "38.32", "46.77"])
    '2'
    """
    seen = list(codes)
    counts = [sum(code in known(each) for code in seen) for each in REVISIONS]
    return None if counts[0] == counts[1] else REVISIONS[0 if counts[0] > counts[1] else 1]


@cache
def names(revision: str) -> Mapping[str, str]:
    """English title of each code; of Rev. 2 the title of the class of Rev. 2.1 that it is nearest to."""
    nace = tables()["nace_codes"]
    found = dict(zip(nace["nace"], nace["name_en"], strict=True))
    if revision == "2.1":
        return found
    return {code: found.get(code, "") or found[max(_maps("2")[code], key=lambda each: _maps("2")[code][each])] for code in _maps("2")}


def alike(one: str | None, other: str | None) -> float:
    """How near two industries are: 1 in one class, 0.8 in one group, 0.5 in one division, else 0."""
    if not one or not other:
        return 0.0
    if one == other and len(one) == 5:
        return 1.0
    if one[:4] == other[:4] and len(one) >= 4 and len(other) >= 4:
        return 0.8
    return 0.5 if one[:2] == other[:2] else 0.0
