"""The carbon footprint of a product: its system today and under plans, three allocations of each, and what plans change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.footprint.allocation import System
from sivuvirta.assess.footprint.comparing import compared
from sivuvirta.assess.footprint.figures import unknown
from sivuvirta.assess.footprint.leaving import Flows, changed
from sivuvirta.assess.footprint.numbers import Numbers, drawn, ends, numbers, spans, swings
from sivuvirta.assess.footprint.register import Register
from sivuvirta.assess.footprint.subject import subject
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, METHODS, TODAY, Entry, Inventory, Result
from sivuvirta.domain.footprints import Footprint
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.indicators import NAN
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import Codes
from sivuvirta.domain.region import Region
from sivuvirta.domain.unknowns import NEITHER, Unknown, bound

WASTE_RULE = "Waste that comes in: free of burden up to the gate of whoever collects it, unless its factor says more (cut-off)"
ENERGY_RULE = "By mass, co-products that are not counted in the product's unit (gas, heat) bear nothing"
DECLARED = "Not computed here but declared as a whole: bounds and shares are those of the declaration, the same for every allocation"
_CHANGES = "what the plan changes in a footprint that is declared as a whole"
_SHOWN = 12


def footprint(
    region: Region, reference: Ledger | None, plans: Sequence[tuple[str, Ledger]], product: str, site: str | None = None
) -> Footprint:
    """Carbon footprint of a product of a site, cradle to gate.

    Args:
        region: a checked region.
        reference: what flows today; without it nothing that depends on side streams is known, and no difference with a plan.
        plans: names and ledgers of plans over the same links.
        product: a material or product by key or name.
        site: its key, where several sites make it.

    Raises:
        OptionError: no site makes the product, or several do.
    """
    register = Register(region, subject(region, product, site))
    inventories = _inventories(register, reference, plans)
    systems = {each.state: numbers(register, each) for each in inventories}
    draws = drawn(systems)
    known = reference is not None or register.declared is not None
    why = (*(() if known else (NO_REFERENCE,)), *register.nothing_made)
    results = tuple(
        _result(each, (systems[each.state], draws[each.state]), register, method, why) for each in inventories for method in METHODS
    )
    today = next(each for each in results if each.method == ECONOMIC)
    return Footprint(
        region=region.name,
        vintage=str(region.vintage),
        site=register.subject.site,
        site_name=register.figures.named(register.subject.site),
        product=register.subject.material,
        product_name=register.figures.named(register.subject.material),
        output=register.output,
        price=register.price,
        boundary=tuple(register.figures.named(each) for each in register.sites),
        cutoffs=(*(row["name"] for row in register.of_role("cutoff")), *((DECLARED,) if register.declared else (WASTE_RULE, ENERGY_RULE))),
        inventories=inventories,
        results=results,
        compared=compared(register, today, f"kgCO2e/{register.output.unit.removesuffix('/a')}"),
        differences=_differences(inventories, systems, draws, results),
    )


def _inventories(register: Register, reference: Ledger | None, plans: Sequence[tuple[str, Ledger]]) -> tuple[Inventory, ...]:
    if register.declared is not None:
        gap = unknown(_CHANGES, "t/a")
        changed_by = Entry(_CHANGES, "plan", "1 to 3", gap, gap, missing=_CHANGES)
        later = (Inventory(name, (register.declared, changed_by), ()) for name, _ in plans)
        return (Inventory(TODAY, (register.declared,), ()), *later)
    now = None if reference is None else Flows(register, reference)
    residues, leaving = ([], []) if now is None else now.read()
    found = [Inventory(TODAY, (*register.entries, *residues), (*register.coproducts, *leaving))]
    for name, ledger in plans:
        flows = Flows(register, ledger)
        residues, leaving = flows.read()
        entries = (*register.entries, *residues, *([] if now is None else changed(flows, now)))
        found.append(Inventory(name, entries, (*register.coproducts, *leaving)))
    return tuple(found)


def _result(inventory: Inventory, numbered: tuple[Numbers, System], register: Register, method: str, why: tuple[str, ...]) -> Result:
    figures, draws = numbered
    unknown = _unknown(inventory, register, method)
    missing = (*why, *(each.name for each in unknown))
    value, share = figures.system.footprint(method), float(figures.system.share(method))
    known_part = value if np.isfinite(value) else NAN
    stands = NEITHER if why or np.isnan(known_part) else bound(unknown)
    known = not missing and not np.isnan(known_part)
    mean, low, high = ends(draws.footprints(method)) if known else (NAN, NAN, NAN)
    grade = _grade(inventory, figures.system, method) if known else ""
    return Result(
        state=inventory.state,
        method=method,
        value=known_part if known else NAN,
        low=low,
        high=high,
        known_part=known_part,
        bound=stands,
        share=share,
        grade=grade,
        missing=tuple(dict.fromkeys(missing)),
        swings=swings([(1.0, figures)], method)[:_SHOWN],
        unknown=() if why else unknown,
        spans=tuple(spans(draws, method)),
        mean=mean,
    )


def _unknown(inventory: Inventory, register: Register, method: str) -> tuple[Unknown, ...]:
    """What is not known: that which would make the known part larger, then that which would make it smaller."""
    blind = [each for each in inventory.entries if each.missing and method in each.methods]
    ways = [(each, (True, False) if each.missing == _CHANGES else (not each.takes,)) for each in blind]
    found = [Unknown(each.missing, adds) for each, either in ways for adds in either]
    if method == EXPANSION:
        found += [gap for each in inventory.leaving for gap in each.uncredited]
    if method == ECONOMIC and any(each.role == "coproduct" for each in inventory.leaving):
        found += [Unknown(each.unpriced, adds=False) for each in inventory.leaving if each.unpriced]
        found += [Unknown(register.priced[1], adds=True)] if register.priced[1] else []
    return tuple(sorted(dict.fromkeys(found), key=lambda each: not each.adds))


def _grade(inventory: Inventory, system: System, method: str) -> str:
    """Grade on which, or on a better one, 95 % of the footprint's parts rest."""
    parts = [(each.grade, each.emission) for each in inventory.entries if method in each.methods]
    if method == EXPANSION:
        parts += [(max(each.amount.grade, each.credit.grade), each.amount.value * each.credit.value) for each in inventory.leaving]
    codes: Codes = np.array([Grade[grade] for grade, _ in parts], dtype=np.int8)
    return bearing_grade(codes, np.array([weight for _, weight in parts]))


