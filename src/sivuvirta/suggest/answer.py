"""A suggestion from a text and the codes that go with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.region import Region
from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.errors import OptionError
from sivuvirta.suggest import tables as ranked_tables
from sivuvirta.suggest.nace import REVISIONS, known, translated
from sivuvirta.suggest.nace import revision as revision_of
from sivuvirta.suggest.organisations import organisations
from sivuvirta.suggest.precedents import Precedents, codes_in, columns_of, lows_in, precedents
from sivuvirta.suggest.query import query
from sivuvirta.suggest.ranking import Ranking, ranking


@frozen(kw_only=True, eq=False)
class Ask:
    """What is known of a stream, and how the answer is wanted."""

    text: str
    low: str | None = None
    donor_nace: str | None = None
    country: str | None = None
    precedents: pd.DataFrame | None = None
    region: Region | None = None
    k: int = 20
    revision: str | None = None


def answer(ask: Ask) -> Suggestion:
    """What a stream may be, contain, become, and who may take it.

    Raises:
        OptionError: a code, revision or number is none, or the precedents lack a column; all faults of the options at once.
    """
    ask = _without_blanks(ask)
    _checked(ask)
    revision = ask.revision or _spoken(ask)
    own = precedents(ask.precedents, revision) if ask.precedents is not None and len(ask.precedents) else None
    donor = _donor(ask.donor_nace, revision)
    country = ask.country.strip().upper() if ask.country else None
    asked = query(ask.text, next(iter(lows_in(ask.low)), None), donor, country)
    ranked = ranking(asked, revision, own)
    receivers, divisions = ranked_tables.industries(ranked, revision, own, ask.k)
    return Suggestion(
        text=ask.text,
        revision=revision,
        note=_note(ask, ranked, own),
        materials=ranked_tables.materials(ranked, ask.text, ask.k),
        contents=ranked_tables.contents(ranked),
        technologies=ranked_tables.technologies(ranked, ask.k),
        uses=ranked_tables.uses(ranked, ask.k),
        receivers=receivers,
        divisions=divisions,
        organisations=organisations(ranked, ask.region, revision, ask.k),
        exchanges=ranked_tables.exchanges(ranked, revision, own, ask.k),
    )


def _without_blanks(ask: Ask) -> Ask:
    """The same, where a cell that a spreadsheet left empty is None."""
    empty: dict[str, Any] = {name: None for name in ("low", "donor_nace", "country") if _is_blank(getattr(ask, name))}
    return evolve(ask, **empty, text="" if _is_blank(ask.text) else str(ask.text))


def _is_blank(value: object) -> bool:
    return value is None or value != value or not str(value).strip()  # noqa: PLR0124 - NaN is unlike itself


def _checked(ask: Ask) -> None:
    """Nothing, if the options can be read.

    Raises:
        OptionError: they cannot.
    """
    faults = []
    if ask.low and not lows_in(ask.low):
        faults.append(f"'{ask.low}' is no code of the List of Waste. Write it as 10 02 01.")
    if ask.donor_nace and not codes_in(ask.donor_nace):
        faults.append(f"'{ask.donor_nace}' is no NACE code. Write it as 24.10.")
    if ask.revision is not None and ask.revision not in REVISIONS:
        faults.append(f"'{ask.revision}' is no revision of NACE. It may be {' or '.join(REVISIONS)}.")
    if ask.k < 1:
        faults.append(f"{ask.k} rows cannot be shown. Ask for at least 1.")
    if faults:
        raise OptionError(" ".join(faults))


def _spoken(ask: Ask) -> str:
    """The revision that the precedents speak; where they do not tell, the newer."""
    if ask.precedents is None:
        return REVISIONS[0]
    table = columns_of(ask.precedents)
    codes = [code for name in ("donor_nace", "receiver_nace") if name in table for cell in table[name] for code in codes_in(cell)]
    return revision_of(codes) or REVISIONS[0]


def _donor(text: str | None, revision: str) -> str | None:
    """The donor's industry in a revision; a code that only the other revision knows is translated."""
    code = next(iter(codes_in(text)), None) if text else None
    if code is None or code in known(revision):
        return code
    other = next(each for each in REVISIONS if each != revision)
    options = translated(code, other, revision)
    return max(options, key=lambda each: options[each]) if options else code


def _note(ask: Ask, ranked: Ranking, own: Precedents | None) -> str:
    nearest = max(float(ranked.classes.max()), float(ranked.typologies.max()))
    if not ranked.scores:
        return "Nothing is known of such a stream. Describe it in other words, or give its waste code or its industry."
    texts = ranked_tables.materials(ranked, ask.text, 1)
    if nearest < _WEAK or not len(texts):
        basis = "your exchanges" if own is not None else "its codes"
        return f"The text names nothing that is known: the answer rests on {basis} alone."
    return ""


_WEAK = 0.35  # below this nearness nothing in the library is like the text
