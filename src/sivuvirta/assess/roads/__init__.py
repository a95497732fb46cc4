"""Traffic of a ledger: what moves, over which sections of road, what it emits, what it needs of roads, water, heat and ground."""
