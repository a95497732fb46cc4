"""The best verdict of everything that has routes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, NodeKind
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.search import NO_ROUTE, NO_VERDICT, NOT_ASKED
from sivuvirta.links.codes import Rows, positions
from sivuvirta.search.documents import Documents

WORDS = (*(verdict.word for verdict in Verdict), NO_ROUTE, NOT_ASKED, NO_VERDICT)
"""Verdicts of documents; the position is the code, and of verdicts the smaller is the better."""

JUDGED: Mapping[str, NodeKind] = {"streams": NodeKind.STREAM, "needs": NodeKind.NEED, "plants": NodeKind.PLANT}
"""Kinds that routes join."""


def best(docs: Documents, matches: Matches | None, toward: tuple[str, str] | None = None) -> Codes:
    """Best verdict of the routes of each document, as a position in `WORDS`. Shape (documents,).

    Args:
        docs: the documents.
        matches: of the region, at the same vintage; without them verdicts were not asked for.
        toward: table and id of a stream, need or plant: what is of another kind is judged on routes from, to or through it alone.
    """
    result = np.full(len(docs), WORDS.index(NO_VERDICT), dtype=np.int8)
    for kind, node_kind in JUDGED.items():
        rows = docs.of(kind)
        result[rows] = WORDS.index(NOT_ASKED) if matches is None else _of(matches, docs.key[rows], node_kind, toward)
    return result


def _of(matches: Matches, keys: npt.NDArray[np.object_], kind: NodeKind, toward: tuple[str, str] | None) -> Codes:
    nodes, routes = matches.links.nodes, matches.routes
    chosen = np.ones(len(routes), dtype=bool)
    if toward is not None and JUDGED.get(toward[0], kind) is not kind:
        node = nodes.find(JUDGED[toward[0]], toward[1])
        chosen = _ends(matches, JUDGED[toward[0]]) == node
    ends = _ends(matches, kind)
    chosen &= ends >= 0
    found = np.full(len(nodes.id), WORDS.index(NO_ROUTE), dtype=np.int8)
    np.minimum.at(found, ends[chosen], routes.verdict[chosen])
    of_kind = np.flatnonzero(nodes.kind == kind)
    return np.asarray(found[of_kind][positions(nodes.id[of_kind], keys)], dtype=np.int8)


def _ends(matches: Matches, kind: NodeKind) -> Rows:
    """Node of a kind on each route, -1 where it has none."""
    routes = matches.routes
    if kind is NodeKind.PLANT:
        return np.asarray(np.append(matches.links.works.node, [-1])[routes.plant], dtype=np.int64)
    return np.asarray(routes.stream if kind is NodeKind.STREAM else routes.need, dtype=np.int64)
