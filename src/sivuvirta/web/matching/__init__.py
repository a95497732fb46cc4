"""Matching in the blind: who could use what, where neither side shows everything."""
