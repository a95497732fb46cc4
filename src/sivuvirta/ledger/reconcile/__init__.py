"""Reconciliation: figures that contradict each other fulfil the balances with the least adjustment; what moved, who is suspect."""
