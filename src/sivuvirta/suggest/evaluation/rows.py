"""Exchanges to judge by, from files; rows that cannot be judged are told, none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from attrs import frozen

from sivuvirta.errors import OptionError
from sivuvirta.suggest.exchange_tables import read
from sivuvirta.suggest.nace import REVISIONS, known, translated
from sivuvirta.suggest.nace import revision as revision_of
from sivuvirta.suggest.outcomes import FALLEN, outcome, past
from sivuvirta.suggest.precedents import codes_in, columns_of, lows_in

_NEEDED = ("case_id", "text", "receiver_nace")


@frozen(kw_only=True)
class Exchange:
    """One stream and one receiver."""

    file: str
    row: int  # line of the file, the header is line 1
    case: str
    text: str
    low: str | None
    donor: str | None
    receiver: str  # in the revision of all
    use: str
    status: str  # as the file says it
    reason: str


@frozen(kw_only=True)
class Judged:
    """Exchanges that can be judged, and rows that cannot."""

    exchanges: tuple[Exchange, ...]
    fallen: tuple[Exchange, ...]  # failed or refused: nobody to be named, yet known to the others
    unjudged: tuple[tuple[str, int, str], ...]  # file, line, reason
    revision: str
    notes: tuple[str, ...] = ()  # how files were read


def exchanges(files: Sequence[Path]) -> Judged:
    """All exchanges of some files.

    Raises:
        ReadError: a file is missing or no CSV.
        OptionError: a file lacks a column, or no row can be judged.
    """
    frames = {file: read(file) for file in files}
    tables = [(file.name, columns_of(frame)) for file, frame in frames.items()]
    lacking = [
        f"'{name}' lacks {', '.join(repr(column) for column in _NEEDED if column not in table)}"
        for name, table in tables
        if not set(_NEEDED) <= set(table)
    ]
    if lacking:
        raise OptionError(f"{'; '.join(lacking)}. A file of exchanges needs case_id, text and receiver_nace.")
    codes = [
        code
        for _, table in tables
        for column in ("donor_nace", "receiver_nace")
        if column in table
        for cell in table[column]
        for code in codes_in(cell)
    ]
    revision = revision_of(codes) or REVISIONS[0]
    every: list[Exchange] = []
    faults: list[tuple[str, int, str]] = []
    for name, table in tables:
        for place, row in enumerate(table.to_dict("records")):
            _judge(name, place + 2, {str(key): value for key, value in row.items()}, revision, (every, faults))
    found = [each for each in every if outcome(each.status) not in FALLEN]
    if not found:
        raise OptionError(f"No row can be judged: {faults[0][2] if faults else 'the files are empty'}.")
    return Judged(
        exchanges=tuple(found),
        fallen=tuple(each for each in every if outcome(each.status) in FALLEN),
        unjudged=tuple(faults),
        revision=revision,
        notes=_notes(frames.values()),
    )


def _notes(frames: Iterable[pd.DataFrame]) -> tuple[str, ...]:
    return tuple(note for frame in frames if (note := str(frame.attrs.get("note", ""))))


def frame_of(found: Sequence[Exchange]) -> pd.DataFrame:
    """Exchanges as precedents."""
    return pd.DataFrame(
        {
            "case_id": [each.case for each in found],
            "text": [each.text for each in found],
            "low_code": [each.low for each in found],
            "donor_nace": [each.donor for each in found],
            "receiver_nace": [each.receiver for each in found],
            "use": [each.use for each in found],
            "status": [each.status for each in found],
            "reason": [each.reason for each in found],
        },
        dtype=object,
    )


def _judge(file: str, line: int, row: dict[str, Any], revision: str, into: tuple[list[Exchange], list[tuple[str, int, str]]]) -> None:
    found, faults = into
    fault = _fault(row)
    codes = dict.fromkeys(code for code in codes_in(row["receiver_nace"]) if len(code) >= 2)
    if fault is None and not codes:
        fault = f"the receiver's NACE '{row['receiver_nace']}' is no code"
    if fault is not None:
        faults.append((file, line, fault))
        return
    status, reason = (str(row.get(name) or "") for name in ("status", "reason"))
    if outcome(status) in FALLEN:
        why = f": {reason}" if reason else ""
        faults.append((file, line, f"the exchange {past(outcome(status))}{why}; it counts against its receiver in other cases"))
    for code in codes:
        spoken = _spoken(code, revision)
        if spoken is None:
            faults.append((file, line, f"NACE {code} is in neither revision"))
            continue
        if len(spoken) < 5:
            faults.append((file, line, f"NACE {code} is no class, so the row is judged at 2 digits alone"))
        donor = next(iter(codes_in(row.get("donor_nace"))), None)
        found.append(
            Exchange(
                file=file,
                row=line,
                case=str(row["case_id"]),
                text=str(row["text"] or ""),
                low=next(iter(lows_in(row.get("low_code"))), None),
                donor=_spoken(donor, revision) or donor if donor else None,
                receiver=spoken,
                use=str(row.get("use") or ""),
                status=status,
                reason=reason,
            )
        )


def _fault(row: dict[str, Any]) -> str | None:
    if not row["case_id"]:
        return "the row has no case_id, so its case cannot be left out"
    if not row["text"] and not lows_in(row.get("low_code")):
        return "there is neither a text nor a waste code"
    if not row["receiver_nace"]:
        return "the receiver has no NACE code"
    return None


def _spoken(code: str, revision: str) -> str | None:
    """A code in a revision, translated where only the other revision knows it."""
    if code in known(revision):
        return code
    other = next(each for each in REVISIONS if each != revision)
    options = translated(code, other, revision)
    if options:
        return max(options, key=lambda each: options[each])
    return code[:2] if code[:2] in known(revision) else None
