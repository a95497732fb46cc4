"""Rules of an input-output table: one household, no sector that buys more than it makes, no spending placed twice."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

_SLACK = 1e-3  # relative, for rounding


def one_household(draft: Draft) -> Iterator[Problem]:
    """At most one row of the table stands for households."""
    if not draft.present("io_sectors"):
        return
    rows = [row for row, kind in enumerate(draft.tables["io_sectors"]["kind"].tolist()) if kind == "households"]
    for row in rows[1:]:
        message, repair = f"There are {len(rows)} rows of households.", "Keep one, whose output is all that households take in."
        yield draft.problem("io_sectors", row, "kind", "second_household", message, repair)


def sectors_within_output(draft: Draft) -> Iterator[Problem]:
    """What an industry buys within the area and adds in value is at most its output."""
    if not (draft.present("io_sectors") and draft.present("io_flows")):
        return
    sectors, flows = draft.tables["io_sectors"], draft.tables["io_flows"]
    industry = {key for key, kind in zip(sectors["sector"].tolist(), sectors["kind"].tolist(), strict=True) if kind == "industry"}
    bought: dict[str, float] = defaultdict(float)
    for origin, destination, value in zip(*(flows[name].tolist() for name in ("origin", "destination", "value")), strict=True):
        if origin in industry and destination in industry and not math.isnan(value):
            bought[destination] += value
    columns = zip(*(sectors[name].tolist() for name in ("sector", "output", "value_added")), strict=True)
    for row, (key, output, added) in enumerate(columns):
        used = bought[key] + (0.0 if math.isnan(added) else added)
        if key in industry and used > output * (1 + _SLACK):
            message = f"'{key}' buys and adds {used:g} million EUR, and makes {output:g}."
            yield draft.problem("io_sectors", row, "output", "beyond_output", message, "Correct its output, or the flows that end there.")


def placed_spending(draft: Draft) -> Iterator[Problem]:
    """The shares of a term and subject sum to at most 100 %: what is left is paid elsewhere."""
    if not draft.present("io_terms"):
        return
    table = draft.tables["io_terms"]
    total: dict[tuple[str, str], float] = defaultdict(float)
    for row, (term, subject, share) in enumerate(zip(*(table[name].tolist() for name in ("term", "subject", "share")), strict=True)):
        key = (term or "", subject or "")
        before, total[key] = total[key], total[key] + (0.0 if math.isnan(share) else share)
        if before <= 100 + _SLACK < total[key]:
            message = f"The shares of {' of '.join(part for part in key if part)} sum to more than 100 %: {total[key]:g}."
            yield draft.problem("io_terms", row, "share", "share_sum", message, "Correct them; what is paid elsewhere has no row.")
