"""Rules of programmes and claims: who takes an exchange exists, a share has its reason, shares of several programmes are one whole."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

_ENDS = {"need": "needs", "plant": "plants", "fate": "fates"}
_WHOLE = 100.0 + 1e-9


def exchange_ends(draft: Draft) -> Iterator[Problem]:
    """A destination is written as a ledger tells it, and exists."""
    for table in ("programme_exchanges", "claims"):
        if not draft.present(table):
            continue
        for row, text in enumerate(draft.tables[table].columns["destination"].tolist()):
            kind, _, key = str(text or "").partition(":")
            target = _ENDS.get(kind)
            if text is None or (target is not None and (key in draft.keys(target) or draft.may_hold(target, key))):
                continue
            message = f"'{text}' is no destination of an exchange." if target is None else f"'{key}' is not in '{target}'."
            repair = "Write need:KEY, plant:KEY or fate:KEY, with a key of that table."
            yield draft.problem(table, row, "destination", "strange_destination", message, repair)


def claimed_subjects(draft: Draft) -> Iterator[Problem]:
    """A claim speaks of a programme, or of an exchange with both its ends."""
    if not draft.present("claims"):
        return
    for row, cells in enumerate(draft.tables["claims"].rows()):
        ends = [cells["stream"] is not None, cells["destination"] is not None]
        if any(ends) != all(ends) or (not any(ends) and cells["programme"] is None):
            message = "A claim names a programme, or stream and destination of an exchange."
            yield draft.problem("claims", row, "stream", "claim_of_nothing", message, "Fill in what is missing.")


def attributed_shares(draft: Draft) -> Iterator[Problem]:
    """A share of a benefit has a reason, and programmes together claim no more than the whole of an exchange."""
    if not draft.present("programme_exchanges"):
        return
    claimed: dict[tuple[object, object], float] = {}
    for row, cells in enumerate(draft.tables["programme_exchanges"].rows()):
        share = cells["attribution"]
        if share is None or share != share:  # noqa: PLR0124 - NaN
            continue
        if cells["reason"] is None:
            message = "A programme claims a share of the benefit without saying why."
            yield draft.problem(
                "programme_exchanges", row, "reason", "share_without_reason", message, "Write the reason, or leave the share empty."
            )
        key = (cells["stream"], cells["destination"])
        claimed[key] = claimed.get(key, 0.0) + share
        if claimed[key] > _WHOLE:
            message = f"Programmes together claim {claimed[key]:g} % of the exchange {key[0]} to {key[1]}."
            yield draft.problem(
                "programme_exchanges", row, "attribution", "shares_above_whole", message, "Agree on shares that add up to 100 % at most."
            )


def known_schemes(draft: Draft) -> Iterator[Problem]:
    """A scheme of persistence that is named has rows."""
    for table in ("programmes", "programme_exchanges"):
        if not draft.present(table):
            continue
        for row, scheme in enumerate(draft.tables[table].columns["persistence"].tolist()):
            if scheme is not None and scheme not in draft.keys("persistences") and not draft.may_hold("persistences", scheme):
                message = f"There is no scheme '{scheme}' in 'persistences'."
                yield draft.problem(table, row, "persistence", "strange_scheme", message, "Correct the name, or add its years there.")
