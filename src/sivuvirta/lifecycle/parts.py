r"""Draws of contributions: what each source row, and each flow and plant, adds to the score of a system.

.. math:: c_r = e_r \sum_a t_{ra} x_a, \qquad c_a = x_a \Bigl(e_a + \sum_r t_{ra} e_r\Bigr)

with x_a the units of a flow or plant that the system takes, t_{ra} what one of them takes of source r (negative where it replaces it) and e
what a unit emits. The distributions are those of the score; a foreground has no loops, so nothing has to be solved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.domain.lifecycles import Entries, Inventory
from sivuvirta.domain.links import Flags, Floats, Ints
from sivuvirta.lifecycle.displaced import log_moments, uses

_BLOCK = 500  # flows at a time
_ENDS = (5, 95)


@frozen(eq=False)
class _Taken:
    """What flows and plants take of sources."""

    exact: Any  # (processes, sources) sparse
    drawn: Floats  # (runs, entries) of those with a range
    of: Ints  # (entries,) the flow or plant
    source: Ints  # (entries,) position among the sources


@frozen(eq=False)
class Ends:
    """Mean, 5 and 95 % points of the contribution of each process, in both views. Shape (3, processes)."""

    emitter: Floats
    activity: Floats


def ends(inventory: Inventory, system: str, runs: int, number: int) -> Ends:
    """Ranges of the contributions to a system of a foreground.

    Args:
        inventory: with that system, all emissions its own.
        system: for example "change".
        runs: how many draws.
        number: the seed.
    """
    processes, generator = inventory.processes, np.random.default_rng(number)
    inner = (inventory.exchanges.row != inventory.exchanges.column) & (processes.kind[inventory.exchanges.column] != "system")
    uncertain = (inventory.interventions.sd > 0) & (inventory.interventions.amount != 0)
    apart = ~np.isin(processes.kind, ("system", "arc"))
    source = np.unique(np.concatenate([inventory.exchanges.row[inner], inventory.interventions.column[uncertain], np.flatnonzero(apart)]))
    place = np.full(len(processes), -1)
    place[source] = np.arange(len(source))
    exact, emitted = _emitted(inventory, source, (uncertain, place), (generator, runs))
    taken = _taken(inventory.exchanges, inner, place, (generator, runs))
    units = uses(inventory, inventory.system(system))
    return Ends(_by_source(units, exact, (source, emitted), taken), _by_flow(units, (exact, emitted, place), taken))


def lognormal(amount: Floats, sd: Floats, generator: np.random.Generator, runs: int) -> Floats:
    """Draws with the mean, sign and standard deviation of each figure. (runs, figures)."""
    mu, sigma = log_moments(amount, sd)
    return np.asarray(np.sign(amount) * np.exp(mu + sigma * generator.standard_normal((runs, len(amount)))))


def _emitted(inventory: Inventory, source: Ints, chosen: tuple[Flags, Ints], how: tuple[np.random.Generator, int]) -> tuple[Floats, Floats]:
    """Score per unit that each process emits itself at its value, (processes,), and of each source in each draw, (runs, sources)."""
    entries, (uncertain, place), (generator, runs) = inventory.interventions, chosen, how
    weight = inventory.factors[entries.row]
    exact, fixed = np.zeros(len(inventory.processes)), np.zeros(len(inventory.processes))
    np.add.at(exact, entries.column, weight * entries.amount)
    np.add.at(fixed, entries.column[~uncertain], (weight * entries.amount)[~uncertain])
    found = np.tile(fixed[source], (runs, 1))
    drawn = lognormal(entries.amount[uncertain], entries.sd[uncertain], generator, runs) * weight[uncertain]
    for at, column in enumerate(place[entries.column[uncertain]].tolist()):
        found[:, column] += drawn[:, at]
    return exact, found


def _taken(entries: Entries, inner: Flags, place: Ints, how: tuple[np.random.Generator, int]) -> _Taken:
    uncertain = inner & (entries.sd > 0) & (entries.amount != 0)
    certain = inner & ~uncertain
    shape = (len(place), int((place >= 0).sum()))
    return _Taken(
        exact=csr_array((-entries.amount[certain], (entries.column[certain], place[entries.row[certain]])), shape=shape),
        drawn=-lognormal(entries.amount[uncertain], entries.sd[uncertain], *how),
        of=entries.column[uncertain],
        source=place[entries.row[uncertain]],
    )


def _by_source(units: Floats, exact: Floats, sources: tuple[Ints, Floats], taken: _Taken) -> Floats:
    (source, emitted), found = sources, np.tile(units * exact, (3, 1))
    if not len(source):
        return found
    needed = np.tile(units @ taken.exact + units[source], (len(emitted), 1))
    for at in np.flatnonzero(units[taken.of]).tolist():
        needed[:, taken.source[at]] += units[taken.of[at]] * taken.drawn[:, at]
    found[:, source] = _told(needed * emitted)
    return found


def _by_flow(units: Floats, emission: tuple[Floats, Floats, Ints], taken: _Taken) -> Floats:
    exact, emitted, place = emission
    found = np.zeros((3, len(units)))
    used = np.flatnonzero(units)
    for start in range(0, len(used), _BLOCK):
        rows = used[start : start + _BLOCK]
        own = np.where(place[rows] >= 0, emitted[:, place[rows]] if emitted.shape[1] else 0.0, exact[rows])
        each = own + np.asarray((taken.exact[rows] @ emitted.T).T)
        for at in np.flatnonzero(np.isin(taken.of, rows)).tolist():
            each[:, np.searchsorted(rows, taken.of[at])] += taken.drawn[:, at] * emitted[:, taken.source[at]]
        found[:, rows] = _told(each * units[rows])
    return found


def _told(drawn: Floats) -> Floats:
    """Mean, 5 and 95 % points of each column of draws. (3, columns)."""
    return np.vstack([drawn.mean(axis=0), np.percentile(drawn, _ENDS, axis=0)])
