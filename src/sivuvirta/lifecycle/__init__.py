"""Life cycle: the ledger as a foreground inventory, scored by Brightway's calculation library (extra `lifecycle`)."""
