"""Measures of a ledger beside the reference: tonnes, euros, carbon, traffic, investment, evidence. Functions from ledgers to tables."""
