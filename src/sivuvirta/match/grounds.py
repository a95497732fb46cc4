"""Grounds: everything that ways are judged by, gathered once for a region."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.links.codes import Rows
from sivuvirta.links.evidence import Evidence, evidence, families
from sivuvirta.match.applicable import Demanded, demanded
from sivuvirta.match.handed import Declared, Handed, declared, handed
from sivuvirta.match.subjects import Needs, Streams, needs, streams
from sivuvirta.units.composition import Conversions


@frozen(eq=False)
class Grounds:
    """What ways are judged by."""

    streams: Streams  # by node row
    needs: Needs  # by node row
    demanded: Demanded  # limits by need, in the order of need nodes; behind them those of classes of products
    handed: Handed  # which arcs hand over what as which class
    declared: Declared  # what technologies say of it
    need_row: Rows  # (nodes,) position of a need among the need nodes, 0 for others
    evidence: Evidence  # by stream, in the order of stream nodes, which come first among nodes
    families: Conversions  # components that express one another


_gathered: WeakKeyDictionary[Links, Grounds] = WeakKeyDictionary()
"""Grounds of regions at hand: the words for one route ask for the same as the verdicts of all."""


def grounds(links: Links) -> Grounds:
    """What the ways of a region are judged by; gathered when first asked for."""
    if links not in _gathered:
        _gathered[links] = _gather(links)
    return _gathered[links]


def _gather(links: Links) -> Grounds:
    nodes = links.nodes
    need_nodes = np.flatnonzero(nodes.kind == NodeKind.NEED)
    need_row = np.zeros(len(nodes.id), dtype=np.int64)
    need_row[need_nodes] = np.arange(len(need_nodes))
    asked, classes = handed(links, demanded(links.region, nodes.id[need_nodes]))
    known = evidence(links.region, nodes.id[nodes.kind == NodeKind.STREAM], asked.figures)
    said = declared(links, asked)
    return Grounds(streams(links), needs(links), asked, classes, said, need_row, known, families(links.region))
