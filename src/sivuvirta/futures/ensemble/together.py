"""Together: what knowing several inputs at once is worth before deciding: a kind of figures, or all that one organisation could tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.polynomial import legendre
from scipy.stats import rankdata

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats, Links, NodeKind
from sivuvirta.futures.ensemble.statistics import DEGREES, fitted_gain, knowing

KINDS = {
    "tonnages": ("amount", "demand"),
    "compositions": ("content",),
    "prices": ("purchase", "gate", "revenue"),
    "costs": ("transport", "handling", "fee", "tax", "capex"),
    "emissions": ("co2 transport", "co2 outlet", "co2 displaced", "co2 purchase"),
}
"""Groups of inputs by their kind."""

_OF = {
    "amount": (NodeKind.STREAM,),
    "content": (NodeKind.STREAM,),
    "demand": (NodeKind.NEED,),
    "gate": (NodeKind.STREAM,),
    "revenue": (NodeKind.NEED, NodeKind.FATE),
    "fee": (NodeKind.FATE,),
    "tax": (NodeKind.FATE,),
    "co2 outlet": (NodeKind.FATE,),
    "co2 displaced": (NodeKind.FATE,),
}
"""Kinds of node whose holder could tell an input of a kind: an id is unique within a kind alone."""

_PAIRED = 40  # inputs of a group of which products of two are looked at
_COLUMNS = 40  # of a regression, at most
_FRAME = ["group", "kind", "label", "inputs", "knowing", "knowing_error"]


def knowing_groups(inputs: Sequence[Input], links: Links, values: Floats, told: tuple[Floats | None, Any]) -> pd.DataFrame:
    """What knowing each group of inputs together is worth; NaN where builds are fixed, for nothing is left to decide then.

    Args:
        inputs: all of them.
        links: whose organisations own streams, needs and outlets.
        values: the draws, shape (draws, inputs).
        told: worth of each decision, shape (draws, decisions), or None; and which inputs change anything.
    """
    worth, matters = told
    rows = []
    for group, kind, label, members in _groups(inputs, links):
        useful = [at for at in members if matters[at]]
        value = (np.nan, np.nan) if worth is None or len(worth) < 2 else knowing_together(values[:, useful], worth)
        rows.append((group, kind, label, len(members), *value))
    return pd.DataFrame(rows, columns=_FRAME).sort_values(["kind", "knowing"], ascending=[True, False], kind="stable", ignore_index=True)


def _groups(inputs: Sequence[Input], links: Links) -> list[tuple[str, str, str, list[int]]]:
    """Id, kind, name and inputs of each group that has any."""
    found = [(name, "kind", name, [at for at, one in enumerate(inputs) if one.kind in kinds]) for name, kinds in KINDS.items()]
    nodes = links.nodes
    owner = dict(zip(zip(nodes.kind.tolist(), nodes.id.tolist(), strict=True), nodes.organisation.tolist(), strict=True))
    table = links.region.table("organisations")
    names = dict(zip(table["organisation"].tolist(), table["name"].tolist(), strict=True))
    owned: dict[str, list[int]] = {}
    for at, one in enumerate(inputs):
        told = (owner.get((int(kind), one.key.split(",")[0])) for kind in _OF.get(one.kind, ()))
        organisation = next((found for found in told if found is not None), None)
        if organisation is not None:
            owned.setdefault(str(organisation), []).append(at)
    found += [(name, "organisation", names.get(name) or name, members) for name, members in sorted(owned.items())]
    return [each for each in found if each[3]]


def knowing_together(inputs: Floats, worth: Floats) -> tuple[float, float]:
    r"""Value of knowing several inputs at once before deciding (EVPPI of a group), and its standard error.

    .. math:: E_{\theta_G} \max_d E[V_d | \theta_G] - \max_d E[V_d]

    As for one input (`knowing`), with more columns to choose from: Legendre polynomials of degree 1..3 of each rank, and products of
    the ranks of two, of the 40 inputs that correlate most. Columns enter one after another, the one that explains most of what is left
    of any decision first, while the extended BIC of that decision falls, which counts how many there were to choose from:

    .. math:: N \ln (RSS / N) + k \ln N + 2 k \ln P

    So a group without influence is worth 0 but for rare chance, and what only shows where three inputs meet is not seen. The value is that
    of the best single input at least, which pays the same price for having been chosen among them.

    Args:
        inputs: theta of the group, shape (draws, inputs).
        worth: V, the more the better, shape (draws, decisions).

    References:
        Strong, Oakley and Brennan 2014, Medical Decision Making 34, 311-326; J. Chen, Z. Chen, Extended Bayesian information criteria
        for model selection with large model spaces, Biometrika 95 (2008) 759-771 (both from memory).
    """
    single = max((knowing(column, worth, inputs.shape[1]) for column in inputs.T), default=(0.0, 0.0))
    if inputs.shape[1] < 2 or worth.shape[1] < 2:
        return single
    more = worth[:, 1:] - worth[:, :1]
    basis = _chosen(_columns(inputs, more), more)
    joint = fitted_gain(basis, more, np.full(more.shape[1], basis.shape[1])) if basis.shape[1] > 1 else (0.0, 0.0)
    return max(single, joint)


def _columns(inputs: Floats, more: Floats) -> Floats:
    """Candidates of a regression, each of mean 0 and length 1. Shape (draws, candidates)."""
    count = len(inputs)
    place = 2.0 * (rankdata(inputs, axis=0) - 0.5) / count - 1.0
    place = place[:, np.ptp(place, axis=0) > 0]
    main = [legendre.legval(place, np.eye(DEGREES + 1)[degree], tensor=False) for degree in range(1, DEGREES + 1)]
    linear = _unit(main[0])
    strength = np.abs(linear.T @ _unit(more)).max(axis=1, initial=0.0)
    first = np.argsort(-strength, kind="stable")[:_PAIRED]
    one, other = np.triu_indices(len(first), 1)
    return _unit(np.concatenate([*main, place[:, first[one]] * place[:, first[other]]], axis=1))


def _unit(columns: Floats) -> Floats:
    centred = columns - columns.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    scaled: Floats = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-9)
    return scaled


def _chosen(columns: Floats, more: Floats) -> Floats:
    """An orthonormal basis, the constant first, then of the columns that are worth their place."""
    count, size = columns.shape
    basis = np.full((count, 1), 1.0 / np.sqrt(count))
    left = more - more.mean(axis=0)
    free = columns.copy()
    price = np.log(count) + 2.0 * np.log(max(size, 1))
    least = 1e-20 * np.maximum((left**2).sum(axis=0), np.finfo(float).tiny)
    while basis.shape[1] < min(_COLUMNS, count - 2):
        rest = np.maximum((left**2).sum(axis=0), least)
        explained = (free.T @ left) ** 2 / np.maximum((free**2).sum(axis=0), np.finfo(float).tiny)[:, None]
        explained[(free**2).sum(axis=0) < 1e-6] = 0.0
        gained = -count * np.log(np.maximum(1.0 - explained / rest, 1e-12)) - price
        gained[:, rest <= least] = -1.0
        best = int(np.argmax(gained.max(axis=1, initial=-1.0)))
        if gained[best].max(initial=-1.0) <= 0:
            break
        new = free[:, best] / np.linalg.norm(free[:, best])
        new -= basis @ (basis.T @ new)
        new /= np.linalg.norm(new)
        basis = np.column_stack([basis, new])
        left = left - np.outer(new, new @ left)
        free = free - np.outer(new, new @ free)
    return basis
