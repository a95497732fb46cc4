"""Prefills: the side streams that works of a kind and size usually have, to be confirmed or corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.table import Table


@frozen(kw_only=True, eq=False, slots=False)
class Prefill:
    """Expected side streams by kind of works. Kinds are alternatives: choose one, never add them."""

    nace: str  # Rev. 2.1
    capacity: str  # as given
    works: Table  # work, name, activity, amount, unit, streams
    streams: Table  # work, typology, name, material, ..., low, value, high, unit, basis, moisture, total, instead_of, ..., grade, reason
    contents: Table  # typology, component, kind, value, low, high, unit, grade, source
    unscaled: Table  # work, typology, name, per, reason: streams whose activity the capacity does not tell

    def __repr__(self) -> str:
        return f"<Prefill of {self.nace}, {self.capacity}: {len(self.streams)} streams of {len(self.works)} kinds of works>"

    def to_frame(self) -> pd.DataFrame:
        """The expected streams, one a row."""
        return self.streams.to_frame()

    def of(self, work: str) -> pd.DataFrame:
        """The expected streams of one kind of works."""
        frame = self.to_frame()
        return frame[frame["work"] == work].reset_index(drop=True)

    def to_tables(self, work: str, site: str, vintage: str, variants: Sequence[str] = ()) -> Mapping[str, pd.DataFrame]:
        """Rows of `streams`, `quantities` and `analyses` for a register, to be confirmed or corrected.

        Totals are left out, since their parts are there, and what stands in for another row, unless it is chosen. Tonnes of solids are
        dry, as a register keeps them.

        Args:
            work: kind of works, as in `works`.
            site: key of the site in the register.
            vintage: key of the year that is described.
            variants: typologies that stand in for others and are chosen, for example `mixed_acid_pickling_sludge_recovered`.
        """
        rows = self.of(work)
        rows = rows[~rows["total"].astype(bool)]
        taken = rows["typology"].isin(list(variants))
        replaced = set(rows.loc[taken, "instead_of"].dropna())
        rows = rows[(rows["instead_of"].isna() | taken) & ~rows["typology"].isin(replaced)]
        key = site + "_" + rows["typology"].astype(str)
        streams = pd.DataFrame(
            {
                "stream": key,
                "name": rows["name"],
                "site": site,
                "material": rows["material"],
                "low_code": rows["low_code"],
                "hazardous": rows["hazardous"],
                "moisture": rows["moisture"],
                "grade": rows["grade"],
                "source": rows["source"],
                "note": "Prefilled from works of this kind: to be confirmed. " + rows["reason"],
            }
        )
        wet = (rows["basis"] == "as_sent") & (rows["carrier"] == "solid") & rows["moisture"].notna()
        dry = np.where(wet, 1.0 - rows["moisture"].astype(float) / 100.0, 1.0)
        quantities = pd.DataFrame(
            {
                "table": "streams",
                "subject": key,
                "vintage": vintage,
                "value": rows["value"] * dry,
                "low": rows["low"] * dry,
                "high": rows["high"] * dry,
                "status": "estimated",
                "grade": rows["grade"],
                "source": rows["source"],
                "note": rows["reason"],
            }
        )
        contents = self.contents.to_frame().merge(rows[["typology"]].assign(stream=key), on="typology")
        analyses = contents[["stream", "component", "kind", "value", "low", "high", "unit", "grade", "source"]].assign(
            note="Typical of the class, no measurement"
        )
        return {"streams": streams.reset_index(drop=True), "quantities": quantities.reset_index(drop=True), "analyses": analyses}
