"""Pooling problems as regions: inputs are streams, pools are plants that mix, outputs are markets with limits."""

from __future__ import annotations

import pandas as pd

import sivuvirta as sv

SCALE = 1e4
"""A quality of 1 is 1 % by mass: mg/kg."""


def region_of(tables, mixes="yes"):
    """A region whose pooled plan is the pooling problem."""
    nodes, qualities, arcs = tables["nodes"], tables["qualities"], tables["arcs"]
    source = {"grade": "B", "source": "book"}
    kinds = dict(zip(nodes["node"], nodes["kind"], strict=True))
    prices = {node: float(price) for node, price in zip(nodes["node"], nodes["price"].fillna(0), strict=True)}
    high = dict(zip(nodes["node"], nodes["high"].astype(float), strict=True))
    inputs, pools, outputs = ([node for node, kind in kinds.items() if kind == each] for each in ("input", "pool", "output"))
    ways = set(zip(arcs["origin"], arcs["destination"], strict=True))

    def frame(rows):
        return pd.DataFrame([row | source for row in rows])

    asked = qualities[qualities["node"].isin(outputs)]
    known = qualities[qualities["node"].isin(inputs)]
    removed = qualities[qualities["removed"].notna()] if "removed" in qualities else qualities[:0]
    recoveries = {
        "recoveries": frame(
            [
                {"technology": f"pool_{row.node}", "output": "mix", "component": row.quality, "value": 100 * (1 - row.removed)}
                for row in removed.itertuples()
            ]
        )
    }
    return sv.region(
        "pooled",
        {
            **(recoveries if len(removed) else {}),
            "sources": pd.DataFrame([{"source": "book", "citation": "The problem, as printed", "opened": "2026-11"}]),
            "vintages": pd.DataFrame([{"vintage": "1978", "year": 1978, "title": "As printed"}]),
            "materials": frame(
                [{"material": name, "carrier": "solid", "unit": "t", "name_en": name} for name in ("crude", *(f"mix_{p}" for p in pools))]
            ),
            "components": pd.DataFrame(
                [
                    {"component": q, "kind": "ion", "name_en": q, "unit": "mg/kg", "source": "book"}
                    for q in dict.fromkeys(qualities["quality"])
                ]
            ),
            "sites": frame([{"site": node, "name": node, "country": "FI"} for node in kinds]),
            "streams": frame(
                [
                    {
                        "stream": i,
                        "name": i,
                        "site": i,
                        "material": "crude",
                        "legal_status": "product",
                        "moisture": 0,
                        "hazardous": "no",
                        "gate_price": prices[i],
                    }
                    for i in inputs
                ]
            ),
            "fates": frame([{"fate": f"left_{i}", "stream": i, "name": "Left", "kind": "unused", "share": 100, "fee": 0} for i in inputs]),
            "needs": frame(
                [
                    {"need": o, "name": o, "site": o, "material": "crude", "jurisdiction": "FI", "kind": "market", "price": -prices[o]}
                    for o in outputs
                ]
            ),
            "acceptances": frame(
                [
                    {"need": o, "material": m, "ratio": 1, "price_basis": "dry"}
                    for o in outputs
                    for m in ("crude", *(f"mix_{p}" for p in pools))
                ]
            ),
            "technologies": frame(
                [
                    {
                        "technology": f"pool_{p}",
                        "name": p,
                        "activity": "one unit",
                        "activity_unit": "t",
                        "mixes": mixes,
                        "recovery": "yes" if p in set(removed["node"]) else "no",
                        "hazardous_ok": "no",
                        "output_status": "product",
                        "co2": 0,
                        "electricity": 0,
                        "heat": 0,
                        "diesel": 0,
                        "water": 0,
                        "fixed_opex": 0,
                        "variable_opex": 0,
                        "scale": 0.6,
                    }
                    for p in pools
                ]
            ),
            "recipe_inputs": frame(
                [
                    {"technology": f"pool_{p}", "slot": "all", "material": "crude", "kind": "feed", "amount_low": 1, "amount_high": 1}
                    for p in pools
                ]
            ),
            "recipe_outputs": frame(
                [
                    {
                        "technology": f"pool_{p}",
                        "output": "mix",
                        "slot": "all",
                        "makes": f"mix_{p}",
                        "kind": "product",
                        "yield": 1,
                        "moisture": 0,
                    }
                    for p in pools
                ]
            ),
            "plants": frame(
                [
                    {
                        "plant": p,
                        "name": p,
                        "technology": f"pool_{p}",
                        "site": p,
                        "status": "existing",
                        "capacity": high[p],
                        "variable_cost": 0,
                    }
                    for p in pools
                ]
            ),
            "quantities": frame(
                [
                    {"table": table, "subject": node, "vintage": "1978", "value": high[node]}
                    for table, some in (("streams", inputs), ("needs", outputs))
                    for node in some
                ]
            ),
            "analyses": frame(
                [
                    {
                        "stream": row.node,
                        "component": row.quality,
                        "kind": "total",
                        "sample": 1,
                        "value": row.value * SCALE,
                        "unit": "mg/kg",
                        "basis": "dry",
                        "below": "no",
                    }
                    for row in known.itertuples()
                ]
            ),
            "limits": frame(
                [
                    {
                        "limit": f"{row.node}_{row.quality}",
                        "regulation": "The problem",
                        "need": row.node,
                        "jurisdiction": "FI",
                        "component": row.quality,
                        "kind": "total",
                        "comparator": "max",
                        "value": row.high * SCALE,
                        "unit": "mg/kg",
                        "compliance": "declared",
                        "mixing": "mass",
                        "blending": "yes",
                        "applies_to": "any",
                        "verified": "yes",
                    }
                    for row in asked.itertuples()
                ]
            ),
            "links": frame(
                [
                    {"origin": o, "destination": d, "cost": 0, "co2": 0, "banned": "no" if (o, d) in ways else "yes"}
                    for o in (*inputs, *pools)
                    for d in (*pools, *outputs)
                    if (kinds[o], kinds[d]) != ("pool", "pool")
                ]
            ),
        },
    )
