"""A user's own multi-regional input-output table: a folder of pymrio with a file of settings beside it. Needs the extra `mrio`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymrio

from sivuvirta.assess.inputoutput.tables import TERMS
from sivuvirta.domain.inputoutput import ACCOUNTS, InputOutput
from sivuvirta.domain.links import Floats
from sivuvirta.errors import CheckError, Problem

_REQUIRED = ("folder", "at", "year", "terms")


def read_mrio(path: str | Path) -> tuple[InputOutput, pd.DataFrame]:
    """A multi-regional table, and on which of its sectors spending falls.

    The file of settings is JSON: `folder` (written by pymrio's `save_all`, beside the file), `at` (the region of the table in which the
    plan spends), `year` of the money, `terms` (a CSV with the columns of `io_terms`; a sector is one of `at`); and where they are known
    `jobs`, `value_added` and `income`, each with `extension`, `rows` and `factor` (persons or million EUR per unit), `money` (million EUR
    per unit of the flows, 1), `households` (categories of final demand), `household_income` (million EUR, all that households of `at` take
    in), `grade` (C) and `source`.

    Args:
        path: of the file of settings.

    Returns:
        The table with all its regions, of which the sectors of `at` are inside; and the rows of `io_terms`.

    Raises:
        CheckError: the file, the folder or something in it cannot be read; the message lists all that is wrong.
    """
    file = Path(path)
    said = _settings(file)
    system = _system(file.parent / said["folder"], file)
    index = system.Z.index
    faults = _faults(system, said, file)
    if faults:
        raise CheckError(faults)
    money = float(said.get("money", 1.0))
    names = [f"{region}/{sector}" for region, sector in index]
    inside = np.array([region == said["at"] for region, _ in index])
    bought, taken = _households(system, said, money)
    table = InputOutput(
        sectors=tuple(names),
        names=tuple(f"{sector} ({region})" for region, sector in index),
        flows=system.Z.to_numpy(dtype=float) * money,
        output=_total(system, index) * money,
        accounts={name: _account(system, said.get(name), len(index)) for name in ACCOUNTS},
        households=bought,
        household_income=taken,
        year=float(said["year"]),
        geography=str(said["at"]),
        grade=str(said.get("grade", "C")),
        source=str(said.get("source", file.name)),
        inside=inside,
    )
    return table, _terms(file.parent / said["terms"], str(said["at"]), table, file)


def _settings(file: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckError([_fault(file, "mrio_settings", f"The settings cannot be read: {error}.", "Write them as JSON.")]) from error
    missing = [name for name in _REQUIRED if name not in said] if isinstance(said, dict) else list(_REQUIRED)
    if missing:
        raise CheckError([_fault(file, "mrio_settings", f"The settings lack {', '.join(missing)}.", f"Give {', '.join(_REQUIRED)}.")])
    return said


def _system(folder: Path, file: Path) -> Any:
    """The system of a folder, with flows and output computed where only coefficients are saved."""
    try:
        system = pymrio.load_all(folder)
        return system if system.Z is not None and system.x is not None else system.calc_system()
    except Exception as error:  # whatever pymrio raises for a folder that is none of its own
        text = f"pymrio cannot read '{folder.name}': {error}."
        raise CheckError([_fault(file, "mrio_folder", text, "Save the system with pymrio's save_all.")]) from error


def _faults(system: Any, said: Mapping[str, Any], file: Path) -> list[Problem]:
    """Everything that the settings name and the system has not."""
    found = []
    regions = list(dict.fromkeys(system.Z.index.get_level_values(0)))
    if said["at"] not in regions:
        found.append(_fault(file, "mrio_region", f"There is no region '{said['at']}'.", f"It has: {', '.join(map(str, regions))}."))
    extensions = {name: getattr(system, name) for name in system.get_extensions()}
    for name in ACCOUNTS:
        asked = said.get(name)
        if asked is None:
            continue
        if asked.get("extension") not in extensions:
            text = f"`{name}` names the extension '{asked.get('extension')}', which there is not."
            found.append(_fault(file, "mrio_extension", text, f"It has: {', '.join(extensions)}."))
            continue
        rows = [_key(row) for row in extensions[asked["extension"]].F.index]
        strange = [row for row in _listed(asked.get("rows")) if _key(row) not in rows]
        if strange or not _listed(asked.get("rows")):
            text = f"`{name}` names rows that '{asked['extension']}' has not: {', '.join(map(str, strange)) or 'none are given'}."
            found.append(_fault(file, "mrio_rows", text, f"It has: {', '.join(map(str, rows[:20]))}."))
    categories = list(dict.fromkeys(system.Y.columns.get_level_values(1)))
    strange = [name for name in _listed(said.get("households")) if name not in categories]
    if strange:
        text = f"`households` names {', '.join(strange)}, which is no category of final demand."
        found.append(_fault(file, "mrio_households", text, f"It has: {', '.join(map(str, categories))}."))
    return found


def _listed(value: Any) -> Sequence[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _key(row: Any) -> str:
    return " / ".join(map(str, row)) if isinstance(row, tuple) else str(row)


def _total(system: Any, index: Any) -> Floats:
    found: Floats = system.x.reindex(index).iloc[:, 0].to_numpy(dtype=float)
    return found


def _account(system: Any, asked: Mapping[str, Any] | None, count: int) -> Floats:
    """An account of every sector: the sum of rows of an extension; NaN where none is named."""
    if asked is None:
        return np.full(count, np.nan)
    frame = getattr(system, asked["extension"]).F
    wanted = {_key(row) for row in _listed(asked["rows"])}
    chosen = frame[[_key(row) in wanted for row in frame.index]].reindex(columns=system.Z.columns)
    found: Floats = chosen.to_numpy(dtype=float).sum(axis=0) * float(asked.get("factor", 1.0))
    return found


def _households(system: Any, said: Mapping[str, Any], money: float) -> tuple[Floats, float]:
    """What households of the region buy of every sector, and what they take in."""
    categories = _listed(said.get("households"))
    income = said.get("household_income")
    if not categories or income is None:
        return np.full(len(system.Z), np.nan), float("nan")
    columns = [(said["at"], name) for name in categories]
    found: Floats = system.Y.loc[system.Z.index, columns].to_numpy(dtype=float).sum(axis=1) * money
    return found, float(income)


def _terms(path: Path, at: str, table: InputOutput, file: Path) -> pd.DataFrame:
    """Rows of `io_terms` with the sectors of the region."""
    try:
        frame = pd.read_csv(path, dtype={"term": str, "subject": str, "sector": str, "grade": str, "source": str})
    except (OSError, ValueError) as error:
        raise CheckError([_fault(file, "mrio_terms", f"'{path.name}' cannot be read: {error}.", "Write it as CSV.")]) from error
    missing = [name for name in ("term", "sector", "share") if name not in frame]
    if missing:
        raise CheckError([_fault(file, "mrio_terms", f"'{path.name}' lacks {', '.join(missing)}.", f"Columns: {', '.join(TERMS)}.")])
    frame = frame.reindex(columns=TERMS)
    for name, nothing in (("subject", ""), ("sector", ""), ("grade", "D"), ("source", "")):
        frame[name] = [each if isinstance(each, str) else nothing for each in frame[name]]
    frame["sector"] = [f"{at}/{name}" if name else "" for name in frame["sector"]]
    strange = sorted({name for name in frame["sector"] if name and name not in table.sectors})
    if strange:
        text = f"'{path.name}' names sectors that the table has not: {', '.join(strange)}."
        raise CheckError([_fault(file, "mrio_terms", text, "Use the names of the table's sectors, without the region.")])
    return frame


def _fault(file: Path, rule: str, message: str, repair: str) -> Problem:
    return Problem(file=str(file), rule=rule, message=message, repair=repair)
