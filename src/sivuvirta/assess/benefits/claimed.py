"""What is stated of exchanges and not computed: who claims which share, how long it lasts, and what parties say that it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.benefits import Attribution
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError, UnknownNameError

EVERY = "*"
"""Key of an attribution that holds for every exchange without one of its own."""

Given = Mapping[str, float | tuple[float, str]]
Lasting = str | Sequence[float]
_NAN = float("nan")


@frozen(eq=False)
class Programme:
    """A programme with what it states of its exchanges."""

    key: str
    name: str
    exchanges: Mapping[str, Attribution]


def programmes(region: Region) -> tuple[Programme, ...]:
    """Programmes of the register."""
    stated: dict[str, dict[str, Attribution]] = {}
    own = {row["programme"]: row for row in region.table("programmes").rows()}
    for row in region.table("programme_exchanges").rows():
        scheme = row["persistence"] or own[row["programme"]]["persistence"] or ""
        share = _NAN if row["attribution"] is None else float(row["attribution"]) / 100.0
        told = Attribution(share, row["reason"] or "", scheme, schemes(region).get(scheme, ()))
        stated.setdefault(row["programme"], {})[f"stream:{row['stream']}>{row['destination']}"] = told
    return tuple(Programme(key, str(row["name"]), stated.get(key, {})) for key, row in own.items())


def schemes(region: Region) -> dict[str, tuple[float, ...]]:
    """Schemes of persistence: factor of each year from the first; a year that a scheme leaves out counts nothing."""
    found: dict[str, dict[int, float]] = {}
    for row in region.table("persistences").rows():
        found.setdefault(row["scheme"], {})[int(row["year"])] = float(row["factor"]) / 100.0
    return {name: tuple(years.get(year, 0.0) for year in range(1, max(years) + 1)) for name, years in found.items()}


def lasting(region: Region, asked: Lasting | None) -> tuple[str, tuple[float, ...]]:
    """Name and factors of the persistence that was asked for.

    Raises:
        OptionError: there is no factor, or one is not from 0 to 1.
        UnknownNameError: there is no such scheme.
    """
    if asked is None:
        return "", ()
    if isinstance(asked, str):
        known = schemes(region)
        if asked not in known:
            raise UnknownNameError(f"There is no scheme of persistence '{asked}'. There are: {', '.join(known) or 'none'}.")
        return asked, known[asked]
    factors = tuple(float(each) for each in asked)
    if not factors or not all(0.0 <= each <= 1.0 for each in factors):
        raise OptionError("Persistence is the name of a scheme, or a share from 0 to 1 for each year, for example [1, 0.8, 0.6].")
    return "as asked", factors


def attributions(region: Region, given: Given | None, asked: Lasting | None, exchanges: Sequence[str]) -> dict[str, Attribution]:
    """What is stated of each exchange: what is given, else the sum of what the programmes of the register claim, else nothing.

    Args:
        region: with its programmes.
        given: share of 1, or share and reason, by exchange; "*" for all without one of their own.
        asked: persistence for all.
        exchanges: keys of the exchanges.

    Raises:
        OptionError: a share is not from 0 to 1.
        UnknownNameError: an exchange does not exist.
    """
    scheme, factors = lasting(region, asked)
    stated = _given(given, exchanges)
    registered = _registered(region)
    found = {}
    for key in exchanges:
        base = registered.get(key, Attribution(_NAN, ""))
        share, reason = stated.get(key, stated.get(EVERY, (base.share, base.reason)))
        found[key] = Attribution(share, reason, scheme or base.scheme, factors or base.factors)
    return found


def _given(given: Given | None, exchanges: Sequence[str]) -> dict[str, tuple[float, str]]:
    found = {key: value if isinstance(value, tuple) else (float(value), "as asked") for key, value in (given or {}).items()}
    strange = [key for key in found if key != EVERY and key not in exchanges]
    if strange:
        raise UnknownNameError(f"There is no exchange {', '.join(map(repr, strange))}. There are: {', '.join(exchanges) or 'none'}.")
    wrong = [f"{share:g}" for share, _ in found.values() if not 0.0 <= share <= 1.0]
    if wrong:
        raise OptionError(f"A share of a benefit is from 0 to 1, not {', '.join(wrong)}.")
    return {key: (float(share), str(reason)) for key, (share, reason) in found.items()}


def _registered(region: Region) -> dict[str, Attribution]:
    """Claims of all programmes on an exchange together: shares add up where all are stated."""
    found: dict[str, list[tuple[str, Attribution]]] = {}
    for programme in programmes(region):
        for key, told in programme.exchanges.items():
            found.setdefault(key, []).append((programme.name, told))
    return {
        key: Attribution(
            float(np.sum([told.share for _, told in several])),
            "; ".join(f"{name}: {told.reason}" for name, told in several if told.reason),
            next((told.scheme for _, told in several if told.scheme), ""),
            next((told.factors for _, told in several if told.factors), ()),
        )
        for key, several in found.items()
    }


def claims(region: Region) -> list[dict[str, Any]]:
    """What parties say, row by row, with the exchange as a sheet names it."""
    return [
        {**row, "exchange": f"stream:{row['stream']}>{row['destination']}" if row["stream"] else ""}
        for row in region.table("claims").rows()
    ]
