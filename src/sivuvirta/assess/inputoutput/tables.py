"""The input-output table that stands in a region, and where its spending falls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.inputoutput import ACCOUNTS, InputOutput
from sivuvirta.domain.region import Region

NO_TABLE = "an input-output table: `io_sectors` and `io_flows` of the region, or one of your own (`mrio`)"
TERMS = ["term", "subject", "sector", "share", "grade", "source"]


def input_output(region: Region) -> InputOutput | None:
    """The table of a region, None where it has none.

    The row of kind `households` closes it: its output is all that households take in, its column what they buy.
    """
    if "io_sectors" not in region.tables or len(region.table("io_sectors")) == 0:
        return None
    table = region.table("io_sectors")
    industry = np.flatnonzero(table["kind"] == "industry")
    keys = table["sector"][industry].tolist()
    position = {key: row for row, key in enumerate(keys)}
    home = np.flatnonzero(table["kind"] == "households")
    house = str(table["sector"][home[0]]) if len(home) else None
    flows, bought = np.zeros((len(keys), len(keys))), np.zeros(len(keys))
    for row in region.table("io_flows").rows() if "io_flows" in region.tables else ():
        start, end, value = row["origin"], row["destination"], row["value"]
        if start in position and end in position:
            flows[position[start], position[end]] += value
        elif start in position and end == house:
            bought[position[start]] += value
    grades = table["grade"][industry].tolist()
    jobs = [own or grade for own, grade in zip(table["jobs_grade"][industry].tolist(), grades, strict=True)]
    return InputOutput(
        sectors=tuple(keys),
        names=tuple(table["name"][industry].tolist()),
        flows=flows,
        output=table["output"][industry].astype(float),
        accounts={name: table[name][industry].astype(float) for name in ACCOUNTS},
        households=bought if house is not None else np.full(len(keys), np.nan),
        household_income=float(table["output"][home[0]]) if len(home) else float("nan"),
        year=float(table["year"][industry].max()),
        geography="; ".join(dict.fromkeys(str(each) for each in table["geography"][industry] if each)),
        grade=max(grades),
        grades={"jobs": max(jobs)},
        source="; ".join(dict.fromkeys(str(each) for each in table["source"] if each)),
    )


def spending_terms(region: Region) -> pd.DataFrame:
    """Where the spending of a region falls: columns term, subject ("" for all others), sector ("" for none), share (per cent), grade."""
    if "io_terms" not in region.tables:
        return pd.DataFrame(columns=TERMS)
    table = region.table("io_terms")
    return pd.DataFrame({name: [each or "" for each in table[name]] if name in ("subject", "sector") else table[name] for name in TERMS})
