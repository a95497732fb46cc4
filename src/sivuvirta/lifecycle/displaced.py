"""What is displaced, at the best, the expected and the worst end of its range.

A benefit of a use is what the reference would have made instead. The case moves the factor of every product that uses replace, and
the ratio at which an outlet replaces it, to the end that favours the plan or speaks against it; everything else stays at its value.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sivuvirta.domain.lifecycles import Entries, Inventory
from sivuvirta.domain.links import Flags, Floats
from sivuvirta.units.ranges import HALF_WIDTH


def log_moments(amount: Floats, sd: Floats) -> tuple[Floats, Floats]:
    r"""Mean and standard deviation of the logarithm of a lognormal figure with a mean and standard deviation.

    .. math:: \\sigma^2 = \\ln(1 + sd^2 / m^2), \qquad \\mu = \\ln |m| - \\sigma^2 / 2

    Args:
        amount: m, not 0; a negative figure stands for its size.
        sd: above 0, of the same shape.

    >>> mu, sigma = log_moments(np.array([100.0]), np.array([10.0]))
    >>> float(np.exp(mu[0] + sigma[0] ** 2 / 2).round(9))
    100.0
    """
    size = np.abs(amount)
    sigma = np.sqrt(np.log1p((sd / size) ** 2))
    return np.log(size) - sigma**2 / 2, sigma


def at_case(inventory: Inventory, case: str) -> Inventory:
    """The inventory with what is displaced at one end of its range; as it is for `expected` and where there is no reference.

    Args:
        inventory: with `system:change`.
        case: best | expected | worst.
    """
    change = inventory.system("change")
    if case == "expected" or change < 0:
        return inventory
    favour = 1.0 if case == "best" else -1.0
    factor = _factor(inventory)
    exchanges = _ratios(inventory, uses(inventory, change), factor * favour)
    moved = evolve(inventory, exchanges=exchanges)
    return evolve(moved, interventions=_factors(moved, _through(moved, change), favour))


def uses(inventory: Inventory, system: int) -> Floats:
    """Units of each process that a system takes directly. Shape (processes,)."""
    found, entries = np.zeros(len(inventory.processes)), inventory.exchanges
    own = (entries.column == system) & (entries.row != system)
    np.add.at(found, entries.row[own], -entries.amount[own])
    return found


def _through(inventory: Inventory, system: int) -> Floats:
    """Units of each process that the flows and plants of a system take. Shape (processes,)."""
    own, entries = uses(inventory, system), inventory.exchanges
    inner = entries.row != entries.column
    found = np.zeros(len(inventory.processes))
    np.add.at(found, entries.row[inner], -entries.amount[inner] * own[entries.column[inner]])
    return found


def _factor(inventory: Inventory) -> Floats:
    """Kg CO2e per unit that each process emits itself. Shape (processes,)."""
    found, entries = np.zeros(len(inventory.processes)), inventory.interventions
    np.add.at(found, entries.column, inventory.factors[entries.row] * entries.amount)
    return found


def _ratios(inventory: Inventory, used: Floats, favour: Floats) -> Entries:
    """More is replaced where that favours the case: where a flow grows, if the product emits, and the other way round."""
    entries = inventory.exchanges
    chosen = (entries.row != entries.column) & (entries.sd > 0) & inventory.processes.displaced[entries.row]
    side = np.sign(used[entries.column] * favour[entries.row])
    return _ended(entries, chosen, side)


def _factors(inventory: Inventory, through: Floats, favour: float) -> Entries:
    """A product of which less is made has its highest factor where that favours the case, one of which more is made its lowest."""
    entries = inventory.interventions
    chosen = inventory.processes.displaced[entries.column] & (entries.sd > 0) & (inventory.factors[entries.row] != 0)
    return _ended(entries, chosen, -np.sign(through[entries.column]) * favour * np.sign(entries.amount))


def _ended(entries: Entries, chosen: Flags, side: Floats) -> Entries:
    """Chosen entries at their 5 or 95 % point, exact from then on; a side of 0 leaves the value."""
    at = np.flatnonzero(chosen & (entries.amount != 0))
    mu, sigma = log_moments(entries.amount[at], entries.sd[at])
    end = np.sign(entries.amount[at]) * np.exp(mu + side[at] * HALF_WIDTH * sigma)
    amount, sd = entries.amount.copy(), entries.sd.copy()
    amount[at], sd[at] = np.where(side[at] == 0, entries.amount[at], end), 0.0
    return evolve(entries, amount=amount, sd=sd)
