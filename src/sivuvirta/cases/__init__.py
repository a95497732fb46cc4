"""Published cases: a problem of the literature as a region, its printed answer, and the page that prints it."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from sivuvirta.errors import UnknownNameError

_ROOT = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Names of the cases, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in _ROOT.glob("*/case.json")))


def path(name: str) -> Path:
    """Folder of a case: a data package with a `case.json` beside it.

    Raises:
        UnknownNameError: no case has that name; the message lists those that there are.
    """
    if name not in names():
        near = get_close_matches(name, names(), n=1)
        repair = f" Did you mean '{near[0]}'?" if near else ""
        raise UnknownNameError(f"There is no published case '{name}'.{repair} There are: {', '.join(names())}.")
    return _ROOT / name


def answer(name: str) -> dict[str, Any]:
    """What the source prints: citation, page, url, opened, quote, value, unit, tolerance (half of the last printed digit).

    Raises:
        UnknownNameError: no case has that name.
    """
    content: dict[str, Any] = json.loads((path(name) / "case.json").read_text(encoding="utf-8"))
    return content


def reconciliations() -> tuple[str, ...]:
    """Names of the published examples of data reconciliation, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "reconciliation").glob("*/case.json")))


def reconciliation(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published example of data reconciliation.

    Returns:
        Its tables by name: `quantities`, `equations`, `printed`, and `correlated` or `right` where it has them; and what its source says:
        citation, page, url, opened, quote, tolerance (half of the last printed digit, unless its note says otherwise).

    Raises:
        UnknownNameError: no example has that name.
    """
    if name not in reconciliations():
        raise UnknownNameError(f"There is no published reconciliation '{name}'. There are: {', '.join(reconciliations())}.")
    folder = _ROOT / "reconciliation" / name
    tables = {file.stem: pd.read_csv(file, dtype={"quantity": str, "factor": str}) for file in sorted(folder.glob("*.csv"))}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content


def lifecycles() -> tuple[str, ...]:
    """Names of the published teaching systems of life cycle assessment, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "lifecycle").glob("*/case.json")))


def lifecycle(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published teaching system of life cycle assessment.

    Returns:
        Its tables by name: `exchanges` (A: process, product, amount, unit), `interventions` (B), `factors` (Q), `demand` (f), `printed`
        (quantity, value, tolerance: half of the last printed digit); and what its source says: citation, page, url, opened, quote, note.

    Raises:
        UnknownNameError: no system has that name.
    """
    if name not in lifecycles():
        raise UnknownNameError(f"There is no published life cycle '{name}'. There are: {', '.join(lifecycles())}.")
    folder = _ROOT / "lifecycle" / name
    tables = {file.stem: pd.read_csv(file) for file in sorted(folder.glob("*.csv"))}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content


def networks() -> tuple[str, ...]:
    """Names of the published networks of flows, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "networks").glob("*/case.json")))


def network(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published network of flows.

    Returns:
        Its tables by name: `flows` (from, to, kind: internal, import, export, dissipation; flow) and `printed` (quantity, value as
        printed, place); and what its source says: title, unit, citation, page, url, opened, quote, note.

    Raises:
        UnknownNameError: no network has that name.
    """
    if name not in networks():
        raise UnknownNameError(f"There is no published network '{name}'. There are: {', '.join(networks())}.")
    folder = _ROOT / "networks" / name
    texts = {"from": str, "to": str, "value": str}
    tables = {file.stem: pd.read_csv(file, dtype=texts, keep_default_na=False) for file in sorted(folder.glob("*.csv"))}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content


def allocations() -> tuple[str, ...]:
    """Names of the published examples of allocation between co-products, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "allocation").glob("*/case.json")))


def allocation(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published example of allocation.

    Returns:
        Its tables by name: `products` (product, amount, price, energy per unit where it is told) and `printed` (product, method, quantity:
        share in % or footprint per unit; value as printed); and what its source says: burden, citation, page, url, opened, quote, note.

    Raises:
        UnknownNameError: no example has that name.
    """
    if name not in allocations():
        raise UnknownNameError(f"There is no published allocation '{name}'. There are: {', '.join(allocations())}.")
    folder = _ROOT / "allocation" / name
    tables = {file.stem: pd.read_csv(file, dtype={"value": str}) for file in sorted(folder.glob("*.csv"))}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content


def poolings() -> tuple[str, ...]:
    """Names of the published pooling problems, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "pooling").glob("*/case.json")))


def pooling(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published pooling problem.

    Returns:
        Its tables by name: `nodes` (node, kind: input, pool, output; low, high, price), `qualities` (node, quality, value, low, high,
        removed, added), `arcs` (origin, destination, high, price); and what its source says: title, unit, citation, page, url, opened,
        quote, value (the printed optimum, of what is minimised) and tolerance (half of the last printed
        digit, unless its note says otherwise).

    Raises:
        UnknownNameError: no problem has that name.
    """
    if name not in poolings():
        raise UnknownNameError(f"There is no published pooling problem '{name}'. There are: {', '.join(poolings())}.")
    folder = _ROOT / "pooling" / name
    tables = {file.stem: pd.read_csv(file, dtype={"node": str, "origin": str, "destination": str}) for file in sorted(folder.glob("*.csv"))}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content


def input_outputs() -> tuple[str, ...]:
    """Names of the published input-output tables, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in (_ROOT / "inputoutput").glob("*/case.json")))


def input_output(name: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A published input-output table.

    Returns:
        Its tables by name: `sectors` (sector, output and accounts), `flows` (origin, destination, value) and `printed` (quantity:
        coefficient, inverse, direct, type1 or ratio; sector or account; of; value as printed, place); and what its source says: title,
        unit, citation, page, url, opened, quote, note.

    Raises:
        UnknownNameError: no table has that name.
    """
    if name not in input_outputs():
        raise UnknownNameError(f"There is no published input-output table '{name}'. There are: {', '.join(input_outputs())}.")
    folder = _ROOT / "inputoutput" / name
    tables = {file.stem: pd.read_csv(file, dtype={"value": str} if file.stem == "printed" else None) for file in folder.glob("*.csv")}
    content: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return tables, content
