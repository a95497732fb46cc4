"""Commands that design a network and ask what else would do."""
