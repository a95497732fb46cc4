"""Compositions: an element and its oxides are one figure in two expressions; a part of an element is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

_PLAIN_OXIDE = re.compile(r"[A-Z][a-z]?\d*O\d*")


@frozen
class Conversions:
    """Which components express one another.

    Only a plain oxide E_xO_y stands for the total of its element. A mineral phase (CaCO3), a part (free lime) or an oxidation state
    (Cr_VI) is some of the total: neither follows from the other, so Cr_VI is never derived.
    """

    oxides: Mapping[str, tuple[str, float]]  # oxide -> (element, kg of element per kg of oxide)
    _elements: frozenset[str] = field(init=False)

    @_elements.default
    def _known_elements(self) -> frozenset[str]:
        return frozenset(element for element, _ in self.oxides.values())

    def factor(self, source: str, target: str) -> float | None:
        """Mass of `target` that one mass of `source` stands for; None where it does not follow.

        >>> table = Conversions({"Cr2O3": ("Cr_total", 0.68421)})
        >>> table.factor("Cr2O3", "Cr_total"), table.factor("Cr_total", "Cr_VI")
        (0.68421, None)
        """
        if source == target:
            return 1.0
        one, other = self._as_element(source), self._as_element(target)
        if one is None or other is None or one[0] != other[0]:
            return None
        return one[1] / other[1]

    def related(self, component: str) -> tuple[str, ...]:
        """Components from which this one follows, itself first."""
        element = self._as_element(component)
        if element is None:
            return (component,)
        family = (element[0], *(oxide for oxide, (of, _) in self.oxides.items() if of == element[0]))
        return (component, *(member for member in family if member != component))

    def _as_element(self, component: str) -> tuple[str, float] | None:
        if component in self.oxides:
            return self.oxides[component]
        return (component, 1.0) if component in self._elements else None


def conversions(rows: Iterable[tuple[str, str, str | None, float]]) -> Conversions:
    """Conversions from the components table.

    >>> rows = [("Cr_total", "element", None, float("nan")), ("Cr2O3", "oxide", "Cr_total", 0.68421), ("Cr_VI", "ion", "Cr_total", 1.0)]
    >>> sorted(conversions(rows).oxides)
    ['Cr2O3']

    Args:
        rows: component, kind, oxide_of and factor (kg of oxide_of per kg of component) of each row.
    """
    rows = list(rows)
    elements = {component for component, kind, _, _ in rows if kind == "element"}
    return Conversions(
        {
            component: (element, float(factor))
            for component, kind, element, factor in rows
            if kind == "oxide" and element in elements and _PLAIN_OXIDE.fullmatch(component) and factor > 0
        }
    )
