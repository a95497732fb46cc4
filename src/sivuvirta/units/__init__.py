"""Room units."""
