"""Measured ranges: the figures of a ledger under many draws of what is not known well, and which input to measure next."""
