"""Gaps: technologies that are absent, and what they would unlock."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Links
from sivuvirta.errors import OptionError


@frozen(eq=False, kw_only=True)
class Gap:
    """A technology at a site where it is not, and what it would unlock."""

    technology: str
    name: str  # of the technology
    site: str
    site_name: str
    likely: float  # EUR/a added to the network that admits `likely`
    potential: float  # EUR/a added to the potential network
    tonnes: float  # t/a more that leave today's outlets, in the potential network
    carbon: float  # kg CO2e/a, change of that network; negative saves
    capex: float  # EUR of investment there
    size: float  # that is built, units of activity a year
    unit: str  # of activity
    readiness: float  # technology readiness level, NaN where not known
    streams: tuple[tuple[str, str, float, str], ...]  # id, name, amount a year, unit of what feeds it
    needs: tuple[tuple[str, str, float, str], ...]  # id, name, amount a year, unit of what it serves
    at_most: float  # bound on `potential`
    others: tuple[tuple[str, float], ...]  # other sites that were worked out, EUR/a added to the potential network
    stands: tuple[str, ...]  # sites where the technology is already, built or a candidate
    unknown: str = ""  # why money and emissions are not known, in words


@frozen(eq=False, kw_only=True)
class Missing:
    """A stream that no technology of the library takes and no need here, or a need that nothing reaches."""

    kind: str  # "stream" | "need"
    key: str
    name: str
    material: str
    amount: float  # a year, NaN where not known
    unit: str
    uses: tuple[str, ...] = ()  # of a stream: what others do with such a material, with the industry that takes it


@frozen(eq=False, slots=False, kw_only=True)
class Gaps:
    """Technologies that are absent, ranked by what they would unlock; one entry a technology, at its best site."""

    links: Links
    likely: float  # EUR/a, benefit of the network that admits `likely`, as it is
    potential: float  # of the potential network
    found: tuple[Gap, ...]  # the most euros first
    missing: tuple[Missing, ...]  # gaps without numbers
    looked: int  # pairs of technology and site
    solved: int  # pairs that were worked out
    seconds: float

    def __len__(self) -> int:
        return len(self.found)

    def __repr__(self) -> str:
        return f"<Gaps {self.links.region.name} ({self.links.region.vintage}): {len(self.found)} technologies, {len(self.missing)} without>"

    def ranked(self, by: str = "eur") -> tuple[Gap, ...]:
        """The gaps by what they unlock, the most first.

        Args:
            by: `eur` of the potential network, `tonnes` or `co2`.

        Raises:
            OptionError: there is no such ranking.
        """
        if by not in RANKINGS:
            raise OptionError(f"Gaps cannot be ranked by '{by}'. They can by: {', '.join(RANKINGS)}.")
        return tuple(sorted(self.found, key=RANKINGS[by]))

    def to_frame(self, by: str = "eur") -> pd.DataFrame:
        """One row a technology, ranked.

        Args:
            by: `eur`, `tonnes` or `co2`.
        """
        rows = [
            {
                **{name: getattr(gap, name) for name in _PLAIN},
                "streams": "; ".join(f"{name} {amount:,.0f} {unit}/a" for _, name, amount, unit in gap.streams),
                "needs": "; ".join(f"{name} {amount:,.0f} {unit}/a" for _, name, amount, unit in gap.needs),
                "stands": "; ".join(gap.stands),
                "unknown": gap.unknown,
            }
            for gap in self.ranked(by)
        ]
        return pd.DataFrame(rows, columns=[*_PLAIN, "streams", "needs", "stands", "unknown"])


RANKINGS: Mapping[str, Callable[[Gap], float]] = {
    "eur": lambda gap: -gap.potential,
    "tonnes": lambda gap: -gap.tonnes,
    "co2": lambda gap: gap.carbon,
}
"""How gaps can be ranked; the smallest comes first."""

_PLAIN = (
    "technology",
    "name",
    "site",
    "site_name",
    "likely",
    "potential",
    "tonnes",
    "carbon",
    "capex",
    "size",
    "unit",
    "readiness",
    "at_most",
)
