"""Following: what a number rests on, down to rows and sources, ready to be opened."""
