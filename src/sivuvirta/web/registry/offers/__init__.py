"""Listing a side stream or a need in three fields, and what can be said of it at once."""
