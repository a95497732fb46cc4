"""The market: a register prepared so that its direct pairs can be screened, all or those of a few streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.links.codes import Groups, groups, positions
from sivuvirta.links.register import Register, lines, register
from sivuvirta.match.grounds import Grounds, grounds
from sivuvirta.match.market.donors import Donors, donors, together
from sivuvirta.match.market.receivers import Receivers, receivers


@frozen(eq=False, slots=False)
class Market:
    """Streams and needs of a region, ready to be screened.

    Bounds of all figures, limits need by need, which material goes where, what law, hazard, season and class say of kinds of pairs, and
    who is near whom: made once by `prepare`.
    """

    region: Region
    radius_km: float | None
    register: Register = field(repr=False)
    grounds: Grounds = field(repr=False)
    receivers: Receivers = field(repr=False)
    donors: Donors = field(repr=False)
    analyses: Groups = field(repr=False)  # rows of table `analyses` by stream
    changed: Mapping[str, tuple[Donors, Region]] = field(factory=dict, repr=False)  # streams changed since, each with an excerpt of its own

    def chosen(self, streams: Sequence[str] | None) -> Donors:
        """Donors by stream id, the changed ones as they are now; all where none is named.

        Raises:
            UnknownNameError: there is no such stream.
        """
        names = self.register.links.nodes.id
        if streams is None:
            if not self.changed:
                return self.donors
            kept = ~np.isin(np.arange(self.register.streams), positions(names[: self.register.streams], list(self.changed)))
            return together([self.donors.take(np.flatnonzero(kept)), *(donor for donor, _ in self.changed.values())])
        plain = [self.row(name) for name in streams if name not in self.changed]
        parts = [self.donors.take(np.array(plain, dtype=np.int64))] if plain or not streams else []
        return together([*parts, *(self.changed[name][0] for name in streams if name in self.changed)])

    def row(self, stream: str) -> int:
        """Row of a stream in table `streams`.

        Raises:
            UnknownNameError: there is none.
        """
        rows = self.region.table("streams").index
        if stream not in rows:
            raise UnknownNameError(f"There is no stream '{stream}' in '{self.region.name}'.")
        return int(rows[stream])

    def __repr__(self) -> str:
        within = "any distance" if self.radius_km is None else f"{self.radius_km:g} km"
        return f"<Market {self.region.name}: {self.register.streams} streams, {len(self.receivers.need)} needs, {within}>"


def prepare(region: Region, radius_km: float | None = 50.0) -> Market:
    """Prepare the streams and needs of a region for screening.

    Args:
        region: a checked region.
        radius_km: how far apart a stream and a need may lie, km of great circle; None for any way.

    Raises:
        OptionError: the radius is not above 0.
    """
    if radius_km is not None and not radius_km > 0:
        raise OptionError(f"The radius must be above 0 km, got {radius_km:g}. Give a larger one, or none at all for pairs at any distance.")
    known = register(region)
    judged_by = grounds(known.links)
    side = receivers(known, lines(known), judged_by, radius_km)
    given = donors(known, judged_by, judged_by.evidence, side, radius_km)
    table = region.table("analyses")
    of_stream = groups(positions(region.table("streams")["stream"], table["stream"]), known.streams)
    return Market(region, radius_km, known, judged_by, side, given, of_stream)
