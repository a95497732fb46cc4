"""Batches: ways out of plants of several slots, each of which has been made by the recipe."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.lp.program import Label
from sivuvirta.plan.program.candidates import Candidates, Index, Mask


@frozen(eq=False)
class Members:
    """What a batch is made of: pairs by which it leaves its last plant, with what entered the plant that mixed it. Shape (members,)."""

    batch: Index  # position in Batches
    pair: Index  # position in Candidates.pairs
    enter: Index  # position in Candidates.enter, into the plant that mixed it
    per: Floats  # units that entered there per unit of the pair


@frozen(eq=False)
class Batches:
    """Ways out of plants of several slots: over one arc, or over an arc to another plant and on. Shape (batches,) unless said.

    What a plant mixes stays mixed: where it goes on through other plants, what leaves these over each way has been made by the recipe too.
    """

    plant: Index  # position in Candidates.plants: the one that mixes
    outlet: Index  # position in Candidates.outlet: out of that plant
    end: Index  # position in Candidates.outlet: out of the last plant
    parent: Index  # batch that goes on this way among others, -1 where it leaves the mixing plant for good
    members: Members


@frozen(eq=False)
class _Level:
    """Pairs by what they were some plants before. Shape (pairs,) but for `code`, which is by all pairs."""

    pair: Index
    enter: Index  # entrance there
    per: Floats
    code: Index  # number of the way from there on, by position in Candidates.pairs, -1 where there is none


def batches(found: Candidates) -> Batches:
    """All batches: those of one arc by outlet, then those that pass one more plant, and so on."""
    several = _several(found)
    plant_of_outlet = outlet_plant(found)
    ways = np.flatnonzero(several[plant_of_outlet]).astype(np.int32)
    none = np.full(len(ways), -1, dtype=np.int32)
    pairs, number = found.pairs, np.full(len(found.outlet), -1, dtype=np.int32)
    number[ways] = np.arange(len(ways), dtype=np.int32)
    rows = np.flatnonzero(number[pairs.outlet] >= 0).astype(np.int32)
    known = [
        Batches(plant_of_outlet[ways], ways, ways, none, Members(number[pairs.outlet[rows]], rows, pairs.enter[rows], np.ones(len(rows))))
    ]
    if not (found.source >= 0).any():
        return known[0]
    here = _Level(np.arange(len(pairs.enter)), pairs.enter, np.ones(len(pairs.enter)), pairs.outlet)
    row: Index = number[pairs.outlet]
    while True:
        here = _further_back(found, here)
        if len(here.pair) == 0:
            break
        more, row = _level(found, here, (several, row), sum(len(part.plant) for part in known))
        known.append(more)
    return _joined(known)


def _further_back(found: Candidates, level: _Level) -> _Level:
    """The same pairs one plant before, with the number of the way that is longer by that plant."""
    source, pairs = found.source[level.enter], found.pairs
    behind = np.flatnonzero(source >= 0)
    source, pair = source[behind], level.pair[behind]
    width = np.int64(max(int(level.code.max(initial=0)), 0) + 1)
    which = np.unique(pairs.outlet[source] * width + level.code[pair], return_inverse=True)[1]
    code = np.full(len(pairs.enter), -1, dtype=np.int64)
    code[pair] = which.reshape(-1)
    return _Level(pair, pairs.enter[source], level.per[behind] / pairs.eta[source], code)


def _level(found: Candidates, level: _Level, known: tuple[Mask, Index], first: int) -> tuple[Batches, Index]:
    """Batches of ways of this length, and the batch of each pair."""
    several, before = known
    mixed = np.flatnonzero(several[found.enter_plant[level.enter]])
    pair, enter = level.pair[mixed], level.enter[mixed]
    _, one, batch = np.unique(level.code[pair], return_index=True, return_inverse=True)
    parents = before[found.source[found.pairs.enter[pair[one]]]]
    row = np.full(len(found.pairs.enter), -1, dtype=np.int32)
    row[pair] = first + batch.reshape(-1)
    out = found.pairs.outlet[_first_pair(found, pair[one], enter[one])]
    members = Members((first + batch.reshape(-1)).astype(np.int32), pair.astype(np.int32), enter, level.per[mixed])
    return Batches(found.enter_plant[enter[one]], out, found.pairs.outlet[pair[one]], parents.astype(np.int32), members), row


def _first_pair(found: Candidates, pair: Index, enter: Index) -> Index:
    """The pair by which what ends as some pairs has left the plant that it once entered over an entrance."""
    result = pair.copy()
    moving = np.flatnonzero(found.pairs.enter[result] != enter)
    while len(moving):
        result[moving] = found.source[found.pairs.enter[result[moving]]]
        moving = moving[found.pairs.enter[result[moving]] != enter[moving]]
    return result


def batch_name(found: Candidates, known: Batches) -> Label:
    """Where batches go, for example "road" or "kiln>road"."""
    links, outlet = found.links, found.outlet

    def end(batch: int) -> str:
        arc = int(outlet[known.end[batch]])
        return f"{links.nodes.id[links.arcs.destination[arc]]}{links.class_mark(arc)}"

    def name(batch: int) -> str:
        names = [end(batch)]
        while known.parent[batch] >= 0:
            batch = int(known.parent[batch])
            names.append(end(batch))
        return ">".join(reversed(names))

    return name


def _joined(parts: list[Batches]) -> Batches:
    own, shared = ("plant", "outlet", "end", "parent"), ("batch", "pair", "enter", "per")
    columns = {name: np.concatenate([getattr(part, name) for part in parts]).astype(np.int32) for name in own}
    members = Members(**{name: np.concatenate([getattr(part.members, name) for part in parts]) for name in shared})
    return Batches(members=members, **columns)


def _several(found: Candidates) -> Mask:
    """Plants of which several slots are used."""
    slots = np.unique(np.column_stack([found.enter_plant, found.links.arcs.slot[found.enter]]), axis=0)[:, 0]
    several: Mask = np.bincount(slots, minlength=len(found.plants)) > 1
    return several


def outlet_plant(found: Candidates) -> Index:
    """Position in `found.plants` of each outlet's plant. Shape (outlet,)."""
    plant = found.links.works.outputs.plant[found.links.arcs.output[found.outlet]]
    return np.searchsorted(found.plants, plant).astype(np.int32)
