"""Meters: what is missing of a stream or need, and what it would bring."""
