"""Network: how connected, cycling, organised and robust the flows of a ledger are, as ecologists measure it."""
