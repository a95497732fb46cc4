"""Saved plans: a folder with the region as it was planned, what was asked, and every flow, so that a plan opens again as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from sivuvirta.domain.controls import Control
from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Marginal, Network, Plan, PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError, ReadError

FORMAT = 1
_REGION, _TEXT, _FLOWS = "region", "plan.json", "flows.npz"
_NETWORKS = ("proven", "potential")

Arrays = Mapping[str, npt.NDArray[Any]]


def save(plan: Plan, folder: Path) -> Path:
    """Writes a plan: its region as a data package, options and figures as JSON, flows as arrays.

    Args:
        plan: what to save.
        folder: empty, or of an older plan, which is replaced.

    Returns:
        The folder.

    Raises:
        OptionError: the folder holds files of something else.
    """
    refuse_others(folder)
    folder.mkdir(parents=True, exist_ok=True)
    links = plan.links
    links.region.save(folder / _REGION)
    arrays: dict[str, Any] = {}
    networks = {name: _network(getattr(plan, name), name, arrays) for name in _NETWORKS}
    reference = _ledger(plan.reference, "reference", arrays)
    region = {"vintage": links.region.vintage, "on": links.region.on, "scenarios": list(links.region.scenarios)}
    text = {
        "format": FORMAT,
        "region": {"name": links.region.name, "title": links.region.title, **region},
        "fingerprint": fingerprint(plan.matches),
        "steps": steps_of(plan.matches),
        "options": attrs.asdict(plan.options),
        "reference": reference,
        **networks,
    }
    np.savez_compressed(folder / _FLOWS, **arrays)
    (folder / _TEXT).write_text(json.dumps(text, indent=1, default=_plain), encoding="utf-8")
    return folder


def refuse_others(folder: Path, beside: Path | None = None) -> None:
    """A saved plan has its folder to itself.

    Args:
        folder: where a plan is to be saved.
        beside: another folder that the same command writes.

    Raises:
        OptionError: the folder holds files of something else, or is that other one.
    """
    if beside is not None and folder.resolve() == beside.resolve():
        raise OptionError(f"Tables and the saved plan would be mixed in '{folder}'. Give --out and --save folders of their own.")
    if folder.is_dir() and not (folder / _TEXT).is_file() and any(folder.iterdir()):
        raise OptionError(
            f"'{folder}' holds files of something else. Save the plan in a folder of its own, for example '{folder / 'plan'}'."
        )


@attrs.frozen(eq=False)
class Saved:
    """A saved plan before its region is read and judged again."""

    folder: Path
    text: Mapping[str, Any]
    arrays: Arrays

    @property
    def region(self) -> Path:
        """Folder of its region."""
        return self.folder / _REGION

    @property
    def steps(self) -> int:
        """Most plants that its routes pass."""
        return int(self.text["steps"])

    def dated(self, region: Region) -> Region:
        """The region at the vintage and under the law that were planned for."""
        told = self.text["region"]
        same = attrs.evolve(region, name=told["name"], title=told["title"], on=told["on"], scenarios=tuple(told["scenarios"]))
        return same if told["vintage"] is None else same.at(told["vintage"])


def read(folder: Path) -> Saved:
    """Opens what `save` has written.

    Raises:
        ReadError: there is no saved plan, or one of another format.
    """
    if not (folder / _TEXT).is_file() or not (folder / _FLOWS).is_file():
        raise ReadError(f"'{folder}' holds no saved plan. A plan is saved by `sivuvirta plan REGION --save FOLDER`.")
    try:
        text = json.loads((folder / _TEXT).read_text(encoding="utf-8"))
        with np.load(folder / _FLOWS, allow_pickle=False) as flows:
            arrays = dict(flows)
    except (ValueError, OSError) as error:
        raise ReadError(f"The saved plan in '{folder}' cannot be read: {error}. Make it anew.") from error
    if text.get("format") != FORMAT:
        raise ReadError(f"The plan in '{folder}' has format {text.get('format')}; this version reads {FORMAT}. Make it anew.")
    return Saved(folder, text, arrays)


def reopened(saved: Saved, matches: Matches) -> Plan:
    """The plan as it was, over the routes of its region judged again.

    Raises:
        ReadError: the routes are not those that were planned over: the engine or its library has changed since.
    """
    if fingerprint(matches) != saved.text["fingerprint"]:
        raise ReadError(
            f"The plan in '{saved.folder}' was made over other routes: this version finds or judges them otherwise. "
            "Its region is there, in the folder 'region': plan it anew."
        )
    links = matches.links
    given = dict(saved.text["options"])
    given["controls"] = [Control(**control) for control in given["controls"]]
    networks = [_network_of(links, saved, name) for name in _NETWORKS]
    return Plan(links, matches, PlanOptions(**given), _ledger_of(links, saved, "reference", saved.text["reference"]), *networks)


def fingerprint(matches: Matches) -> str:
    """A hash of ends and kinds of all arcs, and of all routes with their verdicts."""
    arcs, routes, nodes = matches.links.arcs, matches.routes, matches.links.nodes
    told = hashlib.sha256("\n".join(nodes.label(row) for row in range(len(nodes.id))).encode())
    for values in (arcs.kind, arcs.origin, arcs.destination, arcs.material, routes.arc_in, routes.arc_out, routes.verdict):
        told.update(np.ascontiguousarray(values).tobytes())
    told.update(np.ascontiguousarray(matches.chains.verdict).tobytes())
    return told.hexdigest()


def steps_of(matches: Matches) -> int:
    """Most plants that a route passes; 1 where routes of several steps were not asked for."""
    return int(np.diff(matches.chains.start).max(initial=1))


def _network(network: Network, name: str, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"ledger": _ledger(network.ledger, name, arrays)}
    told["marginals"] = [attrs.asdict(marginal) for marginal in network.marginals]
    for part in attrs.fields(Network):
        value = getattr(network, part.name)
        if isinstance(value, np.ndarray):
            arrays[f"{name}/{part.name}"] = value
        elif part.name not in told:
            told[part.name] = value
    return told


def _ledger(ledger: Ledger, name: str, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    for part in attrs.fields(Operations):
        arrays[f"{name}/operations/{part.name}"] = getattr(ledger.operations, part.name)
    told = {}
    for part in attrs.fields(Ledger):
        value = getattr(ledger, part.name)
        if isinstance(value, np.ndarray):
            arrays[f"{name}/ledger/{part.name}"] = value
        elif part.name not in ("links", "operations"):
            told[part.name] = value
    return told


def _network_of(links: Links, saved: Saved, name: str) -> Network:
    told = dict(saved.text[name])
    told["ledger"] = _ledger_of(links, saved, name, told["ledger"])
    told["marginals"] = tuple(Marginal(**_numbers(marginal)) for marginal in told["marginals"])
    own: dict[str, Any] = {
        key.split("/")[1]: value for key, value in saved.arrays.items() if key.startswith(f"{name}/") and key.count("/") == 1
    }
    return Network(**told, **own)


def _ledger_of(links: Links, saved: Saved, name: str, told: Mapping[str, Any]) -> Ledger:
    done, flows = (_under(saved.arrays, f"{name}/{part}/") for part in ("operations", "ledger"))
    return Ledger(links=links, operations=Operations(**done), **told, **flows)


def _under(arrays: Arrays, opening: str) -> dict[str, Any]:
    return {key.removeprefix(opening): value for key, value in arrays.items() if key.startswith(opening)}


def _numbers(marginal: Mapping[str, Any]) -> dict[str, Any]:
    return {**marginal, "low": float(marginal["low"]), "high": float(marginal["high"])}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else list(value)
