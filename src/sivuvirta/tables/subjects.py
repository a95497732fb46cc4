"""In which unit a subject is counted: streams and stocks by their material, needs by their product."""

from __future__ import annotations

from sivuvirta.domain.table import Column
from sivuvirta.tables.cells import objects
from sivuvirta.tables.draft import Draft


def stream_units(draft: Draft) -> dict[str, str | None]:
    """Unit of an amount of each stream: t (dry), MWh or m3."""
    units = draft.lookup("materials", "unit")
    return {stream: units.get(material) for stream, material in draft.lookup("streams", "material").items()}


def need_units(draft: Draft) -> dict[str, str | None]:
    """Unit of an amount of each need: its product's, or its material's where it has none."""
    units, products = draft.lookup("materials", "unit"), draft.lookup("products", "unit")
    material = draft.lookup("needs", "material")
    return {
        need: products.get(product) if product else units.get(material[need]) for need, product in draft.lookup("needs", "product").items()
    }


def quantity_units(draft: Draft) -> Column:
    """Canonical unit of each row of quantities, for example "t/a"; a stock's is "t"; None where the subject is not known."""
    streams = stream_units(draft)
    stocks = {stock: streams.get(stream) for stock, stream in draft.lookup("stocks", "stream").items()}
    by_table = {"streams": _yearly(streams), "needs": _yearly(need_units(draft)), "stocks": stocks}
    table = draft.tables["quantities"]
    units = (by_table.get(kind, {}).get(subject) for kind, subject in zip(table["table"].tolist(), table["subject"].tolist(), strict=True))
    return objects(units, len(table))


def _yearly(units: dict[str, str | None]) -> dict[str, str | None]:
    return {subject: f"{unit}/a" if unit else None for subject, unit in units.items()}
