"""Room assess."""
