"""Frozen records that the rooms exchange; no record knows how it is computed."""
