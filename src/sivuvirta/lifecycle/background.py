"""A user's own Brightway database behind our unit processes: a data package, or a project of `bw2data`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bw_processing as bwp
from attrs import field, frozen
from bw_processing.io_helpers import generic_directory_filesystem
from fsspec.implementations.zip import ZipFileSystem

from sivuvirta.domain.lifecycles import CLIMATE, Background, Inventory
from sivuvirta.errors import MissingExtraError, OptionError, ReadError, UnknownNameError
from sivuvirta.lifecycle.draft import climate


@frozen(eq=False)
class Bound:
    """A background bound to an inventory."""

    packages: tuple[Any, ...] = ()
    supplied: dict[int, tuple[int, float]] = field(factory=dict)  # position of ours -> (id of theirs, units of it)
    flows: dict[int, float] = field(factory=dict)  # id of theirs -> kg CO2e per kg
    world: int | None = None  # their index of the whole world
    unit: str = "score"


def bind(inventory: Inventory, background: Background, method: str) -> Bound:
    """Open a background and join its processes to ours.

    Suppliers named `flow:co2`, `flow:ch4_fossil` ... say which of its flows is which, so that `climate` weighs it; or it brings a method.

    Raises:
        OptionError: it has no such method.
        ReadError: a package cannot be read.
        UnknownNameError: a process of ours or of theirs does not exist.
        MissingExtraError: a project needs `bw2data`.
    """
    place = Path(background.source)
    packages, methods, ids = _packages(background) if place.exists() else _project(background)
    if method in methods:
        packages = (*packages, methods[method]())
    elif method != CLIMATE:
        raise OptionError(f"The background has no method '{method}'. It has: {', '.join(sorted(methods)) or 'none'}.")
    theirs = _products(packages)
    supplied, flows = _joined(inventory, background.suppliers, ids, theirs)
    return Bound(packages, supplied, {} if method in methods else flows, _world(packages), "score")


def _packages(background: Background) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    methods = {name: lambda path=path: _opened(Path(path)) for name, path in background.methods.items()}
    return (_opened(Path(background.source)),), methods, lambda key: key


def _opened(path: Path) -> Any:
    try:
        if path.is_dir():
            return bwp.load_datapackage(generic_directory_filesystem(dirpath=path))
        return bwp.load_datapackage(ZipFileSystem(path))
    except Exception as error:  # whatever a broken package makes the library say
        raise ReadError(f"{path}: no Brightway data package could be read ({error}). Give its folder or ZIP.") from error


def _project(background: Background) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    try:
        import bw2data  # noqa: PLC0415 - optional, and only for projects
    except ImportError as error:
        raise MissingExtraError("A Brightway project needs the package bw2data: pip install bw2data.") from error
    if background.source not in {project.name for project in bw2data.projects}:
        raise ReadError(f"'{background.source}' is neither a file nor a Brightway project.")
    bw2data.projects.set_current(background.source)
    names = background.databases or tuple(bw2data.databases)
    strange = [name for name in names if name not in bw2data.databases]
    if strange:
        known = ", ".join(sorted(bw2data.databases))
        raise UnknownNameError(f"Project '{background.source}' has no database {', '.join(strange)}. It has: {known}.")
    methods = {" | ".join(key): lambda key=key: bw2data.Method(key).datapackage() for key in bw2data.methods}
    packages = tuple(bw2data.Database(name).datapackage() for name in names)

    def found(key: Any) -> Any:
        try:
            return int(bw2data.get_id(tuple(key.split("/", 1)))) if isinstance(key, str) else key
        except bw2data.errors.UnknownObject:
            return None

    return packages, methods, found


def _products(packages: tuple[Any, ...]) -> set[int]:
    """Ids of the products and flows that the packages know."""
    found: set[int] = set()
    for package in packages:
        for matrix in ("technosphere_matrix", "biosphere_matrix"):
            groups = package.filter_by_attribute("matrix", matrix).filter_by_attribute("kind", "indices")
            for resource in groups.resources:
                found.update(package.get_resource(resource["name"])[0]["row"].tolist())
    return found


def _joined(
    inventory: Inventory, suppliers: Mapping[str, tuple[Any, float]], ids: Any, theirs: set[int]
) -> tuple[dict[int, tuple[int, float]], dict[int, float]]:
    position = {key: row for row, key in enumerate(inventory.processes.key)}
    factor = dict(zip((f"flow:{key}" for key in climate()["flow"]), climate()["factor"], strict=True))
    supplied, flows, problems = {}, {}, []
    for key, (supplier, amount) in suppliers.items():
        found = ids(supplier)
        if found is None or found not in theirs:
            problems.append(f"{key}: the background has no '{supplier}'")
        elif key in factor:
            flows[int(found)] = factor[key] * amount
        elif key in position:
            supplied[position[key]] = (int(found), float(amount))
        elif key.split(":")[0] not in {"product", "haul", "outlet", "plant"}:
            problems.append(f"{key}: write product:, haul:, outlet: or plant: before a name, or one of {', '.join(factor)}")
    if problems:
        raise UnknownNameError("Suppliers that do not fit:\n  " + "\n  ".join(problems))
    return supplied, flows


def _world(packages: tuple[Any, ...]) -> int | None:
    for package in packages:
        groups = package.filter_by_attribute("matrix", "characterization_matrix").filter_by_attribute("kind", "indices")
        for resource in groups.resources:
            if resource.get("global_index") is not None:
                return int(resource["global_index"])
    return None
