"""What is told of a stream, read: blanks, codes and countries as people write them, and what of it cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError
from sivuvirta.language.folding import bounded, cut
from sivuvirta.library import tables
from sivuvirta.suggest.countries import country_code
from sivuvirta.suggest.nace import REVISIONS, exists
from sivuvirta.suggest.precedents import codes_in, lows_in


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


def asked(ask: Ask) -> tuple[Ask, list[str]]:
    """The same with plain codes, without blanks and without what is no code; and what was left out, a sentence each.

    Raises:
        OptionError: an option cannot be read; all faults at once.
    """
    ask = _without_blanks(ask)
    _checked(ask)
    text = bounded(ask.text)
    notes = list(cut(ask.text))
    if not text.strip():
        notes.append("There is no text.")
    low, donor, country = (_code(each) for each in (ask.low, ask.donor_nace, ask.country))
    low = _kept(low, lambda code: next((each for each in lows_in(code) if is_low(each)), None), ("code of the List of Waste", notes))
    donor = _kept(donor, lambda code: next((each for each in codes_in(code) if exists(each)), None), ("NACE code", notes))
    country = _kept(country, country_code, ("country", notes))
    return evolve(ask, text=text, low=low, donor_nace=donor, country=country), notes


def is_low(code: str) -> bool:
    """Whether there is such a code, subchapter or chapter in the List of Waste."""
    return code in _lows()


@cache
def _lows() -> frozenset[str]:
    codes = [str(code) for code in tables()["low_codes"]["low_code"]]
    return frozenset(code[:end] for code in codes for end in (2, 5, 8))


def _kept(written: str | None, read: Callable[[str], str | None], words: tuple[str, list[str]]) -> str | None:
    found = read(written) if written is not None else None
    if written is not None and found is None:
        words[1].append(f"There is no {words[0]} '{written}': it is ignored.")
    return found


def _code(value: object) -> Any:
    return value if value is None or isinstance(value, float) else str(value).strip()


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
