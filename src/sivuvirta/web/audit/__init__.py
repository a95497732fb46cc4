"""The log of changes: written once, never changed."""
