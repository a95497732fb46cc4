"""An inventory as a Brightway data package: in memory to be computed, or as a ZIP that Brightway reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bw_processing as bwp
import numpy as np
import pandas as pd
from bw_processing.io_helpers import generic_zipfile_filesystem

from sivuvirta.domain.lifecycles import Entries, Inventory
from sivuvirta.domain.links import Flags, Floats, Ints
from sivuvirta.lifecycle.displaced import log_moments

PROCESS, FLOW = 1_000_000_000_000, 2_000_000_000_000
"""First ids of our processes and flows; ids of a Brightway project count from 1 or are far larger."""

_LOGNORMAL = 2  # of stats_arrays


def write_package(inventory: Inventory, path: Path) -> Path:
    """Write an inventory as the ZIP of a Brightway data package, with climate factors and a table that says what each id is.

    `bw2calc.LCA({id: 1}, data_objs=[path])` gives the score of the process with that id.
    """
    path.unlink(missing_ok=True)
    filesystem = generic_zipfile_filesystem(dirpath=path.parent, filename=path.name, write=True)
    package = datapackage(inventory, filesystem=filesystem)
    processes, systems = inventory.processes, [name for name in ("reference", "planned", "change") if inventory.system(name) >= 0]
    rows = pd.DataFrame(
        {
            "id": [*(PROCESS + np.arange(len(processes))), *(FLOW + np.arange(len(inventory.flows)))],
            "key": [*processes.key, *inventory.flows],
            "name": [*processes.name, *inventory.flow_names],
            "kind": [*processes.kind, *["flow"] * len(inventory.flows)],
            "unit": [*processes.unit, *["kg"] * len(inventory.flows)],
        }
    )
    package.add_csv_metadata(dataframe=rows, valid_for=[["technosphere", "rows"], ["technosphere", "cols"]], name="labels")
    package.add_json_metadata(
        data={
            "title": inventory.title,
            "demand": {name: PROCESS + inventory.system(name) for name in systems},
            "unknown": inventory.unknown,
        },
        valid_for="technosphere",
        name="about",
    )
    package.finalize_serialization()
    return path


def datapackage(
    inventory: Inventory, *, filesystem: Any = None, supplied: dict[int, tuple[int, float]] | None = None, climate: Any = (None, {})
) -> Any:
    """A data package of an inventory.

    Args:
        inventory: processes, exchanges, interventions, factors.
        filesystem: where it is written; in memory where none is given.
        supplied: processes whose own emission is left to a process of another package: position -> (its id, units of it per unit).
        climate: the other package's index of the whole world, and factors of its flows by id, kg CO2e per kg.
    """
    supplied = supplied or {}
    package = bwp.create_datapackage(
        fs=filesystem, name="sivuvirta", sum_intra_duplicates=True, sum_inter_duplicates=True, metadata={"title": inventory.title}
    )
    _matrix(package, "technosphere", inventory.exchanges, (PROCESS, PROCESS), inputs=True)
    if supplied:
        _vector(
            package,
            ("technosphere", "technosphere-background"),
            _indices(np.array([row[0] for row in supplied.values()]), PROCESS + np.array([*supplied])),
            np.array([row[1] for row in supplied.values()]),
            flip=np.ones(len(supplied), dtype=bool),
        )
    own = ~np.isin(inventory.interventions.column, [*supplied])
    _matrix(package, "biosphere", _taken(inventory.interventions, own), (FLOW, PROCESS), inputs=False)
    world, foreign = climate
    flows = [*(FLOW + np.arange(len(inventory.flows))), *foreign]
    factors = np.array([*inventory.factors, *foreign.values()], dtype=np.float64)
    column = np.array(flows) if world is None else np.full(len(flows), world)
    extra = {} if world is None else {"global_index": world}
    _vector(package, ("characterization", "climate"), _indices(np.array(flows), column), factors, **extra)
    return package


def _taken(entries: Entries, chosen: Flags) -> Entries:
    return Entries(entries.row[chosen], entries.column[chosen], entries.amount[chosen], entries.sd[chosen])


def _indices(row: Ints | Any, column: Ints | Any) -> Any:
    found = np.empty(len(row), dtype=bwp.INDICES_DTYPE)
    found["row"], found["col"] = row, column
    return found


def _matrix(package: Any, name: str, entries: Entries, first: tuple[int, int], *, inputs: bool) -> None:
    """Exact figures in one group, uncertain ones with their distributions in another, so that exact ones stay exact in every draw."""
    uncertain = (entries.sd > 0) & (entries.amount != 0)
    for part, suffix in ((~uncertain, ""), (uncertain, "-uncertain")):
        if not part.any() and (suffix or name != "biosphere"):
            continue
        some = _taken(entries, part)
        flip = some.amount < 0 if inputs else np.zeros(len(some), dtype=bool)
        amount = np.where(flip, -some.amount, some.amount)
        extra = {"distributions_array": _lognormal(amount, some.sd)} if suffix else {}
        _vector(
            package,
            (name, f"{name}{suffix}"),
            _indices(first[0] + some.row.astype(np.int64), first[1] + some.column.astype(np.int64)),
            amount,
            flip=flip,
            **extra,
        )


def _vector(package: Any, name: tuple[str, str], indices: Any, data: Floats, **extra: Any) -> None:
    if "flip" in extra:
        extra["flip_array"] = extra.pop("flip")
    package.add_persistent_vector(matrix=f"{name[0]}_matrix", name=name[1], indices_array=indices, data_array=data, **extra)


def _lognormal(amount: Floats, sd: Floats) -> Any:
    """Distributions with the mean and standard deviation of each figure, of its own sign."""
    found = np.zeros(len(amount), dtype=bwp.UNCERTAINTY_DTYPE)
    found["uncertainty_type"] = _LOGNORMAL
    found["loc"], found["scale"] = log_moments(amount, sd)
    for name in ("shape", "minimum", "maximum"):
        found[name] = np.nan
    found["negative"] = amount < 0
    return found
