"""Room lp."""
