"""Pooling: flows that meet in a pool leave it with one composition; the cheapest of them with a proven gap."""
