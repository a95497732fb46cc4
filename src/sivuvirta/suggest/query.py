"""What is asked: a text and the codes that go with it, and how near something else is to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.suggest.features import Space, Vector, forms, told, vector
from sivuvirta.suggest.nace import alike

Floats = npt.NDArray[np.float64]

TEXT, DONOR, CODE = 1.0, 0.25, 0.35
"""What text, industry and waste code count where both sides have them."""

_SUBCHAPTER, _CHAPTER = 0.6, 0.3  # how near two waste codes of one subchapter, of one chapter, are


_WARM = frozenset(("c:heat", "c:steam", "c:hotwater"))  # ideas of the vocabulary that are heat
_NOT_SOLID = ("gas", "heat", "electricity")
_OTHER_STATE = 0.5  # what something counts that is heat where the text says sludge, or a solid where it says heat


@frozen(kw_only=True)
class Query:
    """A stream of which little is known."""

    text: str
    vector: Vector
    told: float  # 0 to 1, how much the text tells
    low: str | None  # as `10 02 01`, or a chapter or subchapter
    donor: str | None  # NACE in the revision of the ranking
    country: str | None = None


def query(text: str, low: str | None, donor: str | None, country: str | None = None) -> Query:
    """A query; its codes are plain already."""
    return Query(text=text, vector=vector(text), told=told(text), low=low, donor=donor, country=country)


def plain_low(text: object) -> str | None:
    """A waste code as the law writes it, also a chapter or subchapter alone; None where it is none.

    >>> plain_low("100201*"), plain_low("10 02"), plain_low("slag")
    ('10 02 01', '10 02', None)
    >>> plain_low(20304), plain_low(100201.0)
    ('02 03 04', '10 02 01')
    """
    written = str(text).strip().removesuffix(".0") if text is not None else ""
    digits = "".join(sign for sign in written if sign not in " .*-\u00a0")
    if digits.isdigit() and len(digits) in (3, 5):  # a spreadsheet drops the first zero
        digits = f"0{digits}"
    if not digits.isdigit() or len(digits) not in (2, 4, 6):
        return None
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def low_alike(one: str | None, other: str | None) -> float:
    """How near two waste codes are: 1 the same, 0.6 in one subchapter, 0.3 in one chapter, else 0."""
    if not one or not other:
        return 0.0
    if one == other and len(one) == 8:
        return 1.0
    if one[:5] == other[:5] and len(one) >= 5 and len(other) >= 5:
        return _SUBCHAPTER
    return _CHAPTER if one[:2] == other[:2] else 0.0


def nearness(asked: Query, texts: Floats, donors: Sequence[str | None], lows: Sequence[tuple[str, ...]]) -> Floats:
    r"""How near each of some streams is to the query, from 0 to 1, over what both sides tell.

    .. math:: s_i = \frac{w_t \tau c_i + w_d d_i + w_l l_i}{w_t \tau + w_d [d] + w_l [l_i]}

    Args:
        asked: the query; :math:`\tau` is how much its text tells.
        texts: cosine of the texts, c, shape (n,).
        donors: industry of each, NACE in the query's revision.
        lows: waste codes of each.
    """
    up = TEXT * asked.told * texts
    down = np.full(len(texts), TEXT * asked.told)
    if asked.donor:
        akin: dict[str | None, float] = {code: alike(asked.donor, code) for code in set(donors)}
        up = up + DONOR * np.array([akin[code] for code in donors])
        down = down + DONOR * np.array([1.0 if code else 0.0 for code in donors])
    if asked.low:
        best = {codes: max((low_alike(asked.low, code) for code in codes), default=0.0) for codes in set(lows)}
        up = up + CODE * np.array([best[codes] for codes in lows])
        down = down + CODE * np.array([1.0 if codes else 0.0 for codes in lows])
    near: Floats = np.divide(up, down, out=np.zeros(len(texts)), where=down > 0)
    return near


def state_alike(asked: Query, carriers: Sequence[str]) -> Floats:
    """1 for what may be in the state that the text tells, less for what cannot; shape (n,).

    Args:
        asked: a text that names a solid form (slag, dust, sludge) tells a solid, one that names heat or steam tells heat.
        carriers: of each, as in `materials`.
    """
    ideas = {name.removeprefix("c:") for name in asked.vector}
    if asked.vector.keys() & _WARM:
        return np.array([1.0 if carrier in ("heat", "water", "gas", "fuel", "electricity") else _OTHER_STATE for carrier in carriers])
    if ideas & (forms() - {"gas"}):
        return np.array([_OTHER_STATE if carrier in _NOT_SOLID else 1.0 for carrier in carriers])
    return np.ones(len(carriers))


def best_by_owner(space: Space, owner: npt.NDArray[np.int64], size: int, asked: Query) -> Floats:
    """Cosine of the query with the nearest name of each owner, shape (size,)."""
    found = np.zeros(size)
    np.maximum.at(found, owner, space.alike(asked.vector))
    return found
