"""Industrial symbiosis for a region."""
