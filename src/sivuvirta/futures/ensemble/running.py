"""Running: the draws of a region solved, chunk after chunk, and put together."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from attrs import asdict, evolve, frozen
from scipy.sparse import csr_array, vstack

from sivuvirta._version import __version__
from sivuvirta.domain.draws import draws
from sivuvirta.domain.ensembles import Ensemble, EnsembleOptions, Where
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Amounts, Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.futures.ensemble.effects import task
from sivuvirta.futures.ensemble.folder import Folder
from sivuvirta.futures.ensemble.inputs import Uncertain, uncertain
from sivuvirta.futures.ensemble.pools import Chunk, solved
from sivuvirta.futures.ensemble.summary import Solved, outcome
from sivuvirta.futures.ensemble.task import Task
from sivuvirta.futures.ensemble.worker import Piece, Way, started
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.solve import infeasible

EVIDENCE = ("proven", "potential")

_CHUNK = {"fixed": 25, "free": 5}  # draws that are solved and kept together, by what is built
_TRIED = 4  # structures, of those most often best, that are tried in every draw
_HALF = 0.5

Tell = Callable[[str], None]


@frozen(eq=False)
class Opened:
    """A plan with its best networks and the task of its draws."""

    plan: OpenPlan
    found: Uncertain
    task: Task
    best: dict[str, Floats]  # columns of the plan, by evidence
    values: Floats  # the draws, shape (draws, inputs)


def opened(matches: Matches, reference: Ledger, options: PlanOptions, chosen: EnsembleOptions, watch: Watch | None = None) -> Opened:
    """The plan of the region as it stands, and its program as a task with two structures: what the plan builds, and nothing.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: of the plan.
        chosen: the draws.
        watch: may stop the search for the plan, whose best network so far is taken then.

    Raises:
        InfeasibleError: there is no plan.
        OptionError: the plan is not one of money alone.
    """
    found = uncertain(matches, chosen.kinds, mixes=chosen.limits == "drawn")
    values = draws(found.inputs, chosen.draws, chosen.seed, chosen.spread)
    plan = OpenPlan(_wide(matches, found, values), reference, options, watch)
    made = task(plan, found)
    for name in ("supply", "need"):
        inside = np.isin(made.rows, plan.family(name).positions)
        plan.amounts(name, made.rows[inside] - plan.family(name).start, made.least.base[inside], made.most.base[inside])
    closed = plan.unproven()
    plan.admit("proven")
    proven = plan.best(prices=False)
    if proven is None:
        raise InfeasibleError(infeasible(plan.at, closed))
    potential = proven
    if len(closed):
        plan.admit("potential")
        potential = plan.better(plan.best(proven.x, prices=False), proven)
    best = {"proven": proven.x, "potential": potential.x}
    nothing = np.zeros(len(made.builds))
    structures = {evidence: _different(made, (best[evidence][made.builds], nothing)) for evidence in EVIDENCE}
    return Opened(plan, found, evolve(made, structures=structures), best, values)


def _wide(matches: Matches, found: Uncertain, values: Floats) -> Matches:
    """Matches of amounts as large as they are drawn at most: what a plant could use, and what can overflow, follows from them."""
    links, demand = matches.links, matches.links.demand
    supply, amounts = _largest(links.supply, found.supply @ values.T), _largest(demand.amounts, found.demand @ values.T)
    return evolve(matches, links=evolve(links, supply=supply, demand=evolve(demand, amounts=amounts)))


def _largest(amounts: Amounts, change: Floats) -> Amounts:
    return evolve(amounts, value=amounts.value + np.maximum(change.max(axis=1, initial=0.0), 0.0))


def ensemble(
    matches: Matches, reference: Ledger, options: PlanOptions, chosen: EnsembleOptions, where: Where | None = None, tell: Tell | None = None
) -> Ensemble:
    """The best network under many draws.

    Args:
        matches: routes with their verdicts, which stay in all draws.
        reference: today's ledger.
        options: of the plan.
        chosen: draws, seed, builds.
        where: processes, scheduler, folder of results.
        tell: hears how far the work has come.

    Raises:
        InfeasibleError: there is no plan.
        OptionError: the plan is not one of money alone, or the folder holds something else.
    """
    where, tell = where or Where(), tell or (lambda _: None)
    at = opened(matches, reference, options, chosen)
    values = at.values
    first = started(at.task, values)
    keeper = _Keeper(where, tell, _manifest(first, values, chosen))
    free = chosen.builds == "free"
    ways = tuple(way for evidence in EVIDENCE for way in _ways(first, evidence, free=free))
    piece = keeper.run("draws", first, ways, values)
    second, more = first, None
    if free:
        tried = {evidence: _frequent(at, piece, ways, evidence) for evidence in EVIDENCE}
        second = evolve(first, structures=tried)
        again = tuple(
            Way(evidence, number) for evidence in EVIDENCE for number in range(len(first.structures[evidence]), len(tried[evidence]))
        )
        more = (again, keeper.run("structures", second, again, values)) if again else None
    outcomes = [outcome(at.plan, at.found, _picked(at, second, evidence, (ways, piece), more), (values, chosen)) for evidence in EVIDENCE]
    return Ensemble(
        links=matches.links,
        options=chosen,
        inputs=at.found.inputs,
        values=values,
        proven=outcomes[0],
        potential=outcomes[1],
        start=first.start,
        done_before=keeper.before,
        chunks=keeper.count,
        kept=keeper.kept,
    )


class _Keeper:
    """Runs chunks and keeps what they give."""

    def __init__(self, where: Where, tell: Tell, manifest: dict[str, Any]) -> None:
        self.where, self.tell = where, tell
        self.folder = None if where.folder is None else Folder.of(Path(where.folder), manifest)
        self.chunk = int(manifest["chunk"])
        self.before = self.count = self.kept = 0

    def run(self, name: str, task: Task, ways: tuple[Way, ...], values: Floats) -> Piece:
        """All draws, those that are in the folder without solving them."""
        step = self.chunk
        chunks = [Chunk(f"{name}-{at:05d}", values[at : at + step]) for at in range(0, len(values), step)]
        done = {chunk.name: self.folder.read(chunk.name) for chunk in chunks} if self.folder else {}
        found = {key: piece for key, piece in done.items() if piece is not None}
        self.before += len(found)
        self.count += len(chunks)
        missing = [chunk for chunk in chunks if chunk.name not in found]
        ready = len(values) - sum(len(chunk.values) for chunk in missing)
        self.kept += ready if name == "draws" else 0
        if missing:
            self.tell(f"{ready} of {len(values)} draws ({name})")
        for key, piece in solved(task, ways, missing, self.where):
            found[key] = piece
            if self.folder:
                self.folder.write(key, piece)
            ready += len(piece.objective)
            self.tell(f"{ready} of {len(values)} draws ({name})")
        return _joined([found[chunk.name] for chunk in chunks])


def _joined(pieces: list[Piece]) -> Piece:
    objective, benefit, carbon = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("objective", "benefit", "carbon"))
    flows = [csr_array(vstack(parts, format="csr")) for parts in zip(*(piece.flows for piece in pieces), strict=True)]
    return Piece(objective, benefit, carbon, tuple(flows))


def _ways(task: Task, evidence: str, *, free: bool) -> tuple[Way, ...]:
    """The network whose flows are wanted first, then each structure."""
    rest = tuple(Way(evidence, number) for number in range(0 if free else 1, len(task.structures[evidence])))
    return (Way(evidence, None if free else 0, flows=True), *rest)


def _picked(
    at: Opened, task: Task, evidence: str, first: tuple[tuple[Way, ...], Piece], more: tuple[tuple[Way, ...], Piece] | None
) -> Solved:
    """What was solved of one network."""
    ways, piece = first
    main = next(number for number, way in enumerate(ways) if way.evidence == evidence and way.flows)
    columns = [
        (way.structure, part.objective[:, number], part.benefit[:, number])
        for tried, part in (first, *([more] if more else []))
        for number, way in enumerate(tried)
        if way.evidence == evidence and way.structure is not None
    ]
    columns.sort(key=lambda column: column[0] or 0)
    flows = piece.flows[[way.evidence for way in ways if way.flows].index(evidence)]
    return Solved(
        evidence=evidence,
        task=task,
        plan=at.best[evidence],
        objective=piece.objective[:, main],
        benefit=piece.benefit[:, main],
        carbon=piece.carbon[:, main],
        flows=flows,
        tried=np.column_stack([column[1] for column in columns]),
        earned=np.column_stack([column[2] for column in columns]),
    )


def _frequent(at: Opened, piece: Piece, ways: tuple[Way, ...], evidence: str) -> tuple[Floats, ...]:
    """The structures so far, and those that are best most often, each at the sizes that are best in the middle."""
    model, block, known = at.plan.model, at.plan.at.blocks.built, at.task.structures[evidence]
    flows = piece.flows[[way.evidence for way in ways if way.flows].index(evidence)]
    sets = np.round(flows[:, block.columns].toarray()).astype(np.int8)
    patterns, counts = np.unique(sets, axis=0, return_counts=True)
    inside = np.flatnonzero(np.isin(at.task.builds, block.columns))
    taken = {(one[inside] > _HALF).tobytes() for one in known}
    order = [at_ for at_ in np.argsort(-counts, kind="stable").tolist() if (patterns[at_] > _HALF).tobytes() not in taken][:_TRIED]
    found = list(known)
    at.plan.admit(evidence)
    for number in order:
        model.bound(block.columns, patterns[number], patterns[number])
        answer = at.plan.best(prices=False)
        if answer is not None:
            found.append(answer.x[at.task.builds])
    model.bound(block.columns, 0.0, 1.0)
    return _different(at.task, tuple(found))


def _different(task: Task, found: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Structures without repeats, whole where they must be."""
    whole = task.arrays.integer[task.builds].astype(bool)
    kept: list[Floats] = []
    for one in found:
        value = np.where(whole, np.round(one), one)
        if not any(np.allclose(value, other, rtol=1e-9, atol=0.0) for other in kept):
            kept.append(value)
    return tuple(kept)


def _manifest(task: Task, values: Floats, chosen: EnsembleOptions) -> dict[str, Any]:
    """What results rest on."""
    told = asdict(chosen)
    told["kinds"] = list(chosen.kinds)
    return {
        "sivuvirta": __version__,
        "highs": highspy.Highs().version(),  # type: ignore[no-untyped-call]
        "task": task.digest(),
        "draws": _hash(values),
        "options": told,
        "chunk": _CHUNK[chosen.builds],
        "start": task.start,
    }


def _hash(values: Floats) -> str:
    return sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
