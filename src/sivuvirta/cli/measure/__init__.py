"""Commands that measure a network, or what flows today."""