def _differences(
    inventories: Sequence[Inventory], systems: dict[str, Numbers], draws: dict[str, System], results: Sequence[Result]
) -> tuple[Result, ...]:
    found = []
    for state in (each.state for each in inventories if each.state != TODAY):
        for method in METHODS:
            pair = [each for each in results if each.method == method and each.state in (TODAY, state)]
            unknown = _of_difference(*(each.unknown for each in pair))
            missing = tuple(dict.fromkeys(part for each in pair for part in each.missing))
            more = systems[state].system.footprint(method) - systems[TODAY].system.footprint(method)
            with np.errstate(invalid="ignore"):
                told = draws[state].footprints(method) - draws[TODAY].footprints(method)
            mean, low, high = (NAN, NAN, NAN) if missing else ends(told)
            grade = "" if missing else max(each.grade for each in pair)
            blind = any(each.missing and not each.unknown for each in pair)
            stands = NEITHER if blind else bound(unknown)
            part = more if np.isfinite(more) else NAN
            found.append(
                Result(
                    state=state,
                    method=method,
                    value=NAN if missing else part,
                    low=low,
                    high=high,
                    known_part=part,
                    bound=stands,
                    share=float(systems[state].system.share(method)),
                    grade=grade,
                    missing=missing,
                    swings=swings([(1.0, systems[state]), (-1.0, systems[TODAY])], method)[:_SHOWN],
                    unknown=() if blind else unknown,
                    mean=mean,
                )
            )
    return tuple(found)


def _of_difference(today: tuple[Unknown, ...], later: tuple[Unknown, ...]) -> tuple[Unknown, ...]:
    """What is not known of a difference: what is not known of today acts the other way, and what is not known of both either way."""
    return tuple(dict.fromkeys((*later, *(evolve(each, adds=not each.adds) for each in today))))
