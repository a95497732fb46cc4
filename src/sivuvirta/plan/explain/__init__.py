"""A solved plan in words: its equations, what binds, what one more tonne is worth, and why there is none."""
