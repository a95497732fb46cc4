"""Futures: what a plan becomes when things are otherwise: scenarios side by side, shocks."""
