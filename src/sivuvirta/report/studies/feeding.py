"""What footprints and indicators rest on: the rows and sources of their inputs."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, Inventory, Result
from sivuvirta.domain.footprints import Footprint
from sivuvirta.domain.indicators import Indicator, Input
from sivuvirta.report.following.basis import Basis, fed

_SHARED = {
    EXPANSION: "Amounts times factors, less what the co-products replace.",
    MASS: "Amounts times factors, shared with the co-products by mass.",
    ECONOMIC: "Amounts times factors, shared with the co-products by what they sell for.",
}


_BLANK = " No row of the register states anything that goes into it."


def indicated(each: Indicator) -> Basis:
    """What an indicator rests on: its inputs, else what was looked at, with what was found; words alone where nobody states anything."""
    formula = f"By the formula {each.formula}."
    how = formula if each.inputs or not (each.behind or each.known) else f"{formula} {each.note}"
    blank = "" if each.inputs or each.behind else _BLANK
    return fed(each.inputs, each.behind, f"{how}{blank}", each.missing)


def footed(one: Footprint) -> list[Basis]:
    """What each result of a footprint rests on: the product, all that goes in, and what its allocation asks of what leaves beside it."""
    return [_footed(one, each, one.inventory(each.state)) for each in one.results]


def _footed(one: Footprint, result: Result, inventory: Inventory) -> Basis:
    inputs = [one.output, *([one.price] if result.method == ECONOMIC else []), *_inputs(result, inventory)]
    amounts = [f"quantities: {table}/{key}/{one.vintage}" for table, key in fed(inputs).rows if table in ("streams", "needs")]
    return fed(inputs, amounts, _SHARED[result.method], result.missing)


def _inputs(result: Result, inventory: Inventory) -> Iterator[Input]:
    for entry in inventory.entries:
        if result.method in entry.methods:
            yield from (entry.amount, entry.factor)
    for each in inventory.leaving:
        yield each.amount
        if result.method == EXPANSION:
            yield each.credit
        elif result.method == ECONOMIC:
            yield each.price
