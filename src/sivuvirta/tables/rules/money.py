"""Rules of money: what is bought has a price and a factor, what may be built a cost, and no price holds a tax that comes back."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

_Place = tuple[str, int, str]
"""Table, row and column."""

_SHUT = ("planned", "closed")


def prices_without_tax(draft: Draft) -> Iterator[Problem]:
    """A product's price is without value added tax, which a company gets back."""
    if not draft.present("prices"):
        return
    columns = draft.tables["prices"].columns
    for row, (subject, vat) in enumerate(zip(columns["subject"].tolist(), columns["vat"].tolist(), strict=True)):
        if subject is not None and vat == "included":
            message = f"The price of '{subject}' includes value added tax."
            yield draft.problem("prices", row, "vat", "vat_included", message, "Give it without VAT, and write excluded.")


def priced_products(draft: Draft) -> Iterator[Problem]:
    """What an open need or a plant buys has a price, and an emission factor; each product once, where it is first bought."""
    known, priced, weighed = draft.keys("products"), _with_figure(draft, "prices"), _with_figure(draft, "factors")
    for product, (place, buyer) in _bought(draft).items():
        if product not in known:
            continue
        if product not in priced and not draft.may_hold("prices", product):
            message = f"'{product}', which {buyer} buys, has no price: it would count as free."
            yield draft.problem(*place, "no_price", message, f"Add a row with subject '{product}' to 'prices'.")
        if product not in weighed and not draft.may_hold("factors", product):
            message = f"'{product}', which {buyer} buys, has no emission factor: it would count as free of carbon."
            yield draft.problem(*place, "no_emission_factor", message, f"Add a row with subject '{product}' to 'factors'.", level="warning")


def _with_figure(draft: Draft, name: str) -> set[str]:
    """Products with a price, or with a factor that counts: fossil."""
    if name not in draft.merged:
        return set()
    table = draft.merged[name]
    biogenic = table["biogenic"].tolist() if name == "factors" else [False] * len(table)
    rows = zip(table["subject"].tolist(), table["value"].tolist(), biogenic, strict=True)
    unread = {row for where, column, row in draft.unread if (where, column) == (name, "value")}
    return {subject for row, (subject, value, apart) in enumerate(rows) if not apart and (not math.isnan(value) or row in unread)}


def _bought(draft: Draft) -> dict[str, tuple[_Place, str]]:
    """Products that open needs and the technologies of plants buy, with the place to blame and the buyer in words."""
    found: dict[str, tuple[_Place, str]] = {}
    if draft.present("needs"):
        needs = draft.tables["needs"]
        columns = [needs[name].tolist() for name in ("need", "product", "kind", "status")]
        for row, (need, product, kind, status) in enumerate(zip(*columns, strict=True)):
            if product is not None and kind != "market" and status not in _SHUT:
                found.setdefault(product, (("needs", row, "product"), f"'{need}'"))
    if draft.present("plants"):
        plants: dict[str, int] = {}
        for row, technology in enumerate(draft.tables["plants"]["technology"].tolist()):
            plants.setdefault(technology, row)
        inputs = draft.merged["recipe_inputs"]
        own = len(draft.tables["recipe_inputs"])
        for row, (technology, product) in enumerate(zip(inputs["technology"].tolist(), inputs["product"].tolist(), strict=True)):
            if product is not None and technology in plants:
                place = ("recipe_inputs", row, "product") if row < own else ("plants", plants[technology], "technology")
                found.setdefault(product, (place, f"'{technology}'"))
    return found


def candidate_costs(draft: Draft) -> Iterator[Problem]:
    """A candidate has a fixed cost of its own, or its technology an investment with its size and lifetime; else no plan builds it."""
    if not draft.present("plants"):
        return
    plants, technologies = draft.tables["plants"], draft.keys("technologies")
    lookups = {name: draft.lookup("technologies", name) for name in ("capex", "reference_capacity", "lifetime")}
    columns = [plants[name].tolist() for name in ("technology", "status", "fixed_cost", "capacity_cost")]
    for row, (technology, status, fixed, per_size) in enumerate(zip(*columns, strict=True)):
        if status != "candidate" or technology not in technologies or not (math.isnan(fixed) and math.isnan(per_size)):
            continue
        missing = [name for name, values in lookups.items() if math.isnan(values[technology])]
        if missing:
            message = f"What '{technology}' costs to build is not known ({', '.join(missing)}): no plan builds it."
            repair = "Give them in 'technologies', or a fixed_cost here."
            yield draft.problem("plants", row, "technology", "no_investment", message, repair, level="warning")
