"""Storage: how much of a stream may be kept, by its stocks and by permits to store at its site."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Links


def stored(links: Links, node: int) -> float:
    """Most of a stream that may be kept at a time, as sent for tonnes; NaN where neither a stock nor a permit says it.

    A stock's capacity is dry and counts by the stream's moisture; a permit counts as it stands, if it is in force on the region's day
    and names the stream's code or no code. Where both are known the smaller of the two holds.
    """
    region, stream = links.region, str(links.nodes.id[node])
    stocks = region.table("stocks")
    held = stocks["capacity"][stocks["stream"] == stream]
    piles = float(np.sum(held)) * _sent(links, node) if len(held) and np.isfinite(held).all() else np.nan
    return float(np.fmin(piles, _permitted(links, node)))


def _sent(links: Links, node: int) -> float:
    """Tonnes as sent per dry tonne of a stream; 1 for what is not solid."""
    sent = links.arcs.sent[links.arcs.origin == node]
    return float(sent[0]) if len(sent) and np.isfinite(sent[0]) else 1.0


def _permitted(links: Links, node: int) -> float:
    region, site = links.region, links.nodes.site[node]
    streams = region.table("streams")
    code = streams["low_code"][streams.index[links.nodes.id[node]]]
    allowed = []
    for permit in region.table("permits").rows():
        valid = (permit["valid_from"] or "") <= region.day <= (permit["valid_to"] or "9999")
        named = not permit["low_codes"] or (code or "").rstrip("*").strip() in {each.rstrip("*").strip() for each in permit["low_codes"]}
        if site is not None and permit["site"] == site and valid and named and permit["storage"] is not None:
            allowed.append(permit["storage"])
    return float(sum(allowed)) if allowed else float("nan")
