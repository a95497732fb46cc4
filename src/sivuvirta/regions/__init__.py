"""Room regions."""
