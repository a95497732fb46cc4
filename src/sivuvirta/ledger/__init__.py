"""The ledger of flows: today's reference, how well each node closes, and what differs between two ledgers."""
