"""Commands that find who can use what."""
